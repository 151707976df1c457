"""Watchers learn whether everything works, and figures are not for everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from liangdian.casework.models import Case
from liangdian.config import health
from tests.casework.conftest import House

pytestmark = pytest.mark.django_db


def a_worker(*, seconds_ago: int = 1) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO jobs.procrastinate_workers (last_heartbeat) VALUES (%s)",
            [timezone.now() - timedelta(seconds=seconds_ago)],
        )


def checks() -> tuple[int, dict[str, str]]:
    answer = Client().get("/readyz")
    return answer.status_code, answer.json()["checks"]


def test_alive_asks_nobody(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert Client().get("/healthz").status_code == 200


def test_ready_when_everything_works(house: House) -> None:
    a_worker()
    house.case(at=timezone.now())
    assert checks() == (200, {"database": "ok", "migrations": "ok", "worker": "ok", "sweep": "ok"})


def test_not_ready_without_a_worker() -> None:
    assert checks() == (503, checks()[1]) and checks()[1]["worker"] == "no worker runs"


def test_not_ready_when_the_worker_is_silent() -> None:
    a_worker(seconds_ago=61)
    status, found = checks()
    assert status == 503 and "more than a minute" in found["worker"]


def test_not_ready_when_the_sweep_is_late(house: House) -> None:
    a_worker()
    house.case(at=timezone.now())
    Case.objects.update(next_due_at=timezone.now() - timedelta(minutes=6))
    status, found = checks()
    assert status == 503 and found["sweep"] == "late by 6 minutes"


def test_not_ready_before_the_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'api'")
    status, found = checks()
    assert status == 503 and found == {"database": "ok", "migrations": "not migrated"}


def figures(**headers: str) -> dict[str, str]:
    answer = Client().get("/metrics", headers={k.replace("_", "-"): v for k, v in headers.items()})
    assert answer.status_code == 200
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return dict(line.rsplit(" ", 1) for line in lines)


def test_the_figures_count_requests_and_work(house: House) -> None:
    a_worker()
    case = house.case(at=timezone.now())
    Case.objects.update(next_due_at=timezone.now() - timedelta(minutes=3))
    key = 'liangdian_requests_total{method="GET",route="m/<slug:token>/",status="404"}'
    before = float(figures().get(key, 0))
    Client().get("/m/13812342211/")
    found = figures()
    assert float(found[key]) == before + 1
    assert float(found["liangdian_cases_open"]) == 1 and float(found["liangdian_cases_overdue"]) == 0
    assert 170 < float(found["liangdian_sweep_lag_seconds"]) < 200
    assert float(found['liangdian_jobs{state="failed"}']) == 0
    assert float(found["liangdian_worker_heartbeat_seconds"]) < 10
    everything = "".join(found)
    for personal in ("13812342211", "王桂兰", case.reference, "clerk"):
        assert personal not in everything


def test_the_figures_are_for_this_machine_or_who_has_the_secret(settings) -> None:
    settings.METRICS_SECRET = "a-long-secret"
    far = Client(REMOTE_ADDR="203.0.113.7")
    assert far.get("/metrics").status_code == 404
    assert far.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    assert far.get("/metrics", headers={"Authorization": "Bearer a-long-secret"}).status_code == 200
    # A proxy on the same machine does not make everybody a neighbour.
    assert Client().get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 404
    settings.METRICS_SECRET = ""
    assert far.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
