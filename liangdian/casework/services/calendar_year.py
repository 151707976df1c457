"""A year's calendar was published: provisional promises are counted again, each with an explained change."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from liangdian.casework.models import Case, Extension, Pause, Promise
from liangdian.casework.recounting import Step, recounted
from liangdian.casework.services.clocks import refresh_clock
from liangdian.casework.services.promising import due_of_promise, follow, legal_due_of
from liangdian.casework.services.record import save_with, tell
from liangdian.casework.states import IN_HAND, PromiseReason
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.limits import Due
from liangdian.foundation.workdays import Days
from liangdian.foundation.worktime import Hours
from liangdian.registers.calendar import selectors as calendar

_CHANGED = ("due_at", "next_due_at", "alarms_done")


def recount_promises(*, year: int, at: datetime, batch: int = 200) -> int:
    """Count the provisional promises that reach into ``year`` again; returns how many were changed.

    Each case in its own transaction; called twice, the second time finds nothing left to do. A promise
    that stands still is counted when it goes on.
    """
    changed, last = 0, 0
    while ids := _waiting(year, after=last, size=batch):
        changed += sum(_recount(case_id, at=at) for case_id in ids)
        last = ids[-1]
    return changed


def _waiting(year: int, *, after: int, size: int) -> list[int]:
    reaching = Promise.objects.filter(provisional=True, due_day__gte=date(year, 1, 1), case__gt=after)
    in_hand = reaching.filter(case__state__in=IN_HAND, case__paused_at__isnull=True)
    return list(in_hand.order_by("case_id").values_list("case_id", flat=True).distinct()[:size])


@transaction.atomic
def _recount(case_id: int, *, at: datetime) -> bool:
    case = Case.objects.select_for_update(of=("self",)).select_related("unit", "origin").get(pk=case_id)
    promises = list(Promise.objects.filter(case=case, round=case.round).order_by("seq"))
    before, days = promises[-1], calendar.calendar_days()
    if not case.in_hand or case.paused_at is not None or not before.provisional:
        return False
    due = _due(case, promises, days=days, hours=calendar.working_hours())
    if (due.at, due.provisional) == (before.due_at, before.provisional):
        return False
    with translation.override(case.detail.language):
        text = _("The holidays of the year were not published yet when this date was promised; now they are.")
    legal = _legal(case, promises, days=days)
    event = follow(
        case, before, due=due, legal=legal, reason=PromiseReason.CALENDAR, actor=SYSTEM, at=at, text=text
    )
    refresh_clock(case, now=at)
    save_with(case, [event], *_CHANGED)
    tell([case.first_handler_id, case.successor_id, case.handler_id], case=case, event=event, but=SYSTEM)
    return True


def _due(case: Case, promises: list[Promise], *, days: Days, hours: Hours) -> Due:
    steps = [Step(PromiseReason(p.reason), p.limit, p.start_at, due_of_promise(p)) for p in promises]
    return recounted(steps, pauses=_pauses(case), extension=_extension(case), days=days, hours=hours)


def _legal(case: Case, promises: list[Promise], *, days: Days) -> Due | None:
    """The legal end, counted again in the same way; None where the last promise has none."""
    if promises[-1].legal_due_at is None:
        return None
    limit = case.item_version.legal_limit if case.item_version else None
    steps = [
        Step(PromiseReason(p.reason), limit or p.limit, p.start_at, legal)
        for p in promises
        if (legal := legal_due_of(p)) is not None
    ]
    return recounted(
        steps, pauses=_pauses(case), extension=_extension(case), days=days, hours=calendar.working_hours()
    )


def _pauses(case: Case) -> list[tuple[datetime, datetime]]:
    """The pauses of the running round that are over; the wait for missing papers starts a promise anew."""
    began = Promise.objects.filter(case=case, round=case.round).order_by("seq")[:1].get().made_at
    rows = Pause.objects.filter(case=case, ended_at__isnull=False, from_at__gte=began)
    rows = rows.exclude(reason="correction").order_by("from_at")
    return [(row.from_at, row.ended_at) for row in rows if row.ended_at is not None]


def _extension(case: Case) -> int:
    approved = Extension.objects.filter(case=case, approved=True).values_list("amount", flat=True).first()
    return approved or 0
