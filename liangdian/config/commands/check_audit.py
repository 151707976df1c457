"""``liangdian check audit``: walk the chain of every case and name the first broken row."""

from __future__ import annotations

import argparse
import sys

from liangdian.casework.chain import verify

SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help=f"name every broken case, not only {SHOWN}")


def run(args: argparse.Namespace) -> int:
    broken = 0
    for row in verify():
        broken += 1
        if args.all or broken <= SHOWN:
            print(f"{row.reference}, row {row.seq}: {row.reason}", file=sys.stderr)
    if broken:
        print(f"liangdian: {broken} chains of events are broken.", file=sys.stderr)
        return 1
    print("Every chain of events holds.")
    return 0
