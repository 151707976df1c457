"""The year of disputes that the demonstration plays: every rule and guard holds for them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from liangdian.casework import services as casework
from liangdian.casework.chain import verify
from liangdian.config.demo import centre
from liangdian.config.demo.disputes import DISPUTES, play_disputes
from liangdian.desks.mediation import figures
from liangdian.desks.mediation.models import Agreement, Dispute, Obligation, Report
from liangdian.desks.mediation.states import DisputeState, ObligationState
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.clock import business_date
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.accounts import services as account_services
from liangdian.registers.calendar import services as calendar
from liangdian.registers.organisation import services as organisation

BEFORE = datetime(2025, 1, 2, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "now", [datetime(2026, 10, 15, 2, 38, tzinfo=UTC), datetime(2026, 3, 1, 16, 5, tzinfo=UTC)]
)
def test_69_disputes_in_every_state(now: datetime) -> None:
    calendar.seed_from_library(at=BEFORE)
    casework.seed_limit_rules(valid_from=datetime(2004, 1, 1, tzinfo=UTC))
    units, actors = {}, {}
    for code, level, parent, name, _hant, _english in centre.UNITS:
        units[code] = organisation.create_unit(
            actor=SYSTEM, name=name, code=code, level=level, parent=units.get(parent), at=BEFORE
        )
    for account in centre.ACCOUNTS:
        user = account_services.create_user(
            actor=SYSTEM, username=account.username, name=account.name, password=account.password,
            unit_id=units[account.unit].pk, demonstration=True, at=BEFORE,
        )  # fmt: skip
        account_services.grant_role(
            actor=SYSTEM, user=user, role=account.role, unit_id=units[account.unit].pk,
            unit_path=units[account.unit].path, at=BEFORE,
        )  # fmt: skip
        actors[account.username] = accounts.actor_of(user)
    play_disputes(actors, units["XD"].pk, now=now)
    states = Counter(Dispute.objects.values_list("state", flat=True))
    assert states.total() == DISPUTES == 69
    assert set(states) == set(DisputeState.values)
    assert set(Obligation.objects.values_list("state", flat=True)) == set(ObligationState.values)
    assert set(Agreement.objects.values_list("form", flat=True)) == {"written", "oral"}
    assert Report.objects.count() == 1
    assert list(verify()) == []
    today = business_date(now)
    total = figures.total_of(figures.by_category(SYSTEM, first=date(2024, 1, 1), last=today))
    assert total.registered == DISPUTES
    assert 0 < total.success.numerator < total.success.denominator
    assert Dispute.objects.filter(registered_at__gt=now).count() == 0
