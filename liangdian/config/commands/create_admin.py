"""``liangdian create-admin``: a further administrator, when nobody can sign in any more."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from liangdian.foundation.refused import NotFound
from liangdian.platform.accounts.services import create_administrator
from liangdian.registers.organisation.selectors import root_units


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--username", required=True)
    parser.add_argument("--name", required=True)


def run(args: argparse.Namespace) -> int:
    root = next(iter(root_units()), None)
    if root is None:
        raise NotFound("There is no unit yet. Make the installation first: liangdian init.")
    _user, password = create_administrator(
        username=args.username, name=args.name, unit_id=root.pk, unit_path=root.path, at=datetime.now(UTC)
    )
    print(f"Administrator {args.username}, password {password} (to be changed at the first sign-in).")
    return 0
