"""Duty that somebody who leaves still has: shifts ahead of him and lines of the pattern."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from liangdian.desks.duty.models import Shift, ShiftPattern
from liangdian.foundation.clock import business_date
from liangdian.platform.accounts.leaving import StillOpen


def duty_in_hand(user_id: int, at: datetime) -> list[StillOpen]:
    """Shifts that have not begun and lines that still make shifts, as himself or as stand-in. Two queries."""
    own = Q(user_id=user_id) | Q(stand_in_id=user_id)
    shifts = Shift.objects.standing().filter(own, begins_at__gt=at).count()
    lines = ShiftPattern.objects.filter(own, Q(until__isnull=True) | Q(until__gt=business_date(at))).count()
    who = _("The secretary gives the duty to somebody else.")
    return [
        StillOpen(label=label, count=n, who=who, url=reverse(page))
        for label, n, page in (
            (_("Shifts on the roster"), shifts, "duty:roster"),
            (_("Lines of the duty pattern"), lines, "duty:pattern"),
        )
        if n
    ]
