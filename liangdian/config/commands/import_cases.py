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


def run(args: argparse.Namespace) -> int:
    progress = Progress("matters")
    result = import_cases(
        path=args.file, mapping=args.map, actor=SYSTEM, at=datetime.now(UTC), progress=progress
    )
    print(progress.end(result.read, result.rejected))
    print(f"{result.created:,} new, {result.unchanged:,} were there already.")
    if result.rejected:
        print(f"The rejected rows, with line and reason: {result.rejected_path}")
    return 0
