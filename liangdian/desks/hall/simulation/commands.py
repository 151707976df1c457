"""``liangdian simulate hall``: a whole day in an exercise hall, and what came of it."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from liangdian.desks.hall import figures, simulation
from liangdian.desks.hall import selectors as halls
from liangdian.desks.hall.models import Hall, Visit
from liangdian.desks.hall.simulation import Run
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Refused
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.organisation import selectors as organisation


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--day", nargs="?", type=date.fromisoformat, metavar="YYYY-MM-DD",
        help="the day to play; default: the first working day from today that was not played yet",
    )  # fmt: skip
    parser.add_argument("--unit", help="code of the unit whose hall is copied; default: the only hall")
    parser.add_argument("--windows", type=int, help="windows to open; default: as many as the hall has")
    parser.add_argument("--visitors", type=int, help="visitors of the day on average; default: as lately")
    parser.add_argument("--seed", type=int, default=1, help="the same number gives the same people")
    parser.add_argument(
        "--speed", type=float, default=0, help="60 plays an hour in a minute; default: as fast as possible"
    )
    parser.add_argument("--json", action="store_true", help="print numbers for other programs")


def run(args: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    model = _hall(args.unit)
    if args.visitors is not None and not 1 <= args.visitors <= 20_000:
        raise Refused("Choose between 1 and 20,000 visitors.")
    if args.speed < 0:
        raise Refused("The speed is 0 (as fast as possible) or more.")
    exercise = simulation.prepare(model, windows=args.windows, at=now)
    day = _day(exercise.hall, args.day, business_date(now))
    opened = [(one.opens, one.closes) for one in calendar.hours_on(day)]
    if not opened:
        raise Refused(f"The hall is closed on {day}. Choose a working day.")
    profile, usual = simulation.learned_profile(model, now=now)
    done = simulation.simulate(
        exercise, profile, day=day, opened=opened, visitors=args.visitors or usual, seed=args.seed,
        wait_until=_pace(args.speed),
    )  # fmt: skip
    said = _said(exercise.hall, done)
    print(json.dumps(said, indent=2, default=float) if args.json else _table(said))
    return 0


def _hall(code: str | None) -> Hall:
    """Raises Refused: no hall, or several to choose from."""
    if code is not None:
        unit = organisation.unit_by_code(code)
        hall = halls.hall_of_unit(unit.pk) if unit else None
        if hall is None:
            raise Refused(f"The unit {code} has no hall.")
        return hall
    found = list(
        Hall.objects.select_related("unit").filter(active=True, unit__active=True).order_by("pk")[:2]
    )
    if len(found) != 1:
        raise Refused("Name the unit of the hall: --unit CODE." if found else "There is no hall yet.")
    return found[0]


def _day(hall: Hall, asked: date | None, today: date) -> date:
    """Raises Refused when that day was played already: its figures would be those of two days."""
    played = set(Visit.objects.filter(hall=hall, day__gte=asked or today).values_list("day", flat=True))
    if asked is not None:
        if asked in played:
            raise Refused(f"{asked} was played already. Choose another day.")
        return asked
    days = calendar.calendar_days()
    day = today
    while day in played or not days.is_working(day):
        day += timedelta(days=1)
    return day


def _pace(speed: float) -> Callable[[datetime], None]:
    """Waits until the moment has come, so many times faster than in life; the first moment comes at once."""
    if not speed:
        return lambda at: None
    first: list[tuple[datetime, float]] = []

    def wait(at: datetime) -> None:
        if not first:
            first.append((at, time.monotonic()))
        begun_at, begun = first[0]
        due = begun + (at - begun_at).total_seconds() / speed
        time.sleep(max(0.0, due - time.monotonic()))

    return wait


def _said(hall: Hall, run: Run) -> dict[str, Any]:
    row = figures.total(hall, first=run.day, last=run.day)
    return {
        "day": run.day.isoformat(), "windows": len(run.busy_seconds), "visitors": run.visitors,
        "served": row.served, "gave_up": run.gave_up, "missed_calls": row.missed.numerator,
        "waiting_minutes": {"median": row.waiting.median, "p90": row.waiting.p90},
        "within_target": {
            "minutes": hall.target_minutes, "share": row.on_target.percent,
            "of": row.on_target.denominator,
        },
        "service_minutes": {"median": row.service.median, "p90": row.service.p90},
        "whole_visit_minutes": {"median": row.whole.median, "p90": row.whole.p90},
        "utilisation_percent": run.utilisation,
        "estimate": {
            "inside_promised_range": row.inside.percent, "of": row.inside.denominator,
            "median_error_minutes": row.off,
        },
        "milliseconds": {
            verb: {"presses": len(times), "p95": round(sorted(times)[int(len(times) * 0.95)], 1)}
            for verb, times in sorted(run.verbs.items())
        },
    }  # fmt: skip


def _table(said: dict[str, Any]) -> str:
    """The same for people, in minutes and per cent; "no data" where nothing was counted."""

    def words(value: object) -> str:
        return "no data" if value is None else f"{value}"

    lines = [f"{said['day']}: {said['visitors']} visitors, {said['windows']} windows"]
    for key, label in (
        ("served", "served"), ("gave_up", "left before they were called"), ("missed_calls", "missed calls"),
    ):  # fmt: skip
        lines.append(f"  {label:<38} {said[key]}")
    for key, label in (
        ("waiting_minutes", "waiting, minutes"), ("service_minutes", "service, minutes"),
        ("whole_visit_minutes", "whole visit, minutes"),
    ):  # fmt: skip
        pair = said[key]
        lines.append(f"  {label:<38} median {words(pair['median'])}, 90 of 100 within {words(pair['p90'])}")
    target, estimate = said["within_target"], said["estimate"]
    label = f"called within {target['minutes']} minutes, %"
    lines.append(f"  {label:<38} {words(target['share'])} of {target['of']}")
    lines.append(f"  {'windows busy, %':<38} {words(said['utilisation_percent'])}")
    inside, error = words(estimate["inside_promised_range"]), words(estimate["median_error_minutes"])
    label = "inside the promised range, %"
    lines.append(f"  {label:<38} {inside} of {estimate['of']}, median error {error} minutes")
    lines.append("  press of a button, milliseconds (95 of 100 within)")
    for verb, each in said["milliseconds"].items():
        lines.append(f"    {verb:<36} {each['p95']} ({each['presses']} presses)")
    return "\n".join(lines)
