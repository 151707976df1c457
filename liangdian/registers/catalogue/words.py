"""Limits and texts of an item as a person reads them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liangdian.foundation.limits import Limit, LimitUnit
from liangdian.registers.catalogue.models import ItemVersion


def limit_words(limit: Limit) -> str:
    """``5 working days``, ``within 2 hours``, ``at once``."""
    n = {"n": limit.amount}
    if limit.unit is LimitUnit.AT_ONCE:
        return _("At once, while you are here")
    if limit.unit is LimitUnit.HOURS:
        return ngettext("Within %(n)s hour", "Within %(n)s hours", limit.amount) % n
    if limit.unit is LimitUnit.WORKING_DAYS:
        return ngettext("Within %(n)s working day", "Within %(n)s working days", limit.amount) % n
    return ngettext("Within %(n)s calendar day", "Within %(n)s calendar days", limit.amount) % n


def promised_words(version: ItemVersion) -> str:
    """What the hall promises."""
    return limit_words(version.promised_limit)


def legal_words(version: ItemVersion) -> str:
    """What the law allows at most."""
    return limit_words(version.legal_limit) if version.legal_limit else _("No limit set by law; ours holds")


@dataclass(frozen=True, slots=True)
class Element:
    """One published element of an item: its title and its text."""

    title: str
    text: str


def _elements(version: ItemVersion, names: tuple[str, ...]) -> list[Element]:
    fields = ItemVersion._meta
    return [Element(str(fields.get_field(n).verbose_name), str(getattr(version, n))) for n in names]  # type: ignore[union-attr]


def before_you_come(version: ItemVersion) -> list[Element]:
    """What is read first: for whom, under which conditions, where and when."""
    return _elements(version, ("audience", "conditions", "place_time", "visits"))


def how_it_goes(version: ItemVersion) -> list[Element]:
    """The way of the matter, what it costs and what comes out."""
    return _elements(version, ("steps", "fee", "fee_basis", "result"))


def rights(version: ItemVersion) -> list[Element]:
    """Who decides, on which law, and what one can do against it."""
    return _elements(version, ("basis", "authority", "enquiry", "complaints", "remedies"))
