"""The staff's pages of appointments, through HTTP."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from liangdian.bookings import services
from liangdian.bookings.hall_time import as_time
from liangdian.bookings.models import Booking, Closure, Opening, Resource, RuleVersion, WaitingEntry
from liangdian.bookings.rules import Hours
from liangdian.bookings.states import State
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.clock import business_date, start_of_day
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.calendar.rules import weekday_of
from tests.bookings.conftest import Counter

pytestmark = pytest.mark.django_db


def signed_in(counter: Counter, name: str = "clerk") -> Client:
    client = Client()
    client.force_login(counter.house.staff[name])
    client.cookies["language"] = "en"
    return client


def day_ahead(counter: Counter, n: int = 7) -> date:
    """A day ahead with hours: the whole week is opened."""
    from_nine = [Hours(weekday, time(9), time(11), 1, 1, 1, 1) for weekday in range(8)]
    services.set_hours(actor=SYSTEM, resource_id=counter.resource.pk, hours=from_nine, at=timezone.now())
    found, days = business_date(timezone.now()) + timedelta(days=n), calendar.calendar_days()
    while weekday_of(found, days) is None:  # nobody serves on a holiday
        found += timedelta(days=1)
    return found


def start(day: date, minutes: int = 0):
    return start_of_day(day) + timedelta(hours=9, minutes=minutes)


def made(counter: Counter, n: int = 1, *, minutes: int = 0, day: date | None = None) -> Booking:
    return counter.book(n, starts_at=start(day or day_ahead(counter), minutes), at=timezone.now())


def text(response) -> str:
    return response.content.decode()


def test_nobody_comes_in_without_signing_in(counter: Counter) -> None:
    booking = made(counter)
    for path in ("/bookings/", f"/bookings/of/{counter.resource.pk}/", f"/bookings/{booking.pk}/"):
        assert Client().get(path).status_code == 302


def test_a_clerk_books_at_a_free_time_and_sees_it_in_the_day(counter: Counter) -> None:
    client, day = signed_in(counter), day_ahead(counter)
    page = text(client.get(f"/bookings/of/{counter.resource.pk}/?day={day}"))
    at = start(day)
    assert f"new/?start={as_time(at)}" in page
    form = {
        "submission_key": "k1", "channel": "phone", "item": counter.house.item.pk, "items": 2, "people": 1,
        "name": "王桂兰", "phone": "13812342211", "subject": "",
    }  # fmt: skip
    url = f"/bookings/of/{counter.resource.pk}/new/?start={as_time(at)}"
    response = client.post(url, form)
    booking = Booking.objects.get()
    assert response.url == f"/bookings/{booking.pk}/"
    assert client.post(url, form).url == response.url  # pressed twice
    assert (booking.channel, booking.ends_at - booking.starts_at) == ("phone", timedelta(minutes=20))
    page = text(client.get(f"/bookings/of/{counter.resource.pk}/?day={day}"))
    assert "王桂兰" in page
    assert "138****2211" in page
    assert "13812342211" not in page
    assert "taken by a longer appointment" in page
    taken = client.post(url, {**form, "submission_key": "k2", "name": "李四"})
    assert taken.status_code == 422
    assert "taken a moment ago" in text(taken)


def test_move_cancel_arrive_and_their_refusals(counter: Counter) -> None:
    client, day = signed_in(counter), day_ahead(counter)
    booking = made(counter, day=day)
    assert text(client.get(f"/bookings/{booking.pk}/")).count("Cancel the appointment") == 1
    url = f"/bookings/{booking.pk}/move/?day={day}"
    assert text(client.get(url)).count('type="radio"') == 11
    assert client.post(url, {"start": "nonsense"}).status_code == 422
    assert client.post(url, {"start": as_time(start(day, 30)), "seen": 1}).status_code == 422
    booking.refresh_from_db()
    moved = client.post(url, {"start": as_time(start(day, 30)), "seen": booking.version})
    assert moved.url == f"/bookings/{booking.pk}/"
    assert client.post(f"/bookings/{booking.pk}/act/", {"act": "arrived"}).status_code == 409
    assert client.post(f"/bookings/{booking.pk}/act/", {"act": "missed"}).status_code == 409
    assert client.post(f"/bookings/{booking.pk}/act/", {"act": "\x00"}).status_code == 302
    assert client.post(f"/bookings/{booking.pk}/cancel/", {"reason": " "}).status_code == 422
    assert client.post(f"/bookings/{booking.pk}/cancel/", {"reason": "停电"}).status_code == 302
    page = text(client.get(f"/bookings/{booking.pk}/"))
    assert "停电" in page
    assert client.post(f"/bookings/{booking.pk}/cancel/", {"reason": "again"}).status_code == 422


def test_on_the_day_itself_the_resident_is_noted_as_here_and_served(counter: Counter) -> None:
    client, today = signed_in(counter), business_date(timezone.now())
    booking = made(counter, day=day_ahead(counter, 1))
    Booking.objects.filter(pk=booking.pk).update(starts_at=start(today), ends_at=start(today, 10))
    assert client.post(f"/bookings/{booking.pk}/act/", {"act": "arrived"}).status_code == 302
    assert client.post(f"/bookings/{booking.pk}/act/", {"act": "done"}).status_code == 302
    booking.refresh_from_db()
    assert booking.state == State.DONE


def test_hidden_equals_missing_and_roles_keep_to_their_pages(counter: Counter) -> None:
    booking = made(counter)
    for name in ("stranger", "administrator"):
        status = signed_in(counter, name).get(f"/bookings/{booking.pk}/").status_code
        assert status in {403, 404}, name
    assert signed_in(counter, "stranger").get(f"/bookings/of/{counter.resource.pk}/").status_code == 404
    assert signed_in(counter, "auditor").get("/bookings/").status_code == 403
    assert signed_in(counter, "inspector").post(f"/bookings/{booking.pk}/cancel/").status_code == 403
    assert signed_in(counter).get("/bookings/new/").status_code == 403
    assert signed_in(counter).get(f"/bookings/of/{counter.resource.pk}/hours/").status_code == 403
    assert signed_in(counter, "secretary").get("/bookings/rules/").status_code == 403
    assert "王" not in text(signed_in(counter, "administrator").get("/bookings/"))


def test_the_secretary_sets_up_what_can_be_booked_and_when(counter: Counter) -> None:
    client = signed_in(counter, "secretary")
    form = {
        "unit": counter.house.community.pk, "kind": "room", "name": "谈心谈话室", "name_en": "Talk room",
        "minutes": 30, "days_ahead": 14, "notice_minutes": 60, "online": "on",
    }  # fmt: skip
    assert client.post("/bookings/new/", {**form, "kind": "post"}).status_code == 422
    assert client.post("/bookings/new/", {**form, "name": "民政预约"}).status_code == 422
    response = client.post("/bookings/new/", form)
    room = Resource.objects.get(name="谈心谈话室")
    hours = f"/bookings/of/{room.pk}/hours/"
    assert response.url == hours
    week = {"day0": "9:00-12:00, 13:30-17:00", "capacity": 2, "hall": 2, "phone": 1, "online": 1}
    assert client.post(hours, {**week, "day1": "nine"}).status_code == 422
    assert client.post(hours, {**week, "hall": 3}).status_code == 422
    assert client.post(hours, week).url == hours
    assert Opening.objects.filter(resource=room).count() == 2
    assert "13:30-17:00" in text(client.get(hours))
    day = business_date(timezone.now()) + timedelta(days=3)
    assert client.post(hours, {"act": "close", "day": day, "reason": ""}).status_code == 422
    assert client.post(hours, {"act": "close", "day": day, "reason": "检修"}).url == hours
    assert client.post(hours, {"act": "close", "day": day, "reason": "检修"}).status_code == 422
    assert client.post(hours, {"open": Closure.objects.get().pk}).url == hours
    assert not Closure.objects.exists()
    edit = f"/bookings/of/{room.pk}/edit/"
    assert client.get(edit).status_code == 200
    assert client.post(edit, {**form, "name": "谈话室"}).status_code == 302
    room.refresh_from_db()
    assert (room.name, room.active) == ("谈话室", False)


def test_the_waiting_list(counter: Counter) -> None:
    client, url = signed_in(counter), f"/bookings/of/{counter.resource.pk}/waiting/"
    day = day_ahead(counter)
    form = {
        "name": "候补", "phone": "13912342201", "channel": "phone", "first_day": day, "last_day": day,
        "items": 1, "people": 1,
    }  # fmt: skip
    assert client.post(url, {**form, "last_day": day - timedelta(days=9)}).status_code == 422
    assert client.post(url, {**form, "name": ""}).status_code == 422
    assert client.post(url, form).url == url
    assert client.post(url, form).status_code == 422
    assert "候补" in text(client.get(url))
    assert client.post(url, {"leave": WaitingEntry.objects.get().pk}).url == url
    assert "Nobody is on the waiting list" in text(client.get(url))


def test_the_rules_change_in_versions(counter: Counter) -> None:
    client = signed_in(counter, "administrator")
    form = {"code": "missed.count", "amount": 5, "valid_from": "", "reason": "试行"}
    assert client.post("/bookings/rules/", {**form, "reason": ""}).status_code == 422
    assert client.post("/bookings/rules/", {**form, "valid_from": "2020-01-01"}).status_code == 422
    assert client.post("/bookings/rules/", form).status_code == 302
    assert RuleVersion.objects.get().amount == 5
    assert "试行" in text(client.get("/bookings/rules/"))


def test_strange_addresses_are_no_error(counter: Counter) -> None:
    client, base = signed_in(counter), f"/bookings/of/{counter.resource.pk}/"
    for day in ("x", "9999-12-31", "0001-01-01", "%00", "2026-13-45"):
        assert client.get(f"{base}?day={day}").status_code == 200
    assert client.get(f"{base}new/?start=%00").status_code == 302
    assert client.get("/bookings/of/999999/").status_code == 404
    assert client.get("/bookings/999999/move/").status_code == 404


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_the_lists_cost_the_same_with_one_row_and_with_thirty(counter: Counter) -> None:
    client, day = signed_in(counter), day_ahead(counter)
    row = Opening.objects.first()
    many = [Hours(d, row.opens, row.closes, 40, 40, 40, 40) for d in range(8)]
    services.set_hours(actor=SYSTEM, resource_id=counter.resource.pk, hours=many, at=timezone.now())
    counter.book(0, starts_at=start(day), at=timezone.now())
    base = f"/bookings/of/{counter.resource.pk}/"
    url, wait = f"{base}?day={day}", f"{base}waiting/"
    before = [queries(client, path) for path in (url, wait, "/bookings/")]
    for n in range(1, 30):
        counter.book(n, starts_at=start(day, 10 * (n % 12)), at=timezone.now())
        counter.make(f"窗口{n}")
        services.join_waiting(
            actor=counter.actor(), resource_id=counter.resource.pk, channel="hall", first_day=day,
            last_day=day, person=services.Person(name=f"候补{n}"), at=timezone.now(),
        )  # fmt: skip
    assert [queries(client, path) for path in (url, wait, "/bookings/")] == before
