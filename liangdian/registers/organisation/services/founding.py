"""The first unit and administrator of an installation, and further administrators from the shell."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.refused import Refused
from liangdian.platform.accounts import services as accounts
from liangdian.platform.accounts.selectors import User
from liangdian.registers.organisation import selectors
from liangdian.registers.organisation.models import Level, Unit
from liangdian.registers.organisation.services.tree import create_unit


@transaction.atomic
def found(
    *,
    centre_name: str,
    username: str,
    name: str,
    at: datetime,
    centre_code: str = "centre",
    level: str = Level.SUB_DISTRICT,
    password: str | None = None,
) -> tuple[Unit, User, str]:
    """Begin a real installation: the unit at the top and its administrator. Refused when one exists.

    Returns the unit, the account and its password (random when none is given; to be changed at sign-in).
    """
    if selectors.root_unit() is not None:
        raise Refused(_("This installation has already begun. Use create-admin to add an administrator."))
    unit = create_unit(actor=SYSTEM, name=centre_name, code=centre_code, level=level, at=at)
    user, secret = accounts.create_administrator(
        username=username, name=name, unit_id=unit.pk, unit_path=unit.path, password=password, at=at
    )
    return unit, user, secret


@transaction.atomic
def create_administrator(
    *, username: str, name: str, at: datetime, password: str | None = None, unit_code: str | None = None
) -> tuple[User, str]:
    """A further administrator for the unit with ``unit_code`` (the top one by default)."""
    unit = selectors.unit_by_code(unit_code) if unit_code else selectors.root_unit()
    if unit is None:
        raise Refused(_("There is no such unit yet. Run init first, or give the code of a unit that exists."))
    return accounts.create_administrator(
        username=username, name=name, unit_id=unit.pk, unit_path=unit.path, password=password, at=at
    )
