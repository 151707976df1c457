"""The access log: who reads it, and that reading is logged."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

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
    older = selectors.entries(auditor, selectors.Wanted(act="reveal"), before=rows[-1].pk, limit=2)
    assert [row.subject_id for row in older] == ["2", "1"]
    failed = selectors.entries(auditor, selectors.Wanted(act="sign_in_failed"))[0]
    assert (failed.actor_name, failed.succeeded, len(failed.ip_hash)) == ("x", False, 64)
    assert "10.0.0.1" not in failed.ip_hash


def test_an_auditor_of_a_part_reads_what_staff_of_that_part_did() -> None:
    user = accounts.create_user(actor=SYSTEM, username="li", name="李", password="pine-lake-42-sky", at=AT)
    accounts.grant_role(actor=SYSTEM, user=user, role=Role.CLERK, unit_id=4, unit_path="/1/4/", at=AT)
    services.record(Actor(user_id=user.pk, name="李"), "reveal", at=AT)
    services.record(Actor(user_id=user.pk + 1, name="别人"), "reveal", at=AT)
    rows = selectors.entries(actor(Role.AUDITOR, "/1/4/"), selectors.Wanted(act="reveal"))
    assert [row.actor_name for row in rows] == ["李"]


def test_long_and_strange_reasons_are_kept_short_and_clean() -> None:
    row = services.record(actor(Role.CLERK), "reveal", reason="\x00" + "字" * 5000, at=AT)
    row.refresh_from_db()
    assert row.reason == "字" * 500


def test_the_page_shows_rows_and_logs_its_reader(client: Client) -> None:
    user = accounts.create_user(actor=SYSTEM, username="shen", name="沈", password="pine-lake-42-sky", at=AT)
    accounts.grant_role(actor=SYSTEM, user=user, role=Role.AUDITOR, unit_id=1, unit_path="/1/", at=AT)
    client.force_login(user)
    for query in ("", "?name=x&first=2026-01-01&before=9999999", "?first=nonsense&before=x&act=unknown"):
        assert client.get(reverse("audit:log") + query).status_code == 200
    assert AccessLog.objects.filter(act="log_read", actor_id=user.pk).count() == 3


def test_the_page_costs_a_constant(client: Client, django_assert_max_num_queries) -> None:
    user = accounts.create_user(actor=SYSTEM, username="shen", name="沈", password="pine-lake-42-sky", at=AT)
    accounts.grant_role(actor=SYSTEM, user=user, role=Role.AUDITOR, unit_id=1, unit_path="/1/", at=AT)
    client.force_login(user)
    client.get(reverse("audit:log"))
    for _n in range(30):
        services.record(actor(Role.CLERK), "reveal", at=AT)
    with django_assert_max_num_queries(7):
        client.get(reverse("audit:log"))
