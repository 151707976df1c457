"""Pure rules of the tree."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liangdian.foundation.refused import Invalid
from liangdian.registers.organisation.models import Level

NAME_LANGUAGES = ("zh-hans", "zh-hant", "en")

# What may stand below what; a section may stand in every unit, also in another section.
BELOW: dict[str | None, frozenset[str]] = {
    None: frozenset({Level.DISTRICT, Level.SUB_DISTRICT, Level.COMMUNITY}),
    Level.DISTRICT: frozenset({Level.SUB_DISTRICT, Level.SECTION}),
    Level.SUB_DISTRICT: frozenset({Level.COMMUNITY, Level.SECTION}),
    Level.COMMUNITY: frozenset({Level.SECTION}),
    Level.SECTION: frozenset({Level.SECTION}),
}


def check_level(level: str, above: str | None) -> None:
    """Raises ``Invalid`` when a unit of this level cannot stand below one of the level ``above``."""
    if level not in BELOW.get(above, frozenset()):
        raise Invalid(
            _("A unit of this level cannot stand here. Please choose another level or another unit above."),
            field="level",
        )
