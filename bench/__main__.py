"""``make bench``: the measured claims. Product and floor in one run, on one server, one after the other."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import report
from bench.client import Result, drive
from bench.machine import PROCESSES, free_port, memory, serving
from bench.requests import requests_of
from liangdian.config.embedded import EmbeddedPostgres

LA_FILE = Path(__file__).parents[2] / "shared/data/requests_la_2017.csv"
WEB, ALONE = "web", ("search", "api_search")
PARTS = (WEB, "sweep", "import", "memory", "statements")
SWEEPS = 5


def main() -> int:
    args = _arguments()
    with tempfile.TemporaryDirectory(prefix="liangdian-bench-") as folder:
        server = EmbeddedPostgres(Path(folder))
        server.start()
        try:
            found = _measure(server, Path(folder), args)
        finally:
            server.stop()
    found = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "cases": args.cases, "clients": args.clients,
        "rounds": args.rounds, "server_processes": PROCESSES, "cores": os.cpu_count(), **found,
    }  # fmt: skip
    found |= {"ratios": report.ratios_of(found)}
    print(report.table_of(found))
    if not args.only:
        report.write(found)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--la-file", type=Path, default=LA_FILE, help="made up when it is not there")
    parser.add_argument(
        "--only", default="", help=f"{', '.join(PARTS)} or names of requests; nothing is written then"
    )
    return parser.parse_args()


def _measure(server: EmbeddedPostgres, folder: Path, args: argparse.Namespace) -> dict[str, Any]:
    wanted = set(args.only.split(",")) if args.only else set(PARTS)
    found: dict[str, Any] = {}
    _use(server, "base")
    _child("bench.base")
    if "import" in wanted:
        _use(server, "import")
        found["import"] = _child("bench.importing", str(args.la_file))
    if "sweep" in wanted:
        found["sweep"] = _sweeps(server, args.cases)
    if wanted - {"import", "sweep"}:
        _use(server, "bench")
        given = _child("bench.prepare", str(args.cases))
        if "statements" in wanted:
            found["statements"] = _child("bench.statements", json.dumps(given))
        os.environ.update(BENCH_PATTERN=str(given["pattern"]), BENCH_READS=str(folder / "reads.json"))
        _child("bench.reading", json.dumps(given), os.environ["BENCH_READS"])
        found |= _web(server, given, wanted, args)
    return found


def _use(server: EmbeddedPostgres, name: str) -> None:
    """From here on the children work in this database, a copy of the base when it was not there."""
    server.create_database(name, template="base" if name != "base" else "template1")
    os.environ.update(
        DATABASE_URL=server.url(name), DJANGO_SETTINGS_MODULE="bench.settings", LIANGDIAN_POOL="1"
    )


def _child(module: str, *arguments: str) -> dict[str, Any]:
    """What a module prints as its last line; it runs in a process of its own."""
    out = subprocess.run(
        [sys.executable, "-m", module, *arguments], check=True, stdout=subprocess.PIPE, text=True
    )
    answer: dict[str, Any] = json.loads(out.stdout.strip().splitlines()[-1])
    return answer


def _sweeps(server: EmbeddedPostgres, cases: int) -> dict[str, Any]:
    """The same 1,000 due among all matters and among a tenth of them, in turn; the medians count."""
    sizes = {"all": cases, "tenth": max(cases // 10, (SWEEPS + 1) * 1_000)}
    rounds: dict[str, list[dict[str, Any]]] = {name: [] for name in sizes}
    for name, size in sizes.items():
        _use(server, f"sweep_{name}")
        _child("bench.prepare", str(size))
    for _round in range(SWEEPS):
        for name in sizes:
            _use(server, f"sweep_{name}")
            rounds[name].append(_child("bench.clock"))
    return {
        name: {"cases": sizes[name], "rounds": each, "seconds": statistics.median(r["seconds"] for r in each)}
        for name, each in rounds.items()
    }


def _web(
    server: EmbeddedPostgres, given: dict[str, Any], wanted: set[str], args: argparse.Namespace
) -> dict[str, Any]:
    """Every kind of request for some seconds, all of them in each round; the median round counts."""
    port = free_port()
    found: dict[str, Any] = {}
    with serving(port) as web:
        kinds = requests_of(port, given)
        names = [name for name in kinds if WEB in wanted or name in wanted]
        rounds: dict[str, list[Result]] = {name: [] for name in names}
        for _round in range(args.rounds if names else 0):
            for name in names:
                rounds[name].append(
                    drive(port=port, request=kinds[name], seconds=args.seconds, clients=args.clients)
                )
        if names:
            found["results"] = {name: _middle(each).as_json() for name, each in rounds.items()}
        alone = [name for name in ALONE if name in names]
        if alone:
            found["alone"] = {
                name: drive(port=port, request=kinds[name], seconds=args.seconds, clients=1).as_json()
                for name in alone
            }
        if "memory" in wanted:
            assert server.process is not None
            found["memory_mib"] = memory(web=web, database=server.process)
    return found


def _middle(rounds: list[Result]) -> Result:
    return sorted(rounds, key=lambda r: r.per_second)[len(rounds) // 2]


if __name__ == "__main__":
    raise SystemExit(main())
