"""``liangdian demo``: the demonstration centre, loaded once into an empty database."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from django.conf import settings

from liangdian.config.commands.migrate import migrate
from liangdian.config.demo import demonstration_accounts, load_demonstration
from liangdian.foundation.refused import Refused
from liangdian.platform.database.facts import DEMONSTRATION, INITIALISED, is_fact, only_one, record_fact


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults()


def run(args: argparse.Namespace) -> int:
    migrate(verbosity=0)
    if load_once():
        print("The demonstration centre is loaded.")
    else:
        print("The demonstration centre is there already; nothing was changed.")
    print(accounts_text())
    return 0


def load_once() -> bool:
    """Load the demonstration unless it was loaded before; all of it or nothing.

    Raises Refused in a real installation, where the demonstration's passwords must never work.
    """
    if not settings.DEMONSTRATION:
        raise Refused("This is a real installation: the demonstration cannot be loaded here.")
    with only_one(DEMONSTRATION):
        if is_fact(INITIALISED):
            raise Refused("This database belongs to a real installation: no demonstration here.")
        if is_fact(DEMONSTRATION):
            return False
        load_demonstration()
        record_fact(DEMONSTRATION, at=datetime.now(UTC))
    return True


def accounts_text() -> str:
    """One line for every account: role, user name, password, and who it is."""
    accounts = demonstration_accounts()
    width = max(len(str(account.role)) for account in accounts)
    names = max(len(account.username) for account in accounts)
    return "\n".join(
        f"  {account.role!s:<{width}}  {account.username:<{names}}  {account.password}  {account.name}"
        for account in accounts
    )
