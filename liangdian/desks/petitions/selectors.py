"""Reading petitions: only those that exist for the actor, counts included. No list of people, ever."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from liangdian.casework.selectors import visible_cases
from liangdian.casework.veiling import veiled
from liangdian.desks.petitions.models import Petition
from liangdian.desks.petitions.states import Instance
from liangdian.foundation.actor import Actor

PAGE = 25


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; empty means everything."""

    step: str = ""
    sort: str = ""
    way: str = ""
    label: str = ""
    instance: str = ""
    open_only: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list, newest first; ``next_key`` continues after its last row."""

    rows: list[Petition]
    next_key: str
    has_previous: bool


def petitions_of(actor: Actor) -> QuerySet[Petition]:
    """The petitions that exist for this actor; part of every query."""
    return Petition.objects.filter(case__in=visible_cases(actor))


def page_of(actor: Actor, filters: Filters, *, after: int | None = None, size: int = PAGE) -> Page:
    """One page, newest first. Two statements whatever the number of rows."""
    rows = _narrowed(petitions_of(actor), filters)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    joined = rows.select_related("case__unit", "case__handler", "case__resident", "case__first_handler")
    found = list(joined.order_by("-pk")[: size + 1])
    shown = found[:size]
    for petition in shown:
        veiled(petition.case)
    return Page(shown, str(shown[-1].pk) if len(found) > size else "", after is not None)


def _narrowed(rows: QuerySet[Petition], filters: Filters) -> QuerySet[Petition]:
    for field in ("step", "sort", "way", "instance"):
        if value := getattr(filters, field):
            rows = rows.filter(**{field: value})
    if filters.label:
        rows = rows.filter(Q(label=filters.label) | Q(label="", found=filters.label))
        rows = rows.filter(instance=Instance.HANDLING)
    if filters.open_only:
        rows = rows.filter(case__closed_at__isnull=True)
    return rows
