"""``liangdian check``: is the installation healthy? The exit code says it to other programs."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from liangdian.config.checkup import State, examine


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "One line a question. Exit code 0: healthy; 1: something fails."
    parser.add_argument("--strict", action="store_true", help="warnings count as failures")


def run(args: argparse.Namespace) -> int:
    bad = {State.FAIL, State.WARN} if args.strict else {State.FAIL}
    failed = 0
    for finding in examine(at=datetime.now(UTC)):
        print(f"{finding.state.value:<4}  {finding.name:<14}  {finding.words}")
        failed += finding.state in bad
    print(f"{failed} to be mended." if failed else "The installation is healthy.")
    return 1 if failed else 0
