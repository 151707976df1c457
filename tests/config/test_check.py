"""``liangdian check``: what is wrong with an installation is told, and the exit code follows."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings

from liangdian.casework import rules
from liangdian.casework import services as casework
from liangdian.casework.rules import DefaultLimit
from liangdian.casework.selectors import limit_codes
from liangdian.config import checkup
from liangdian.config.checkup import State, examine
from liangdian.config.commands import check, create_admin
from liangdian.config.commands.migrate import migrate
from liangdian.foundation.actor import SYSTEM, Role
from liangdian.foundation.limits import LimitUnit
from liangdian.foundation.refused import NotFound
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.accounts.services import create_administrator
from liangdian.registers.calendar.models import CalendarYear
from liangdian.registers.calendar.services import seed_from_library
from liangdian.registers.organisation.models import Unit
from liangdian.registers.organisation.services import create_unit
from liangdian.registers.people import services as people

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 18, 2, tzinfo=UTC)
OLD = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def installation(tmp_path: Path, settings: object) -> Unit:
    """Everything that ``liangdian init`` makes, a worker that lives, and a folder for documents."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    settings.STORAGES = {  # type: ignore[attr-defined]
        **settings.STORAGES,  # type: ignore[attr-defined]
        "documents": {
            "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)},
        },
    }  # fmt: skip
    root = create_unit(actor=SYSTEM, name="西街街道", code="hall", level="sub_district", at=AT)
    for username, role in (("admin", Role.ADMINISTRATOR), ("keeper", Role.SECURITY), ("shen", Role.AUDITOR)):
        create_administrator(
            username=username, name=username, unit_id=root.pk, unit_path=root.path, at=OLD, role=role
        )
    seed_from_library(at=AT)
    casework.seed_limit_rules(valid_from=AT)
    _worker(AT)
    return root


def _worker(at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM jobs.procrastinate_workers")
        cursor.execute("INSERT INTO jobs.procrastinate_workers (last_heartbeat) VALUES (%s)", [at])


def found(at: datetime = AT) -> dict[str, State]:
    return {finding.name: finding.state for finding in examine(at=at)}


def worst(name: str, state: State, at: datetime = AT) -> bool:
    states = found(at)
    return states.pop(name) is state and set(states.values()) == {State.OK}


def test_a_healthy_installation_is_healthy(installation: Unit) -> None:
    assert set(found().values()) == {State.OK}


def test_a_dead_worker_is_told(installation: Unit) -> None:
    _worker(AT - timedelta(minutes=2))
    assert worst("worker", State.FAIL)


def test_a_job_that_waits_too_long_is_told(installation: Unit) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, scheduled_at) "
            "VALUES ('default', 'x', %s)",
            [AT - timedelta(minutes=6)],
        )
    assert worst("worker", State.FAIL)


def test_a_missing_calendar_year_is_told_late_in_the_year_as_a_warning(installation: Unit) -> None:
    late = datetime(2026, 12, 1, tzinfo=UTC)
    _worker(late)
    assert worst("calendar", State.WARN, late)
    CalendarYear.objects.filter(year=2026).delete()
    _worker(AT)
    assert worst("calendar", State.FAIL)


def test_a_wrong_key_is_told(installation: Unit) -> None:
    people.find_or_create(actor=SYSTEM, name="王", phone="13812342211", unit_id=installation.pk, at=AT)
    assert set(found().values()) == {State.OK}
    with override_settings(PERSONAL_DATA_KEY="another key", PERSONAL_DATA_OLD_KEYS=()):
        assert worst("keys", State.FAIL)


def test_a_mail_server_that_does_not_answer_is_told(installation: Unit) -> None:
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    with override_settings(EMAIL_BACKEND=smtp, EMAIL_HOST="127.0.0.1", EMAIL_PORT=9):
        assert worst("mail", State.FAIL)


def test_documents_that_cannot_be_written_are_told(
    installation: Unit, tmp_path: Path, settings: object
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    settings.STORAGES = {  # type: ignore[attr-defined]
        **settings.STORAGES,  # type: ignore[attr-defined]
        "documents": {
            "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(blocked)},
        },
    }  # fmt: skip
    assert worst("storage", State.FAIL)


def test_the_exit_code_says_it(installation: Unit, capsys: pytest.CaptureFixture[str]) -> None:
    CalendarYear.objects.all().delete()
    _worker(datetime.now(UTC))
    assert check.run(Namespace(strict=False)) == 1
    printed = capsys.readouterr().out
    assert "FAIL  calendar" in printed and "1 to be mended." in printed


def test_an_empty_database_is_not_healthy(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.run(Namespace(strict=False)) == 1
    assert "nobody is administrator" in capsys.readouterr().out


def test_a_further_administrator_is_made_when_nobody_can_sign_in(
    installation: Unit, capsys: pytest.CaptureFixture[str]
) -> None:
    assert create_admin.run(Namespace(username="second", name="周敏", role="administrator")) == 0
    printed = capsys.readouterr().out
    user = accounts.user_by_name("second")
    assert user is not None and user.must_change_password
    assert user.check_password(printed.split("password ")[1].split(" ")[0])
    assert user in accounts.holders(Role.ADMINISTRATOR, "/")


def test_without_a_unit_there_is_nothing_to_administer() -> None:
    with pytest.raises(NotFound):
        create_admin.run(Namespace(username="second", name="周敏", role="administrator"))


def test_limits_that_a_new_release_brings_are_told_and_come_with_migrate(
    installation: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = DefaultLimit("test.newer", 3, LimitUnit.WORKING_DAYS, "of a newer release")
    monkeypatch.setattr(rules, "DEFAULT_LIMITS", (*rules.DEFAULT_LIMITS, newer))
    monkeypatch.setattr(checkup, "DEFAULT_LIMITS", rules.DEFAULT_LIMITS)
    assert worst("limits", State.FAIL)
    migrate(verbosity=0)
    assert set(found().values()) == {State.OK}


def test_an_empty_database_gets_no_limits_from_migrate() -> None:
    migrate(verbosity=0)
    assert limit_codes() == []
