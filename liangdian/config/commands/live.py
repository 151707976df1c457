"""``liangdian live``: only the live server of the boards, for installations with several machines."""

from __future__ import annotations

import argparse
import os

from liangdian.config.serve import live_command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default=os.environ.get("LIANGDIAN_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("LIANGDIAN_LIVE_PORT", "8001")))


def run(args: argparse.Namespace) -> int:
    command = live_command(args.host, args.port)
    os.execv(command[0], command)
