"""Signing in and out, roll calls, corrections; and all that is refused there."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from liangdian.desks.duty import attendance, codes, services
from liangdian.desks.duty.models import Correction, Mark, RollCall, ScreenLink
from liangdian.desks.duty.services.corrections import Wanted
from liangdian.desks.duty.states import MarkKind, Way
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound, Refused
from liangdian.platform.notifications import selectors as bell
from tests.desks.duty.conftest import DAY, DutyHouse, hall, refused_by_the_database

NINE = hall(DAY, 9)


def sign(house: DutyHouse, kind: str, at, name: str = "clerk", *, way=Way.ACCOUNT, window: int | None = 0):
    return services.sign(
        actor=house.actor(name), kind=kind, unit_id=house.community.pk, way=way, at=at,
        window_id=None if window is None else house.windows[window].pk,
    )  # fmt: skip


def ask(house: DutyHouse, asked_at=None, *, by: str = "clerk", **changes):
    given = {"reason": "忘了签到", "kind": "in", "at": NINE, "window_id": house.windows[0].pk, **changes}
    return services.ask_correction(
        actor=house.actor(by),
        unit_id=house.community.pk,
        wanted=Wanted(**given),
        at=asked_at or hall(DAY, 18),
    )


def decide(house: DutyHouse, row: Correction, *, by: str = "secretary", approved=True, words="", at=None):
    return services.decide_correction(
        actor=house.actor(by), correction_id=row.pk, approved=approved, words=words, at=at or hall(DAY, 19)
    )


def said(house: DutyHouse, name: str = "clerk") -> list[tuple]:
    found = attendance.stretches_between(hall(DAY, 0), hall(DAY, 23), user_ids=[house.id(name)])
    return [(s.begin, s.end) for s in found.get(house.id(name), [])]


# --- signing


def test_the_person_says_whether_he_comes_or_leaves_and_the_way_is_written_down(house):
    first = sign(house, "in", NINE)
    second = sign(house, "out", hall(DAY, 12), way=Way.CODE)
    assert (first.kind, first.way, second.kind, second.way) == ("in", "account", "out", "code")
    assert second.window_id == first.window_id  # one leaves where one came
    assert said(house) == [(NINE, hall(DAY, 12))]


def test_coming_twice_is_refused_and_never_taken_as_leaving(house):
    sign(house, "in", NINE)
    with pytest.raises(Refused, match=r"09:00"):
        sign(house, "in", hall(DAY, 12))
    assert said(house) == [(NINE, None)]


def test_leaving_without_having_come_is_refused_and_never_taken_as_coming(house):
    with pytest.raises(Refused):
        sign(house, "out", hall(DAY, 12))
    assert not Mark.objects.exists()


@pytest.mark.parametrize("kind", ["", "IN", "toggle", "in\x00"])
def test_anything_else_than_coming_and_leaving_is_refused(house, kind):
    with pytest.raises(Invalid):
        sign(house, kind, NINE)


def test_who_forgot_to_leave_yesterday_comes_today_and_yesterday_stays_open(house):
    sign(house, "in", NINE)
    sign(house, "in", hall(date(2026, 9, 19), 9))
    assert said(house) == [(NINE, None)]


def test_a_night_is_signed_out_in_the_morning(house):
    sign(house, "in", hall(DAY, 20), window=None)
    sign(house, "out", hall(date(2026, 9, 19), 8))
    assert said(house) == [(hall(DAY, 20), hall(date(2026, 9, 19), 8))]


def test_one_signs_at_a_window_of_the_unit(house):
    with pytest.raises(Invalid) as refused:
        services.sign(
            actor=house.actor("clerk"), kind="in", unit_id=house.community.pk, way=Way.ACCOUNT, at=NINE,
            window_id=999_999,
        )  # fmt: skip
    assert refused.value.field == "window"


def test_who_does_not_work_here_signs_only_with_a_shift(house):
    with pytest.raises(NotFound):
        sign(house, "in", NINE, "stranger")
    for name in ("auditor", "administrator", "security"):
        with pytest.raises(NotFound):
            sign(house, "in", NINE, name)
    with pytest.raises(NotAllowed):
        sign(house, "in", NINE, "inspector")
    house.shift("stranger")
    assert sign(house, "in", NINE, "stranger").unit_id == house.community.pk
    with pytest.raises(NotAllowed):
        services.sign(actor=SYSTEM, kind="in", unit_id=house.community.pk, way=Way.ACCOUNT, at=NINE)


def test_a_mark_is_never_changed_deleted_or_made_up(house):
    row = sign(house, "in", NINE)
    refused_by_the_database("UPDATE duty_mark SET at = at - interval '1 hour' WHERE id = %s", row.pk)
    refused_by_the_database("DELETE FROM duty_mark WHERE id = %s", row.pk)
    refused_by_the_database("TRUNCATE duty_mark CASCADE")
    given = {"user_id": row.user_id, "unit_id": row.unit_id, "kind": "in", "recorded_at": hall(DAY, 12)}
    for wrong in (
        {"way": "account", "at": NINE},  # back-dated without a correction
        {"way": "correction", "at": NINE},  # a correction that nobody approved
        {"way": "account", "at": hall(DAY, 13), "recorded_at": NINE},  # ahead of its time
        {"way": "guess", "at": hall(DAY, 12)},
        {"way": "account", "at": hall(DAY, 12), "kind": "maybe"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mark.objects.create(**{**given, **wrong})


# --- the code on the screen


def test_a_code_is_good_for_a_minute_and_for_its_hall_only(house):
    code = codes.code_for(house.community.pk, NINE)
    assert codes.unit_of_code(code, NINE) == house.community.pk
    assert codes.unit_of_code(code, NINE + timedelta(seconds=60)) == house.community.pk
    assert codes.unit_of_code(code, NINE + timedelta(seconds=120)) is None
    assert codes.unit_of_code(code, NINE - timedelta(seconds=31)) is None
    for wrong in (code + "x", code.replace(str(house.community.pk), "7", 1), "", "1.2.3", "\x00", "中文"):
        assert codes.unit_of_code(wrong, NINE) is None


def test_what_was_scanned_is_good_for_five_minutes_and_for_one_person(house):
    proof = codes.scanned(house.community.pk, 7, NINE)
    assert codes.unit_scanned(proof, 7, NINE + timedelta(seconds=300)) == house.community.pk
    assert codes.unit_scanned(proof, 7, NINE + timedelta(seconds=301)) is None
    assert codes.unit_scanned(proof, 8, NINE) is None
    assert codes.unit_scanned(codes.code_for(house.community.pk, NINE), 7, NINE) is None


def test_scanning_opens_a_page_on_the_colleagues_phone(house):
    client = house.client("clerk")
    address = f"/duty/here/{codes.code_for(house.community.pk, timezone.now())}/"
    page = client.get(address)
    assert page.status_code == 200
    assert not Mark.objects.exists()  # opening the page says nothing
    proof = page.context["proof"]
    assert client.post(address, {"proof": proof, "kind": ""}).status_code == 422
    assert client.post(address, {"proof": proof, "kind": "in"}).status_code == 302
    assert Mark.objects.get().way == Way.CODE
    assert house.client("clerk2").post(address, {"proof": proof, "kind": "in"}).status_code == 409
    assert client.post(address, {"proof": "x", "kind": "out"}).status_code == 409
    assert client.get("/duty/here/1.1:abc/").status_code == 409
    assert Client().get(address).status_code == 302


def test_the_screen_shows_a_code_without_sign_in_until_it_is_switched_off(house):
    secretary = house.client("secretary")
    made = secretary.post("/duty/screens/new/", {"unit": house.community.pk})
    path = "/duty" + made.context["address"].split("/duty", 1)[1]
    page = Client().get(path)
    assert page.status_code == 200
    assert "data:image/svg+xml" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    row = ScreenLink.objects.get()
    assert path.split("/")[3] not in row.digest
    assert house.client("clerk").post(f"/duty/screens/{row.pk}/revoke/").status_code == 403
    assert house.client("stranger").post(f"/duty/screens/{row.pk}/revoke/").status_code == 404
    assert secretary.post(f"/duty/screens/{row.pk}/revoke/").status_code == 302
    assert Client().get(path).status_code == 404
    refused_by_the_database("UPDATE duty_screenlink SET revoked_at = NULL WHERE id = %s", row.pk)
    refused_by_the_database("UPDATE duty_screenlink SET unit_id = %s", house.other.pk)


# --- roll call


def test_the_roll_names_who_is_missing_and_tells_the_secretary(house):
    house.shift("clerk")
    house.shift("clerk2", window=1)
    house.shift("clerk3", starts=time(13, 30), ends=time(17))  # later: neither present nor missing
    sign(house, "in", hall(DAY, 8, 55))
    row = services.call_roll(actor=house.actor("secretary"), unit_id=house.community.pk, at=NINE)
    found = attendance.roll_calls(house.community, DAY)[0]
    assert (found.present, found.missing) == (["clerk"], ["clerk2"])
    assert "clerk2" in bell.latest(house.actor("secretary"))[0].subject
    refused_by_the_database("UPDATE duty_rollcall SET lines = '[]' WHERE id = %s", row.pk)
    refused_by_the_database("DELETE FROM duty_rollcall WHERE id = %s", row.pk)


def test_the_roll_is_called_by_itself_once_after_each_opening(house):
    house.shift("clerk")
    house.shift("clerk", starts=time(13, 30), ends=time(17))
    assert services.call_due_rolls(at=hall(DAY, 9, 5)) == 0
    assert services.call_due_rolls(at=hall(DAY, 9, 10)) == 1
    assert services.call_due_rolls(at=hall(DAY, 9, 11)) == 0
    assert services.call_due_rolls(at=hall(DAY, 13, 45)) == 1
    assert RollCall.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        RollCall.objects.create(unit=house.community, at=NINE, opening=NINE, lines=[])


def test_who_stays_over_lunch_without_signing_out_is_present_in_the_afternoon(house):
    house.shift("clerk", starts=time(13, 30), ends=time(17))
    sign(house, "in", NINE)
    assert attendance.missing(house.community, DAY, hall(DAY, 14)) == []


@pytest.mark.parametrize(
    ("name", "error"), [("clerk", NotAllowed), ("leader", NotAllowed), ("stranger", NotFound)]
)
def test_who_is_not_in_charge_calls_no_roll(house, name, error):
    with pytest.raises(error):
        services.call_roll(actor=house.actor(name), unit_id=house.community.pk, at=NINE)
    with pytest.raises(error):
        services.make_screen(actor=house.actor(name), unit_id=house.community.pk, at=NINE)


# --- corrections


def test_an_approved_correction_adds_the_mark_and_says_so(house):
    row = decide(house, ask(house))
    mark = Mark.objects.get()
    assert (mark.way, mark.at, mark.recorded_at) == (Way.CORRECTION, NINE, hall(DAY, 19))
    assert row.decided_by_id == house.id("secretary")
    assert bell.latest(house.actor("clerk"))[0].kind == "duty_correction_decided"


def test_an_approved_correction_takes_the_wrong_mark_out_without_deleting_it(house):
    wrong = sign(house, "in", hall(DAY, 10))
    decide(house, ask(house, mark_id=wrong.pk))
    assert said(house) == [(NINE, None)]
    assert Mark.objects.filter(pk=wrong.pk).exists()
    listed = attendance.marks_of(house.id("clerk"), first=DAY, last=DAY)
    assert [mark.withdrawn for mark in listed] == [True, False]


def test_a_mark_can_be_taken_out_without_another_in_its_place(house):
    wrong = sign(house, "in", NINE)
    decide(house, ask(house, mark_id=wrong.pk, kind="", at=None))
    assert said(house) == []
    with pytest.raises(Invalid):
        ask(house, mark_id=wrong.pk)  # it does not count any more


def test_a_refused_correction_changes_nothing_and_needs_words(house):
    row = ask(house)
    with pytest.raises(Invalid) as refused:
        decide(house, row, approved=False)
    assert refused.value.field == "words"
    decide(house, row, approved=False, words="当天请假")
    assert said(house) == []
    with pytest.raises(Refused):
        decide(house, row)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "长" * 301}, "reason"),
        ({"kind": ""}, "kind"),
        ({"kind": "toggle"}, "kind"),
        ({"at": None}, "at"),
        ({"at": hall(DAY, 18, 1)}, "at"),
        ({"mark_id": 999_999}, "mark"),
    ],
)  # fmt: skip
def test_a_correction_says_what_when_and_why(house, changes, field):
    with pytest.raises(Invalid) as refused:
        ask(house, **changes)
    assert refused.value.field == field


def test_nobody_corrects_the_marks_of_others(house):
    row = sign(house, "in", NINE, "clerk2")
    with pytest.raises(Invalid) as refused:
        ask(house, mark_id=row.pk)
    assert refused.value.field == "mark"


def test_nobody_approves_his_own_correction(house):
    row = ask(house, by="secretary")
    with pytest.raises(NotAllowed):
        decide(house, row, by="secretary")
    statement = "UPDATE duty_correction SET approved = true, decided_at = now(), decided_by_id = %s"
    refused_by_the_database(statement, house.id("secretary"))
    response = house.client("secretary").post(f"/duty/corrections/{row.pk}/", {"approved": "yes"})
    assert response.status_code == 403
    assert decide(house, row, by="coordinator").approved


@pytest.mark.parametrize(
    ("name", "error"), [("clerk2", NotFound), ("inspector", NotFound), ("stranger", NotFound)]
)
def test_who_does_not_decide_finds_no_correction(house, name, error):
    row = ask(house)
    with pytest.raises(error):
        decide(house, row, by=name)
    with pytest.raises(NotAllowed):
        decide(house, row, by="clerk")


def test_a_correction_is_decided_once_in_the_database_too(house):
    row = ask(house)
    refused_by_the_database("UPDATE duty_correction SET wanted_at = now() WHERE id = %s", row.pk)
    refused_by_the_database("UPDATE duty_correction SET approved = true WHERE id = %s", row.pk)  # by whom?
    decide(house, row)
    refused_by_the_database("UPDATE duty_correction SET approved = false WHERE id = %s", row.pk)
    refused_by_the_database("DELETE FROM duty_correction WHERE id = %s", row.pk)


def test_a_correction_is_written_only_as_it_was_approved(house):
    row = ask(house)
    decide(house, row, approved=False, words="不对")
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(
            user_id=row.user_id, unit_id=row.unit_id, kind="in", way=Way.CORRECTION, at=row.wanted_at,
            recorded_at=hall(DAY, 19), correction=row,
        )  # fmt: skip


# --- the pages


def test_a_day_at_the_window_through_the_pages(house):
    client = house.client("clerk")
    assert "You are not signed in" in client.get("/duty/").content.decode()
    assert client.post("/duty/sign/", {"kind": "in", "window": house.windows[1].pk}).status_code == 302
    assert Mark.objects.get().window_id == house.windows[1].pk
    assert "You are signed in since" in client.get("/duty/").content.decode()
    assert client.post("/duty/sign/", {"kind": "in"}).status_code == 409
    assert client.post("/duty/sign/", {"kind": "what"}).status_code == 422
    assert client.post("/duty/sign/", {"kind": "out"}).status_code == 302
    assert list(Mark.objects.values_list("kind", flat=True)) == [MarkKind.IN, MarkKind.OUT]


def test_a_correction_through_the_pages(house):
    client = house.client("clerk")
    yesterday = business_date(timezone.now()) - timedelta(days=1)
    typed = {
        "kind": "in",
        "day": f"{yesterday}",
        "clock": "09:00",
        "reason": "忘了",
        "mark": "",
        "window": "",
    }
    for wrong in ({"reason": ""}, {"clock": ""}, {"day": "2999-01-01"}, {"mark": "77"}, {"kind": "x"}):
        assert client.post("/duty/corrections/new/", {**typed, **wrong}).status_code == 422, wrong
    assert client.post("/duty/corrections/new/", typed).status_code == 302
    row = Correction.objects.get()
    assert client.post(f"/duty/corrections/{row.pk}/", {"approved": "yes"}).status_code == 403
    secretary = house.client("secretary")
    assert "忘了" in secretary.get("/duty/corrections/").content.decode()
    assert secretary.post(f"/duty/corrections/{row.pk}/", {"approved": "perhaps"}).status_code == 422
    assert secretary.post(f"/duty/corrections/{row.pk}/", {"approved": "no"}).status_code == 422
    assert secretary.post(f"/duty/corrections/{row.pk}/", {"approved": "yes"}).status_code == 302
    assert secretary.post(f"/duty/corrections/{row.pk}/", {"approved": "yes"}).status_code == 409
    assert "by correction" in client.get("/duty/").content.decode()
    assert "忘了" not in house.client("clerk2").get("/duty/corrections/").content.decode()


def test_the_roll_is_called_through_the_page(house):
    assert house.client("clerk").post("/duty/today/call/").status_code == 403
    assert house.client("secretary").post("/duty/today/call/").status_code == 302
    assert "Set up a screen" in house.client("secretary").get("/duty/today/").content.decode()
    assert "Set up a screen" not in house.client("clerk").get("/duty/today/").content.decode()


@pytest.mark.parametrize(
    "address", ["/duty/", "/duty/today/", "/duty/corrections/", "/duty/corrections/new/"]
)
def test_the_pages_open_and_bad_addresses_break_nothing(house, address):
    client = house.client("clerk")
    for query in ("", "?unit=x", "?day=2026-99-99", "?day=%00", "?day=９９９９-01-01", "?mark=x"):
        assert client.get(address + query).status_code == 200, query
    assert house.client("auditor").get(address).status_code == 404
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("address", ["/duty/", f"/duty/today/?day={DAY}", "/duty/corrections/"])
def test_the_lists_cost_the_same_with_one_row_and_with_thirty(house, address):
    client = house.client("clerk")

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    now = timezone.now()
    house.shift("clerk", day=business_date(now), starts=time(0, 1), ends=time(0, 2))
    house.shift("clerk", starts=time(0, 1), ends=time(0, 2))
    services.call_roll(actor=house.actor("secretary"), unit_id=house.community.pk, at=hall(DAY, 0, 1))
    sign(house, "in", now - timedelta(minutes=200))
    ask(house, now, at=now - timedelta(minutes=300))
    client.get(address)
    one = cost()
    for n in range(30):
        sign(house, ("out", "in")[n % 2], now - timedelta(minutes=190 - n))
        ask(house, now, at=now - timedelta(minutes=300 + n))
        for day in (business_date(now), DAY):
            house.shift("clerk", day=day, starts=time(1, n), ends=time(1, n + 1))
        services.call_roll(actor=house.actor("secretary"), unit_id=house.community.pk, at=hall(DAY, 0, 2 + n))
    assert cost() == one
