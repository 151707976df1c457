"""Limit rules (rules, "Rule zero"): a change is a new version; what was in force stays as it was."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from liangdian.casework import policy
from liangdian.casework.limit_names import longer_than_law
from liangdian.casework.models import LimitRule
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.limits import LONGEST, Limit, LimitUnit
from liangdian.foundation.refused import Invalid, NotFound, Stale
from liangdian.foundation.text import clean
from liangdian.platform.audit import services as audit_log
from liangdian.platform.database.facts import only_one

LONGEST_SOURCE = 200


def add_limit_version(
    *, actor: Actor, code: str, amount: int, unit: str, source: str, valid_from: date, seen: int, at: datetime
) -> LimitRule:
    """A new version of limit rule ``code``: ``amount`` of ``unit`` from the hall-local day ``valid_from`` on.

    Matters that run keep the version that they started with. ``seen`` is the newest version that the person
    saw. Raises NotAllowed, NotFound, Stale, and Invalid for a day before today or before the newest version,
    a limit longer than the law (Licensing Law Art. 32, 42, 44), or a version that changes nothing.
    """
    policy.require_limits(actor)
    with only_one("limit rules"):
        newest = LimitRule.objects.filter(code=code).order_by("-version").first()
        if newest is None:
            raise NotFound(_("There is no such limit."))
        if seen != newest.version:
            raise Stale(_("Somebody else changed this limit meanwhile. Look at it, then send again."))
        limit = _checked_limit(code, amount, unit)
        source = _checked_source(source)
        _check_day(valid_from, newest=newest, today=business_date(at))
        if (limit, source) == (newest.limit, newest.source):
            raise Invalid(_("This changes nothing. Change the limit or its source."), field="amount")
        made = LimitRule.objects.create(
            code=code, version=newest.version + 1, amount=limit.amount, unit=limit.unit.value, source=source,
            region=newest.region, valid_from=valid_from,
        )  # fmt: skip
        detail = f"v{made.version}, {limit.amount} {limit.unit.value}, {valid_from}, {source}"
        audit_log.record(actor, "limit_changed", "casework.limit", code, detail, at)
    return made


def _checked_limit(code: str, amount: int, unit: str) -> Limit:
    if unit not in set(LimitUnit):
        raise Invalid(_("Choose in what the limit is counted."), field="unit")
    at_once = unit == LimitUnit.AT_ONCE
    if at_once and not code.startswith("promise."):
        raise Invalid(_("Only a promise can be “at once”."), field="unit")
    if not at_once and not 1 <= amount <= LONGEST:
        raise Invalid(_("A limit lies between 1 and %(most)s.") % {"most": f"{LONGEST:,}"}, field="amount")
    limit = Limit(0 if at_once else amount, LimitUnit(unit))
    if longer_than_law(code, limit):
        raise Invalid(
            _("The law sets a shorter limit. Choose that or less, counted as the law counts."), field="amount"
        )
    return limit


def _checked_source(source: str) -> str:
    source = clean(source)
    if not source:
        raise Invalid(
            _("Say where the limit comes from: the law and article, or whose rule."), field="source"
        )
    if len(source) > LONGEST_SOURCE:
        raise Invalid(_("Keep the source under 200 characters."), field="source")
    return source


def _check_day(valid_from: date, *, newest: LimitRule, today: date) -> None:
    if valid_from < today:
        raise Invalid(
            _("A limit holds from today on, or later: what was promised stays."), field="valid_from"
        )
    if valid_from < newest.valid_from:
        raise Invalid(
            _("The version before begins on %(day)s. Choose that day or a later one.")
            % {"day": newest.valid_from},
            field="valid_from",
        )
