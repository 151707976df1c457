"""``liangdian init``: a real installation with fresh keys: root unit, system and security administrator."""

from __future__ import annotations

import argparse
from importlib import import_module

from liangdian.config.installation import load_installation, write_installation
from liangdian.config.places import INSTALLATION
from liangdian.config.session import database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--hosts", required=True, help="names under which it is reached: hall.example.cn")
    parser.add_argument("--unit", required=True, help="the name of the sub-district or district at the top")
    parser.add_argument("--code", required=True, help="its administrative code, such as 110102001000")
    parser.add_argument("--level", default="sub_district", choices=["district", "sub_district"])
    parser.add_argument("--username", default="admin", help="user name of the system administrator (admin)")
    parser.add_argument("--name", required=True, help="name of the system administrator")
    parser.add_argument(
        "--security-username", default="security", help="user name of the security administrator (security)"
    )
    parser.add_argument("--security-name", required=True, help="name of the security administrator")


def run(args: argparse.Namespace) -> int:
    write_installation(hosts=args.hosts, public_address=f"https://{args.hosts.split(',')[0]}")
    try:
        load_installation(over=True)
        with database():
            # Imported by name because it needs the settings that were just written.
            passwords = import_module("liangdian.config.founding").found(
                unit=args.unit, code=args.code, level=args.level, username=args.username, name=args.name,
                security_username=args.security_username, security_name=args.security_name,
            )  # fmt: skip
    except BaseException:
        INSTALLATION.unlink()
        raise
    print(f"The installation is made. Its keys are in {INSTALLATION}: keep a copy in a safe place.")
    print("Two people, each with a password of his own, to be changed at the first sign-in:")
    print(f"System administrator (units, items, calendar): {args.username}, password {passwords[0]}")
    print(f"Security administrator (accounts, roles): {args.security_username}, password {passwords[1]}")
    print("Start it with: liangdian serve")
    return 0
