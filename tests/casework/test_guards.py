"""What the database refuses by itself, whoever asks; and who is named when somebody stronger tampered."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from liangdian.casework import chain, services
from liangdian.casework.links import link_token, rating_token
from liangdian.casework.models import Case, Event, Promise, Rating, Referral, Resolution, SweepMark
from liangdian.casework.rules import WrongState
from liangdian.casework.services.intake import Intake
from liangdian.casework.states import Ending, RatedBy, ReferralState, State
from liangdian.config.commands import check_audit
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.refused import NotAllowed, NotFound
from tests.casework.conftest import NOW, House

CHECK, UNIQUE, RESTRICT, FOREIGN = "23514", "23505", "23001", "23503"


def refused(act: Callable[[], object]) -> str:
    """The SQLSTATE with which the database refuses ``act``; empty when it lets it pass."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error.__cause__.sqlstate)
    return ""


def _run(sql: str, *params: object) -> Callable[[], object]:
    def execute() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)

    return execute


def _resolved(house: House, **changes: object) -> Case:
    by = "clerk2" if changes.get("about_user_id") else "clerk"
    case = house.case(by=by, first_handler_id=house.id(by), **changes)
    return services.resolve(actor=house.actor(by), case_id=case.pk, answer="办好了", at=NOW)


def _rating(case: Case, **changes: object) -> Rating:
    given: dict[str, object] = {
        "case": case, "round": case.round, "grade": "5", "source": RatedBy.LINK, "at": NOW,
        "handler_id": case.handler_id, "about_user_id": case.about_user_id,
    }  # fmt: skip
    return Rating(**{**given, **changes})


def test_what_was_written_once_stays(house: House) -> None:
    case, row = house.case(), Case.objects
    other = house.id("clerk2")
    assert refused(lambda: row.filter(pk=case.pk).update(first_handler=other)) == RESTRICT
    assert refused(lambda: row.filter(pk=case.pk).update(reference="XD-1")) == RESTRICT
    assert refused(lambda: row.filter(pk=case.pk).update(origin=house.other)) == RESTRICT
    assert refused(lambda: row.filter(pk=case.pk).update(registered_at=NOW + timedelta(days=1))) == RESTRICT
    assert refused(lambda: row.filter(pk=case.pk).update(last_seq=0)) == RESTRICT
    assert refused(lambda: row.filter(pk=case.pk).update(handler=other)) == ""


def test_history_is_only_ever_added_to(house: House) -> None:
    case = _resolved(house)
    services.rate_by_link(token=rating_token(case.reference, case.round), grade="4", comment="", at=NOW)
    SweepMark.objects.create(case=case, promise_seq=1, level="warn", at=NOW)
    harmless = {
        Event: {"public": False}, Promise: {"due_at": NOW}, Rating: {"comment": "x"},
        Resolution: {"kept": False}, SweepMark: {"level": "x"},
    }  # fmt: skip
    for model, change in harmless.items():
        rows = model.objects.filter(case=case)
        assert rows.exists(), model
        assert refused(lambda rows=rows, change=change: rows.update(**change)) == RESTRICT, model
        assert refused(lambda rows=rows: rows._raw_delete(rows.db)) == RESTRICT, model
        assert refused(_run(f"TRUNCATE {model._meta.db_table} CASCADE")) == RESTRICT, model
    assert refused(_run("DELETE FROM casework_case WHERE id = %s", case.pk)) in {RESTRICT, FOREIGN}


def test_no_case_ends_without_an_ending(house: House) -> None:
    case = _resolved(house)
    row = Case.objects.filter(pk=case.pk)
    ended = {"state": State.CLOSED, "closed_at": NOW}
    assert refused(lambda: row.update(**ended)) == CHECK
    assert refused(lambda: row.update(state=State.CLOSED, ending=Ending.SATISFIED)) == CHECK
    assert refused(lambda: row.update(ending=Ending.SATISFIED)) == CHECK
    assert refused(lambda: row.update(**ended, ending="tired")) == CHECK
    assert refused(lambda: row.update(**ended, ending=Ending.SATISFIED)) == ""


def test_nobody_rates_himself_and_nobody_rates_what_was_not_answered(house: House) -> None:
    open_case, case = house.case(), _resolved(house)
    by_phone = {"source": RatedBy.CALL_BACK}
    assert refused(lambda: _rating(open_case).save()) == CHECK
    assert refused(lambda: _rating(case, round=2).save()) == CHECK
    assert refused(lambda: _rating(case, grade="9").save()) == CHECK
    assert refused(lambda: _rating(case, **by_phone).save()) == CHECK
    assert refused(lambda: _rating(case, recorded_by_id=house.id("clerk2")).save()) == CHECK
    assert refused(lambda: _rating(case, **by_phone, recorded_by_id=house.id("clerk")).save()) == CHECK
    # Not even by leaving out who handled it.
    hidden = _rating(case, **by_phone, recorded_by_id=house.id("clerk"), handler_id=None)
    assert refused(hidden.save) == CHECK
    assert refused(lambda: _rating(case, **by_phone, recorded_by_id=house.id("clerk2")).save()) == ""
    about = _resolved(house, kind="complaint", item_version_id=None, about_user_id=house.id("clerk"))
    hidden = _rating(about, **by_phone, recorded_by_id=house.id("clerk"), about_user_id=None)
    assert refused(hidden.save) == CHECK


def test_one_rating_a_round_one_answer_a_round(house: House) -> None:
    case = _resolved(house)
    _rating(case).save()
    assert refused(lambda: _rating(case).save()) == UNIQUE
    promise = case.promises.get()
    again = Resolution(case=case, round=1, promise=promise, answer="x", at=NOW, kept=True)
    assert refused(again.save) == UNIQUE


def test_a_complaint_is_never_in_the_hands_of_whom_it_is_about(house: House) -> None:
    about = house.id("clerk")
    case = house.case(
        by="clerk2", first_handler_id=house.id("clerk2"), kind="complaint", item_version_id=None,
        about_user_id=about,
    )  # fmt: skip
    row = Case.objects.filter(pk=case.pk)
    assert refused(lambda: row.update(handler=about)) == CHECK
    assert refused(lambda: row.update(closed_by=about)) == CHECK
    assert refused(lambda: row.update(about_user=house.id("clerk2"))) == CHECK
    assert refused(lambda: row.update(handler=house.id("secretary"))) == ""


def test_one_open_referral_and_none_returned_without_a_reason(house: House) -> None:
    case = house.case()
    services.refer(
        actor=house.actor("clerk"), case_id=case.pk, to_unit_id=house.street.pk, reason="r", at=NOW
    )
    second = Referral(
        case=case, from_unit=house.community, to_unit=house.other, referred_by_id=house.id("clerk"),
        reason="r", at=NOW, accept_by=NOW,
    )  # fmt: skip
    assert refused(second.save) == UNIQUE
    row = Referral.objects.filter(case=case)
    assert refused(lambda: row.update(state=ReferralState.RETURNED)) == CHECK
    back = {"state": ReferralState.RETURNED, "return_reason": "缺照片", "return_why": "unclear"}
    assert refused(lambda: row.update(**back)) == ""


def test_no_two_events_promises_or_numbers_are_the_same(house: House) -> None:
    case = house.case()
    for row in (Event.objects.filter(case=case).first(), Promise.objects.filter(case=case).first()):
        row.pk = None
        assert refused(lambda row=row: row.save(force_insert=True)) == UNIQUE
    mark = SweepMark.objects.create(case=case, promise_seq=1, level="warn", at=NOW)
    mark.pk = None
    assert refused(lambda: mark.save(force_insert=True)) == UNIQUE
    case.pk = None
    assert refused(lambda: case.save(force_insert=True)) == UNIQUE


TAMPERING = {
    "a text was changed": (
        "UPDATE casework_event SET data = jsonb_set(data, '{text}', '\"x\"') WHERE case_id = %s AND seq = 4",
        (4, "the row was changed"),
    ),
    "a note was made public": (
        "UPDATE casework_event SET public = NOT public WHERE case_id = %s AND seq = 4",
        (4, "the row was changed"),
    ),
    "a date was moved": (
        "UPDATE casework_event SET at = at - interval '1 day' WHERE case_id = %s AND seq = 2",
        (2, "the row was changed"),
    ),
    "an actor was exchanged": (
        "UPDATE casework_event SET actor_name = 'x' WHERE case_id = %s AND seq = 1",
        (1, "the row was changed"),
    ),
    "a row was taken out": (
        "DELETE FROM casework_event WHERE case_id = %s AND seq = 2",
        (2, "the row is missing"),
    ),
    "the first row was taken out": (
        "DELETE FROM casework_event WHERE case_id = %s AND seq = 1",
        (1, "the row is missing"),
    ),
    "the end was cut off": (
        "DELETE FROM casework_event WHERE case_id = %s AND seq = 5",
        (5, "the end of the history is missing"),
    ),
    "everything was cut off": (
        "DELETE FROM casework_event WHERE case_id = %s",
        (1, "the end of the history is missing"),
    ),
    "a hash was forged": (
        "UPDATE casework_event SET hash = repeat('0', 64) WHERE case_id = %s AND seq = 2",
        (2, "the row was changed"),
    ),
}


def test_check_audit_names_the_first_broken_row(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    whole, case = house.case(), house.case()
    for text in ("一", "二"):
        services.add_note(actor=house.actor("clerk"), case_id=case.pk, text=text, at=NOW)
    arguments = argparse.Namespace(all=False)
    assert check_audit.run(arguments) == 0
    for what, (sql, (seq, reason)) in TAMPERING.items():
        with transaction.atomic():
            _run("SET LOCAL session_replication_role = replica")()
            _run(sql, case.pk)()
            found = [(row.reference, row.seq, row.reason) for row in chain.verify()]
            assert found == [(case.reference, seq, reason)], what
            capsys.readouterr()
            assert check_audit.run(arguments) == 1
            assert f"{case.reference}, row {seq}: {reason}" in capsys.readouterr().err
            transaction.set_rollback(True)
    assert list(chain.verify(batch=1)) == []
    assert whole.reference != case.reference


def test_an_intake_by_the_system_is_chained_too(house: House) -> None:
    services.register(actor=SYSTEM, intake=Intake(
        kind="help", channel="phone", unit_id=house.community.pk, words="灯坏了",
        first_handler_id=house.id("clerk"),
    ), at=NOW)  # fmt: skip
    assert list(chain.verify()) == []


def test_one_answer_is_rated_once_by_the_resident_himself(house: House) -> None:
    case = house.case()
    services.resolve(actor=house.actor("clerk"), case_id=case.pk, answer="好", at=NOW)
    token = rating_token(case.reference, 1)
    with pytest.raises(NotAllowed):
        services.rate_by_link(token=token, grade="5", comment="", at=NOW, staff_id=house.id("clerk"))
    given = {"case": case, "round": 1, "grade": "5", "at": NOW}
    by = {"recorded_by_id": house.id("clerk2")}
    assert refused(lambda: Rating.objects.create(source="link", **given, **by)) == CHECK
    assert refused(lambda: Rating.objects.create(source="call_back", device="x", **given, **by)) == CHECK
    services.rate_by_link(token=token, grade="2", comment="", at=NOW)
    for again in (token, rating_token(case.reference, 2)):
        with pytest.raises(WrongState):
            services.rate_by_link(token=again, grade="5", comment="", at=NOW)
    with pytest.raises(NotFound):
        services.rate_by_link(token=link_token(case.reference), grade="5", comment="", at=NOW)
    assert refused(lambda: Rating.objects.create(source="link", **given)) in {CHECK, UNIQUE}
