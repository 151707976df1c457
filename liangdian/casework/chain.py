"""The chain over a case's history: every event's hash covers the event and the hash before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from liangdian.casework.models import Case, Event


def event_hash(
    *, reference: str, seq: int, type: str, at: datetime, actor_id: int | None, actor_name: str,
    data: dict[str, object], public: bool, previous: str,
) -> str:  # fmt: skip
    """SHA-256 in hexadecimal over a canonical JSON text of the event and ``previous``."""
    line = [
        reference, seq, str(type), at.astimezone(UTC).isoformat(timespec="microseconds"), actor_id,
        actor_name,
        data, public, previous,
    ]  # fmt: skip
    text = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """The first row of a case at which its chain does not hold."""

    reference: str
    seq: int
    reason: str


def verify(*, batch: int = 2000) -> Iterator[BrokenRow]:
    """Walk every chain, oldest case first; yields the first broken row of each broken case."""
    last_id = 0
    while True:
        cases = list(
            Case.objects.filter(pk__gt=last_id).order_by("pk").values_list(
                "pk", "reference", "last_seq", "last_hash"
            )[:batch]
        )  # fmt: skip
        if not cases:
            return
        last_id = cases[-1][0]
        rows = Event.objects.filter(case__in=[c[0] for c in cases]).order_by("case_id", "seq").iterator(5000)
        events = {pk: list(group) for pk, group in groupby(rows, key=lambda e: e.case_id)}
        for pk, reference, last_seq, last_hash in cases:
            broken = _first_broken(reference, events.get(pk, []), last_seq, last_hash)
            if broken is not None:
                yield broken


def _first_broken(reference: str, events: list[Event], last_seq: int, last_hash: str) -> BrokenRow | None:
    previous = ""
    for expected, event in enumerate(events, start=1):
        if event.seq != expected:
            return BrokenRow(reference, expected, "the row is missing")
        if event.previous != previous:
            return BrokenRow(reference, event.seq, "the row does not follow the one before it")
        own = event_hash(
            reference=reference, seq=event.seq, type=event.type, at=event.at, actor_id=event.actor_id,
            actor_name=event.actor_name, data=event.data, public=event.public, previous=previous,
        )  # fmt: skip
        if own != event.hash:
            return BrokenRow(reference, event.seq, "the row was changed")
        previous = event.hash
    if len(events) != last_seq or previous != last_hash:
        return BrokenRow(reference, len(events) + 1, "the end of the history is missing")
    return None
