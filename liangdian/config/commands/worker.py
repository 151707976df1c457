"""``liangdian worker``: only the job worker, for installations with several machines."""

from __future__ import annotations

import argparse

from liangdian.platform.jobs.worker import run_worker


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults()


def run(args: argparse.Namespace) -> int:
    run_worker()
    return 0
