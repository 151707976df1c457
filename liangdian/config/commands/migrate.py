"""``liangdian migrate``: bring the database up to date. Safe when two start at once."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from django.core.management import call_command

from liangdian.casework.selectors import limit_codes
from liangdian.casework.services import seed_limit_rules
from liangdian.platform.database.facts import session_lock


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="say nothing")


def run(args: argparse.Namespace) -> int:
    migrate(verbosity=0 if args.quiet else 1)
    return 0


def migrate(*, verbosity: int) -> None:
    """Apply the migrations; a second process waits for the first and then finds nothing to do."""
    with session_lock("migrate"):
        call_command("migrate", interactive=False, verbosity=verbosity)
        # A new release may bring limits that the one before did not know; the first ones come with init.
        if limit_codes():
            seed_limit_rules(valid_from=datetime.now(UTC))
