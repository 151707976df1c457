"""Suspicion of a duplicate: matters in hand of the same resident, or with much the same words nearby.

The permission is in the query: what the reader may not see is neither shown nor counted.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case as When
from django.db.models import F, Func, IntegerField, Q, QuerySet, TextField, Value
from django.db.models import When as Where

from liangdian.casework import policy, rules
from liangdian.casework.models import Case, LimitRule
from liangdian.casework.states import IN_HAND
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import HALL_ZONE, start_of_day
from liangdian.foundation.limits import LimitUnit
from liangdian.platform.search.vectors import tokens

LOOKED_AT = 400  # the newest matters of the unit within the window
SHOWN = 5
LEAST_WORDS = 3
# Of the words that could be common to both, so many are: less is enough for the same resident.
SAME_RESIDENT, ANYBODY = 0.25, 0.5


@dataclass(frozen=True, slots=True)
class Matter:
    """What is known of the matter for which others are looked for; residents by their numbers."""

    words: str
    place: str = ""
    title: str = ""
    unit_id: int | None = None
    residents: Collection[int] = ()
    item_version_id: int | None = None
    leave_out: int | None = None


def like(matter: Matter, *, actor: Actor, now: datetime) -> list[Case]:
    """The matters in hand that look like this one, those of the same resident first; at most five.

    ``same_resident`` of a row says whose it is. Looks back as far as rule ``duplicate.window``; two
    statements, the rule's own included.
    """
    wanted = [word for word in tokens(f"{matter.title} {matter.words} {matter.place}") if len(word) > 1]
    if len(wanted) < LEAST_WORDS and not matter.residents:
        return []
    mine = Q(resident__in=list(matter.residents))
    near = mine | Q(unit=matter.unit_id) | Q(origin=matter.unit_id) if matter.unit_id else mine
    rows = (
        Case.objects.filter(
            policy.visible_to(actor), near, state__in=IN_HAND, merged_into__isnull=True,
            registered_at__gte=_since(now),
        )
        .exclude(pk=matter.leave_out or 0)
        .annotate(same_resident=When(Where(mine, then=1), default=0, output_field=IntegerField()))
        .order_by("-same_resident", "-registered_at", "-pk")[:LOOKED_AT]
    )  # fmt: skip
    return [row for row in _compared(rows, wanted) if _is_alike(row, matter, len(wanted))][:SHOWN]


def _since(now: datetime) -> datetime:
    day = now.astimezone(HALL_ZONE).date()
    versions = LimitRule.objects.filter(code=rules.DUPLICATE_WINDOW, valid_from__lte=day)
    limit = versions.order_by("-version")[:1].get().limit
    days = limit.amount if limit.unit is not LimitUnit.HOURS else 1
    return start_of_day(day.fromordinal(day.toordinal() - days))


def _compared(rows: QuerySet[Case], wanted: list[str]) -> list[Case]:
    """The rows with the number of their words of two characters and more, and of those among ``wanted``."""
    listed = Func(F("search__vector"), function="tsvector_to_array")
    words = Value(wanted, output_field=ArrayField(TextField()))
    compared = rows.annotate(
        held=Func(
            listed, template="(SELECT count(*) FROM unnest(%(expressions)s) AS w WHERE length(w) > 1)",
            output_field=IntegerField(),
        ),
        common=Func(
            listed, words, arg_joiner=") AS w WHERE w = ANY(",
            template="(SELECT count(*) FROM unnest(%(expressions)s))", output_field=IntegerField(),
        ),
    )  # fmt: skip
    return list(compared.select_related("unit", "item_version", "resident"))


def _is_alike(row: Case, matter: Matter, wanted: int) -> bool:
    same = bool(row.same_resident)  # type: ignore[attr-defined]
    if same and matter.item_version_id is not None and row.item_version_id == matter.item_version_id:
        return True
    shorter = min(wanted, row.held)  # type: ignore[attr-defined]
    share = row.common / shorter if shorter >= LEAST_WORDS else 0  # type: ignore[attr-defined]
    return share >= (SAME_RESIDENT if same else ANYBODY)
