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
from liangdian.casework.models import Case, Clock, Event, Promise, SweepMark
from liangdian.casework.procedures import by_itself_of
from liangdian.casework.services.clocks import promise_alarm
from liangdian.casework.services.ending import end_not_rated
from liangdian.casework.services.falling_due import BY_ITSELF
from liangdian.casework.services.handling import unit_in_charge
from liangdian.casework.services.messages import tell_residents
from liangdian.casework.services.promising import newest_promise
from liangdian.casework.services.record import chained, current_rule, notice_of
from liangdian.casework.states import OPEN, ClockKind, EventType
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.refused import Refused
from liangdian.platform.notifications.services import Notice, notify_many
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit

_CASE_COLUMNS = (
    "state", "stage", "ending", "closed_at", "closed_by", "level", "to_call", "no_superior", "next_due_at",
    "alarms_done", "last_seq", "last_hash",
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
        self.clocks: dict[int, list[Clock]] = {}
        for clock in Clock.objects.filter(case__in=ids, ended_at__isnull=True).order_by("due_at", "id"):
            self.clocks.setdefault(clock.case_id, []).append(clock)
        self.marks = set(
            SweepMark.objects.filter(case__in=ids).values_list("case_id", "promise_seq", "level")
        )
        self.step = current_rule(rules.ESCALATION_STEP, on=at).limit
        self.days = calendar.calendar_days()
        self.new_marks: list[SweepMark] = []
        self.events: list[Event] = []
        self.notices: list[Notice] = []
        self.rung: list[Clock] = []
        self.in_charge: dict[tuple[int, str], list[int]] = {}

    def sweep(self, case: Case) -> None:
        for clock in self.clocks.get(case.pk, []):
            if clock.rung_at is None and clock.ended_at is None and clock.due_at <= self.at:
                self._ring_clock(case, clock)
        self._sweep_promise(case)
        self._next(case)

    def _ring_clock(self, case: Case, clock: Clock) -> None:
        """One clock beside the promise ran out. What the clock changes by itself is in ``falling_due``."""
        clock.rung_at = self.at
        self.swept.add(clock.kind)
        if clock.kind in BY_ITSELF or by_itself_of(clock.kind):
            self._do_by_itself(case, clock)
            return
        self.rung.append(clock)
        if clock.kind == ClockKind.RATING:
            clock.ended_at = self.at
            owed = any(c.kind == ClockKind.DELIVERY for c in self.clocks[case.pk])
            told = [case.first_handler_id, case.successor_id, case.handler_id]
            self._say(case, end_not_rated(case, at=self.at, delivered=not owed), told)
        else:
            event = self._event(
                case, EventType.OVERDUE, {"clock": clock.kind, "key": clock.key}, public=False
            )
            told = [
                case.first_handler_id,
                case.successor_id,
                case.handler_id,
                *self._people_of(case.unit, case.kind),
            ]
            self._say(case, event, told)

    def _do_by_itself(self, case: Case, clock: Clock) -> None:
        """What the clock does by itself stands in the database at once; the batch goes on from there."""
        with transaction.atomic():
            clock.save(update_fields=["rung_at"])
            (by_itself_of(clock.kind) or BY_ITSELF[ClockKind(clock.kind)])(case, clock, at=self.at)
        self.promises[case.pk] = newest_promise(case)
        fresh = Clock.objects.filter(case=case, ended_at__isnull=True).order_by("due_at", "id")
        known = {clock.pk: clock for clock in self.clocks[case.pk]}
        self.clocks[case.pk] = [known.get(clock.pk, clock) for clock in fresh]

    def _sweep_promise(self, case: Case) -> None:
        promise = self.promises[case.pk]
        while alarm := promise_alarm(case, promise, step=self.step, days=self.days):
            if alarm.at > self.at:
                return
            case.alarms_done += 1
            if self._first_time(case, alarm.level):
                self._ring(case, promise, alarm.level)

    def _ring(self, case: Case, promise: Promise, level: str) -> None:
        data: dict[str, object] = {"clock": "promise", "day": promise.due_day.isoformat()}
        told = [case.first_handler_id, case.successor_id, case.handler_id]
        if level == rules.WARN:
            self._say(case, self._event(case, EventType.WARNED, data, public=False), told)
            return
        self._say(case, self._event(case, EventType.OVERDUE, data), told)
        superior = organisation.superior_of(case.unit)
        case.level += 1
        case.no_superior = superior is None
        data = {"by": "rule", "from": case.unit_id, "to": superior.pk if superior else None}
        told = [case.first_handler_id, case.successor_id, *self._people_of(superior, case.kind)]
        self._say(case, self._event(case, EventType.ESCALATED, data), told)

    def _next(self, case: Case) -> None:
        running = (c.due_at for c in self.clocks.get(case.pk, []) if not (c.rung_at or c.ended_at))
        alarm = promise_alarm(case, self.promises[case.pk], step=self.step, days=self.days)
        case.next_due_at = None if not case.is_open else rules.earliest(alarm, running)

    def _first_time(self, case: Case, level: str) -> bool:
        key = (case.pk, self.promises[case.pk].seq, level)
        if key in self.marks:
            return False
        self.marks.add(key)
        self.new_marks.append(SweepMark(case=case, promise_seq=key[1], level=level, at=self.at))
        self.swept.add(level)
        return True

    def _event(self, case: Case, type: EventType, data: dict[str, object], *, public: bool = True) -> Event:
        return chained(case, type=type, actor=SYSTEM, at=self.at, data=data, public=public)

    def _people_of(self, unit: Unit | None, kind: str) -> list[int]:
        if unit is None:
            return []
        if (unit.pk, kind) not in self.in_charge:
            self.in_charge[unit.pk, kind] = unit_in_charge(unit, kind)
        return self.in_charge[unit.pk, kind]

    def forget(self, case: Case) -> None:
        """Take out everything that was to be written for a matter that could not be handled."""
        self.cases = [c for c in self.cases if c.pk != case.pk]
        self.new_marks = [m for m in self.new_marks if m.case_id != case.pk]
        self.events = [e for e in self.events if e.case_id != case.pk]
        self.rung = [c for c in self.rung if c.case_id != case.pk]
        self.notices = [n for n in self.notices if not n.key.startswith(f"case:{case.reference}:")]

    def _say(self, case: Case, event: Event, told: list[int | None]) -> None:
        self.events.append(event)
        self.notices.append(notice_of(case, event, told))

    def save(self) -> None:
        SweepMark.objects.bulk_create(self.new_marks)
        Event.objects.bulk_create(self.events)
        Case.objects.bulk_update(self.cases, _CASE_COLUMNS)
        Clock.objects.bulk_update(self.rung, ["rung_at", "ended_at"])
        notify_many(self.notices)
        tell_residents(self.events)
