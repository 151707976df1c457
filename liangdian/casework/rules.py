"""Pure rules of casework: which limit applies, when to warn, what a rating does, who may rate.

No row is read or written here; times are aware datetimes, days hall-local dates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from liangdian.casework.stages import Stage, can_move
from liangdian.casework.states import BAD_GRADES, NEXT, Grade, Kind, State
from liangdian.foundation.clock import HALL_ZONE, start_of_day
from liangdian.foundation.limits import Due, Limit, LimitUnit
from liangdian.foundation.refused import NotAllowed, Refused
from liangdian.foundation.workdays import Days, due_of


class WrongState(Refused):
    """The case is not in a state that allows this act."""

    code = "wrong-state"


@dataclass(frozen=True, slots=True)
class DefaultLimit:
    code: str
    amount: int
    unit: LimitUnit
    source: str


# Editable defaults (rules §5: local practice, no national law); seeded as version 1 of each rule.
DEFAULT_LIMITS = (
    DefaultLimit("promise.service", 5, LimitUnit.WORKING_DAYS, "Centre's own promise, editable"),
    DefaultLimit("promise.consultation", 2, LimitUnit.WORKING_DAYS, "12345 practice (local)"),
    DefaultLimit("promise.help", 10, LimitUnit.WORKING_DAYS, "12345 practice (local)"),
    DefaultLimit("promise.suggestion", 10, LimitUnit.WORKING_DAYS, "12345 practice (local)"),
    DefaultLimit("promise.complaint", 15, LimitUnit.WORKING_DAYS, "12345 practice (local)"),
    DefaultLimit("promise.report", 15, LimitUnit.WORKING_DAYS, "12345 practice (local)"),
    DefaultLimit("promise.urgent", 2, LimitUnit.HOURS, "12345 practice for emergencies (local)"),
    DefaultLimit("promise.reopened", 5, LimitUnit.WORKING_DAYS, "Default repair of a bad rating (rules §4)"),
    DefaultLimit("referral.accept", 2, LimitUnit.WORKING_DAYS, "12345 practice for wrong referrals (local)"),
    DefaultLimit(
        "rating.window", 5, LimitUnit.WORKING_DAYS, "No national limit; editable default (rules §4)"
    ),
    DefaultLimit("escalation.step", 5, LimitUnit.WORKING_DAYS, "Centre's own rule, editable"),
    DefaultLimit("contact.first", 24, LimitUnit.HOURS, "12345 practice (local)"),
    DefaultLimit("contact.urgent", 2, LimitUnit.HOURS, "12345 practice for emergencies (local)"),
    DefaultLimit("acceptance.answer", 5, LimitUnit.WORKING_DAYS, "Licensing Law Art. 32 (4)"),
    DefaultLimit("correction.supply", 15, LimitUnit.WORKING_DAYS, "Centre's own rule, editable"),
    DefaultLimit("shortfall.supply", 10, LimitUnit.WORKING_DAYS, "Practice of late papers (local)"),
    DefaultLimit("pause.most", 30, LimitUnit.WORKING_DAYS, "Centre's own maximum, editable"),
    DefaultLimit("extension.most", 10, LimitUnit.WORKING_DAYS, "Licensing Law Art. 42"),
    DefaultLimit("delivery.result", 10, LimitUnit.WORKING_DAYS, "Licensing Law Art. 44"),
    DefaultLimit(
        "repair.rating", 5, LimitUnit.WORKING_DAYS, "No national limit; editable default (rules §4)"
    ),
    DefaultLimit("repair.ledger", 60, LimitUnit.WORKING_DAYS, "Centre's own maximum, editable"),
    DefaultLimit("assist.answer", 3, LimitUnit.WORKING_DAYS, "Centre's own rule, editable"),
    DefaultLimit("supervision.answer", 5, LimitUnit.WORKING_DAYS, "Centre's own rule, editable"),
    DefaultLimit("duplicate.window", 30, LimitUnit.CALENDAR_DAYS, "Centre's own rule, editable"),
)
RATING_WINDOW = "rating.window"
REFERRAL_ACCEPT = "referral.accept"
REOPENED = "promise.reopened"
ESCALATION_STEP = "escalation.step"
FIRST_CONTACT, FIRST_CONTACT_URGENT = "contact.first", "contact.urgent"
ACCEPTANCE = "acceptance.answer"
CORRECTION = "correction.supply"
SHORTFALL = "shortfall.supply"
PAUSE_MOST = "pause.most"
EXTENSION_MOST = "extension.most"
DELIVERY = "delivery.result"
DUPLICATE_WINDOW = "duplicate.window"
ASSIST = "assist.answer"
SUPERVISION = "supervision.answer"
REPAIR = "repair.rating"
REPAIR_LEDGER = "repair.ledger"


def promise_rule_code(*, kind: str, urgent: bool) -> str:
    """The code of the limit rule for a matter without a published item."""
    return "promise.urgent" if urgent else f"promise.{Kind(kind).value}"


def check_move(state: str, target: State) -> None:
    """Refuse a move that the table of states does not contain. Raises WrongState."""
    if target not in NEXT[State(state)]:
        raise WrongState(
            _("This cannot be done while the matter is “%(state)s”. Reload the page to see where it stands.")
            % {"state": State(state).label}
        )


def check_stage(kind: str, stage: str, target: Stage) -> None:
    """Refuse a step that the table of the matter's procedure does not contain. Raises WrongState."""
    if not can_move(kind, stage, target):
        raise WrongState(
            _("This cannot be done while the matter is at “%(stage)s”. Reload to see where it stands.")
            % {"stage": Stage(stage).label}
        )


def warn_at(*, start: datetime, due: Due, days: Days) -> datetime:
    """When to warn: the beginning of the last working day before the due day.

    A limit too short for that (at once, hours, one working day) warns after three quarters of its time.
    """
    day = due.day - timedelta(days=1)
    while not days.is_working(day):
        day -= timedelta(days=1)
    morning = start_of_day(day)
    if morning > start:
        return morning
    return start + (due.at - start) * 3 / 4


@dataclass(frozen=True, slots=True)
class Alarm:
    """The next thing to be done by the clock for one case."""

    level: str
    at: datetime


WARN, OVERDUE, OVERDUE_AGAIN = "warn", "overdue", "overdue_again"
PROMISE_LEVELS = (WARN, OVERDUE, OVERDUE_AGAIN)


def promise_alarm(*, start: datetime, due: Due, done: int, step: Limit, days: Days) -> Alarm | None:
    """The next alarm of a promise of which ``done`` levels are behind: warn, overdue, overdue again."""
    if done >= len(PROMISE_LEVELS):
        return None
    level = PROMISE_LEVELS[done]
    if level == WARN:
        return Alarm(WARN, warn_at(start=start, due=due, days=days))
    if level == OVERDUE:
        return Alarm(OVERDUE, due.at)
    return Alarm(OVERDUE_AGAIN, due_of(step, due.at, days, HALL_ZONE).at)


def earliest(alarm: Alarm | None, clocks: Iterable[datetime]) -> datetime | None:
    """The instant at which the first of the open clocks asks for attention (``next_due_at``).

    ``alarm`` is the promise's next one; ``clocks`` are the ends of those that have not rung.
    """
    return min([*clocks, *([alarm.at] if alarm else [])], default=None)


def is_kept(*, resolved_at: datetime, due_at: datetime) -> bool:
    """A promise is kept when the answer came by the end of its due day (or hour)."""
    return resolved_at <= due_at


def reopens(grade: str) -> bool:
    """The last two of the five grades reopen the same case (rules §4: 差评)."""
    return Grade(grade) in BAD_GRADES


def check_may_record_rating(
    *, recorder_id: int | None, handler_id: int | None, first_handler_id: int, about_user_id: int | None,
    rated_id: int | None = None,
) -> None:  # fmt: skip
    """A call-back is made by somebody other than those who are rated. Raises NotAllowed."""
    if recorder_id is None:
        return
    if recorder_id == about_user_id:
        raise NotAllowed(
            _("This complaint is about you. Ask the community secretary to have it called back.")
        )
    if recorder_id in {handler_id, first_handler_id, rated_id}:
        raise NotAllowed(
            _("You handled this matter, so you cannot rate it. Ask a colleague to call the resident back.")
        )


def check_not_about(*, actor_id: int | None, about_user_id: int | None) -> None:
    """Nobody handles, rates or closes a complaint about himself. Raises NotAllowed."""
    if actor_id is not None and actor_id == about_user_id:
        raise NotAllowed(_("This complaint is about you, so a colleague has to handle it."))
