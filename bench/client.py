"""Eight clients on one keep-alive connection each; latencies and requests per second."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Result:
    """Requests per second; milliseconds at the median and the 95th percentile; answers by status."""

    per_second: float
    p50_ms: float
    p95_ms: float
    statuses: dict[int, int]

    def as_json(self) -> dict[str, object]:
        return asdict(self)


# Method, path, body, headers.
Sent = tuple[str, str, bytes, dict[str, str]]
Request = Callable[[], Sent]


def drive(*, port: int, request: Request, seconds: float, clients: int = 8) -> Result:
    """Send ``request()`` from every client for so many seconds; the first second warms up, uncounted."""
    spans: list[float] = []
    statuses: dict[int, int] = {}
    lock = threading.Lock()
    begin = time.perf_counter() + 1.0
    end = begin + seconds

    def client() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while (start := time.perf_counter()) < end:
            method, path, body, headers = request()
            link.request(method, path, body, headers)
            answer = link.getresponse()
            answer.read()
            if start >= begin:
                with lock:
                    spans.append(time.perf_counter() - start)
                    statuses[answer.status] = statuses.get(answer.status, 0) + 1
        link.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = statistics.quantiles(spans, n=20)
    return Result(
        round(len(spans) / seconds, 1), round(cuts[9] * 1000, 1), round(cuts[18] * 1000, 1), statuses
    )
