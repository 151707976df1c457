"""Figures for Prometheus: requests of this server, and the state of the work. Never a person."""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from liangdian.casework import pulse
from liangdian.foundation.refused import NotFound
from liangdian.platform.jobs import selectors as jobs

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Forwarded-Proto")

_requests = Counter("liangdian_requests", "Requests answered", ["method", "route", "status"])
_seconds = Histogram(
    "liangdian_request_seconds", "How long they took", ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)  # fmt: skip


def count_request(*, method: str, route: str, status: int, seconds: float) -> None:
    """Count one request under its route (a pattern of the product, never what was typed)."""
    _requests.labels(method if method in _METHODS else "other", route, str(status)).inc()
    _seconds.labels(route).observe(seconds)


class _Work(Collector):
    """What stands in the database at the moment of asking."""

    def collect(self) -> Iterator[Metric]:
        now = timezone.now()
        found = pulse.pulse_of(at=now)
        heartbeat = jobs.last_heartbeat()
        yield GaugeMetricFamily("liangdian_cases_open", "Open matters", value=found.open)
        yield GaugeMetricFamily("liangdian_cases_overdue", "Matters past their promise", value=found.overdue)
        lag = found.sweep_lag.total_seconds()
        yield GaugeMetricFamily("liangdian_sweep_lag_seconds", "Age of the oldest clock not dealt with", lag)
        queue = GaugeMetricFamily("liangdian_jobs", "Jobs in the queue", labels=["state"])
        for state in ("todo", "doing", "failed"):
            queue.add_metric([state], jobs.counts_by_state().get(state, 0))
        yield queue
        age = (now - heartbeat).total_seconds() if heartbeat else float("inf")
        yield GaugeMetricFamily("liangdian_worker_heartbeat_seconds", "Since a worker was last seen", age)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whoever has the secret of METRICS_SECRET or asks from this machine itself."""
    if not _is_admitted(request):
        raise NotFound("There is nothing here.")
    registry = CollectorRegistry()
    registry.register(_Work())
    shared = CollectorRegistry() if MULTIPROCESS in os.environ else REGISTRY
    if MULTIPROCESS in os.environ:
        MultiProcessCollector(shared)
    try:
        content = generate_latest(shared) + generate_latest(registry)
    except DatabaseError:
        content = generate_latest(shared)
    return HttpResponse(content, content_type=CONTENT_TYPE_LATEST)


def _is_admitted(request: HttpRequest) -> bool:
    secret = settings.METRICS_SECRET
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if secret and hmac.compare_digest(given.encode(), secret.encode()):
        return True
    # Behind a proxy on the same machine everybody comes from here.
    forwarded = any(header in request.headers for header in _FORWARDED)
    return request.META.get("REMOTE_ADDR") in _LOOPBACK and not forwarded
