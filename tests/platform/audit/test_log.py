"""The access log: who reads it, and that reading is logged."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from liangdian.foundation.actor import SYSTEM, Actor, Grant, Role
from liangdian.foundation.refused import NotAllowed
from liangdian.platform.accounts import services as accounts
from liangdian.platform.audit import selectors, services
from liangdian.platform.audit.models import AccessLog

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 18, 1, tzinfo=UTC)


def actor(role: Role, path: str = "/1/") -> Actor:
    return Actor(user_id=7, name="甲", grants=(Grant(role, 1, path),))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_only_auditors_read(role: Role) -> None:
    with pytest.raises(NotAllowed):
        selectors.entries(actor(role), selectors.Wanted())


def test_newest_first_filtered_and_paged() -> None:
    for number in range(5):
        services.record(actor(Role.CLERK), "reveal", "people.resident", number, f"理由{number}", AT)
    services.record(None, "sign_in_failed", name="x", at=AT, succeeded=False, ip="10.0.0.1")
    auditor = actor(Role.AUDITOR)
    rows = selectors.entries(auditor, selectors.Wanted(act="reveal"), limit=2)
    assert [row.subject_id for row in rows] == ["4", "3"]
    older = selectors.entries(auditor, selectors.Wanted(act="reveal"), before=rows[-1].id, limit=2)
    assert [row.subject_id for row in older] == ["2", "1"]
    failed = selectors.entries(auditor, selectors.Wanted(act="sign_in_failed"))[0]
    assert (failed.name, failed.succeeded) == ("x", False)
    stored = AccessLog.objects.get(act="sign_in_failed").ip_hash
    assert len(stored) == 64 and "10.0.0.1" not in stored


def test_an_auditor_of_a_part_reads_what_staff_of_that_part_did() -> None:
    user = accounts.create_user(actor=SYSTEM, username="li", name="李", password="pine-lake-42-sky", at=AT)
    accounts.grant_role(actor=SYSTEM, user=user, role=Role.CLERK, unit_id=4, unit_path="/1/4/", at=AT)
    services.record(Actor(user_id=user.pk, name="李"), "reveal", at=AT)
    services.record(Actor(user_id=user.pk + 1, name="别人"), "reveal", at=AT)
    rows = selectors.entries(actor(Role.AUDITOR, "/1/4/"), selectors.Wanted(act="reveal"))
    assert [row.name for row in rows] == ["李"]


def test_long_and_strange_reasons_are_kept_short_and_clean() -> None:
    row = services.record(actor(Role.CLERK), "reveal", reason="\x00" + "字" * 5000, at=AT)
    row.refresh_from_db()
    assert row.reason == "字" * 500


def test_the_page_shows_rows_and_logs_its_reader(client: Client) -> None:
    user = accounts.create_user(actor=SYSTEM, username="shen", name="沈", password="pine-lake-42-sky", at=AT)
    accounts.grant_role(actor=SYSTEM, user=user, role=Role.AUDITOR, unit_id=1, unit_path="/1/", at=AT)
    client.force_login(user)
    for query in (
        "",
        "?name=x&first=2026-01-01&before=9999999",
        "?first=nonsense&before=x&act=unknown",
        "?first=0001-01-01&last=9999-12-31",
        "?first=2026-02-02&last=2026-01-01",
        "?name=%00&subject_type=%00",
    ):
        assert client.get(reverse("audit:log") + query).status_code == 200
    assert AccessLog.objects.filter(act="log_read", actor_id=user.pk).count() == 6


def test_the_page_costs_a_constant(client: Client, django_assert_max_num_queries) -> None:
    user = accounts.create_user(actor=SYSTEM, username="shen", name="沈", password="pine-lake-42-sky", at=AT)
    accounts.grant_role(actor=SYSTEM, user=user, role=Role.AUDITOR, unit_id=1, unit_path="/1/", at=AT)
    client.force_login(user)
    client.get(reverse("audit:log"))
    for _n in range(30):
        services.record(actor(Role.CLERK), "reveal", at=AT)
    with django_assert_max_num_queries(7):
        client.get(reverse("audit:log"))


def _auditor(client: Client) -> None:
    user = accounts.create_user(actor=SYSTEM, username="shen", name="沈", password="pine-lake-42-sky", at=AT)
    accounts.grant_role(actor=SYSTEM, user=user, role=Role.AUDITOR, unit_id=1, unit_path="/1/", at=AT)
    client.force_login(user)


def test_the_auditor_finds_by_person_thing_act_and_days(client: Client) -> None:
    _auditor(client)
    services.record(actor(Role.CLERK), "phone_revealed", "people.resident", 17, "回访", AT)
    services.record(actor(Role.CLERK), "phone_revealed", "people.resident", 18, "核对", AT)
    services.record(None, "sign_in_failed", name="乙", at=AT.replace(month=8), succeeded=False)
    log = reverse("audit:log")
    for query, there, absent in (
        ("?name=甲", "回访", '<th scope="row">乙'),
        ("?subject_type=people.resident&subject_id=17", "回访", "核对"),
        ("?act=sign_in_failed", '<th scope="row">乙', "回访"),
        ("?first=2026-09-01&last=2026-09-18", "回访", '<th scope="row">乙'),
    ):
        page = client.get(log + query).content.decode()
        assert there in page and absent not in page.split("<tbody>")[1], query


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_holds_what_the_filters_say_no_formula_and_is_logged(client: Client, form: str) -> None:
    _auditor(client)
    services.record(actor(Role.CLERK), "phone_revealed", "people.resident", 17, "=HYPERLINK(1)", AT)
    services.record(actor(Role.CLERK), "signed_out", "accounts.user", 3, "+1", AT)
    answer = client.get(reverse("audit:export", args=[form]) + "?act=phone_revealed")
    assert answer.status_code == 200
    if form == "csv":
        cells = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    else:
        sheet = load_workbook(io.BytesIO(answer.content)).active
        cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    assert len(cells) == 2
    assert cells[1][0] == "2026-09-18 09:00:00" and cells[1][-1] == "'=HYPERLINK(1)"
    logged = AccessLog.objects.get(act="log_exported")
    assert form in logged.reason and "act=phone_revealed" in logged.reason


def test_an_export_that_is_too_long_or_unreadable_is_refused_and_not_logged(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    _auditor(client)
    monkeypatch.setattr(selectors, "MOST_EXPORTED", 1)
    for _n in range(2):
        services.record(actor(Role.CLERK), "reveal", at=AT)
    export = reverse("audit:export", args=["csv"])
    assert client.get(export).status_code == 422
    assert client.get(export + "?first=nonsense").status_code == 422
    assert not AccessLog.objects.filter(act="log_exported").exists()


def test_only_an_auditor_exports(client: Client) -> None:
    user = accounts.create_user(actor=SYSTEM, username="li", name="李", password="pine-lake-42-sky", at=AT)
    accounts.grant_role(actor=SYSTEM, user=user, role=Role.ADMINISTRATOR, unit_id=1, unit_path="/1/", at=AT)
    client.force_login(user)
    assert client.get(reverse("audit:export", args=["csv"])).status_code == 403
