"""``liangdian serve``: database, web server and job worker in one command."""

from __future__ import annotations

import argparse
import os

from liangdian.config.serve import Choices, serve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default=os.environ.get("LIANGDIAN_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("LIANGDIAN_PORT", "8000")))
    parser.add_argument(
        "--live-port", type=int, default=int(os.environ.get("LIANGDIAN_LIVE_PORT", "0")),
        help="where the boards' stream listens (the next port, else a free one)",
    )  # fmt: skip
    parser.add_argument("--workers", type=int, default=2, help="processes that answer requests (2)")
    parser.add_argument("--no-worker", action="store_true", help="without the job worker")
    parser.add_argument(
        "--no-demonstration", action="store_true", help="do not load the demonstration on the first start"
    )


def run(args: argparse.Namespace) -> int:
    return serve(
        Choices(
            host=args.host,
            port=args.port,
            live_port=args.live_port,
            workers=args.workers,
            worker=not args.no_worker,
            demonstration=not args.no_demonstration,
        )
    )
