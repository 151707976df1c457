"""The database refuses what the access log must never allow."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from liangdian.platform.audit.models import AccessLog

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> AccessLog:
    return AccessLog.objects.create(at=datetime(2026, 9, 18, tzinfo=UTC), actor_name="甲", act="reveal")


def test_a_row_cannot_be_changed(row: AccessLog) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        AccessLog.objects.filter(pk=row.pk).update(reason="another reason")
    row.refresh_from_db()
    assert row.reason == ""


def test_a_row_cannot_be_deleted(row: AccessLog) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    assert AccessLog.objects.filter(act="reveal").exists()


def test_the_log_cannot_be_emptied(row: AccessLog) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_accesslog")
    assert AccessLog.objects.filter(pk=row.pk).exists()


def test_a_row_needs_an_act() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        AccessLog.objects.create(at=datetime(2026, 9, 18, tzinfo=UTC), actor_name="甲", act="")
