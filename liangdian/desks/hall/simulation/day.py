"""The day itself: everybody comes when he comes, every window calls as soon as it is free."""

from __future__ import annotations

import heapq
import itertools
import random
import time as machine_time
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from liangdian.desks.hall import services
from liangdian.desks.hall.models import VisitItem
from liangdian.desks.hall.simulation.exercise import Exercise
from liangdian.desks.hall.simulation.profile import MINUTE, Profile, Visitor
from liangdian.desks.hall.states import Channel, PauseReason, State
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.clock import HALL_ZONE

AFTER_CLOSING = timedelta(minutes=45)  # whoever holds a number at closing time is still served so long
WHY_NO_MATTER = "演练"  # nothing is registered in an exercise


@dataclass
class Run:
    """What a day gave: seconds at each window, the number of presses, and how long each verb took (ms)."""

    day: date
    visitors: int = 0
    gave_up: int = 0
    open_seconds: float = 0.0
    busy_seconds: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    verbs: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def utilisation(self) -> float | None:
        """Share of the open hours of all windows in which somebody was before them, in per cent."""
        whole = self.open_seconds * len(self.busy_seconds)
        return round(100 * sum(self.busy_seconds.values()) / whole, 1) if whole else None


def simulate(
    exercise: Exercise, profile: Profile, *, day: date, opened: list[tuple[time, time]], visitors: int,
    seed: int, wait_until: Callable[[datetime], None] = lambda at: None,
) -> Run:  # fmt: skip
    """Play ``day`` in the exercise hall, ``opened`` in these hours, ``visitors`` on average; the same
    ``seed`` gives the same people. ``wait_until`` is asked before each moment (to play it slowly).
    """
    played = _Day(exercise, profile, day, opened, random.Random(seed), Run(day))
    start = datetime.combine(day, time.min, HALL_ZONE)
    for visitor in profile.visitors(day_start=start, opened=opened, count=visitors, chance=played.chance):
        played.put(visitor.at, played.arrives, visitor)
    for first, last in opened:
        played.put(played.moment(first), played.opens)
        played.put(played.moment(last), played.closes, (first, last) == opened[-1])
    played.play(wait_until)
    return played.run


class _Day:
    """The moments of the day in order. A window is idle, busy, on its break, or signed off."""

    def __init__(
        self, exercise: Exercise, profile: Profile, day: date, opened: list[tuple[time, time]],
        chance: random.Random, run: Run,
    ) -> None:  # fmt: skip
        self.exercise, self.profile, self.day, self.chance, self.run = exercise, profile, day, chance, run
        self.actors = dict(exercise.seats)
        self.moments: list[tuple[datetime, int, Callable[..., None], tuple[Any, ...]]] = []
        self.numbers = itertools.count()
        self.idle: list[int] = []
        self.busy: set[int] = set()
        self.resting: set[int] = set()  # on the break
        self.over = False
        self.closed = True  # nobody is called now
        self.last_call = self.moment(opened[-1][1]) + AFTER_CLOSING
        run.open_seconds = sum(
            (self.moment(last) - self.moment(first)).total_seconds() for first, last in opened
        )
        run.busy_seconds.update(dict.fromkeys(self.actors, 0.0))

    def moment(self, at: time) -> datetime:
        return datetime.combine(self.day, at, HALL_ZONE)

    def put(self, at: datetime, act: Callable[..., None], *given: Any) -> None:
        heapq.heappush(self.moments, (at, next(self.numbers), act, given))

    def play(self, wait_until: Callable[[datetime], None]) -> None:
        while self.moments:
            at, _number, act, given = heapq.heappop(self.moments)
            wait_until(at)
            act(at, *given)

    def press(self, verb: Callable[..., Any], **given: Any) -> Any:
        """One press of a button, timed."""
        begun = machine_time.perf_counter()
        try:
            return verb(**given)
        finally:
            self.run.verbs[verb.__name__].append((machine_time.perf_counter() - begun) * 1000)

    def arrives(self, at: datetime, visitor: Visitor) -> None:
        arrival = services.Arrival(
            press_key=f"exercise-{uuid.uuid4()}", channel=Channel.KIOSK, reason=visitor.reason,
            item_version_ids=(visitor.item_version_id,) if visitor.item_version_id else (),
        )  # fmt: skip
        visit = self.press(services.join, actor=SYSTEM, hall_id=self.exercise.hall.pk, arrival=arrival, at=at)
        self.run.visitors += 1
        item_id = visit.items.values_list("pk", flat=True).get()
        self.put(min(at + visitor.patience, self.moment(time.max)), self.gives_up, item_id)
        waiting, self.idle = self.idle, []
        for window_id in waiting:
            self.looks(at, window_id)

    def gives_up(self, at: datetime, item_id: int) -> None:
        if VisitItem.objects.filter(pk=item_id, state=State.WAITING).exists():
            self.press(services.leave, actor=SYSTEM, item_id=item_id, at=at)
            self.run.gave_up += 1

    def opens(self, at: datetime) -> None:
        self.closed = False
        for window_id, actor in self.exercise.seats:
            if window_id in self.resting:
                self.press(services.go_on_at_window, actor=actor, at=at)
                self.resting.discard(window_id)
                self.looks(at, window_id)
            elif window_id not in self.busy:
                self.press(services.sign_on, actor=actor, window_id=window_id, at=at)
                self.looks(at, window_id)

    def closes(self, at: datetime, for_today: bool) -> None:
        """At noon the windows rest; in the evening who holds a number is still served for a while."""
        self.closed = not for_today
        self.over = for_today
        waiting, self.idle = self.idle, []
        for window_id in waiting:
            self.looks(at, window_id)

    def looks(self, at: datetime, window_id: int) -> None:
        """The window is free: it calls the next, rests, waits, or ends its day."""
        actor = self.actors[window_id]
        if self.closed:
            self.press(services.pause, actor=actor, reason=PauseReason.MEAL, at=at)
            self.resting.add(window_id)
            return
        call = None
        if not self.over or at < self.last_call:
            call = self.press(services.call_next, actor=actor, at=at)
        if call is not None:
            self.busy.add(window_id)
            self.goes_to(at, window_id, call.item)
        elif self.over:
            self.press(services.sign_off, actor=actor, at=at)
        else:
            self.idle.append(window_id)

    def goes_to(self, at: datetime, window_id: int, item: VisitItem) -> None:
        if self.chance.random() < self.profile.misses:
            self.put(at + MINUTE, self.is_recalled, window_id, item.pk)
        else:
            way = timedelta(seconds=self.chance.uniform(20, 80))
            self.put(at + way, self.sits_down, window_id, item.pk, item.item_version_id)

    def is_recalled(self, at: datetime, window_id: int, item_id: int) -> None:
        self.press(services.recall, actor=self.actors[window_id], item_id=item_id, at=at)
        self.put(at + MINUTE, self.is_missed, window_id, item_id)

    def is_missed(self, at: datetime, window_id: int, item_id: int) -> None:
        self.press(services.miss, actor=self.actors[window_id], item_id=item_id, at=at)
        self.is_free(at, window_id, 2 * MINUTE)

    def sits_down(self, at: datetime, window_id: int, item_id: int, version_id: int | None) -> None:
        self.press(services.start, actor=self.actors[window_id], item_id=item_id, at=at)
        took = self.profile.service_time(version_id, self.chance)
        self.put(at + took, self.goes_home, window_id, item_id, took)

    def goes_home(self, at: datetime, window_id: int, item_id: int, took: timedelta) -> None:
        self.press(
            services.finish,
            actor=self.actors[window_id],
            item_id=item_id,
            at=at,
            no_case_reason=WHY_NO_MATTER,
        )
        self.is_free(at, window_id, took)

    def is_free(self, at: datetime, window_id: int, took: timedelta) -> None:
        self.busy.discard(window_id)
        self.run.busy_seconds[window_id] += took.total_seconds()
        self.looks(at, window_id)
