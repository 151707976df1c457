"""Reading the access log, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.clock import start_of_day
from liangdian.foundation.refused import Invalid
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.accounts import units
from liangdian.platform.audit import acts, policy
from liangdian.platform.audit.models import AccessLog

MOST_EXPORTED = 50_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the auditor is looking for; empty means everything. Days are hall-local and inclusive."""

    name: str = ""
    act: str = ""
    subject_type: str = ""
    subject_id: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the log in words: ``unit`` is where the person worked at that moment."""

    id: int
    at: datetime
    name: str
    unit: str
    act: object
    subject: object
    subject_type: str
    subject_id: str
    reason: str
    succeeded: bool


def entries(actor: Actor, wanted: Wanted, *, before: int | None = None, limit: int = 50) -> list[Line]:
    """Rows that this auditor may read, older than the row ``before``. Raises ``NotAllowed``.

    An auditor of the whole installation reads everything; an auditor of a part reads what the staff
    of that part did.
    """
    policy.require_read(actor)
    return _lines(_older(_matching(_readable(actor), wanted), before), limit)


def exported(actor: Actor, wanted: Wanted) -> list[Line]:
    """All rows that fit, for a file. Raises ``NotAllowed``, and ``Invalid`` beyond 50,000 rows."""
    policy.require_read(actor)
    found = _lines(_matching(_readable(actor), wanted), MOST_EXPORTED + 1)
    if len(found) > MOST_EXPORTED:
        raise Invalid(
            _("More than %(most)s rows fit. Choose a shorter time, then export again.")
            % {"most": f"{MOST_EXPORTED:,}"}
        )
    return found


def looks_at(subject: str, subject_id: object, *, before: int | None = None, limit: int = 30) -> list[Line]:
    """Who saw hidden personal data of one person, newest first; ``act`` says what was seen.

    The caller decides who may know it: the person concerned, and those who oversee the unit.
    """
    seen = acts.looks()
    rows = AccessLog.objects.filter(
        subject_type=subject, subject_id=str(subject_id), act__in=seen, succeeded=True
    )
    return _lines(_older(rows, before), limit, words=seen)


def _readable(actor: Actor) -> QuerySet[AccessLog]:
    rows = AccessLog.objects.all()
    for subject, ids in acts.hidden_from(actor).items():
        texts = ids.annotate(as_text=Cast("pk", CharField())).values("as_text")
        rows = rows.exclude(subject_type=subject, subject_id__in=texts)
    paths = actor.paths(Role.AUDITOR)
    if actor.is_system or any(path.count("/") == 2 for path in paths):
        return rows
    return rows.filter(actor_id__in=accounts.user_ids_within(paths))


def _matching(rows: QuerySet[AccessLog], wanted: Wanted) -> QuerySet[AccessLog]:
    for field, value in (
        ("actor_name__startswith", wanted.name),
        ("act", wanted.act),
        ("subject_type", wanted.subject_type),
        ("subject_id", wanted.subject_id),
    ):
        if value:
            rows = rows.filter(**{field: value})
    if wanted.first:
        rows = rows.filter(at__gte=start_of_day(wanted.first))
    if wanted.last:
        rows = rows.filter(at__lt=start_of_day(wanted.last + timedelta(days=1)))
    return rows


def _older(rows: QuerySet[AccessLog], before: int | None) -> QuerySet[AccessLog]:
    return rows if before is None else rows.filter(pk__lt=before)


def _lines(rows: QuerySet[AccessLog], limit: int, *, words: dict[str, object] | None = None) -> list[Line]:
    found = list(rows.order_by("-id")[:limit])
    labels = units.known().labels({row.actor_unit_id for row in found if row.actor_unit_id})
    named = words or {}
    return [
        Line(
            id=row.pk, at=row.at, name=row.actor_name, unit=labels.get(row.actor_unit_id or 0, ""),
            act=named.get(row.act) or acts.label_of(row.act), subject=acts.subject_label(row.subject_type),
            subject_type=row.subject_type, subject_id=row.subject_id, reason=row.reason,
            succeeded=row.succeeded,
        )
        for row in found
    ]  # fmt: skip
