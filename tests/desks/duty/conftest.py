"""A hall with two windows, the people who stand there, and the calendar of 2026."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from liangdian.desks.duty import services
from liangdian.desks.duty.models import Shift
from liangdian.desks.duty.services.planning import Line
from liangdian.desks.duty.services.roster import SingleShift
from liangdian.foundation.actor import SYSTEM, Actor, Role
from liangdian.foundation.clock import HALL_ZONE
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.accounts import services as account_services
from liangdian.registers.calendar import services as calendar
from liangdian.registers.calendar.rules import Interval
from liangdian.registers.organisation import services as organisation
from liangdian.registers.organisation.models import Unit, Window

BEFORE = datetime(2026, 9, 1, 0, 0, tzinfo=UTC)
DAY = date(2026, 9, 18)  # a Friday
MONTH = date(2026, 9, 1)
MORNING, AFTERNOON = Interval(time(9), time(12)), Interval(time(13, 30), time(17))
BACKEND = "liangdian.platform.accounts.backend.StaffBackend"

PEOPLE = (
    ("clerk", Role.CLERK, "community"),
    ("clerk2", Role.CLERK, "community"),
    ("clerk3", Role.CLERK, "community"),
    ("handler", Role.HANDLER, "community"),
    ("mediator", Role.MEDIATOR, "community"),
    ("petition_officer", Role.PETITION_OFFICER, "street"),
    ("secretary", Role.SECRETARY, "community"),
    ("coordinator", Role.COORDINATOR, "street"),
    ("leader", Role.LEADER, "street"),
    ("inspector", Role.INSPECTOR, "street"),
    ("auditor", Role.AUDITOR, "street"),
    ("administrator", Role.ADMINISTRATOR, "street"),
    ("security", Role.SECURITY, "street"),
    ("stranger", Role.SECRETARY, "other"),
)


def hall(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment as the clock in the hall shows it."""
    return datetime.combine(day, time(hour, minute), HALL_ZONE)


def refused_by_the_database(statement: str, *values: object) -> None:
    """The statement breaks a guard of the database, whoever sends it."""
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@dataclass
class DutyHouse:
    street: Unit
    community: Unit
    other: Unit
    windows: list[Window]
    staff: dict[str, object] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        return accounts.actor_of(self.staff[name])

    def id(self, name: str) -> int:
        return self.staff[name].pk

    def client(self, name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(self.staff[name], backend=BACKEND)
        client.cookies["language"] = "en"
        return client

    def line(self, name: str = "clerk", **changes: object) -> Line:
        given = {
            "weekday": 4, "starts": time(9), "ends": time(12), "user_id": self.id(name),
            "since": date(2026, 9, 1), "window_id": self.windows[0].pk,
        }  # fmt: skip
        return Line(**{**given, **changes})

    def shift(
        self, name: str = "clerk", *, day: date = DAY, starts: time = time(9), ends: time = time(12),
        window: int | None = 0, at: datetime = BEFORE,
    ) -> Shift:  # fmt: skip
        """A shift on the roster, made by the secretary."""
        typed = SingleShift(
            day=day, starts=starts, ends=ends, user_id=self.id(name),
            window_id=None if window is None else self.windows[window].pk,
        )  # fmt: skip
        return services.add_shift(
            actor=self.actor("secretary"), unit_id=self.community.pk, shift=typed, at=at
        )


@pytest.fixture
def house(db: None) -> DutyHouse:
    calendar.seed_from_library(at=BEFORE)
    calendar.seed_hours()
    make = organisation.create_unit
    street = make(actor=SYSTEM, name="城关街道", code="CG", level="sub_district", at=BEFORE, parent=None)
    community = make(actor=SYSTEM, name="西大街社区", code="XD", level="community", at=BEFORE, parent=street)
    other = make(actor=SYSTEM, name="东关社区", code="DG", level="community", at=BEFORE, parent=street)
    windows = [
        organisation.create_window(actor=SYSTEM, unit=community, number=n, name=name, at=BEFORE)
        for n, name in ((1, "党员群众服务"), (2, "民政与优待"))
    ]
    found = DutyHouse(street, community, other, windows)
    units = {"street": street, "community": community, "other": other}
    for name, role, unit in PEOPLE:
        user = account_services.create_user(
            actor=SYSTEM, username=name, name=name, password="Correct-Horse-9", at=BEFORE,
            unit_id=units[unit].pk,
        )  # fmt: skip
        account_services.grant_role(
            actor=SYSTEM, user=user, role=role, unit_id=units[unit].pk, unit_path=units[unit].path,
            at=BEFORE - timedelta(days=1),
        )  # fmt: skip
        found.staff[name] = user
    return found
