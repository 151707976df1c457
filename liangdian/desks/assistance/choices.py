"""What can be chosen in the forms of a help; the case is known to exist for the actor."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from liangdian.desks.assistance import selectors
from liangdian.desks.assistance.models import CheckUp, Help, Need
from liangdian.desks.assistance.selectors import Case


def helpers(case: Case) -> list[tuple[int, str]]:
    """Who can accompany the household."""
    return selectors.can_help(case)


def open_needs(case_id: int) -> list[tuple[int, str]]:
    """What is not met yet."""
    rows = Need.objects.filter(help=case_id, met_on__isnull=True)
    return [(row.pk, str(row.get_kind_display())) for row in rows]


def matches(case: Case) -> list[tuple[int, str]]:
    """The places that fit, with pay and hours."""
    help = Help.objects.filter(pk=case.pk).first()
    found = selectors.matches_of(help, case) if help else []
    words = _("%(what)s · ¥%(pay)s a month · %(hours)s hours a week")
    return [
        (m.offer.pk, words % {"what": m.offer, "pay": m.offer.pay, "hours": m.offer.hours}) for m in found
    ]


def checks(case_id: int, *, today: date) -> list[tuple[int, str]]:
    """The check-ups of the running placement whose day has come."""
    rows = CheckUp.objects.filter(
        placement__help=case_id, placement__ended_on__isnull=True, done_at__isnull=True, due_on__lte=today
    )
    return [(row.months, _("after %(n)d months") % {"n": row.months}) for row in rows.order_by("months")]
