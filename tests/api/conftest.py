"""A house with people who have tokens, and a client that speaks JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from liangdian.platform.accounts import tokens
from liangdian.platform.accounts.token_model import Scope
from liangdian.platform.api import rates
from tests.casework.conftest import House, house

__all__ = ["house"]

ALL = tuple(Scope.values)


@dataclass
class Caller:
    """One person's program: calls the API with a token."""

    secret: str

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret:
            named.setdefault("Authorization", f"Bearer {self.secret}")
        content = b"" if body is None else json.dumps(body).encode()
        return Client().generic(
            method, f"/api/v1{path}", content, content_type="application/json", headers=named
        )

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self("POST", path, body, **headers)


Calling = Callable[..., Caller]


@pytest.fixture
def calling(house: House) -> Calling:
    """``calling("clerk")``: a program with a token of that person."""

    def make(name: str = "clerk", scopes: tuple[str, ...] = ALL) -> Caller:
        _token, secret = tokens.make_token(
            actor=house.actor(name), name="test", scopes=scopes, days=30, at=timezone.now()
        )
        return Caller(secret)

    return make


@pytest.fixture(autouse=True)
def _fresh_counts() -> Iterator[None]:
    rates.forget()
    yield
    rates.forget()


def matter(**changes: Any) -> dict[str, Any]:
    """The body of a request that registers a matter."""
    given = {
        "kind": "service", "channel": "window", "item": "MZ-001", "resident_name": "王桂兰",
        "phone": "13812342211", "words": "我今年七十六了，腿脚不好，想办优待证。",
    }  # fmt: skip
    return {**given, **changes}
