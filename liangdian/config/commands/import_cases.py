"""``liangdian import cases FILE --map MAPPING``: matters from CSV or xlsx."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from django.utils import translation

from liangdian.casework.imports import import_cases, shipped_names
from liangdian.config.commands.progress import Progress, lines_in
from liangdian.foundation.actor import SYSTEM


def add_arguments(parser: argparse.ArgumentParser) -> None:
    shipped = ", ".join(shipped_names())
    parser.add_argument("file", type=Path, help="CSV (UTF-8 or GB18030) or xlsx")
    parser.add_argument(
        "--map",
        required=True,
        metavar="MAPPING",
        help=f"a mapping: a TOML file, or one that is shipped ({shipped})",
    )
    parser.add_argument(
        "--unit", default="", metavar="CODE", help="the unit that received them (the top one)"
    )
    parser.add_argument(
        "--first-handler",
        default="",
        metavar="USERNAME",
        help="who answers for them (the unit's coordinator)",
    )


def run(args: argparse.Namespace) -> int:
    progress = Progress("rows", total=lines_in(args.file))
    # The reasons in the file of rejected rows speak the language of the command line.
    with translation.override("en"):
        done = import_cases(
            path=args.file,
            mapping=args.map,
            actor=SYSTEM,
            at=datetime.now(UTC),
            unit=args.unit,
            first_handler=args.first_handler,
            progress=progress,
        )
    print(progress.end(done.read, done.rejected))
    print(f"{done.created:,} imported, {done.unchanged:,} unchanged because they were there already.")
    if done.rejected:
        print(f"The rejected rows, with line and reason: {done.rejected_path}")
    return 0
