"""A resident makes an appointment on the site, moves it, cancels it, and takes it into his calendar."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from liangdian.bookings import codes, services
from liangdian.bookings.hall_time import as_time
from liangdian.bookings.models import Booking, WaitingEntry
from liangdian.bookings.rules import Hours
from liangdian.bookings.services import Person
from liangdian.bookings.states import State
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.clock import business_date, start_of_day
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.calendar.rules import weekday_of
from tests.bookings.conftest import Counter, counter
from tests.casework.conftest import house

__all__ = ["counter", "house"]
pytestmark = pytest.mark.django_db
PHONE = "13812342211"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def day(counter: Counter) -> date:
    """A day of the coming weeks on which the window is open from nine to ten."""
    hours = [Hours(weekday, time(9), time(10), 1, 1, 1, 1) for weekday in range(8)]
    services.set_hours(actor=SYSTEM, resource_id=counter.resource.pk, hours=hours, at=timezone.now())
    found, days = business_date(timezone.now()) + timedelta(days=3), calendar.calendar_days()
    while weekday_of(found, days) is None:
        found += timedelta(days=1)
    return found


def resident(language: str = "en") -> Client:
    client = Client()
    client.cookies["language"] = language
    return client


def start(day: date, minutes: int = 0) -> str:
    return as_time(start_of_day(day) + timedelta(hours=9, minutes=minutes))


def text(response) -> str:
    return response.content.decode()


def _booked(counter: Counter, day: date, client: Client | None = None) -> tuple[Client, Booking, str]:
    client = client or resident()
    url = f"/book/{counter.resource.pk}/?day={day}&item=MZ-001"
    assert client.post(url, {"start": start(day)}).url == "/book/who/"
    assert client.post("/book/who/", {"name": "王桂兰", "phone": PHONE}).url == "/book/code/"
    shown = client.get("/book/code/").context["shown"]
    own = client.post("/book/code/", {"code": shown}).url
    return client, Booking.objects.latest("pk"), own.partition("?")[0]


def test_from_what_for_to_the_code(counter: Counter, day: date) -> None:
    client = resident()
    assert "/book/for/MZ-001/" in text(client.get("/book/"))
    assert client.get("/book/for/MZ-001/").url == f"/book/{counter.resource.pk}/?item=MZ-001"
    page = text(client.get(f"/book/{counter.resource.pk}/?day={day}&item=MZ-001"))
    assert start(day) in page
    client, booking, own = _booked(counter, day, client)
    assert (booking.state, booking.channel) == (State.CONFIRMED, "online")
    assert booking.item_version_id == counter.house.item.pk
    page = text(client.get(own))
    assert codes.code_of(booking.key) in page
    assert PHONE not in page
    assert "王桂兰" not in page  # whoever finds the link learns no name
    assert start(day) not in text(client.get(f"/book/{counter.resource.pk}/?day={day}"))


def test_a_wrong_code_makes_no_appointment_and_five_are_enough(counter: Counter, day: date) -> None:
    client = resident()
    client.post(f"/book/{counter.resource.pk}/?day={day}", {"start": start(day)})
    client.post("/book/who/", {"name": "王桂兰", "phone": PHONE})
    for _n in range(6):
        assert client.post("/book/code/", {"code": "x"}).status_code == 422
    shown = client.get("/book/code/").context["shown"]
    assert client.post("/book/code/", {"code": shown}).status_code == 422
    assert Booking.objects.get().state == State.HELD


def test_name_and_phone_lie_sealed_in_the_session(counter: Counter, day: date) -> None:
    client = resident()
    client.post(f"/book/{counter.resource.pk}/?day={day}", {"start": start(day)})
    client.post("/book/who/", {"name": "王桂兰", "phone": PHONE})
    assert PHONE not in str(dict(client.session))
    assert "王桂兰" not in str(dict(client.session))


def test_a_wrong_phone_and_an_empty_name_are_said_at_their_fields(counter: Counter, day: date) -> None:
    client = resident()
    assert client.get("/book/who/").url == "/book/"
    assert client.get("/book/code/").url == "/book/"
    client.post(f"/book/{counter.resource.pk}/?day={day}", {"start": start(day)})
    assert client.post("/book/who/", {"name": "", "phone": PHONE}).status_code == 422
    assert client.post("/book/who/", {"name": "王", "phone": "12"}).status_code == 422


def test_another_time_gives_the_first_back(counter: Counter, day: date) -> None:
    client, url = resident(), f"/book/{counter.resource.pk}/?day={day}"
    client.post(url, {"start": start(day)})
    client.post(url, {"start": start(day, 10)})
    assert sorted(Booking.objects.values_list("state", flat=True)) == ["cancelled", "held"]
    assert client.post(url, {"start": "x"}).status_code == 422


def test_a_time_that_somebody_else_holds_is_not_offered(counter: Counter, day: date) -> None:
    url = f"/book/{counter.resource.pk}/?day={day}"
    assert resident().post(url, {"start": start(day)}).status_code == 302
    assert resident().post(url, {"start": start(day)}).status_code == 422


def test_move_cancel_and_calendar_file_by_the_own_link(counter: Counter, day: date) -> None:
    client, booking, own = _booked(counter, day)
    moved = client.post(f"{own}move/?day={day}", {"start": start(day, 30)})
    assert moved.url == f"{own}?new=1"
    assert client.post(f"{own}move/?day={day}", {"start": start(day, 35)}).status_code == 422
    file = client.get(f"{own}appointment.ics")
    assert file["Content-Type"].startswith("text/calendar")
    assert b"STATUS:CONFIRMED" in file.content
    assert client.get(f"{own}cancel/").status_code == 200
    assert client.post(f"{own}cancel/").url == own
    booking.refresh_from_db()
    assert (booking.state, booking.cancelled_by) == ("cancelled", "resident")
    assert client.post(f"{own}cancel/").status_code == 409
    assert b"STATUS:CANCELLED" in client.get(f"{own}appointment.ics").content
    assert client.get("/b/" + "a" * 24 + "/").status_code == 404


def test_the_code_finds_the_own_page_and_guessing_is_limited(counter: Counter, day: date) -> None:
    _client, booking, own = _booked(counter, day)
    code = codes.code_of(booking.key)
    assert resident().post("/book/mine/", {"code": code.lower().replace("-", " ")}).url == own
    for _n in range(6):
        last = resident().post("/book/mine/", {"code": "AAAAA-AAAAA"})
    assert last.status_code == 422
    assert "Too many" in text(last)


def test_who_waits_gets_an_offer_and_takes_it(counter: Counter, day: date) -> None:
    bookings = [
        services.book(
            actor=counter.actor(), person=Person(name=f"居民{n}"), at=timezone.now(),
            wish=counter.wish(starts_at=start_of_day(day) + timedelta(hours=9, minutes=10 * n)),
        )
        for n in range(6)
    ]  # fmt: skip
    client, url = resident(), f"/book/{counter.resource.pk}/wait/"
    form = {"name": "候补", "phone": "13912342201", "first_day": day, "last_day": day}
    assert client.post(url, {**form, "phone": ""}).status_code == 422
    assert client.post(url, form).status_code == 200
    assert client.post(url, form).status_code == 422
    services.cancel(actor=counter.actor(), booking_id=bookings[0].pk, reason="r", at=timezone.now())
    assert services.offer_free_times(at=timezone.now()) == 1
    entry = WaitingEntry.objects.get()
    own = codes.link_path(entry.offer.key)
    assert "Take this time" in text(client.get(own))
    assert client.post(f"{own}take/").url == f"{own}?new=1"
    entry.refresh_from_db()
    assert (entry.state, entry.offer.state) == ("taken", "confirmed")


def test_a_hold_of_nobody_is_not_taken_by_its_link(counter: Counter, day: date) -> None:
    client = resident()
    client.post(f"/book/{counter.resource.pk}/?day={day}", {"start": start(day)})
    own = codes.link_path(Booking.objects.get().key)
    assert client.post(f"{own}take/").status_code == 404


@pytest.mark.parametrize(
    "query", ["?item=%00", "?day=x&items=99&people=-1", "?items=20&people=20", "?item=NO"]
)
def test_strange_addresses_are_no_error(counter: Counter, day: date, query: str) -> None:
    assert resident().get(f"/book/{counter.resource.pk}/{query}").status_code in {200, 404}
    assert resident().get("/book/999999/").status_code == 404
    assert resident().get("/book/for/%00/").status_code == 404
