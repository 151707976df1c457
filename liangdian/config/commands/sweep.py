"""``liangdian sweep``: do now what the worker does every minute."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from liangdian.platform.jobs.registry import periodic_functions
from liangdian.platform.jobs.services import sweep


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults()


def run(args: argparse.Namespace) -> int:
    sweep(datetime.now(UTC))
    print(f"Done: {', '.join(name for name, _ in periodic_functions()) or 'nothing is declared'}.")
    return 0
