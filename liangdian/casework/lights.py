"""The promise as a light with words: how a due time looks to the person who reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liangdian.casework.models import Case
from liangdian.casework.stages import Stage
from liangdian.casework.states import State
from liangdian.foundation.clock import business_date
from liangdian.foundation.workdays import Days, working_days_between
from liangdian.platform.ui.dates import day_words


@dataclass(frozen=True, slots=True)
class Light:
    """``tone`` is late, soon, fine, done or none; ``count`` is the number shown in the lamp."""

    tone: str
    headline: str
    detail: str = ""
    count: str = ""


def light_of(case: Case, *, now: datetime, days: Days) -> Light:
    """The light of a case. Working days are counted from today; the due day itself is day 0."""
    if case.state == State.CLOSED:
        return Light("done", _("Closed"))
    if case.state == State.WITHDRAWN:
        return Light("none", _("Withdrawn"))
    if case.state == State.RESOLVED:
        return Light("done", _("Answered, waiting for the rating"))
    if case.follows:
        return Light("none", _("Handled together with another matter"), _("That matter's promise holds"))
    if case.paused_at is not None:
        waiting = case.stage == Stage.CORRECTION
        words = _("The promised time starts when the papers are here") if waiting else ""
        return Light("none", str(Stage(case.stage).label), words or _("The promised time stands still"))
    if case.due_at is None:
        return Light("none", _("No promise"))
    today, due_day = business_date(now), business_date(case.due_at)
    detail = _("Promised for %(day)s") % {"day": day_words(due_day)}
    if not days.is_known(due_day):
        detail += _(", provisional until the calendar is published")
    left = working_days_between(today, due_day, days)
    if now > case.due_at:
        return _late(max(-left, 0), detail)
    if due_day == today:
        return Light("soon", _("Due today"), detail, "0")
    words = ngettext("%(n)d working day left", "%(n)d working days left", left) % {"n": left}
    return Light("soon" if left <= 1 else "fine", words, detail, str(left))


def _late(days: int, detail: str) -> Light:
    if days == 0:
        return Light("late", _("Overdue since today"), detail, "!")
    words = ngettext("Overdue by %(n)d working day", "Overdue by %(n)d working days", days)
    return Light("late", words % {"n": days}, detail, str(days))
