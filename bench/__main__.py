"""``make bench``: the measured claims. Product and floor in one run, on one server, one after the other."""

from __future__ import annotations

import argparse
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
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from bench.client import Result, drive
from liangdian.config.embedded import EmbeddedPostgres

HERE = Path(__file__).parent
WORD = urlencode({"q": "腿脚"})


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--clients", type=int, default=8)
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="liangdian-bench-"))
    server = EmbeddedPostgres(folder)
    server.start()
    try:
        server.create_database("bench")
        os.environ.update(
            DATABASE_URL=server.url("bench"), DJANGO_SETTINGS_MODULE="bench.settings", LIANGDIAN_POOL="1"
        )
        cookies = _prepare(cases=args.cases)
        port = _free_port()
        web = _serve(port)
        try:
            results = _measure(port, cookies, args)
        finally:
            web.terminate()
            web.wait()
    finally:
        server.stop()
    _report(results, args)
    return 0


def _prepare(*, cases: int) -> dict[str, str]:
    """Database, demonstration, 100,000 cases and a signed-in session, made in a child process."""
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


def _measure(port: int, cookies: dict[str, str], args: argparse.Namespace) -> dict[str, Result]:
    form = _intake_form(port, cookies)
    common = {"port": port, "seconds": args.seconds, "clients": args.clients}
    session = {"Cookie": "; ".join(f"{k}={v}" for k, v in form["cookies"].items())}

    def intake() -> tuple[str, str, bytes, dict[str, str]]:
        number = uuid.uuid4().int
        fields = {
            **form["fields"], "submission_key": uuid.uuid4().hex, "resident_name": f"居民{number % 99991}",
            "phone": f"199{number % 10**8:08d}",
        }  # fmt: skip
        headers = {**session, "Content-Type": "application/x-www-form-urlencoded"}
        return "POST", "/cases/new/", urlencode(fields).encode(), headers

    return {
        "worklist_floor": drive(request=lambda: ("GET", "/floor/worklist/", b"", {}), **common),
        "worklist": drive(request=lambda: ("GET", "/cases/?list=unit", b"", session), **common),
        "search": drive(
            request=lambda: ("GET", "/cases/search/?q=" + "%E8%85%BF%E8%84%9A", b"", session), **common
        ),
        "intake_floor": drive(request=lambda: ("POST", "/floor/intake/", b"", {}), **common),
        "intake": drive(request=intake, **common),
    }


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


def _report(results: dict[str, Result], args: argparse.Namespace) -> None:
    intake, floor = results["intake"], results["intake_floor"]
    ratios = {
        "intake_requests_per_second_to_floor": round(intake.per_second / floor.per_second, 2),
        "worklist_p95_to_floor": round(results["worklist"].p95_ms / results["worklist_floor"].p95_ms, 2),
        "search_p95_to_floor": round(results["search"].p95_ms / results["worklist_floor"].p95_ms, 2),
    }
    found = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "cases": args.cases, "clients": args.clients,
        "server_processes": 2, "cores": os.cpu_count(),
        "results": {name: result.as_json() for name, result in results.items()}, "ratios": ratios,
    }  # fmt: skip
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / "main_job.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"{'':<16}{'requests/s':>12}{'p50 ms':>10}{'p95 ms':>10}  answers")
    for name, r in results.items():
        print(f"{name:<16}{r.per_second:>12}{r.p50_ms:>10}{r.p95_ms:>10}  {r.statuses}")
    for name, ratio in ratios.items():
        print(f"{name}: {ratio}")


if __name__ == "__main__":
    raise SystemExit(main())
