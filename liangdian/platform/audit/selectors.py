"""Reading the access log, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.clock import start_of_day
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.audit import policy
from liangdian.platform.audit.models import AccessLog


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the auditor is looking for; empty means everything. Days are hall-local and inclusive."""

    name: str = ""
    act: str = ""
    subject_type: str = ""
    subject_id: str = ""
    first: date | None = None
    last: date | None = None


def entries(actor: Actor, wanted: Wanted, *, before: int | None = None, limit: int = 50) -> list[AccessLog]:
    """Rows that this auditor may read, older than the row ``before``. Raises ``NotAllowed``.

    An auditor of the whole installation reads everything; an auditor of a part reads what the staff
    of that part did.
    """
    policy.require_read(actor)
    rows = _matching(_readable(actor), wanted)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-id")[:limit])


def _readable(actor: Actor) -> QuerySet[AccessLog]:
    rows = AccessLog.objects.all()
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


def history_of(subject: str, subject_id: object, *, limit: int = 50) -> list[AccessLog]:
    """What was done to or seen of one thing, newest first; the caller decides who may see it."""
    return list(
        AccessLog.objects.filter(subject_type=subject, subject_id=str(subject_id)).order_by("-id")[:limit]
    )
