"""What the clients ask for: pages, the same through the API, and the floors on the same server."""

from __future__ import annotations

import itertools
import json
import re
import urllib.request
import uuid
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from bench.client import Request, Sent

WORD = "腿脚"


def requests_of(port: int, given: dict[str, Any]) -> dict[str, Request]:
    """Every kind of request by its name."""
    form = _intake_form(port, given["cookies"])
    session = {"Cookie": "; ".join(f"{k}={v}" for k, v in form["cookies"].items())}
    bearer = {"Authorization": f"Bearer {given['token']}", "Content-Type": "application/json"}
    searched = json.dumps({"text": WORD}).encode()
    in_address = urlencode({"q": WORD})

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
    reads = {
        "worklist": lambda: ("GET", "/cases/?list=unit", b"", session),
        "api_worklist": lambda: ("GET", "/api/v1/cases?list=unit", b"", bearer),
        "case": lambda: ("GET", f"/cases/{next(case)}/", b"", session),
        "api_case": lambda: ("GET", f"/api/v1/cases/{next(case)}", b"", bearer),
        "search": lambda: ("GET", "/cases/search/?" + in_address, b"", session),
        "api_search": lambda: ("POST", "/api/v1/cases/search", searched, bearer),
    }
    return {
        "bare_worklist": lambda: ("GET", "/floor/worklist/", b"", {}),
        "bare_case": lambda: ("GET", f"/floor/case/{next(case)}/", b"", {}),
        "bare_search": lambda: ("GET", "/floor/search/?" + in_address, b"", {}),
        **{key: kind for name in reads for key, kind in ((name, reads[name]), _floor_of(name))},
        "intake_floor": lambda: ("POST", "/floor/intake/", b"", {}),
        "intake": intake,
        "api_intake": api_intake,
        "api_intake_with_key": api_intake_once,
    }


def _floor_of(name: str) -> tuple[str, Request]:
    """The bare view that runs the statements which the request of this name runs."""
    return f"{name}_floor", lambda: ("GET", f"/floor/page/{name}/", b"", {})


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
        "channel": "window", "words": "我今年七十六了，想办优待证，能不能帮我？", "address": "",
        "identity": "", "about": "",
    }  # fmt: skip
    return {"fields": fields, "cookies": {**cookies, **{k: m.value for k, m in jar.items()}}}
