"""Leave with a stand-in, and closures announced to the public; and all that is refused there."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from liangdian.desks.duty import absence, services
from liangdian.desks.duty.models import Closure, Leave, Shift
from liangdian.desks.duty.services.closures import Announcement
from liangdian.desks.duty.services.leaves import Request
from liangdian.desks.duty.states import NEXT_OF_LEAVE, LeaveState
from liangdian.foundation.actor import SYSTEM, Role
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound, Refused
from liangdian.platform.accounts import services as accounts
from liangdian.platform.notifications import selectors as bell
from liangdian.registers.organisation import selectors as organisation
from tests.desks.duty.conftest import BEFORE, DAY, MONTH, DutyHouse, hall, refused_by_the_database

MONDAY = date(2026, 9, 14)
NOW = hall(date(2026, 9, 10), 10)


def ask(house: DutyHouse, by: str = "clerk", *, at: datetime = NOW, **changes: object) -> Leave:
    given = {
        "kind": "annual", "first_day": MONDAY, "last_day": DAY, "reason": "回老家",
        "stand_in_id": house.id("clerk2"), **changes,
    }  # fmt: skip
    return services.ask_leave(
        actor=house.actor(by), unit_id=house.community.pk, request=Request(**given), at=at
    )


def decide(house: DutyHouse, row: Leave, by: str = "secretary", *, approved=True, words="", at=NOW) -> Leave:
    return services.decide_leave(
        actor=house.actor(by), leave_id=row.pk, approved=approved, words=words, at=at
    )


def announce(house: DutyHouse, by: str = "secretary", *, at: datetime = NOW, **changes: object) -> Closure:
    given = {
        "begins_at": at, "ends_at": at + timedelta(hours=2), "reason_hans": "停电", "reason_hant": "停電",
        "reason_en": "Power cut", **changes,
    }  # fmt: skip
    return services.announce_closure(
        actor=house.actor(by), unit_id=house.community.pk, announcement=Announcement(**given), at=at
    )


# --- leave


def test_an_approved_leave_puts_the_stand_in_on_the_roster_and_tells_him(house):
    shift = house.shift()
    later = house.shift(day=date(2026, 9, 21))
    decide(house, ask(house))
    shift.refresh_from_db()
    later.refresh_from_db()
    new = Shift.objects.get(replaces=shift)
    assert (shift.cancelled_at, new.user_id, new.window_id) == (NOW, house.id("clerk2"), shift.window_id)
    assert later.cancelled_at is None
    assert bell.latest(house.actor("clerk2"))[0].kind == "duty_leave_approved"
    assert bell.latest(house.actor("clerk"))[0].kind == "duty_leave_approved"


def test_the_stand_in_has_the_matters_too(house):
    decide(house, ask(house))
    for day, expected in ((MONDAY, "clerk2"), (DAY, "clerk2"), (date(2026, 9, 19), None)):
        found = organisation.stand_in_for(house.id("clerk"), day)
        assert (found and found.name) == expected


def test_a_roster_made_afterwards_names_the_stand_in_at_once(house):
    services.add_pattern(
        actor=house.actor("secretary"), unit_id=house.community.pk, line=house.line(), at=BEFORE
    )
    decide(house, ask(house))
    services.plan_month(actor=house.actor("secretary"), unit_id=house.community.pk, month=MONTH, at=NOW)
    assert Shift.objects.get(day=DAY).user_id == house.id("clerk2")
    assert Shift.objects.get(day=date(2026, 9, 11)).user_id == house.id("clerk")
    assert "for clerk" in house.client("clerk").get("/duty/roster/?month=2026-09").content.decode()


def test_a_stand_in_who_is_on_duty_himself_is_named_and_nothing_changes(house):
    shift = house.shift()
    house.shift("clerk2", window=1)
    row = ask(house)
    with pytest.raises(Refused, match="clerk2"):
        decide(house, row)
    row.refresh_from_db()
    shift.refresh_from_db()
    assert (row.state, shift.cancelled_at) == (LeaveState.ASKED, None)
    assert organisation.stand_in_for(house.id("clerk"), DAY) is None


def test_a_refused_leave_changes_nothing_and_needs_words(house):
    shift = house.shift()
    row = ask(house)
    with pytest.raises(Invalid) as refused:
        decide(house, row, approved=False)
    assert refused.value.field == "words"
    decide(house, row, approved=False, words="那周全员在岗")
    shift.refresh_from_db()
    assert shift.cancelled_at is None
    assert bell.latest(house.actor("clerk"))[0].kind == "duty_leave_refused"
    with pytest.raises(Refused):
        decide(house, row)


def test_nobody_approves_his_own_leave(house):
    row = ask(house, "secretary")
    with pytest.raises(NotAllowed):
        decide(house, row)
    assert house.client("secretary").post(f"/duty/leave/{row.pk}/", {"approved": "yes"}).status_code == 403
    statement = "UPDATE duty_leave SET state = 'approved', decided_at = now(), decided_by_id = user_id"
    refused_by_the_database(statement)
    assert decide(house, row, "coordinator").state == LeaveState.APPROVED


@pytest.mark.parametrize(
    ("asks", "decides", "allowed"),
    [
        ("clerk", "secretary", True), ("clerk", "coordinator", True), ("clerk", "leader", True),
        ("secretary", "coordinator", True), ("secretary", "leader", True),
        ("coordinator", "secretary", False), ("coordinator", "leader", True),
        ("leader", "coordinator", False), ("leader", "leader2", True),
        ("secretary", "secretary2", False),
    ],
)  # fmt: skip
def test_a_leave_is_decided_by_somebody_above(house, asks, decides, allowed):
    for name, role, unit in (
        ("leader2", Role.LEADER, house.street), ("secretary2", Role.SECRETARY, house.community)
    ):  # fmt: skip
        user = accounts.create_user(
            actor=SYSTEM, username=name, name=name, password="Correct-Horse-9", at=BEFORE
        )
        accounts.grant_role(
            actor=SYSTEM, user=user, role=role, unit_id=unit.pk, unit_path=unit.path, at=BEFORE
        )
        house.staff[name] = user
    row = ask(house, asks)
    if allowed:
        assert decide(house, row, decides).state == LeaveState.APPROVED
    else:
        with pytest.raises(NotAllowed):
            decide(house, row, decides)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"kind": "holiday"}, "kind"),
        ({"first_day": DAY, "last_day": MONDAY}, "last_day"),
        ({"first_day": date(2026, 9, 1), "last_day": date(2026, 9, 9)}, "last_day"),
        ({"last_day": date(2027, 9, 1)}, "last_day"),
        ({"stand_in_id": 999_999}, "stand_in"),
    ],
)
def test_a_leave_says_when_why_and_who_stands_in(house, changes, field):
    with pytest.raises(Invalid) as refused:
        ask(house, **changes)
    assert refused.value.field == field


def test_nobody_stands_in_for_himself_or_while_he_is_away(house):
    with pytest.raises(Invalid) as refused:
        ask(house, stand_in_id=house.id("clerk"))
    assert refused.value.field == "stand_in"
    decide(house, ask(house, "clerk2", stand_in_id=house.id("clerk3")))
    with pytest.raises(Invalid) as refused:
        ask(house)
    assert refused.value.field == "stand_in"
    row = ask(house, "handler", stand_in_id=house.id("clerk3"))
    given = {
        "user_id": row.user_id, "unit_id": row.unit_id, "kind": "sick", "reason": "x", "asked_at": NOW,
        "first_day": date(2026, 10, 9), "last_day": date(2026, 10, 9),
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Leave.objects.create(**given, stand_in_id=row.user_id)


def test_two_leaves_of_one_person_never_overlap(house):
    row = ask(house)
    with pytest.raises(Invalid) as refused:
        ask(house, first_day=DAY, last_day=DAY)
    assert refused.value.field == "first_day"
    services.withdraw_leave(actor=house.actor("clerk"), leave_id=row.pk, at=NOW)
    ask(house, first_day=DAY, last_day=DAY)


def test_only_who_asked_takes_a_request_back_and_only_before_it_is_decided(house):
    row = ask(house)
    with pytest.raises(Refused):
        services.withdraw_leave(actor=house.actor("secretary"), leave_id=row.pk, at=NOW)
    with pytest.raises(NotFound):
        services.withdraw_leave(actor=house.actor("clerk3"), leave_id=row.pk, at=NOW)
    decide(house, row)
    with pytest.raises(Refused):
        services.withdraw_leave(actor=house.actor("clerk"), leave_id=row.pk, at=NOW)


@pytest.mark.parametrize("old", LeaveState)
@pytest.mark.parametrize("new", LeaveState)
def test_the_database_allows_the_moves_of_the_table_only(house, old, new):
    row = ask(house)
    decided = {"decided_by_id": house.id("secretary"), "decided_at": NOW}
    with_decision = (LeaveState.APPROVED, LeaveState.REFUSED)
    if old != LeaveState.ASKED:
        Leave.objects.filter(pk=row.pk).update(state=old, **(decided if old in with_decision else {}))
    nobody = {"decided_by_id": None, "decided_at": None}
    change = {"state": new, **(decided if new in with_decision else nobody)}
    if new in NEXT_OF_LEAVE[old] or (old == new == LeaveState.ASKED):
        assert Leave.objects.filter(pk=row.pk).update(**change) == 1
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            Leave.objects.filter(pk=row.pk).update(**change)


def test_a_leave_is_never_rewritten_or_deleted(house):
    row = ask(house)
    refused_by_the_database("UPDATE duty_leave SET last_day = last_day + 30 WHERE id = %s", row.pk)
    refused_by_the_database("DELETE FROM duty_leave WHERE id = %s", row.pk)


def test_others_do_not_read_why_somebody_is_away(house):
    ask(house)
    assert "回老家" not in house.client("clerk3").get("/duty/leave/").content.decode()
    assert "回老家" in house.client("clerk2").get("/duty/leave/").content.decode()
    assert "回老家" in house.client("secretary").get("/duty/leave/").content.decode()


def test_a_leave_through_the_pages(house):
    client, secretary = house.client("clerk"), house.client("secretary")
    typed = {
        "kind": "sick", "first_day": "2999-01-01", "last_day": "2999-01-02", "reason": "手术",
        "stand_in": house.id("clerk2"),
    }  # fmt: skip
    for wrong in ({"reason": ""}, {"last_day": "2998-01-01"}, {"stand_in": house.id("clerk")}, {"kind": "x"}):
        assert client.post("/duty/leave/", {**typed, **wrong}).status_code == 422, wrong
    assert client.post("/duty/leave/", typed).status_code == 302
    row = Leave.objects.get()
    assert client.post(f"/duty/leave/{row.pk}/", {"approved": "yes"}).status_code == 403
    assert house.client("clerk3").post(f"/duty/leave/{row.pk}/", {"approved": "yes"}).status_code == 404
    assert secretary.post(f"/duty/leave/{row.pk}/", {"approved": "no"}).status_code == 422
    assert secretary.post(f"/duty/leave/{row.pk}/", {"approved": "yes"}).status_code == 302
    assert secretary.post(f"/duty/leave/{row.pk}/", {"approved": "yes"}).status_code == 409
    assert client.post(f"/duty/leave/{row.pk}/withdraw/").status_code == 409
    elsewhere = {**typed, "unit": house.community.pk}
    assert house.client("inspector").post("/duty/leave/", elsewhere).status_code == 403


# --- closures


def test_an_announced_closure_is_for_the_board_and_the_public(house):
    row = announce(house, window_id=house.windows[0].pk)
    assert absence.closed_now(house.community.pk, NOW) == [row]
    assert absence.closed_now(house.community.pk, NOW + timedelta(hours=2)) == []
    assert absence.closures_announced([house.community.pk], NOW - timedelta(days=6)) == [row]
    assert absence.closures_announced([house.other.pk], NOW) == []
    for language, words in (("zh-hans", "停电"), ("zh-hant", "停電"), ("en", "Power cut")):
        with translation.override(language):
            assert row.reason == words


def test_a_closure_until_further_notice_holds_until_it_is_ended(house):
    row = announce(house, ends_at=None)
    later = NOW + timedelta(days=5)
    assert absence.closed_now(house.community.pk, later) == [row]
    ended = services.end_closure(actor=house.actor("secretary"), closure_id=row.pk, at=later)
    assert ended.until == later
    assert absence.closed_now(house.community.pk, later + timedelta(minutes=1)) == []
    with pytest.raises(Refused):
        services.end_closure(actor=house.actor("secretary"), closure_id=row.pk, at=later)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason_hans": ""}, "reason_hans"),
        ({"reason_hant": " "}, "reason_hant"),
        ({"reason_en": "x" * 201}, "reason_en"),
        ({"begins_at": NOW - timedelta(days=1)}, "begins_at"),
        ({"ends_at": NOW}, "ends_at"),
        ({"begins_at": hall(NOW.date(), 8), "ends_at": hall(NOW.date(), 9)}, "ends_at"),
        ({"window_id": 999_999}, "window"),
    ],
)  # fmt: skip
def test_a_closure_says_what_when_and_why_in_each_language(house, changes, field):
    with pytest.raises(Invalid) as refused:
        announce(house, **changes)
    assert refused.value.field == field


def test_what_was_announced_is_never_rewritten(house):
    row = announce(house)
    refused_by_the_database("UPDATE duty_closure SET reason_en = 'Nothing' WHERE id = %s", row.pk)
    refused_by_the_database("UPDATE duty_closure SET ends_at = ends_at + interval '1 day'")
    refused_by_the_database("DELETE FROM duty_closure WHERE id = %s", row.pk)
    given = {"unit_id": row.unit_id, "begins_at": NOW, "announced_at": NOW, "reason_hans": "x"}
    for wrong in ({"reason_en": ""}, {"ends_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Closure.objects.create(**{**given, "reason_hant": "x", "reason_en": "x", **wrong})


@pytest.mark.parametrize(
    ("name", "error"), [("clerk", NotAllowed), ("inspector", NotAllowed), ("stranger", NotFound)]
)
def test_who_is_not_in_charge_announces_nothing(house, name, error):
    row = announce(house)
    with pytest.raises(error):
        announce(house, name)
    with pytest.raises(error):
        services.end_closure(actor=house.actor(name), closure_id=row.pk, at=NOW)


def test_a_closure_through_the_pages(house):
    client = house.client("secretary")
    typed = {
        "window": "", "begins_at": "2999-01-01T09:00", "ends_at": "2999-01-01T12:00", "reason_hans": "停水",
        "reason_hant": "停水", "reason_en": "No water",
    }  # fmt: skip
    for wrong in ({"reason_en": ""}, {"ends_at": "2999-01-01T08:00"}, {"begins_at": "soon"}):
        assert client.post("/duty/closures/", {**typed, **wrong}).status_code == 422, wrong
    assert client.post("/duty/closures/", typed).status_code == 302
    row = Closure.objects.get()
    assert row.begins_at == hall(date(2999, 1, 1), 9)
    assert house.client("clerk").post("/duty/closures/", typed).status_code == 403
    assert house.client("clerk").post(f"/duty/closures/{row.pk}/end/").status_code == 403
    assert "No water" in house.client("clerk").get("/duty/closures/").content.decode()
    assert client.post(f"/duty/closures/{row.pk}/end/").status_code == 302
    assert client.post(f"/duty/closures/{row.pk}/end/").status_code == 409
    assert "called off" in client.get("/duty/closures/").content.decode()


@pytest.mark.parametrize("address", ["/duty/leave/", "/duty/closures/"])
def test_the_lists_cost_the_same_with_one_row_and_with_thirty(house, address):
    client = house.client("secretary")

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    now = timezone.now()
    first = date(2999, 1, 1)
    ask(house, at=now, first_day=first, last_day=first)
    announce(house, at=now, window_id=house.windows[0].pk)
    cost()
    one = cost()
    for n in range(1, 30):
        day = first + timedelta(days=n)
        ask(house, at=now, first_day=day, last_day=day, stand_in_id=house.id("clerk3"))
        announce(house, at=now, window_id=house.windows[n % 2].pk)
    assert cost() == one


@pytest.mark.parametrize("address", ["/duty/leave/", "/duty/closures/"])
def test_the_pages_open_to_the_staff_only(house, address):
    assert house.client("clerk").get(address).status_code == 200
    assert house.client("leader").get(address).status_code == 200
    assert house.client("auditor").get(address).status_code == 404
    assert house.client("stranger").get(f"{address}?unit={house.community.pk}").status_code == 404


def test_a_shift_of_today_that_is_over_is_not_given_away(house):
    over = house.shift(day=MONDAY, starts=time(9), ends=time(10))
    decide(house, ask(house), at=hall(MONDAY, 11))
    over.refresh_from_db()
    assert over.cancelled_at is None
