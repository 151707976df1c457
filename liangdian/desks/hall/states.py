"""The closed lists of the hall: where a person's business is, the only moves between, and its ends."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    """Where one item of a visit is. The last six are ends; none of them is counted as another."""

    PLANNED = "planned", _("Comes afterwards")
    WAITING = "waiting", pgettext_lazy("at the hall", "Waiting")
    CALLED = "called", pgettext_lazy("at the hall", "Called")
    SERVING = "serving", pgettext_lazy("at the hall", "At the window")
    HELD = "held", pgettext_lazy("at the hall", "Interrupted")
    SERVED = "served", pgettext_lazy("at the hall", "Served")
    MISSED = "missed", pgettext_lazy("at the hall", "Did not come when called")
    LEFT = "left", pgettext_lazy("at the hall", "Left")
    PARKED = "parked", pgettext_lazy("at the hall", "Set aside")
    TRANSFERRED = "transferred", pgettext_lazy("at the hall", "Moved to another item")
    CLOSED = "closed", pgettext_lazy("at the hall", "Closed by the system")


NEXT: dict[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.WAITING, State.SERVING, State.LEFT, State.CLOSED}),
    State.WAITING: frozenset(
        {State.WAITING, State.CALLED, State.LEFT, State.PARKED, State.TRANSFERRED, State.CLOSED}
    ),
    State.CALLED: frozenset(
        {State.SERVING, State.MISSED, State.WAITING, State.LEFT, State.TRANSFERRED, State.CLOSED}
    ),
    State.SERVING: frozenset(
        {
            State.SERVED, State.HELD, State.PARKED, State.WAITING, State.LEFT, State.TRANSFERRED,
            State.CLOSED,
        }
    ),
    State.HELD: frozenset({State.SERVING, State.PARKED, State.WAITING, State.LEFT, State.CLOSED}),
    State.PARKED: frozenset({State.WAITING}),
    State.MISSED: frozenset({State.WAITING}),
    State.LEFT: frozenset({State.WAITING}),
    State.SERVED: frozenset(),
    State.TRANSFERRED: frozenset(),
    State.CLOSED: frozenset(),
}  # fmt: skip

AT_WINDOW = (State.CALLED, State.SERVING)
# Where a person is: in one place at a time.
PRESENT = (State.WAITING, State.CALLED, State.SERVING, State.HELD)
LIVE = (State.PLANNED, *PRESENT)
# Ends from which the person may come back on the same day.
CAN_RETURN = (State.PARKED, State.MISSED, State.LEFT)
ENDS = (State.SERVED, State.MISSED, State.LEFT, State.PARKED, State.TRANSFERRED, State.CLOSED)


class Rank(IntegerChoices):
    """The class of a person in the queue; a smaller one is called earlier."""

    URGENT = 0, _("Green channel")
    PRIORITY = 1, _("Priority")
    APPOINTMENT = 2, _("Appointment")
    QUICK = 3, _("Quick item")
    WALK_IN = 4, _("Walk-in")


class Reason(TextChoices):
    """Why somebody is in a class before the others; recorded with every such visit."""

    OLD = "old", _("Old age")
    DISABLED = "disabled", _("Disabled")
    PREGNANT = "pregnant", _("Pregnant")
    WITH_CHILD = "with_child", _("Carrying a child")
    SOLDIER = "soldier", _("Soldier or veteran")
    URGENT = "urgent", pgettext_lazy("reason", "Urgent")


class Channel(TextChoices):
    """Where the number was taken."""

    KIOSK = "kiosk", _("Kiosk")
    DESK = "desk", _("Reception desk")
    CHECK_IN = "check_in", _("Checked in for an appointment")


class DeviceKind(TextChoices):
    """The machines that stand in a hall."""

    KIOSK = "kiosk", _("Kiosk")
    BOARD = "board", pgettext_lazy("device", "Board")
    TABLET = "tablet", _("Rating tablet")


class WindowState(TextChoices):
    OPEN = "open", pgettext_lazy("window", "Open")
    PAUSED = "paused", pgettext_lazy("window", "Paused")
    CLOSED = "closed", pgettext_lazy("window", "Closed")


class PauseReason(TextChoices):
    MEAL = "meal", _("Meal")
    BREAK = "break", _("Short break")
    ERRAND = "errand", _("Errand for a resident")
    MEETING = "meeting", _("Meeting")
    FAULT = "fault", _("Equipment or network fault")


class EventKind(TextChoices):
    """What happened in the hall, in one ascending line for each hall."""

    JOINED = "joined", _("Took a number")
    CHECKED_IN = "checked_in", _("Checked in")
    CALLED = "called", _("Was called")
    RECALLED = "recalled", _("Was called again")
    SERVING = "serving", _("Came to the window")
    HELD = "held", _("Was interrupted")
    RESUMED = "resumed", _("Goes on at the window")
    PARKED = "parked", _("Was set aside")
    MISSED = "missed", _("Did not come")
    LEFT = "left", _("Left the hall")
    BACK = "back", _("Is back")
    MOVED = "moved", _("Was moved")
    TRANSFERRED = "transferred", _("Was moved to another item")
    SERVED = "served", _("Was served")
    CLOSED = "closed", _("Was closed by the system")
    CLASSED = "classed", _("Came into another class")
    RATED = "rated", _("Rated the visit")
    WINDOW_OPENED = "window_opened", _("Window opened")
    WINDOW_PAUSED = "window_paused", _("Window paused")
    WINDOW_RESUMED = "window_resumed", _("Window goes on")
    WINDOW_HANDED = "window_handed", _("Window handed over")
    WINDOW_CLOSED = "window_closed", _("Window closed")


class Grade(TextChoices):
    """Five grades of the national rating scheme; at the window one rating a visit (rules §4)."""

    VERY_SATISFIED = "5", _("Very satisfied")
    SATISFIED = "4", _("Satisfied")
    BASICALLY_SATISFIED = "3", _("Basically satisfied")
    DISSATISFIED = "2", _("Dissatisfied")
    VERY_DISSATISFIED = "1", _("Very dissatisfied")


class RatedBy(TextChoices):
    PLACE = "place", _("On the resident's phone")
    TABLET = "tablet", _("On the tablet at the window")
