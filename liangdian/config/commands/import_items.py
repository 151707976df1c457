"""``liangdian import items FILE``: service items from CSV or xlsx."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from liangdian.config.commands.progress import Progress, lines_in
from liangdian.foundation.actor import SYSTEM
from liangdian.registers.catalogue.imports import import_items


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV (UTF-8 or GB18030) or xlsx")


def run(args: argparse.Namespace) -> int:
    progress = Progress("items", total=lines_in(args.file))
    result = import_items(path=args.file, actor=SYSTEM, at=datetime.now(UTC), progress=progress)
    print(progress.end(result.read, result.rejected))
    print(f"{result.created:,} new, {result.updated:,} changed, {result.unchanged:,} as they were.")
    if result.rejected:
        print(f"The rejected rows, with line and reason: {result.rejected_path}")
    return 0
