"""``liangdian import disputes FILE``: disputes from JSON before the mediation committee."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from django.utils import translation

from liangdian.desks.mediation.importing import import_disputes
from liangdian.foundation.actor import SYSTEM


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="JSON: a list of disputes with type, description and parties")
    parser.add_argument(
        "--unit", default="", metavar="CODE", help="the unit where they arose (that of the only committee)"
    )
    parser.add_argument(
        "--first-handler", default="", metavar="USERNAME", help="who answers for them (the unit's mediator)"
    )


def run(args: argparse.Namespace) -> int:
    # The reasons in the file of rejected rows speak the language of the command line.
    with translation.override("en"):
        done = import_disputes(
            path=args.file, actor=SYSTEM, at=datetime.now(UTC), unit=args.unit,
            first_handler=args.first_handler,
        )  # fmt: skip
    print(f"{done.read:,} disputes read, {done.rejected:,} rejected.")
    print(f"{done.created:,} imported, {done.unchanged:,} unchanged because they were there already.")
    for kind, count in sorted(done.no_counterpart.items()):
        print(f"No category stands for “{kind}”: {count:,}")
    if done.rejected:
        print(f"The rejected rows, with line and reason: {done.rejected_path}")
    return 0
