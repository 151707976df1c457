"""The rating tablet: the one who was served rates, once, and nobody for somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from liangdian.desks.hall import devices, services
from liangdian.desks.hall.models import Device, VisitRating
from tests.desks.hall.conftest import HallHouse

MINUTE = timedelta(minutes=1)


@pytest.fixture
def tablet(place: HallHouse) -> Client:
    """The enrolled tablet at window 1."""
    _device, code = services.make_device(
        actor=place.actor("secretary"), hall_id=place.hall.pk, kind="tablet", name="窗口一",
        window_id=place.windows[1].pk, at=timezone.now(),
    )  # fmt: skip
    client = Client()
    assert client.post("/device/", {"code": code}).headers["Location"] == "/tablet/"
    return client


@pytest.fixture
def served(place: HallHouse, tablet: Client) -> HallHouse:
    """A001 was served at window 1 just now."""
    now = timezone.now()
    item = place.join("card", at=now - 2 * MINUTE)
    clerk = place.sit("clerk", 1, at=now - 2 * MINUTE)
    services.call_next(actor=clerk, at=now - MINUTE)
    place.served(clerk, item, at=now - MINUTE, minutes=1)
    return place


def test_it_rests_until_somebody_was_served(place: HallHouse, tablet: Client) -> None:
    assert "欢迎" in tablet.get("/tablet/").text
    assert tablet.post("/tablet/", {"visit": "1", "grade": "5"}).status_code == 200
    assert VisitRating.objects.count() == 0


def test_one_touch_rates_the_visit_once(served: HallHouse, tablet: Client) -> None:
    page = tablet.get("/tablet/")
    assert "A001" in page.text
    visit = page.context["visit"].pk
    assert tablet.post("/tablet/", {"visit": visit, "grade": "4"}).status_code == 302
    tablet.post("/tablet/", {"visit": visit, "grade": "1"})
    rating = VisitRating.objects.get()
    assert (rating.grade, rating.source) == ("4", "tablet")
    assert "A001" not in tablet.get("/tablet/state/").text


def test_the_next_person_does_not_rate_for_the_one_before(served: HallHouse, tablet: Client) -> None:
    device, now = Device.objects.get(), timezone.now()
    visit = devices.to_rate(device, at=now)
    assert visit is not None
    assert devices.to_rate(device, at=now + 5 * MINUTE) is None
    served.join("card", at=now)
    services.call_next(actor=served.actor("clerk"), at=now + timedelta(seconds=1))
    assert devices.to_rate(device, at=now + timedelta(seconds=2)) is None
    tablet.post("/tablet/", {"visit": visit.pk, "grade": "1"})
    assert VisitRating.objects.count() == 0


@pytest.mark.parametrize("grade", ["", "0", "6", "x" * 500])
def test_no_grade_but_the_five(served: HallHouse, tablet: Client, grade: str) -> None:
    visit = tablet.get("/tablet/").context["visit"].pk
    assert tablet.post("/tablet/", {"visit": visit, "grade": grade}).status_code == 422
    assert VisitRating.objects.count() == 0


def test_other_machines_and_browsers_do_not_rate(served: HallHouse) -> None:
    assert Client().get("/tablet/").headers["Location"] == "/device/"
    assert Client().post("/tablet/", {"visit": "1", "grade": "5"}).headers["Location"] == "/device/"
