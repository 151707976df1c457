"""``liangdian create-admin``: a further administrator, when nobody can sign in any more."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from liangdian.registers.organisation.services import create_administrator


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--username", required=True)
    parser.add_argument("--name", required=True)


def run(args: argparse.Namespace) -> int:
    _user, password = create_administrator(username=args.username, name=args.name, at=datetime.now(UTC))
    print(f"Administrator {args.username}, password {password} (to be changed at the first sign-in).")
    return 0
