"""``liangdian import cases FILE --map MAPPING``: matters from CSV or xlsx."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from liangdian.casework.imports import import_cases
from liangdian.config.commands.progress import Progress
from liangdian.foundation.actor import SYSTEM


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV (UTF-8 or GB18030) or xlsx")
    parser.add_argument("--map", required=True, metavar="MAPPING", help="a shipped mapping's name, or a file")
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
    progress = Progress("matters")
    result = import_cases(
        path=args.file,
        mapping=args.map,
        actor=SYSTEM,
        at=datetime.now(UTC),
        unit=args.unit,
        first_handler=args.first_handler,
        progress=progress,
    )
    print(progress.end(result.read, result.rejected))
    print(f"{result.created:,} new, {result.unchanged:,} were there already.")
    if result.rejected:
        print(f"The rejected rows, with line and reason: {result.rejected_path}")
    return 0
