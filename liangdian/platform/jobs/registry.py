"""Which jobs exist: plain functions under a name, declared in the rooms' ``jobs.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

JobFunction = Callable[..., Any]
PeriodicFunction = Callable[[datetime], Any]


@dataclass(frozen=True, slots=True)
class Job:
    """A function that the worker calls. ``retries`` is how often it is tried again after a failure."""

    name: str
    function: JobFunction
    retries: int


_jobs: dict[str, Job] = {}
_periodic: dict[str, PeriodicFunction] = {}


def job(name: str, *, retries: int = 5) -> Callable[[JobFunction], JobFunction]:
    """Declare the decorated function as job ``name`` (``room.verb``).

    It gets the keyword arguments of ``enqueue`` and must be idempotent: a worker that is killed
    runs it again. Raises ValueError when the name is taken by another function.
    """

    def declare(function: JobFunction) -> JobFunction:
        known = _jobs.get(name)
        if known is not None and known.function is not function:
            raise ValueError(f"Two jobs are called {name!r}.")
        _jobs[name] = Job(name, function, retries)
        return function

    return declare


def every_minute(name: str) -> Callable[[PeriodicFunction], PeriodicFunction]:
    """Declare a function of the sweep: called every minute with the time (UTC, aware)."""

    def declare(function: PeriodicFunction) -> PeriodicFunction:
        known = _periodic.get(name)
        if known is not None and known is not function:
            raise ValueError(f"Two functions of the sweep are called {name!r}.")
        _periodic[name] = function
        return function

    return declare


def job_named(name: str) -> Job:
    """The job of that name. Raises LookupError when no room declares it."""
    try:
        return _jobs[name]
    except KeyError:
        raise LookupError(f"No room declares a job called {name!r}.") from None


def all_jobs() -> tuple[Job, ...]:
    return tuple(_jobs.values())


def periodic_functions() -> tuple[tuple[str, PeriodicFunction], ...]:
    """What the sweep calls, in the order of declaration."""
    return tuple(_periodic.items())
