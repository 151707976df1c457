"""Limits are data in versions (rules, "Rule zero"): a change holds from a day on, nothing older moves."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from liangdian.casework import services
from liangdian.casework.limit_names import LABELS, SOURCES
from liangdian.casework.limits import page_of
from liangdian.casework.models import LimitRule
from liangdian.casework.rules import DEFAULT_LIMITS
from liangdian.casework.services.record import current_rule
from liangdian.foundation.actor import Actor, Grant, Role
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound, Refused, Stale
from liangdian.platform.audit.models import AccessLog
from tests.casework.conftest import NOW, House

TODAY = date(2026, 9, 18)
HELP = "promise.help"


def change(house: House, **changes: object) -> LimitRule:
    given = {
        "actor": house.actor("administrator"),
        "code": HELP,
        "amount": 7,
        "unit": "working_days",
        "source": "城关街道规定",
        "valid_from": TODAY,
        "seen": 1,
        "at": NOW,
    }
    return services.add_limit_version(**{**given, **changes})


def test_a_new_version_holds_from_its_day_and_running_matters_keep_theirs(house: House) -> None:
    before = house.case(kind="help", item_version_id=None)
    change(house, valid_from=TODAY + timedelta(days=3))
    assert current_rule(HELP, on=NOW).version == 1
    later = NOW + timedelta(days=3)
    assert current_rule(HELP, on=later).amount == 7
    after = house.case(kind="help", item_version_id=None, at=later)
    assert (before.promises.get().rule_version, before.promises.get().amount) == (1, 10)
    assert (after.promises.get().rule_version, after.promises.get().amount) == (2, 7)
    assert LimitRule.objects.get(code=HELP, version=1).amount == 10
    page = page_of(actor=house.actor("administrator"), code=HELP, today=TODAY)
    assert [version.when for version in page.versions] == ["later", "now"]
    assert [
        v.when
        for v in page_of(
            actor=house.actor("administrator"), code=HELP, today=TODAY + timedelta(days=3)
        ).versions
    ] == ["now", "before"]


def test_a_promise_can_be_at_once(house: House) -> None:
    assert change(house, unit="at_once", amount=9).amount == 0


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"amount": 0}, Invalid, "amount"),
        ({"amount": 10_001}, Invalid, "amount"),
        ({"amount": -1}, Invalid, "amount"),
        ({"unit": "weeks"}, Invalid, "unit"),
        ({"code": "rating.window", "unit": "at_once"}, Invalid, "unit"),
        ({"source": " \x00"}, Invalid, "source"),
        ({"source": "x" * 201}, Invalid, "source"),
        ({"valid_from": date(2026, 9, 17)}, Invalid, "valid_from"),
        ({"amount": 10, "source": "12345 practice (local)"}, Invalid, "amount"),
        ({"seen": 0}, Stale, None),
        ({"code": "no.such"}, NotFound, None),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    house: House, changes: dict[str, object], refusal: type[Refused], field: str | None
) -> None:
    rows = LimitRule.objects.count()
    with pytest.raises(refusal) as refused:
        change(house, **changes)
    assert refused.value.field == field
    assert LimitRule.objects.count() == rows
    assert not AccessLog.objects.filter(act="limit_changed").exists()


def test_a_later_version_does_not_begin_before_the_one_before(house: House) -> None:
    change(house, valid_from=TODAY + timedelta(days=30))
    with pytest.raises(Invalid) as refused:
        change(house, amount=8, seen=2, valid_from=TODAY)
    assert refused.value.field == "valid_from"


@pytest.mark.parametrize(
    ("amount", "unit", "allowed"),
    [(10, "working_days", True), (11, "working_days", False), (8, "calendar_days", False)],
)
def test_no_limit_is_longer_than_the_law(house: House, amount: int, unit: str, allowed: bool) -> None:
    """行政许可法 Art. 44: deliver within ten working days."""
    code = "delivery.result"
    LimitRule.objects.get_or_create(
        code=code,
        version=1,
        defaults={"amount": 5, "unit": "working_days", "source": "own", "valid_from": TODAY},
    )
    if allowed:
        assert change(house, code=code, amount=amount, unit=unit).version == 2
    else:
        with pytest.raises(Invalid):
            change(house, code=code, amount=amount, unit=unit)


@pytest.mark.parametrize("role", list(Role))
def test_only_the_administrator_of_the_whole_centre_changes_limits(house: House, role: Role) -> None:
    top = Actor(user_id=7, name="甲", grants=(Grant(role, house.street.pk, house.street.path),))
    part = Actor(user_id=7, name="甲", grants=(Grant(role, house.community.pk, house.community.path),))
    for actor in (top, part):
        if role is Role.ADMINISTRATOR and actor is top:
            assert change(house, actor=actor).version == 2
        else:
            with pytest.raises(NotAllowed):
                change(house, actor=actor)


def at_desk(house: House, name: str = "administrator") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(house.staff[name])
    return client


def test_the_administrator_sees_changes_and_finds_it_in_the_access_log(house: House) -> None:
    client = at_desk(house)
    assert "Promise: request for help" in client.get("/cases/limits/").content.decode()
    page = f"/cases/limits/{HELP}/"
    form = client.get(page).context["form"]
    sent = {
        "amount": 7,
        "unit": "working_days",
        "source": "城关街道规定",
        "seen": form.initial["seen"],
        "valid_from": form.initial["valid_from"].isoformat(),
    }
    assert client.post(page, sent).status_code == 302
    assert "7 working days" in client.get("/cases/limits/").content.decode()
    assert client.post(page, sent).status_code == 409  # what was seen is old by now
    assert client.post(page, sent | {"seen": 2, "valid_from": "2020-01-01"}).status_code == 422
    for bad in ({"amount": "x"}, {"unit": ""}, {"valid_from": "9999-99-99"}, {"seen": "y"}, {"source": ""}):
        assert client.post(page, sent | bad).status_code == 422, bad
    logged = AccessLog.objects.get(act="limit_changed")
    assert logged.subject_id == HELP and "v2, 7 working_days" in logged.reason


def test_others_do_not_come_in_and_a_wrong_code_is_told(house: House) -> None:
    assert at_desk(house, "clerk").get("/cases/limits/").status_code == 403
    assert at_desk(house, "clerk").post(f"/cases/limits/{HELP}/", {}).status_code == 403
    assert at_desk(house).get("/cases/limits/no.such/").status_code == 404


def test_the_list_costs_the_same_with_many_versions(house: House) -> None:
    client = at_desk(house)
    counted = []
    for versions in (1, 29):
        for number in range(versions):
            last = LimitRule.objects.filter(code=HELP).count()
            change(house, amount=20 + number + versions, seen=last)
        client.get("/cases/limits/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/cases/limits/")
        counted.append(len(queries))
    assert counted[0] == counted[1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE casework_limitrule SET amount = 99",
        "DELETE FROM casework_limitrule",
        "TRUNCATE casework_limitrule",
    ],
)
def test_the_database_keeps_every_version_as_it_was(house: House, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert LimitRule.objects.get(code=HELP).amount == 10


def test_every_source_that_the_product_brings_is_told_in_the_readers_language(house: House) -> None:
    assert {limit.source for limit in DEFAULT_LIMITS} <= set(SOURCES)
    assert {limit.code for limit in DEFAULT_LIMITS} <= set(LABELS)
    with override("zh-hans"):
        assert not any(re.search("[A-Za-z]", str(words)) for words in (*SOURCES.values(), *LABELS.values()))
