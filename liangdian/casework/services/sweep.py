"""The sweep: what the clock does by itself. Warns, tells of the overdue, escalates, closes the unrated.

Oldest first, in batches, each batch one transaction that skips what others hold locked. A mark per case,
promise and level makes every act happen once; killed at any point, the next sweep goes on from there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import rules
from liangdian.casework.models import Case, Event, Promise, Referral, SweepMark
from liangdian.casework.services.ending import end_not_rated
from liangdian.casework.services.handling import unit_in_charge
from liangdian.casework.services.messages import tell_residents
from liangdian.casework.services.record import chained, current_rule, due_of_promise, notice_of
from liangdian.casework.states import OPEN, EventType, ReferralState, State
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.refused import Refused
from liangdian.platform.notifications.services import Notice, notify_many
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit

_CASE_COLUMNS = (
    "state", "ending", "closed_at", "closed_by", "level", "no_superior", "next_due_at", "alarms_done",
    "last_seq", "last_hash",
)  # fmt: skip


log = logging.getLogger(__name__)


class SweepBroken(Refused):
    """Some matters could not be handled by the clock; everything else was."""

    code = "sweep-broken"


@dataclass(slots=True)
class Swept:
    """How many acts of each level a sweep did."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, level: str) -> None:
        self.counts[level] = self.counts.get(level, 0) + 1

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def sweep(*, at: datetime, batch: int = 200, between: Callable[[], None] | None = None) -> Swept:
    """Do everything that is due at ``at``; returns the counts. ``between`` runs after each batch.

    Raises SweepBroken at the end, when all the others are done, for matters that could not be handled.
    """
    swept = Swept()
    broken: dict[int, str] = {}
    while _sweep_batch(at=at, size=batch, swept=swept, broken=broken):
        if between is not None:
            between()
    if broken:
        raise SweepBroken(
            _("The clock could not handle %(references)s; all other matters were handled.")
            % {"references": ", ".join(sorted(broken.values()))}
        )
    return swept


@transaction.atomic
def _sweep_batch(*, at: datetime, size: int, swept: Swept, broken: dict[int, str]) -> bool:
    cases = list(
        Case.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("unit", "origin")
        .filter(state__in=OPEN, next_due_at__lte=at)
        .exclude(pk__in=broken)
        .order_by("next_due_at", "id")[:size]
    )
    if not cases:
        return False
    batch = _Batch(cases=cases, at=at, swept=swept)
    for case in cases:
        try:
            batch.sweep(case)
        except Exception:
            # One broken matter must not stop the clock of all others; it is told when the sweep ends.
            log.exception("The clock could not handle matter %s", case.reference)
            broken[case.pk] = case.reference
            batch.forget(case)
    batch.save()
    return True


class _Batch:
    """One locked batch: everything is read once before it and written once after it."""

    def __init__(self, *, cases: list[Case], at: datetime, swept: Swept) -> None:
        ids = [case.pk for case in cases]
        self.cases, self.at, self.swept = cases, at, swept
        newest = Promise.objects.filter(case__in=ids).order_by("case_id", "-seq").distinct("case_id")
        self.promises = {promise.case_id: promise for promise in newest}
        offered = Referral.objects.filter(case__in=ids, state=ReferralState.OFFERED)
        self.referrals = {referral.case_id: referral for referral in offered}
        self.marks = set(
            SweepMark.objects.filter(case__in=ids).values_list("case_id", "promise_seq", "level")
        )
        self.step = current_rule(rules.ESCALATION_STEP, on=at).limit
        self.days = calendar.calendar_days()
        self.new_marks: list[SweepMark] = []
        self.events: list[Event] = []
        self.notices: list[Notice] = []
        self.in_charge: dict[int, list[int]] = {}

    def sweep(self, case: Case) -> None:
        if case.state == State.RESOLVED:
            if self._first_time(case, rules.NOT_RATED):
                self._say(case, end_not_rated(case, at=self.at), [case.first_handler_id, case.handler_id])
            return
        self._sweep_referral(case)
        self._sweep_promise(case)
        self._next(case)

    def _sweep_promise(self, case: Case) -> None:
        promise = self.promises[case.pk]
        while alarm := self._alarm(case, promise):
            if alarm.at > self.at:
                return
            case.alarms_done += 1
            if self._first_time(case, alarm.level):
                self._ring(case, promise, alarm.level)

    def _ring(self, case: Case, promise: Promise, level: str) -> None:
        data: dict[str, object] = {"clock": "promise", "day": promise.due_day.isoformat()}
        told = [case.first_handler_id, case.handler_id]
        if level == rules.WARN:
            self._say(case, self._event(case, EventType.WARNED, data, public=False), told)
            return
        self._say(case, self._event(case, EventType.OVERDUE, data), told)
        superior = organisation.superior_of(case.unit)
        case.level += 1
        case.no_superior = superior is None
        data = {"by": "rule", "from": case.unit_id, "to": superior.pk if superior else None}
        told = [case.first_handler_id, *self._people_of(superior)]
        self._say(case, self._event(case, EventType.ESCALATED, data), told)

    def _sweep_referral(self, case: Case) -> None:
        referral = self.referrals.get(case.pk)
        if referral is None or referral.accept_by > self.at:
            return
        if self._first_time(case, f"{rules.REFERRAL_LATE}:{referral.pk}"[:24]):
            event = self._event(case, EventType.OVERDUE, {"clock": "referral"}, public=False)
            self._say(case, event, [case.first_handler_id, *self._people_of(case.unit)])

    def _next(self, case: Case) -> None:
        referral = self.referrals.get(case.pk)
        waiting = None
        if referral is not None and referral.accept_by > self.at:
            waiting = rules.Alarm(rules.REFERRAL_LATE, referral.accept_by)
        case.next_due_at = rules.earliest(self._alarm(case, self.promises[case.pk]), waiting)

    def _alarm(self, case: Case, promise: Promise) -> rules.Alarm | None:
        return rules.promise_alarm(
            start=promise.start_at, due=due_of_promise(promise), done=case.alarms_done, step=self.step,
            days=self.days,
        )  # fmt: skip

    def _first_time(self, case: Case, level: str) -> bool:
        key = (case.pk, self.promises[case.pk].seq, level)
        if key in self.marks:
            return False
        self.marks.add(key)
        self.new_marks.append(SweepMark(case=case, promise_seq=key[1], level=level, at=self.at))
        self.swept.add(level.split(":")[0])
        return True

    def _event(self, case: Case, type: EventType, data: dict[str, object], *, public: bool = True) -> Event:
        return chained(case, type=type, actor=SYSTEM, at=self.at, data=data, public=public)

    def _people_of(self, unit: Unit | None) -> list[int]:
        if unit is None:
            return []
        if unit.pk not in self.in_charge:
            self.in_charge[unit.pk] = unit_in_charge(unit)
        return self.in_charge[unit.pk]

    def forget(self, case: Case) -> None:
        """Take out everything that was to be written for a matter that could not be handled."""
        self.cases = [c for c in self.cases if c.pk != case.pk]
        self.new_marks = [m for m in self.new_marks if m.case_id != case.pk]
        self.events = [e for e in self.events if e.case_id != case.pk]
        self.notices = [n for n in self.notices if not n.key.startswith(f"case:{case.reference}:")]

    def _say(self, case: Case, event: Event, told: list[int | None]) -> None:
        self.events.append(event)
        self.notices.append(notice_of(case, event, told))

    def save(self) -> None:
        SweepMark.objects.bulk_create(self.new_marks)
        Event.objects.bulk_create(self.events)
        Case.objects.bulk_update(self.cases, _CASE_COLUMNS)
        notify_many(self.notices)
        tell_residents(self.events)
