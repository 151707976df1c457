"""The first rows of a real installation."""

from __future__ import annotations

from datetime import UTC, datetime

from liangdian.casework.services import seed_limit_rules
from liangdian.config.commands.migrate import migrate
from liangdian.foundation.actor import SYSTEM, Role
from liangdian.foundation.refused import Refused
from liangdian.platform.accounts.services import create_administrator
from liangdian.platform.database.facts import DEMONSTRATION, INITIALISED, is_fact, only_one, record_fact
from liangdian.registers.calendar.services import seed_from_library, seed_hours
from liangdian.registers.organisation.services import create_unit


def found(
    *, unit: str, code: str, level: str, username: str, name: str, security_username: str, security_name: str
) -> tuple[str, str]:
    """Root unit, calendar, first system and first security administrator, all or nothing.

    Returns the passwords of the two, who must be two people (GB/T 22239-2019).

    Raises Refused when the database holds a demonstration or an installation.
    """
    migrate(verbosity=0)
    with only_one(DEMONSTRATION):
        if is_fact(DEMONSTRATION):
            raise Refused(
                "This database holds the demonstration. Use another folder (LIANGDIAN_VAR) "
                "or another database."
            )
        if is_fact(INITIALISED):
            raise Refused("This database belongs to an installation already. Nothing was changed.")
        at = datetime.now(UTC)
        root = create_unit(actor=SYSTEM, name=unit, code=code, level=level, at=at)
        _user, password = create_administrator(
            username=username, name=name, unit_id=root.pk, unit_path=root.path, at=at
        )
        _user, security_password = create_administrator(
            username=security_username, name=security_name, unit_id=root.pk, unit_path=root.path, at=at,
            role=Role.SECURITY,
        )  # fmt: skip
        seed_from_library(at=at)
        seed_hours()
        seed_limit_rules(valid_from=at)
        record_fact(INITIALISED, at=at)
    return password, security_password
