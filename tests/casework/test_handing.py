"""Everything of a colleague in one act, for good or for a time; and one act on chosen matters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liangdian.casework import policy, selectors, services, worklists
from liangdian.casework.handing_over import matters_in_hand
from liangdian.casework.models import Case, HandedCase, HandOver
from liangdian.casework.policy import Act
from liangdian.casework.states import EventType
from liangdian.casework.worklists import Filters, Worklist
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from liangdian.platform.accounts.models import User
from liangdian.platform.notifications import selectors as bell
from tests.casework.conftest import NOW, House
from tests.casework.test_guards import CHECK, RESTRICT, refused
from tests.casework.web.test_pages import client_of

DAY = timedelta(days=1)
TODAY = business_date(NOW)


def hand(house: House, **changes: object) -> services.Handed:
    given: dict[str, object] = {
        "actor": house.actor("secretary"), "from_user_id": house.id("clerk"), "reason": "调离",
        "to_user_id": house.id("clerk2"), "until": None, "at": NOW,
    }  # fmt: skip
    return services.hand_over(**{**given, **changes})


def answered_by(house: House, name: str) -> list[int]:
    rows = worklists.page_of(Worklist.ANSWER, house.actor(name), Filters(), now=NOW).rows
    return sorted(row.pk for row in rows)


def test_everything_goes_in_one_act_and_the_first_handler_stays_named(house: House) -> None:
    own, away = house.case(), house.case()
    services.refer(
        actor=house.actor("clerk"), case_id=away.pk, to_unit_id=house.street.pk, reason="r", at=NOW
    )
    over = house.case()
    services.withdraw(actor=house.actor("clerk"), case_id=over.pk, reason="不办了", at=NOW)
    handed = hand(house)
    assert handed.done == [own.reference, away.reference]
    for case in (own, away):
        case.refresh_from_db()
        assert (case.first_handler_id, case.successor_id) == (house.id("clerk"), house.id("clerk2"))
        assert case.events.filter(type=EventType.HANDED_OVER).count() == 1
    assert (own.handler_id, away.handler_id) == (house.id("clerk2"), None)
    assert answered_by(house, "clerk2") == [own.pk, away.pk]
    assert policy.is_own(house.actor("clerk2"), away, Act.CONTACT)
    assert matters_in_hand(house.id("clerk"), NOW) == []
    assert matters_in_hand(house.id("clerk2"), NOW)[0].count == 2
    for name in ("clerk", "clerk2"):
        kinds = [n.kind for n in bell.latest(house.actor(name))]
        assert kinds.count("handed_over") == 1, "told once of everything"


def test_who_leaves_still_answers_for_what_another_one_handles(house: House) -> None:
    case = house.case()
    services.transfer(
        actor=house.actor("clerk"), case_id=case.pk, to_user_id=house.id("clerk2"), reason="休假", at=NOW
    )
    assert matters_in_hand(house.id("clerk"), NOW)[0].count == 1


def test_a_stand_in_gives_back_what_he_still_has_when_the_day_is_over(house: House) -> None:
    kept, finished, moved = house.case(), house.case(), house.case()
    hand(house, until=TODAY + 3 * DAY, reason="休假")
    second = house.actor("clerk2")
    services.withdraw(actor=second, case_id=finished.pk, reason="不办了", at=NOW)
    services.transfer(actor=second, case_id=moved.pk, to_user_id=house.id("secretary"), reason="r", at=NOW)
    assert services.give_back_due(at=NOW + 3 * DAY) == 0, "the last day belongs to the stand-in"
    assert services.give_back_due(at=NOW + 4 * DAY) == 2
    assert services.give_back_due(at=NOW + 4 * DAY) == 0
    for case in (kept, finished, moved):
        case.refresh_from_db()
    assert (kept.handler_id, kept.successor_id) == (house.id("clerk"), None)
    assert (moved.handler_id, moved.successor_id) == (house.id("secretary"), None)
    assert finished.successor_id == house.id("clerk2"), "what is over is not touched"
    page = selectors.case_page(actor=house.actor("clerk"), reference=kept.reference, now=NOW)
    assert [e.type for e in page.entries][:2] == ["given_back", "handed_over"]
    assert "given_back" in [n.kind for n in bell.latest(second)]


def test_who_left_meanwhile_gets_nothing_back(house: House) -> None:
    case = house.case()
    hand(house, until=TODAY)
    User.objects.filter(pk=house.id("clerk")).update(is_active=False)
    assert services.give_back_due(at=NOW + DAY) == 0
    case.refresh_from_db()
    assert case.handler_id == house.id("clerk2")


def test_a_stand_in_of_a_stand_in_comes_back_in_the_same_order(house: House) -> None:
    case = house.case()
    hand(house, until=TODAY + 9 * DAY)
    hand(house, from_user_id=house.id("clerk2"), to_user_id=house.id("secretary"), until=TODAY)
    services.give_back_due(at=NOW + DAY)
    case.refresh_from_db()
    assert (case.handler_id, case.successor_id) == (house.id("clerk2"), house.id("clerk2"))
    services.give_back_due(at=NOW + 10 * DAY)
    case.refresh_from_db()
    assert (case.handler_id, case.successor_id) == (house.id("clerk"), None)


def test_one_hands_over_ones_own_for_a_time_and_gives_it_back_early(house: House) -> None:
    case, clerk = house.case(), house.actor("clerk")
    with pytest.raises(Invalid):
        hand(house, actor=clerk)
    hand(house, actor=clerk, until=TODAY + DAY)
    act = HandOver.objects.get()
    with pytest.raises(NotFound):
        services.give_back(actor=house.actor("stranger"), hand_over_id=act.pk, at=NOW)
    assert services.give_back(actor=house.actor("clerk2"), hand_over_id=act.pk, at=NOW) == 1
    with pytest.raises(NotFound):
        services.give_back(actor=clerk, hand_over_id=act.pk, at=NOW)
    case.refresh_from_db()
    assert case.successor_id is None


def test_what_cannot_go_is_named_and_the_rest_goes(house: House) -> None:
    plain = house.case()
    about = house.case(kind="complaint", item_version_id=None, about_user_id=house.id("clerk2"))
    handed = hand(house)
    assert handed.done == [plain.reference]
    assert [number for number, _why in handed.refused] == [about.reference]
    about.refresh_from_db()
    assert about.successor_id is None


def test_who_may_not_is_refused_with_a_reason(house: House) -> None:
    house.case()
    for changes in (
        {"to_user_id": house.id("clerk")}, {"reason": " "}, {"until": TODAY - DAY}, {"to_user_id": 10**9},
        {"from_user_id": house.id("clerk2"), "to_user_id": house.id("clerk")},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            hand(house, **changes)
    for name in ("clerk2", "inspector", "auditor"):
        with pytest.raises(NotAllowed):
            hand(house, actor=house.actor(name))
    with pytest.raises(NotAllowed):
        hand(house, to_user_id=house.id("stranger"))
    assert not HandOver.objects.exists()


def test_the_database_keeps_what_was_handed_over(house: House) -> None:
    house.case()
    hand(house, until=TODAY)
    act, row = HandOver.objects.all(), HandedCase.objects.all()
    assert refused(lambda: act.update(reason="anders")) == RESTRICT
    assert refused(lambda: act._raw_delete(act.db)) == RESTRICT
    assert refused(lambda: row.update(work=False)) == RESTRICT
    made = {"from_user_id": house.id("clerk"), "to_user_id": house.id("clerk2"), "reason": "x", "at": NOW,
            "by_id": house.id("secretary")}  # fmt: skip
    for wrong in ({"to_user_id": house.id("clerk")}, {"reason": ""}, {"ended_at": NOW}):
        assert refused(HandOver(**{**made, **wrong}).save) == CHECK, wrong
    services.give_back_due(at=NOW + DAY)
    assert refused(lambda: act.update(ended_at=NOW + 2 * DAY)) == RESTRICT


def test_the_page_hands_over_and_keeps_others_out(house: House) -> None:
    case, client = house.case(), client_of(house, "secretary")
    assert client.get("/cases/hand-over/").status_code == 200
    form = {"from_user": house.id("clerk"), "to_user": house.id("clerk2"), "reason": "调离", "until": ""}
    for wrong in (
        {"to_user": "x"},
        {"from_user": ""},
        {"reason": ""},
        {"until": "2020-01-01"},
        {"from_user": "9" * 30},
    ):
        assert client.post("/cases/hand-over/", {**form, **wrong}).status_code == 422, wrong
    done = client.post("/cases/hand-over/", {**form, "until": "2099-01-01"})
    assert done.status_code == 200
    case.refresh_from_db()
    assert case.successor_id == house.id("clerk2")
    act = HandOver.objects.get()
    assert client_of(house, "auditor").get("/cases/hand-over/").status_code == 404
    assert client_of(house, "stranger").post(f"/cases/hand-over/{act.pk}/back/").status_code == 404
    assert client.post(f"/cases/hand-over/{act.pk}/back/").status_code == 302
    case.refresh_from_db()
    assert case.successor_id is None


def test_the_page_of_hand_overs_costs_the_same_with_one_and_with_thirty(house: House) -> None:
    client = client_of(house, "secretary")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/cases/hand-over/")
        return len(asked)

    house.case()
    hand(house, until=TODAY)
    client.get("/cases/hand-over/")  # what is kept in the process is there afterwards
    one = cost()
    act = HandOver.objects.get()
    for _ in range(29):
        act.pk = None
        act.save(force_insert=True)
    assert cost() == one


def test_chosen_matters_are_decided_one_by_one(house: House) -> None:
    mine, other = house.case(), house.case()
    elsewhere = house.case(by="stranger", unit_id=house.other.pk, first_handler_id=house.id("stranger"))
    services.resolve(actor=house.actor("clerk"), case_id=other.pk, answer="好", at=NOW)
    numbers = [mine.reference, other.reference, elsewhere.reference, "XD-2026-999999"]
    handed = services.transfer_many(
        actor=house.actor("secretary"),
        references=numbers,
        to_user_id=house.id("clerk2"),
        reason="休假",
        at=NOW,
    )
    assert handed.done == [mine.reference]
    reasons = dict(handed.refused)
    assert set(reasons) == set(numbers[1:])
    assert reasons[elsewhere.reference] == reasons["XD-2026-999999"], "hidden equals missing"
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.handler_id, other.handler_id) == (house.id("clerk2"), house.id("clerk"))
    handed = services.refer_many(
        actor=house.actor("secretary"), references=numbers, to_unit_id=house.street.pk, reason="请办", at=NOW
    )
    assert handed.done == [mine.reference]
    for references in ([], [f"X-{n}" for n in range(101)]):
        with pytest.raises(Invalid):
            services.transfer_many(
                actor=house.actor("secretary"), references=references, to_user_id=1, reason="r", at=NOW
            )


def test_chosen_on_the_list_done_on_a_page_of_its_own(house: House) -> None:
    cases, client = [house.case(), house.case()], client_of(house, "secretary")
    page = client.get("/cases/?list=unit").content.decode()
    assert page.count('name="case"') == 2
    assert 'name="case"' not in client_of(house, "inspector").get("/cases/?list=unit").content.decode()
    numbers = [case.reference for case in cases]
    assert client.post("/cases/chosen/", {}).status_code == 302
    assert client.post("/cases/chosen/", {"case": numbers}).status_code == 200
    form = {"case": numbers, "act": "transfer", "to_user": house.id("clerk2"), "reason": "休假", "send": "1"}
    for wrong in ({"to_user": ""}, {"act": "x"}, {"reason": ""}, {"act": "refer"}, {"to_user": "9" * 40}):
        assert client.post("/cases/chosen/", {**form, **wrong}).status_code == 422, wrong
    done = client.post("/cases/chosen/", {**form, "case": [*numbers, "\x00", "x" * 999]})
    assert done.status_code == 200
    assert set(Case.objects.values_list("handler", flat=True)) == {house.id("clerk2")}
    assert client_of(house, "inspector").post("/cases/chosen/", form).status_code == 404
