"""The desk behind the website: who receives what residents send, and how they find it again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liangdian.casework import selectors as casework
from liangdian.casework.links import link_path
from liangdian.foundation.actor import Role
from liangdian.foundation.refused import Invalid
from liangdian.platform.accounts import selectors as accounts
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.people import selectors as people

RECEIVERS = (Role.CLERK, Role.HANDLER, Role.SECRETARY, Role.COORDINATOR)


def first_handler_for(*, unit_id: int) -> int:
    """The clerk of the unit with the fewest open matters; else its handler, secretary, superior.

    Raises Invalid when nobody at all could receive it: a matter without a first handler does not exist.
    """
    unit = organisation.unit_by_id(unit_id)
    for role in RECEIVERS:
        if staff := accounts.holders_reaching(role, unit.path):
            return casework.least_burdened([user.pk for user in staff])
    raise Invalid(
        _("This community has nobody to receive matters yet. Please choose another, or come to the window."),
        field="unit",
    )


def link_for(*, reference: str, phone: str) -> str:
    """The path of the resident's own page when number and phone belong together; empty otherwise."""
    resident_id = casework.resident_of(reference=reference)
    if resident_id is None or not people.has_phone(resident_id=resident_id, phone=phone):
        return ""
    return link_path(reference)
