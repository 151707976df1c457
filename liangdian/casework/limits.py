"""Reading the limit rules: what holds, what comes, what held before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from liangdian.casework import policy
from liangdian.casework.limit_names import label_of, law_most, source_in_language
from liangdian.casework.models import LimitRule
from liangdian.casework.timeline import limit_words
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import NotFound


@dataclass(frozen=True, slots=True)
class Version:
    """One version in words; ``when``: ``now``, ``later`` or ``before``."""

    rule: LimitRule
    words: str
    when: str

    @property
    def source(self) -> object:
        return source_in_language(self.rule.source)


@dataclass(frozen=True, slots=True)
class LimitPage:
    """One limit: the newest version first. ``law_most``: what the law allows, in words."""

    code: str
    label: object
    versions: list[Version]
    law_most: str

    @property
    def now(self) -> Version | None:
        return next((version for version in self.versions if version.when == "now"), None)

    @property
    def later(self) -> list[Version]:
        return [version for version in self.versions if version.when == "later"]


def overview(*, actor: Actor, today: date) -> list[LimitPage]:
    """All limits by name. One query. Raises NotAllowed."""
    policy.require_limit_reader(actor)
    rules: dict[str, list[LimitRule]] = {}
    for rule in LimitRule.objects.order_by("code", "-version"):
        rules.setdefault(rule.code, []).append(rule)
    return [_page(code, found, today) for code, found in rules.items()]


def page_of(*, actor: Actor, code: str, today: date) -> LimitPage:
    """One limit with all its versions. Raises NotAllowed and NotFound."""
    policy.require_limit_reader(actor)
    found = list(LimitRule.objects.filter(code=code[:40]).order_by("-version"))
    if not found:
        raise NotFound(_("There is no such limit."))
    return _page(code, found, today)


def _page(code: str, rules: list[LimitRule], today: date) -> LimitPage:
    """The highest version that has begun holds; what stands below it held before."""
    begun = next((rule.version for rule in rules if rule.valid_from <= today), 0)
    versions = [
        Version(
            rule,
            limit_words(rule.amount, rule.unit),
            "now" if rule.version == begun else "later" if rule.version > begun else "before",
        )
        for rule in rules
    ]
    most = law_most(code)
    return LimitPage(code, label_of(code), versions, limit_words(most.amount, most.unit) if most else "")
