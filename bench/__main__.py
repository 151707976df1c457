"""``make bench``: the measured claims. Product and floor in one run, on one server, one after the other."""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.client import Request, Result, Sent, drive
from liangdian.config.embedded import EmbeddedPostgres

HERE = Path(__file__).parent
WORD = urlencode({"q": "腿脚"})


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="names of results, with commas; nothing is written then")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="liangdian-bench-"))
    server = EmbeddedPostgres(folder)
    server.start()
    try:
        server.create_database("bench")
        os.environ.update(
            DATABASE_URL=server.url("bench"), DJANGO_SETTINGS_MODULE="bench.settings", LIANGDIAN_POOL="1"
        )
        given = _prepare(cases=args.cases)
        os.environ["BENCH_PATTERN"] = str(given["pattern"])
        port = _free_port()
        web = _serve(port)
        try:
            results = _measure(port, given, args)
        finally:
            web.terminate()
            web.wait()
    finally:
        server.stop()
    _report(results, args)
    return 0


def _prepare(*, cases: int) -> dict[str, Any]:
    """Database, demonstration, 100,000 cases, a session and a token, made in a child process."""
    out = subprocess.run(
        [sys.executable, "-m", "bench.prepare", str(cases)], check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(out.stdout.strip().splitlines()[-1])


def _serve(port: int) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--workers",
        "2",
        "--host",
        "127.0.0.1",
    ]
    command += [
        "--port",
        str(port),
        "--blocking-threads",
        "2",
        "--no-access-log",
        "liangdian.config.wsgi:application",
    ]
    web = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return web
        time.sleep(0.1)
    raise SystemExit("The server did not start.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _measure(port: int, given: dict[str, Any], args: argparse.Namespace) -> dict[str, Result]:
    """Every kind of request for some seconds, all of them in each round; the median round counts."""
    kinds = _requests(port, given)
    wanted = [name for name in kinds if not args.only or name in args.only.split(",")]
    rounds: dict[str, list[Result]] = {name: [] for name in wanted}
    for _round in range(args.rounds):
        for name in wanted:
            rounds[name].append(
                drive(port=port, request=kinds[name], seconds=args.seconds, clients=args.clients)
            )
    return {
        name: sorted(found, key=lambda r: r.per_second)[len(found) // 2] for name, found in rounds.items()
    }


def _requests(port: int, given: dict[str, Any]) -> dict[str, Request]:
    form = _intake_form(port, given["cookies"])
    session = {"Cookie": "; ".join(f"{k}={v}" for k, v in form["cookies"].items())}
    bearer = {"Authorization": f"Bearer {given['token']}", "Content-Type": "application/json"}
    searched = json.dumps({"text": "腿脚"}).encode()

    def intake() -> Sent:
        name, phone = _somebody()
        fields = {
            **form["fields"], "submission_key": uuid.uuid4().hex, "resident_name": name, "phone": phone,
        }  # fmt: skip
        headers = {**session, "Content-Type": "application/x-www-form-urlencoded"}
        return "POST", "/cases/new/", urlencode(fields).encode(), headers

    def api_intake() -> Sent:
        name, phone = _somebody()
        body = {
            "kind": "service", "channel": "window", "item": "MZ-001", "resident_name": name, "phone": phone,
            "words": form["fields"]["words"],
        }  # fmt: skip
        return "POST", "/api/v1/cases", json.dumps(body).encode(), bearer

    def api_intake_once() -> Sent:
        method, path, body, headers = api_intake()
        return method, path, body, {**headers, "Idempotency-Key": uuid.uuid4().hex}

    case = _case_reference()
    return {
        "worklist_floor": lambda: ("GET", "/floor/worklist/", b"", {}),
        "worklist": lambda: ("GET", "/cases/?list=unit", b"", session),
        "api_worklist": lambda: ("GET", "/api/v1/cases?list=unit", b"", bearer),
        "case_floor": lambda: ("GET", f"/floor/case/{next(case)}/", b"", {}),
        "case": lambda: ("GET", f"/cases/{next(case)}/", b"", session),
        "api_case": lambda: ("GET", f"/api/v1/cases/{next(case)}", b"", bearer),
        "search": lambda: ("GET", "/cases/search/?" + WORD, b"", session),
        "api_search": lambda: ("POST", "/api/v1/cases/search", searched, bearer),
        "intake_floor": lambda: ("POST", "/floor/intake/", b"", {}),
        "intake": intake,
        "api_intake": api_intake,
        "api_intake_with_key": api_intake_once,
    }


def _somebody() -> tuple[str, str]:
    """A resident whom nobody knows yet."""
    number = uuid.uuid4().int
    return f"居民{number % 99991}", f"199{number % 10**8:08d}"


def _case_reference() -> Iterator[str]:
    """Numbers of the multiplied cases, each client's request another one."""
    return (f"XX-2026-{number % 1000 + 1:06d}" for number in itertools.count())


def _intake_form(port: int, cookies: dict[str, str]) -> dict[str, dict[str, str]]:
    header = "; ".join(f"{k}={v}" for k, v in cookies.items())
    request = urllib.request.Request(f"http://127.0.0.1:{port}/cases/new/", headers={"Cookie": header})
    with urllib.request.urlopen(request) as answer:
        page = answer.read().decode()
        jar = SimpleCookie()
        for line in answer.headers.get_all("Set-Cookie") or []:
            jar.load(line)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    unit = re.search(r'name="unit" value="(\d+)"', page)
    item = re.search(r'<option value="([^"]*MZ-001[^"]*)"', page)
    assert token and unit and item
    fields = {
        "csrfmiddlewaretoken": token[1], "unit": unit[1], "item": item[1], "kind": "service",
        "channel": "window", "words": "我今年七十六了，腿脚不好，想办优待证。", "address": "", "identity": "",
        "about": "",
    }  # fmt: skip
    return {"fields": fields, "cookies": {**cookies, **{k: m.value for k, m in jar.items()}}}


RATIOS = {
    "worklist": ("p95_ms", "worklist_floor"), "api_worklist": ("p95_ms", "worklist_floor"),
    "case": ("p95_ms", "case_floor"), "api_case": ("p95_ms", "case_floor"),
    "search": ("p95_ms", "worklist_floor"), "api_search": ("p95_ms", "worklist_floor"),
    "intake": ("per_second", "intake_floor"), "api_intake": ("per_second", "intake_floor"),
    "api_intake_with_key": ("per_second", "intake_floor"),
}  # fmt: skip


def _report(results: dict[str, Result], args: argparse.Namespace) -> None:
    ratios = {
        f"{name}_{measure}_to_floor": round(
            getattr(results[name], measure) / getattr(results[floor], measure), 2
        )
        for name, (measure, floor) in RATIOS.items()
        if name in results and floor in results
    }
    found = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "cases": args.cases, "clients": args.clients,
        "rounds": args.rounds, "server_processes": 2, "cores": os.cpu_count(),
        "results": {name: result.as_json() for name, result in results.items()}, "ratios": ratios,
    }  # fmt: skip
    if not args.only:
        (HERE / "results").mkdir(exist_ok=True)
        text = json.dumps(found, indent=2) + "\n"
        (HERE / "results" / "main_job.json").write_text(text, encoding="utf-8")
    print(f"{'':<20}{'requests/s':>12}{'p50 ms':>10}{'p95 ms':>10}  answers")
    for name, r in results.items():
        print(f"{name:<20}{r.per_second:>12}{r.p50_ms:>10}{r.p95_ms:>10}  {r.statuses}")
    for name, ratio in ratios.items():
        print(f"{name}: {ratio}")


if __name__ == "__main__":
    raise SystemExit(main())
