"""Who comes in, how far, and what he is told when he does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from liangdian.platform.accounts import services as accounts
from liangdian.platform.accounts import tokens
from liangdian.platform.accounts.models import ApiToken
from liangdian.platform.audit.models import AccessLog
from tests.api.conftest import ALL, Caller, Calling, matter
from tests.casework.conftest import House


def made(house: House, **changes: object) -> tuple[ApiToken, str]:
    given = {"name": "大厅叫号系统", "scopes": ALL, "days": 30, "at": timezone.now(), **changes}
    return tokens.make_token(actor=house.actor("clerk"), **given)


def test_without_a_token_nothing_opens(house: House, calling: Calling) -> None:
    paths = calling().get("/openapi.json").json()["paths"]
    assert len(paths) > 15
    for path, methods in paths.items():
        address = path.removeprefix("/api/v1").format(reference="XD-2026-000001", code="MZ-001", unit_id=1)
        for method in methods:
            refused = Caller("")(method.upper(), address, {})
            assert refused.status_code == 401, path
            assert refused["WWW-Authenticate"].startswith("Bearer")
            assert refused.json()["code"] == "no-token"


def test_a_session_does_not_open_the_api(house: House) -> None:
    client = Client()
    client.force_login(house.staff["clerk"])
    assert client.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    ("scope", "method", "path", "body"),
    [
        ("cases:read", "GET", "/cases", None),
        ("cases:read", "POST", "/cases/search", {"text": "x"}),
        ("cases:write", "POST", "/cases", matter()),
        ("catalogue:read", "GET", "/catalogue/items", None),
        ("units:read", "GET", "/units", None),
    ],
)
def test_a_token_opens_only_what_it_was_made_for(
    calling: Calling, scope: str, method: str, path: str, body: object
) -> None:
    others = tuple(each for each in ALL if each != scope)
    refused = calling(scopes=others)(method, path, body)
    assert refused.status_code == 403 and refused.json()["code"] == "scope-missing"
    assert calling(scopes=(scope,))(method, path, body).status_code in {200, 201}


def test_a_token_never_exceeds_its_owners_roles(calling: Calling) -> None:
    refused = calling("auditor").post("/cases", matter())
    assert refused.status_code == 403 and refused.json()["code"] == "not-allowed"


def test_only_the_digest_of_the_secret_is_stored(house: House) -> None:
    token, secret = made(house)
    assert secret not in str(ApiToken.objects.filter(pk=token.pk).values().get())
    assert len(secret) >= 43


def test_an_ended_token_opens_nothing(house: House) -> None:
    now = timezone.now()
    token, secret = made(house)
    assert tokens.holder_of(secret=secret, at=now) is not None
    assert tokens.holder_of(secret=secret, at=token.expires_at) is None
    assert tokens.holder_of(secret=secret + "x", at=now) is None
    tokens.revoke_token(actor=house.actor("clerk"), token_id=token.pk, at=now)
    assert tokens.holder_of(secret=secret, at=now) is None
    assert Caller(secret).get("/me").status_code == 401


def test_the_token_of_a_closed_account_opens_nothing(house: House, calling: Calling) -> None:
    clerk = calling()
    user = house.staff["clerk"]
    accounts.update_user(
        actor=SYSTEM, user_id=user.pk, name="x", email="", unit_id=None, is_active=False, at=timezone.now()
    )
    assert clerk.get("/me").status_code == 401


def test_the_last_use_is_noted_at_most_once_a_minute(house: House) -> None:
    token, secret = made(house)
    now = timezone.now()
    tokens.holder_of(secret=secret, at=now)
    with CaptureQueriesContext(connection) as asked:
        tokens.holder_of(secret=secret, at=now + timedelta(seconds=59))
    assert len(asked) == 1
    token.refresh_from_db()
    assert token.last_used_at == now
    tokens.holder_of(secret=secret, at=now + timedelta(seconds=61))
    token.refresh_from_db()
    assert token.last_used_at == now + timedelta(seconds=61)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"scopes": ()}, "scopes"),
        ({"scopes": ("everything",)}, "scopes"),
        ({"days": 0}, "days"),
        ({"days": 367}, "days"),
    ],
)
def test_what_a_token_cannot_be(house: House, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        made(house, **changes)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"digest": "short"},
        {"expires_at": timezone.now() - timedelta(days=400)},
    ],
)
def test_the_database_refuses_it_as_well(house: House, wrong: dict[str, object]) -> None:
    token, _secret = made(house)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.filter(pk=token.pk).update(**wrong)


def test_nobody_has_more_than_twenty_and_the_system_none(house: House) -> None:
    for _ in range(20):
        made(house)
    with pytest.raises(Invalid):
        made(house)
    with pytest.raises(NotAllowed):
        tokens.make_token(actor=SYSTEM, name="x", scopes=ALL, days=1, at=timezone.now())


def test_tokens_of_others_do_not_exist(house: House) -> None:
    token, _secret = made(house)
    with pytest.raises(NotFound):
        tokens.revoke_token(actor=house.actor("clerk2"), token_id=token.pk, at=timezone.now())


def test_a_person_makes_sees_and_revokes_a_token_on_a_page(house: House) -> None:
    client = Client()
    client.force_login(house.staff["clerk"])
    wrong = client.post("/account/tokens/", {"name": "", "days": "30"})
    assert wrong.status_code == 422
    page = client.post("/account/tokens/", {"name": "叫号", "scopes": ["cases:read"], "days": "30"})
    token = ApiToken.objects.get()
    secret = page.context["secret"]
    assert secret in page.content.decode() and "no-store" in page["Cache-Control"]
    listed = client.get("/account/tokens/").content.decode()
    assert "叫号" in listed and secret not in listed
    assert Caller(secret).get("/me").status_code == 200
    client.post(f"/account/tokens/{token.pk}/revoke/")
    assert Caller(secret).get("/me").status_code == 401
    assert [row.act for row in AccessLog.objects.order_by("id") if row.act.startswith("token")] == [
        "token_made",
        "token_revoked",
    ]


def test_the_page_costs_the_same_with_one_token_and_with_twenty(house: House) -> None:
    client = Client()
    client.force_login(house.staff["clerk"])
    made(house)
    client.get("/account/tokens/")
    with CaptureQueriesContext(connection) as one:
        client.get("/account/tokens/")
    for _ in range(18):
        made(house)
    with CaptureQueriesContext(connection) as many:
        client.get("/account/tokens/")
    assert len(many) == len(one)


def test_somebody_elses_token_page_cannot_be_used(house: House) -> None:
    token, secret = made(house)
    client = Client()
    client.force_login(house.staff["clerk2"])
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    assert Caller(secret).get("/me").status_code == 200
