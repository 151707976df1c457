"""Checked rows become matters: number, promise, history, answer and search words, a chunk a transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from liangdian.casework import rules
from liangdian.casework.imports.mapping import Mapping
from liangdian.casework.imports.rows import Row
from liangdian.casework.links import link_digest
from liangdian.casework.models import (
    Case,
    CaseDetail,
    CaseSearch,
    Event,
    LimitRule,
    Promise,
    Resolution,
)
from liangdian.casework.services.promising import due_of_promise, promise_data
from liangdian.casework.services.record import chained
from liangdian.casework.stages import Stage
from liangdian.casework.states import Channel, Ending, EventType, PromiseReason, State
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import HALL_ZONE, business_date
from liangdian.foundation.limits import Due, Limit, LimitUnit
from liangdian.foundation.refused import NotFound
from liangdian.foundation.workdays import due_of
from liangdian.platform.audit import services as audit_log
from liangdian.platform.database.copying import copy_in, next_ids
from liangdian.platform.database.facts import only_one
from liangdian.platform.search.vectors import vector_text
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.catalogue import selectors as catalogue
from liangdian.registers.catalogue import services as catalogue_services
from liangdian.registers.organisation.selectors import Unit

# Where a matter of an earlier system stands here: it was accepted there, whatever that was called.
_STAGES = {
    State.RECEIVED: Stage.EXAMINING,
    State.HANDLING: Stage.EXAMINING,
    State.WAITING: Stage.EXAMINING,
    State.RESOLVED: Stage.COMPLETED,
    State.CLOSED: Stage.ARCHIVED,
    State.WITHDRAWN: Stage.WITHDRAWN,
}
SPOKEN_TO = frozenset({Channel.WINDOW, Channel.PHONE, Channel.VISIT})


@dataclass(slots=True)
class _Batch:
    """The rows of one chunk, by table."""

    cases: list[Case] = field(default_factory=list)
    details: list[CaseDetail] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    resolutions: list[Resolution] = field(default_factory=list)
    words: list[CaseSearch] = field(default_factory=list)

    def save(self) -> None:
        for rows in (self.cases, self.details, self.promises, self.events, self.resolutions, self.words):
            copy_in(rows)


class Writer:
    """Writes chunks of rows into one unit, under one first handler. Safe beside other imports and intake."""

    def __init__(
        self, *, mapping: Mapping, unit: Unit, first_handler_id: int, actor: Actor, source: str, at: datetime
    ) -> None:
        self.mapping, self.unit, self.first_handler_id = mapping, unit, first_handler_id
        self.actor, self.source, self.at = actor, source, at
        self.days = calendar.calendar_days()
        self.limits = list(LimitRule.objects.order_by("version"))
        if not self.limits:
            raise NotFound(_("There are no limits yet. Make the installation first: liangdian init."))
        self.calendar_versions: dict[int, str] = {}
        self.items: dict[str, int] = {}
        self.recorded = False

    def write(self, rows: Sequence[Row]) -> int:
        """Write those of ``rows`` that are not there yet, all or none; returns how many were new."""
        with only_one("import cases"):
            keys = [self._key(row) for row in rows]
            found = CaseDetail.objects.filter(import_key__in=keys)
            there = set(found.values_list("import_key", flat=True))
            new = [row for row, key in zip(rows, keys, strict=True) if key not in there]
            if new:
                self._write_new(new)
            return len(new)

    def _key(self, row: Row) -> str:
        return f"{self.mapping.name}:{row.key}"

    def _write_new(self, rows: list[Row]) -> None:
        if not self.recorded:
            reason = f"{self.source}, {self.mapping.name} v{self.mapping.version}"
            audit_log.record(self.actor, "cases_imported", "organisation.unit", self.unit.pk, reason, self.at)
            self.recorded = True
        items = [self._item(row) for row in rows]
        references = self._references(rows)
        ids = zip(next_ids(Case, len(rows)), next_ids(Promise, len(rows)), strict=True)
        batch = _Batch()
        for row, item_id, reference, (case_id, promise_id) in zip(rows, items, references, ids, strict=True):
            case = self._case(row, case_id=case_id, reference=reference, item_id=item_id)
            promise = self._promise(row, case, promise_id)
            self._set_clock(case, promise)
            self._add(batch, row, case, promise)
        batch.save()

    def _item(self, row: Row) -> int:
        """The current version of the item of the row's type; published the first time it is met."""
        if row.type not in self.items:
            digest = hashlib.sha256(row.type.encode()).hexdigest()[:10].upper()
            code = f"{self.mapping.name[:24]}-{digest}"
            self.items[row.type] = _published(code) or self._publish(row, code)
        return self.items[row.type]

    def _publish(self, row: Row, code: str) -> int:
        named = self.mapping.categories[row.rule.category]
        category = catalogue_services.category(
            code=f"{self.mapping.name[:24]}-{row.rule.category[:15]}", name=named.name, names=named.names
        )
        content = catalogue_services.Content(
            name=row.rule.name or row.type, names=row.rule.names, promised=self._default(row, self.at).limit
        )
        version = catalogue_services.publish_version(
            actor=self.actor, code=code, category=category, content=content, at=self.at
        )
        return version.pk

    def _references(self, rows: list[Row]) -> list[str]:
        """A number for each row, taken in one block a year from the unit's locked counter."""
        years = [business_date(row.registered_at).year for row in rows]
        following: dict[int, int] = {}
        with connection.cursor() as cursor:
            # In the order of the years: two that need the same two counters never wait for each other.
            for year in sorted(set(years)):
                wanted = years.count(year)
                cursor.execute(
                    "INSERT INTO casework_casenumber (unit_id, year, last) VALUES (%s, %s, %s) "
                    "ON CONFLICT (unit_id, year) DO UPDATE SET "
                    "last = casework_casenumber.last + excluded.last RETURNING last",
                    [self.unit.pk, year, wanted],
                )
                following[year] = cursor.fetchone()[0] - wanted
        found = []
        for year in years:
            following[year] += 1
            found.append(f"{self.unit.code}-{year}-{following[year]:06d}")
        return found

    def _case(self, row: Row, *, case_id: int, reference: str, item_id: int) -> Case:
        closed = row.state.state == State.CLOSED
        answered_at = row.closed_at if closed else None
        case = Case(
            pk=case_id, reference=reference, kind=row.rule.kind, channel=row.channel,
            stage=_STAGES[State(row.state.state)], state=row.state.state,
            title=row.rule.name or row.type, item_version_id=item_id, origin=self.unit, unit=self.unit,
            first_handler_id=self.first_handler_id, handler_id=self.first_handler_id,
            registered_at=row.registered_at, resolved_at=answered_at, closed_at=row.closed_at,
            first_contact_at=row.registered_at if row.channel in SPOKEN_TO else answered_at,
        )  # fmt: skip
        if row.ended:
            case.ending = Ending.NOT_RATED if closed else Ending.WITHDRAWN
        return case

    def _default(self, row: Row, on: datetime) -> LimitRule:
        """The rule of the row's kind that was in force; before the first one, the first one."""
        code = rules.promise_rule_code(kind=row.rule.kind, urgent=False)
        versions = [rule for rule in self.limits if rule.code == code]
        day = business_date(on)
        return max((r for r in versions if r.valid_from <= day), key=lambda r: r.version, default=versions[0])

    def _promise(self, row: Row, case: Case, promise_id: int) -> Promise:
        if row.due_at is None:
            rule = self._default(row, row.registered_at)
            limit, code, version = rule.limit, rule.code, rule.version
            due, reason = due_of(limit, row.registered_at, self.days, HALL_ZONE), PromiseReason.REGISTERED
        else:
            due = Due(at=row.due_at, day=business_date(row.due_at), provisional=False)
            span = (due.day - business_date(row.registered_at)).days
            limit = Limit(span, LimitUnit.CALENDAR_DAYS) if span > 0 else Limit(0, LimitUnit.AT_ONCE)
            code, version = f"import.{self.mapping.name}", self.mapping.version
            reason = PromiseReason.IMPORTED
        return Promise(
            pk=promise_id, case=case, seq=1, round=1, reason=reason, rule_code=code, rule_version=version,
            calendar_version=self._calendar_version(due.day.year), amount=limit.amount, unit=limit.unit,
            start_at=row.registered_at, due_at=due.at, due_day=due.day, provisional=due.provisional,
            made_at=row.registered_at,
        )  # fmt: skip

    def _calendar_version(self, year: int) -> str:
        if year not in self.calendar_versions:
            self.calendar_versions[year] = str(calendar.calendar_version(year))
        return self.calendar_versions[year]

    def _set_clock(self, case: Case, promise: Promise) -> None:
        """An open matter that is overdue already rings no bells: its alarms count as done."""
        case.due_at = promise.due_at
        if not case.is_open:
            return
        if promise.due_at <= self.at:
            case.alarms_done = len(rules.PROMISE_LEVELS)
            return
        case.next_due_at = rules.warn_at(start=promise.start_at, due=due_of_promise(promise), days=self.days)

    def _add(self, batch: _Batch, row: Row, case: Case, promise: Promise) -> None:
        batch.cases.append(case)
        batch.promises.append(promise)
        batch.events += self._history(row, case, promise)
        batch.details.append(
            CaseDetail(case=case, words=row.words, place=row.place, language=self.mapping.language,
                       link_digest=link_digest(case.reference), import_key=self._key(row))
        )  # fmt: skip
        if row.state.state == State.CLOSED and row.closed_at is not None:
            batch.resolutions.append(
                Resolution(case=case, round=1, promise=promise, answer=row.state.answer, at=row.closed_at,
                           kept=rules.is_kept(resolved_at=row.closed_at, due_at=promise.due_at))
            )  # fmt: skip
        vector = vector_text(case.reference, case.title, row.words, row.place)
        batch.words.append(CaseSearch(case=case, vector=vector))

    def _history(self, row: Row, case: Case, promise: Promise) -> list[Event]:
        """What happened, at the times of the source; the system writes it, because nobody here did it."""

        def event(type: EventType, at: datetime, **data: object) -> Event:
            return chained(case, type=type, actor=self.actor, at=at, data=data)

        imported = {"mapping": self.mapping.name, "key": row.key}
        found = [
            event(EventType.REGISTERED, row.registered_at, channel=case.channel, unit=self.unit.pk,
                  first_handler=case.first_handler_id, imported=imported),
            event(EventType.PROMISED, row.registered_at, **promise_data(promise)),
        ]  # fmt: skip
        if row.closed_at is None:
            return found
        if row.state.state == State.WITHDRAWN:
            return [*found, event(EventType.WITHDRAWN, row.closed_at, text=row.state.answer)]
        kept = rules.is_kept(resolved_at=row.closed_at, due_at=promise.due_at)
        return [
            *found,
            event(EventType.RESOLVED, row.closed_at, text=row.state.answer, kept=kept, round=1),
            event(EventType.CLOSED, row.closed_at, ending=Ending.NOT_RATED.value),
        ]


def _published(code: str) -> int | None:
    """The current version of the item with this code; None when there is no such item."""
    try:
        return catalogue.guide(code).current_id
    except NotFound:
        return None
