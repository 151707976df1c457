"""``python -m bench.hall``: the measured claims of the hall, with 50,000 tickets in the day's tables."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import hall_calls, hall_screens
from bench.machine import free_port, serving
from liangdian.config.embedded import EmbeddedPostgres

RESULT = Path(__file__).parent / "results" / "hall.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.hall", description=__doc__)
    parser.add_argument("--tickets", type=int, default=50_000)
    parser.add_argument("--waiting", type=int, default=25_000)
    parser.add_argument("--clerks", type=int, default=8)
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--pause-ms", type=float, default=200.0, help="between two presses of one clerk")
    parser.add_argument("--listeners", type=int, default=200)
    parser.add_argument("--presses", type=int, default=200)
    args = parser.parse_args()
    before = round(os.getloadavg()[0], 1)
    server = EmbeddedPostgres(Path(tempfile.mkdtemp(prefix="liangdian-bench-")))
    server.start()
    try:
        server.create_database("bench")
        os.environ.update(DATABASE_URL=server.url("bench"), DJANGO_SETTINGS_MODULE="bench.settings")
        found = _measure(args)
    finally:
        server.stop()
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "cores": os.cpu_count(),
        "load_before": before, "tickets": args.tickets, "waiting": args.waiting, "clerks": args.clerks,
        **found,
    }  # fmt: skip
    print(json.dumps(result, indent=2))
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    return 0


def _measure(args: argparse.Namespace) -> dict[str, Any]:
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        clerks = pool.apply(hall_calls.prepare, (args.tickets, args.waiting, args.clerks))
        given = pool.apply(hall_screens.given)
    port = free_port()
    with serving(port):
        kiosk = hall_screens.measure_kiosk(
            port=port, token=given["kiosk"], item=given["item"], presses=args.presses
        )
    board = hall_screens.measure_board(
        context, port=free_port(), ticket=given["ticket"], listeners=args.listeners, clerk=clerks[0]
    )
    paced = hall_calls.measure(context, given=clerks, calls=args.calls, pause_ms=args.pause_ms)
    at_once = hall_calls.measure(context, given=clerks, calls=args.calls, pause_ms=0)
    return {"kiosk_press_to_slip": kiosk, "board": board, "next": paced, "next_without_pause": at_once}


if __name__ == "__main__":
    raise SystemExit(main())
