"""Supervision notes and coordination meetings: asked from above, answered by a day, carried out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from liangdian.casework import chain, figures, selectors, services, worklists
from liangdian.casework.figures import Period
from liangdian.casework.links import link_path, link_token
from liangdian.casework.models import Assist, Case, Clock, Meeting, Referral, Supervision, SupervisionAnswer
from liangdian.casework.policy import Act
from liangdian.casework.rules import WrongState
from liangdian.casework.worklists import Filters, Worklist
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from liangdian.platform.notifications import selectors as bell
from tests.casework.conftest import NOW, House
from tests.casework.test_guards import CHECK, RESTRICT, UNIQUE, refused

LATER = NOW + timedelta(hours=2)


def _supervise(house: House, case: Case, name: str = "inspector") -> Case:
    return services.supervise(actor=house.actor(name), case_id=case.pk, text="为何一周未联系居民", at=NOW)


def _answer(house: House, case: Case, name: str = "clerk") -> Case:
    return services.answer_supervision(actor=house.actor(name), case_id=case.pk, text="今天上门", at=LATER)


def _decide(house: House, case: Case, name: str = "inspector", accepted: bool = True) -> Case:
    return services.decide_supervision(
        actor=house.actor(name), case_id=case.pk, accepted=accepted, words="已核实", at=LATER
    )


def _listed(house: House, name: str, worklist: Worklist) -> list[str]:
    page = worklists.page_of(worklist, house.actor(name), Filters(), now=LATER)
    return [row.reference for row in page.rows]


def test_asked_answered_sent_back_and_accepted(house: House) -> None:
    case = house.case()
    _supervise(house, case)
    note = Supervision.objects.get()
    assert note.due_at.date() == date(2026, 9, 24) and note.unit == house.community
    assert _listed(house, "clerk", Worklist.SUPERVISED) == [case.reference]
    assert _listed(house, "inspector", Worklist.NOTES) == [case.reference]
    assert "supervised" in [n.kind for n in bell.latest(house.actor("clerk"))]
    with pytest.raises(WrongState):
        _supervise(house, case)
    with pytest.raises(WrongState):
        _decide(house, case)
    _answer(house, case)
    assert _listed(house, "clerk", Worklist.SUPERVISED) == []
    with pytest.raises(WrongState):
        _answer(house, case)
    _decide(house, case, accepted=False)
    assert _listed(house, "clerk", Worklist.SUPERVISED) == [case.reference]
    assert Clock.objects.filter(kind="supervision", ended_at__isnull=True).count() == 1
    _answer(house, case)
    _decide(house, case)
    assert _listed(house, "inspector", Worklist.NOTES) == []
    note.refresh_from_db()
    assert (note.state, note.ended_at, note.answers.count()) == ("accepted", LATER, 2)
    _supervise(house, case)
    assert list(chain.verify()) == []


def test_the_resident_sees_that_it_is_supervised_and_not_the_words(house: House) -> None:
    case = house.case()
    _supervise(house, case)
    _answer(house, case)
    page = Client().get(link_path(case.reference)).content.decode()
    shown = selectors.resident_page(token=link_token(case.reference), now=LATER)
    assert shown.supervised and "supervised" in {entry.type for entry in shown.entries}
    assert "为何一周未联系居民" not in page and "今天上门" not in page


def test_only_inspectors_and_leaders_without_a_part_supervise(house: House) -> None:
    case = house.case()
    for name in ("clerk", "secretary", "coordinator", "handler", "stranger"):
        with pytest.raises((NotAllowed, NotFound)):
            _supervise(house, case, name)
        client = Client()
        client.force_login(house.staff[name])
        form = {"text": "为何", "seen": case.last_seq}
        assert client.post(f"/cases/{case.reference}/supervise/", form).status_code in {403, 404}
    Case.objects.filter(pk=case.pk).update(handler=house.id("leader"))
    with pytest.raises(NotAllowed):
        _supervise(house, case, "leader")
    mine = {"unit": house.community, "text": "为何", "written_at": NOW, "due_at": LATER}
    own = house.id("clerk")
    assert refused(lambda: Supervision.objects.create(case=case, written_by_id=own, **mine)) == CHECK
    _supervise(house, case)
    with pytest.raises(NotAllowed):
        _answer(house, case, "inspector")


def test_the_database_keeps_notes_and_answers(house: House) -> None:
    case = house.case()
    _supervise(house, case)
    note, by = Supervision.objects.get(), house.id("inspector")
    again = {"unit": house.community, "text": "又", "written_at": NOW, "due_at": LATER, "written_by_id": by}
    assert refused(lambda: Supervision.objects.create(case=case, **again)) == UNIQUE
    row = Supervision.objects.filter(pk=note.pk)
    assert refused(lambda: row.update(text="改了")) == RESTRICT
    assert refused(row.delete) == RESTRICT
    # Accepted only when an answer was.
    assert refused(lambda: row.update(state="accepted", ended_at=LATER)) == CHECK
    _answer(house, case)
    answer = SupervisionAnswer.objects.filter(supervision=note)
    own = {"accepted": True, "words": "好", "decided_by": house.id("clerk"), "decided_at": LATER}
    assert refused(lambda: answer.update(**own)) == CHECK
    assert refused(lambda: answer.update(text="改了")) == RESTRICT
    assert refused(answer.delete) == RESTRICT
    _decide(house, case)
    assert refused(lambda: answer.update(words="改了")) == RESTRICT


def test_overdue_is_told_upward_and_to_the_inspector(house: House) -> None:
    case = house.case(kind="complaint", item_version_id=None)
    _supervise(house, case)
    services.sweep(at=NOW + timedelta(days=8))
    late = case.events.get(type="overdue", data__clock="supervision")
    assert not late.public
    key = f"case:{case.reference}:{late.seq}"
    for name in ("clerk", "secretary", "inspector", "coordinator"):
        assert key in [n.key for n in bell.latest(house.actor(name))], name
    services.sweep(at=NOW + timedelta(days=9))
    assert case.events.filter(type="overdue", data__clock="supervision").count() == 1


def test_figures_count_notes_and_those_answered_in_time(house: House) -> None:
    period, inspector = Period(NOW.date(), NOW.date()), house.actor("inspector")
    kept, late, waiting = (house.case(kind="complaint", item_version_id=None) for _ in range(3))
    for case in (kept, late, waiting):
        _supervise(house, case)
    _answer(house, kept)
    services.answer_supervision(
        actor=house.actor("clerk"), case_id=late.pk, text="迟了", at=NOW + timedelta(days=10)
    )
    share = figures.supervised(inspector, period, now=LATER)
    assert (share.numerator, share.denominator) == (1, 2)
    share = figures.supervised(inspector, period, now=NOW + timedelta(days=10))
    assert (share.numerator, share.denominator) == (1, 3)


def test_withdrawn_by_the_resident_nothing_is_left_to_supervise(house: House) -> None:
    case = house.case()
    _supervise(house, case)
    services.withdraw(actor=house.actor("clerk"), case_id=case.pk, reason="不办了", at=LATER)
    assert Supervision.objects.get().state == "over"
    page = selectors.case_page(actor=house.actor("inspector"), reference=case.reference, now=LATER)
    assert not page.supervised and not page.acts & {Act.SUPERVISE, Act.DECIDE_SUPERVISION}


def _meet(house: House, case: Case, name: str = "coordinator", **changes: object) -> Case:
    given: dict[str, object] = {
        "held_on": NOW.date(), "unit_ids": [house.community.pk, house.section.pk], "people": "张主任",
        "decision": "民政科牵头，东关社区配合入户", "lead_id": house.section.pk, "until": date(2026, 9, 28),
        "helper_ids": [house.other.pk, house.community.pk], "task": "入户核实", **changes,
    }  # fmt: skip
    return services.record_meeting(actor=house.actor(name), case_id=case.pk, at=LATER, **given)


def test_what_a_meeting_decided_is_done_at_once(house: House) -> None:
    case = house.case()
    _meet(house, case)
    case.refresh_from_db()
    assert (case.unit_id, case.handler_id) == (house.section.pk, None)
    assert {a.unit_id for a in Assist.objects.all()} == {house.other.pk, house.community.pk}
    assert {a.due_at.date() for a in Assist.objects.all()} == {date(2026, 9, 28)}
    held = case.events.get(type="meeting_held")
    assert not held.public
    page = selectors.case_page(actor=house.actor("coordinator"), reference=case.reference, now=LATER)
    words = next(entry for entry in page.entries if entry.type == "meeting_held")
    assert all(unit.label in words.title for unit in (house.community, house.section))
    with pytest.raises(Invalid):
        services.return_referral(
            actor=house.actor("handler"), case_id=case.pk, why="not_responsible", reason="不归我们",
            responsible_unit_id=house.other.pk, ground="三定方案", at=LATER,
        )  # fmt: skip
    row = Referral.objects.filter(case=case)
    named = {"return_why": "not_responsible", "responsible": house.other, "ground": "三定方案"}
    assert refused(lambda: row.update(state="returned", return_reason="不归", **named)) == CHECK
    services.accept_referral(actor=house.actor("handler"), case_id=case.pk, at=LATER)
    assert list(chain.verify()) == []


def test_the_unit_that_has_it_can_go_on_leading(house: House) -> None:
    case = house.case()
    _meet(house, case, lead_id=house.community.pk, helper_ids=[], task="")
    case.refresh_from_db()
    assert (case.unit_id, case.handler_id) == (house.community.pk, house.id("clerk"))
    assert not Referral.objects.exists() and not Assist.objects.exists()


BAD = [
    {"unit_ids": [1]}, {"decision": " "}, {"held_on": date(2026, 9, 19)}, {"until": NOW.date()}, {"task": ""},
]  # fmt: skip


def test_a_meeting_without_its_parts_is_refused_whole(house: House) -> None:
    case = house.case()
    for changes in BAD:
        if "unit_ids" in changes:
            changes = {"unit_ids": [house.community.pk, house.community.pk]}
        with pytest.raises(Invalid):
            _meet(house, case, **changes)
    with pytest.raises(NotFound):
        _meet(house, case, lead_id=10**9)
    for name in ("clerk", "handler", "inspector", "stranger"):
        with pytest.raises((NotAllowed, NotFound)):
            _meet(house, case, name)
    assert not Meeting.objects.exists()
    case.refresh_from_db()
    assert case.unit_id == house.community.pk
    _meet(house, case)
    row = Meeting.objects.filter(case=case)
    assert refused(lambda: row.update(decision="改了")) == RESTRICT
    assert refused(lambda: row._raw_delete(row.db)) == RESTRICT
    assert refused(Meeting.objects.get().units.clear) == RESTRICT
