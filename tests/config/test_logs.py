"""Logs tell what happened under which number, and never who a resident is."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
from django.core.handlers.exception import response_for_exception
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from liangdian.casework.links import link_path
from liangdian.config.logging import hide, logging_at
from liangdian.platform.accounts import tokens
from liangdian.platform.accounts.token_model import Scope
from tests.casework.conftest import House

PHONE, IDENTITY, NAME = "13812342211", "522301195001011234", "王桂兰"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is written to the log as a real installation writes it."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    logging.config.dictConfig(logging_at("INFO"))
    written = io.StringIO()
    root.handlers[0].setStream(written)
    yield written
    root.handlers[:], root.level = before[0], before[1]


def parsed(written: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_every_request_is_one_line_with_its_number(house: House, lines: io.StringIO) -> None:
    client = Client()
    client.force_login(house.staff["clerk"])
    answer = client.get("/cases/", headers={"X-Request-ID": "proxy-abcdef01"})
    assert answer["X-Request-ID"] == "proxy-abcdef01"
    line = next(each for each in parsed(lines) if each["event"] == "request")
    assert line["request_id"] == "proxy-abcdef01" and line["user_id"] == house.id("clerk")
    assert line["path"] == "/cases/" and line["status"] == 200 and line["level"] == "info"


@pytest.mark.parametrize(
    "planted", [PHONE, f"call-{PHONE}", "x", "a b c d e f g h", "a" * 65, "{}{}{}{}{}{}", NAME, "abcdefg\tij"]
)
def test_a_number_from_outside_that_is_none_is_not_taken_over(
    db: None, lines: io.StringIO, planted: str
) -> None:
    answer = Client().get("/healthz", headers={"X-Request-ID": planted})
    assert answer["X-Request-ID"] != planted and len(answer["X-Request-ID"]) == 32
    assert planted not in lines.getvalue().replace(answer["X-Request-ID"], "") or planted == "x"


def test_what_residents_entrust_stands_in_no_line(house: House, lines: io.StringIO) -> None:
    case = house.case(identity="")
    _token, secret = tokens.make_token(
        actor=house.actor("clerk"), name="x", scopes=Scope.values, days=3, at=timezone.now()
    )
    link = link_path(case.reference)
    client = Client(raise_request_exception=False)
    bearer = {"Authorization": f"Bearer {secret}"}
    body = {"kind": "help", "channel": "phone", "words": NAME, "phone": PHONE, "identity": IDENTITY}
    client.get(link)
    client.get(f"{link}receipt.pdf")
    client.get(f"/m/{secret}/")
    client.get(f"/{NAME}/{PHONE}/")
    client.get(f"/cases/{NAME}/")
    client.get(f"/api/v1/cases/{NAME}{PHONE}", headers=bearer)
    client.get(f"/api/v1/{PHONE}", headers=bearer)
    client.post("/api/v1/cases", body, content_type="application/json", headers=bearer)
    client.get("/people/", {"q": f"{NAME} {PHONE} {IDENTITY}"})
    client.get("/", headers={"Host": f"{PHONE}.example", "User-Agent": NAME, "Referer": f"http://x{link}"})
    written = lines.getvalue()
    assert len(parsed(lines)) >= 10
    assert '"/m/…/"' in written and '"/m/…/receipt.pdf"' in written
    for secret_text in (PHONE, IDENTITY, NAME, secret, link.strip("/").removeprefix("m/")):
        assert secret_text not in written


def test_an_error_is_logged_with_its_place_and_without_its_words(
    house: House, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = link_path(house.case().reference)

    def fail(*args: object, **kwargs: object) -> None:
        raise ValueError(f"cannot read {NAME} {PHONE} {IDENTITY} {link}")

    monkeypatch.setattr("liangdian.casework.selectors.case_by_link", fail)
    monkeypatch.setattr("liangdian.platform.accounts.tokens.holder_of", fail)
    client = Client(raise_request_exception=False)
    assert client.get(link).status_code == 500
    answer = client.get("/api/v1/me", headers={"Authorization": "Bearer x"})
    assert answer.status_code == 500 and NAME not in answer.content.decode()
    errors = [line for line in parsed(lines) if line["level"] == "error"]
    assert len(errors) == 2
    for line in errors:
        assert line["exception"][0]["type"] == "builtins.ValueError"
        assert any("test_logs" in frame for frame in line["exception"][0]["frames"])
        assert line["request_id"]
    for planted in (NAME, PHONE, IDENTITY, link.strip("/").removeprefix("m/")):
        assert planted not in lines.getvalue()


def test_lines_of_other_programs_are_cleaned_too(lines: io.StringIO) -> None:
    logging.getLogger("some.library").warning("sent to %s for %s", PHONE, {"mail": "wang@example.org"})
    logging.getLogger("some.library").error("failed", exc_info=KeyError(PHONE))
    assert PHONE not in lines.getvalue() and "example.org" not in lines.getvalue()
    assert parsed(lines)[0]["event"] == "sent to … for {'mail': '…'}"


def test_django_names_no_address_in_its_own_lines(lines: io.StringIO) -> None:
    request = HttpRequest()
    request.path = request.path_info = f"/{NAME}/"
    response_for_exception(request, PermissionError(NAME))
    assert NAME not in lines.getvalue()


@given(
    st.text(max_size=20),
    st.sampled_from([PHONE, "138 1234 2211", "138-1234-2211", "+8613812342211", IDENTITY, "08544221133"]),
    st.text(alphabet=st.characters(blacklist_categories=("Nd",)), max_size=20),
)
def test_no_text_around_it_protects_a_number(before: str, number: str, after: str) -> None:
    shown = hide(f"{before} {number} {after}")
    assert number not in shown and "…" in shown


@pytest.mark.parametrize(
    "kept", ["XD-2026-000017", "2026-11-24", "http 404", "zh-hans", "/cases/XD-2026-000017/"]
)
def test_what_helps_to_find_a_fault_stays(kept: str) -> None:
    assert hide(kept) == kept
