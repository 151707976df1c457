"""``liangdian create-admin``: a further administrator, when nobody can sign in any more."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from liangdian.foundation.actor import Role
from liangdian.foundation.refused import NotFound
from liangdian.platform.accounts.services import create_administrator
from liangdian.registers.organisation.selectors import root_units


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--username", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument(
        "--role",
        default=Role.ADMINISTRATOR.value,
        choices=[Role.ADMINISTRATOR.value, Role.SECURITY.value, Role.AUDITOR.value],
        help="which of the three (administrator)",
    )


def run(args: argparse.Namespace) -> int:
    root = next(iter(root_units()), None)
    if root is None:
        raise NotFound("There is no unit yet. Make the installation first: liangdian init.")
    _user, password = create_administrator(
        username=args.username, name=args.name, unit_id=root.pk, unit_path=root.path, at=datetime.now(UTC),
        role=Role(args.role),
    )  # fmt: skip
    print(
        f"{args.role.capitalize()} {args.username}, password {password} (to be changed at the first sign-in)."
    )
    return 0
