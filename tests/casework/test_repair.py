"""A bad rating: called back by somebody else, put right, the result told; appealed against; counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from liangdian.casework import chain, figures, selectors, services, worklists
from liangdian.casework.figures import Period
from liangdian.casework.links import link_path, rating_token
from liangdian.casework.models import Case, Clock, RatingAppeal, Repair, Resolution
from liangdian.casework.policy import Act
from liangdian.casework.rules import WrongState
from liangdian.casework.worklists import Filters, Worklist
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound, Refused
from liangdian.platform.notifications.models import Message
from tests.casework.conftest import NOW, House
from tests.casework.test_guards import CHECK, RESTRICT, UNIQUE, refused

LATER = NOW + timedelta(hours=2)


def _rated(house: House, *, grade: str = "2", **changes: object) -> Case:
    """Answered by the clerk, rated badly by the resident; it lies with the street now."""
    case = house.case(**changes)
    services.resolve(actor=house.actor("clerk"), case_id=case.pk, answer="请来取", at=NOW)
    return services.rate_by_link(
        token=rating_token(case.reference, case.round), grade=grade, comment="没说清", at=NOW
    )


def _call(house: House, case: Case, name: str = "clerk2") -> Case:
    return services.call_rated(actor=house.actor(name), case_id=case.pk, text="要个日期", at=LATER)


def _choose(
    house: House, case: Case, way: str = "fix", until: date | None = None, text: str = "已送"
) -> Case:
    return services.choose_repair(
        actor=house.actor("coordinator"), case_id=case.pk, way=way, text=text, until=until, at=LATER
    )


def _answer(house: House, case: Case) -> Case:
    return services.resolve(actor=house.actor("coordinator"), case_id=case.pk, answer="送到了", at=LATER)


def _appeal(house: House, case: Case, name: str = "clerk") -> Case:
    return services.appeal_rating(
        actor=house.actor(name), case_id=case.pk, ground="mistaken", reason="说的是医保", at=LATER
    )


def _decide(house: House, case: Case, name: str = "inspector", excluded: bool = True) -> Case:
    return services.decide_appeal(
        actor=house.actor(name), case_id=case.pk, excluded=excluded, words="录音为证", at=LATER
    )


def _listed(house: House, name: str) -> set[str]:
    page = worklists.page_of(Worklist.TO_CALL, house.actor(name), Filters(), now=LATER)
    return {row.reference for row in page.rows}


def test_every_bad_rating_opens_a_repair_with_a_clock_of_five_working_days(house: House) -> None:
    case = _rated(house)
    repair, clock = Repair.objects.get(case=case), Clock.objects.get(case=case, kind="repair")
    assert (repair.rated_id, repair.named, repair.ended_at) == (house.id("clerk"), True, None)
    assert clock.due_at == repair.due_at and repair.due_at.date() == date(2026, 9, 24)
    assert case.to_call and case.next_due_at <= clock.due_at


@pytest.mark.parametrize("grade", ["3", "4", "5"])
def test_a_good_rating_opens_none(house: House, grade: str) -> None:
    _rated(house, grade=grade)
    assert not Repair.objects.exists()


def test_only_when_called_back_put_right_and_told_is_it_done(house: House) -> None:
    case = _rated(house)
    for act in (lambda: _choose(house, case), lambda: _answer(house, case)):
        with pytest.raises(WrongState):
            act()
    _call(house, case)
    with pytest.raises(WrongState):
        _answer(house, case)
    _choose(house, case)
    for again in (lambda: _choose(house, case), lambda: _call(house, case)):
        with pytest.raises(WrongState):
            again()
    assert Repair.objects.get().ended_at is None
    _answer(house, case)
    repair = Repair.objects.get()
    assert (repair.end, repair.ended_at, repair.called_by_id) == ("told", LATER, house.id("clerk2"))
    assert Clock.objects.get(kind="repair").ended_at == LATER
    told = [(e.type, e.public) for e in case.events.order_by("-seq")[:2]]
    assert told == [("resolved", True), ("repaired", True)]
    assert Message.objects.filter(kind="answered").count() == 2
    page = Client().get(link_path(case.reference)).content.decode()
    assert "已送" in page and "送到了" in page and "要个日期" not in page
    assert list(chain.verify()) == []


def test_what_a_button_offers_is_allowed_and_nothing_else_is_offered(house: House) -> None:
    case = _rated(house)
    steps: list[tuple[set[Act], Callable[[], object]]] = [
        ({Act.CALL_MISSED}, lambda: _call(house, case)),
        ({Act.REPAIR}, lambda: _choose(house, case)),
        ({Act.RESOLVE}, lambda: _answer(house, case)),
    ]
    bad = {Act.CALL_RATED, Act.CALL_MISSED, Act.REPAIR, Act.RESOLVE}
    for offered, step in steps:
        acts = selectors.case_page(actor=house.actor("coordinator"), reference=case.reference, now=LATER).acts
        assert acts & bad - {Act.CALL_RATED} == offered
        assert (Act.CALL_RATED in acts) == (Act.CALL_MISSED in acts)
        step()


def test_neither_rated_nor_handler_nor_first_handler_nor_subject_calls(house: House) -> None:
    case = _rated(house)
    services.start(actor=house.actor("coordinator"), case_id=case.pk, at=NOW)
    for name in ("clerk", "coordinator"):
        with pytest.raises(NotAllowed):
            _call(house, case, name)
        with pytest.raises(NotAllowed):
            services.call_missed(actor=house.actor(name), case_id=case.pk, text="", at=LATER)
        client = Client()
        client.force_login(house.staff[name])
        sent = client.post(
            f"/cases/{case.reference}/call_rated/", {"text": "好了", "seen": case.last_seq + 1}
        )
        assert sent.status_code == 403
        assert case.reference not in _listed(house, name)
        row = Repair.objects.filter(case=case)
        by = {"called_by": house.id(name), "called_at": LATER}
        assert refused(lambda row=row, by=by: row.update(**by)) == CHECK
    with pytest.raises(NotFound):
        _call(house, case, "stranger")
    assert _listed(house, "clerk2") == _listed(house, "inspector") == {case.reference}
    assert _listed(house, "stranger") == _listed(house, "leader") == set()
    assert _call(house, case, "inspector").to_call is False
    assert _listed(house, "clerk2") == set()


def test_a_complaint_is_not_called_back_by_whom_it_is_about(house: House) -> None:
    about = {"kind": "complaint", "item_version_id": None, "about_user_id": house.id("clerk2")}
    case = _rated(house, **about)
    assert case.reference not in _listed(house, "clerk2")
    with pytest.raises(NotFound):
        _call(house, case)
    by = {"called_by": house.id("clerk2"), "called_at": LATER}
    assert refused(lambda: Repair.objects.filter(case=case).update(**by)) == CHECK


def test_after_three_calls_in_vain_it_goes_on_without(house: House) -> None:
    case = _rated(house)
    for _n in range(3):
        assert Case.objects.get(pk=case.pk).to_call
        services.call_missed(actor=house.actor("clerk2"), case_id=case.pk, text="无人接听", at=LATER)
    assert _listed(house, "clerk2") == set()
    with pytest.raises(WrongState):
        services.call_missed(actor=house.actor("clerk2"), case_id=case.pk, text="", at=LATER)
    _choose(house, case)
    _answer(house, case)


def test_whom_nobody_can_call_is_not_waited_for(house: House) -> None:
    case = _rated(house, resident_name="", phone="")
    assert not case.to_call
    _choose(house, case, "explain", text="按规定须本人领取")
    _answer(house, case)
    assert refused(lambda: Case.objects.filter(pk=case.pk).update(to_call=True)) == CHECK


def test_a_bad_rating_given_in_a_call_back_has_been_heard(house: House) -> None:
    case = house.case()
    services.resolve(actor=house.actor("clerk"), case_id=case.pk, answer="请来取", at=NOW)
    services.record_call_back(actor=house.actor("clerk2"), case_id=case.pk, grade="1", comment="太慢", at=NOW)
    repair = Repair.objects.get()
    assert (repair.called_by_id, repair.called_at) == (house.id("clerk2"), NOW)
    _choose(house, case)


def test_a_day_on_the_ledger_is_a_promise_told_with_its_reason(house: House) -> None:
    case = _rated(house)
    _call(house, case)
    for wrong in (None, NOW.date(), NOW.date() - timedelta(days=1), date(2027, 9, 1)):
        with pytest.raises(Invalid) as bad:
            _choose(house, case, "ledger", wrong)
        assert bad.value.field == "until"
    day = date(2026, 10, 20)
    _choose(house, case, "ledger", day, "楼道要重新布线")
    promise = case.promises.latest("seq")
    assert (promise.due_day, promise.reason) == (day, "ledger")
    clock = Clock.objects.get(case=case, kind="repair", ended_at__isnull=True)
    assert clock.due_at == promise.due_at
    assert Message.objects.filter(kind="promise_changed").exists()
    page = Client().get(link_path(case.reference)).content.decode()
    assert "楼道要重新布线" in page
    services.sweep(at=promise.due_at + timedelta(days=1))
    late = case.events.filter(type="overdue", data__clock="repair")
    assert late.count() == 1
    _answer(house, case)


def test_a_day_on_the_ledger_before_the_promise_changes_no_promise(house: House) -> None:
    case = _rated(house)
    _call(house, case)
    _choose(house, case, "ledger", date(2026, 9, 21))
    assert case.promises.count() == 2


@pytest.mark.parametrize(
    ("way", "text", "field"), [("", "好", "way"), ("x", "好", "way"), ("fix", " ", "text")]
)
def test_a_way_without_words_is_refused(house: House, way: str, text: str, field: str) -> None:
    case = _rated(house)
    _call(house, case)
    with pytest.raises(Invalid) as bad:
        _choose(house, case, way, text=text)
    assert bad.value.field == field


def test_a_withdrawn_matter_has_nothing_left_to_put_right(house: House) -> None:
    case = _rated(house)
    services.withdraw(actor=house.actor("coordinator"), case_id=case.pk, reason="不办了", at=LATER)
    assert Repair.objects.get().end == "withdrawn"
    assert not Case.objects.get().to_call


def test_an_excluded_rating_stays_to_be_seen_and_leaves_the_figures(house: House) -> None:
    case = _rated(house)
    period = Period(NOW.date(), NOW.date())
    before = figures.ratings(SYSTEM, period)
    assert (before["bad"].numerator, before["excluded"].numerator) == (1, 0)
    _appeal(house, case)
    with pytest.raises(WrongState):
        _appeal(house, case)
    _decide(house, case)
    after = figures.ratings(SYSTEM, period)
    assert after["bad"].percent is None and after["satisfied"].percent is None
    assert (after["excluded"].numerator, after["excluded"].denominator) == (1, 1)
    assert figures.grades(SYSTEM, period)["2"] == 0
    assert figures.repaired(SYSTEM, period, now=LATER + timedelta(days=30)).percent is None
    page = selectors.case_page(actor=house.actor("clerk"), reference=case.reference, now=LATER)
    assert len(page.grades) == 1
    assert Repair.objects.get().end == "excluded"
    assert Message.objects.filter(kind="rating_reviewed").count() == 1
    assert "录音为证" in Client().get(link_path(case.reference)).content.decode()
    _answer(house, case)  # the matter itself is still answered


def test_a_rating_that_stands_goes_on_counting_and_being_put_right(house: House) -> None:
    case = _rated(house)
    _appeal(house, case)
    _decide(house, case, excluded=False)
    assert figures.ratings(SYSTEM, Period(NOW.date(), NOW.date()))["bad"].numerator == 1
    with pytest.raises(WrongState):
        _answer(house, case)
    assert not Message.objects.filter(kind="rating_reviewed").exists()
    assert "录音为证" not in Client().get(link_path(case.reference)).content.decode()


def test_only_the_rated_appeals_and_a_second_person_decides(house: House) -> None:
    case = _rated(house)
    for name in ("clerk2", "coordinator", "inspector"):
        with pytest.raises(NotAllowed):
            _appeal(house, case, name)
    repair = Repair.objects.get()
    row = RatingAppeal(repair=repair, ground="mistaken", reason="x", by_id=house.id("clerk2"), at=LATER)
    assert refused(row.save) == CHECK
    _appeal(house, case)
    for name in ("clerk", "clerk2", "coordinator", "secretary"):
        with pytest.raises(NotAllowed):
            _decide(house, case, name)
    appeals = RatingAppeal.objects.filter(repair=repair)
    done = {"excluded": True, "words": "x", "decided_at": LATER}
    assert refused(lambda: appeals.update(**done, decided_by=house.id("clerk"))) == CHECK
    assert refused(lambda: appeals.update(excluded=True)) == CHECK
    _decide(house, case, "leader", excluded=False)
    assert refused(lambda: appeals.update(excluded=True)) == RESTRICT
    with pytest.raises(WrongState):
        _decide(house, case)


def test_a_leader_who_is_first_handler_does_not_decide_about_himself(house: House) -> None:
    """The rated one is the handler of another section, the leader received the matter."""
    case = house.case(by="coordinator", first_handler_id=house.id("leader"))
    services.refer(
        actor=house.actor("coordinator"), case_id=case.pk, to_unit_id=house.section.pk, reason="r", at=NOW
    )
    services.accept_referral(actor=house.actor("handler"), case_id=case.pk, at=NOW)
    services.resolve(actor=house.actor("handler"), case_id=case.pk, answer="好", at=NOW)
    services.rate_by_link(token=rating_token(case.reference, case.round), grade="1", comment="", at=NOW)
    # It went to the street; the rated handler still sees it, until it is put right.
    handler = house.actor("handler")
    assert selectors.case_for(actor=handler, reference=case.reference).pk == case.pk
    _appeal(house, case, "handler")
    with pytest.raises(NotAllowed):
        _decide(house, case, "leader")
    _decide(house, case)
    with pytest.raises(NotFound):
        selectors.case_for(actor=handler, reference=case.reference)


def test_the_rated_read_grade_and_words_not_who_rated(house: House) -> None:
    case = _rated(house)
    page = selectors.case_page(actor=house.actor("clerk"), reference=case.reference, now=LATER)
    rated = next(entry for entry in page.entries if entry.type == "rated")
    assert rated.text == "没说清" and rated.actor_name == "居民"
    event = case.events.get(type="rated")
    assert event.actor_id is None and event.actor_name == ""
    assert set(event.data) == {"grade", "text", "source", "round"}


def test_the_database_keeps_the_loop_whole(house: House) -> None:
    case = _rated(house)
    row = Repair.objects.filter(case=case)
    coordinator = house.id("coordinator")
    way = {"way": "fix", "way_text": "x", "way_by": coordinator}
    assert refused(lambda: row.update(**way)) == CHECK  # not heard
    assert refused(lambda: row.update(ended_at=LATER, end="told")) == CHECK
    assert refused(lambda: row.update(ended_at=LATER)) == CHECK
    assert refused(lambda: row.update(called_at=LATER)) == CHECK
    assert refused(lambda: row.update(due_at=LATER)) == RESTRICT
    assert refused(lambda: row.update(rated=house.id("clerk2"))) in {CHECK, RESTRICT}
    assert refused(lambda: row._raw_delete(row.db)) == RESTRICT
    answer = Resolution(
        case=case, round=2, promise=case.promises.latest("seq"), answer="x", at=NOW, kept=True
    )
    assert refused(answer.save) == CHECK
    _call(house, case)
    assert refused(lambda: row.update(called_at=NOW)) == RESTRICT
    assert refused(lambda: row.update(**way, until=NOW.date())) == CHECK
    assert refused(lambda: row.update(**{**way, "way": "ledger"})) == CHECK
    assert refused(lambda: row.update(**{**way, "way_text": ""})) == CHECK
    _choose(house, case)
    assert refused(lambda: row.update(way="explain")) == RESTRICT
    again = row.get()
    again.pk = None
    assert refused(lambda: again.save(force_insert=True)) == UNIQUE


def test_a_stale_or_forged_form_is_refused_with_a_sentence(house: House) -> None:
    case = _rated(house)
    client = Client()
    client.force_login(house.staff["coordinator"])
    _call(house, case)
    case.refresh_from_db()
    page = f"/cases/{case.reference}/repair/"
    for form in ({}, {"way": "ledger", "text": "好"}, {"way": "ledger", "text": "好", "until": "2026-99-99"},
                 {"way": "x", "text": "好"}, {"way": "fix", "text": "长" * 5_001}):  # fmt: skip
        assert client.post(page, {**form, "seen": case.last_seq}).status_code == 422, form
    assert client.post(page, {"way": "fix", "text": "好", "seen": 1}).status_code == 409


def test_every_refusal_is_a_sentence(house: House) -> None:
    case = house.case()
    for act in (_call, _choose, _appeal, _decide):
        with pytest.raises(Refused) as bad:
            act(house, case)
        assert str(bad.value)
