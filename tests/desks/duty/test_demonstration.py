"""The months of duty that the demonstration plays: every rule and guard holds for them."""

from __future__ import annotations

from datetime import date

import pytest

from liangdian.config.demo import centre, duty
from liangdian.desks.duty import kept, selectors
from liangdian.desks.duty.models import Leave, RollCall, Sheet, Shift
from liangdian.foundation.actor import SYSTEM
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.accounts import services as account_services
from liangdian.registers.calendar import services as calendar
from liangdian.registers.organisation import services as organisation
from tests.desks.duty.conftest import BEFORE, hall


@pytest.mark.django_db
@pytest.mark.parametrize(
    "now", [hall(date(2026, 9, 18), 10), hall(date(2026, 10, 1), 0, 5), hall(date(2026, 10, 6), 12)]
)
def test_two_months_of_duty_are_played_up_to_any_moment(now):
    calendar.seed_from_library(at=BEFORE)
    calendar.seed_hours()
    units = {}
    for code, level, parent, name, _hant, _english in centre.UNITS:
        units[code] = organisation.create_unit(
            actor=SYSTEM, name=name, code=code, level=level, parent=units.get(parent), at=BEFORE
        )
    for number, name, _hant, _english, _serves in centre.WINDOWS:
        organisation.create_window(actor=SYSTEM, unit=units["XD"], number=number, name=name, at=BEFORE)
    actors = {}
    for account in centre.ACCOUNTS:
        unit = units[account.unit]
        user = account_services.create_user(
            actor=SYSTEM, username=account.username, name=account.name, password=account.password,
            unit_id=unit.pk, at=BEFORE,
        )  # fmt: skip
        account_services.grant_role(
            actor=SYSTEM, user=user, role=account.role, unit_id=unit.pk, unit_path=unit.path,
            at=hall(date(2026, 7, 1), 9),
        )  # fmt: skip
        actors[account.username] = accounts.actor_of(user)
    duty.play_duty(actors, units["XD"].pk, now=now)
    last_month = duty.month_before(now.date())
    assert Sheet.objects.get().approved
    assert Sheet.objects.get().total_fen > 0
    for _window, share in kept.kept_at_windows(units["XD"], last_month, now):
        assert share.percent is not None and 90 < share.percent <= 100
    assert RollCall.objects.exists()
    assert Shift.objects.filter(replaces__isnull=False).exists()
    assert {row.state for row in Leave.objects.all()} == {"asked", "approved"}
    assert not selectors.roster(units["XD"], last_month).empty
