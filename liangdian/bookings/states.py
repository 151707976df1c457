"""The closed lists of appointments: what can be reserved, by which channel, and the only moves."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ResourceKind(TextChoices):
    """What is reserved. An item at a window, a room, a talk with a named post, a home visit's team."""

    ITEM = "item", _("Items at a window")
    ROOM = "room", _("Room of the centre")
    POST = "post", _("Talk with a named post")
    TEAM = "team", _("Home visits")


class Channel(TextChoices):
    """Through which door an appointment was made; each has its own share of every time."""

    HALL = "hall", _("In the hall")
    PHONE = "phone", _("By phone")
    ONLINE = "online", _("Online")


class State(TextChoices):
    HELD = "held", pgettext_lazy("appointment", "Held")
    CONFIRMED = "confirmed", pgettext_lazy("appointment", "Confirmed")
    ARRIVED = "arrived", pgettext_lazy("appointment", "Is here")
    DONE = "done", pgettext_lazy("appointment", "Served")
    MISSED = "missed", pgettext_lazy("appointment", "Did not come")
    CANCELLED = "cancelled", pgettext_lazy("appointment", "Cancelled")
    EXPIRED = "expired", pgettext_lazy("appointment", "Not confirmed in time")


# The database refuses every other move (migration 0002). Somebody who comes late is here after all.
NEXT: dict[State, frozenset[State]] = {
    State.HELD: frozenset({State.CONFIRMED, State.CANCELLED, State.EXPIRED}),
    State.CONFIRMED: frozenset({State.ARRIVED, State.MISSED, State.CANCELLED}),
    State.ARRIVED: frozenset({State.DONE}),
    State.MISSED: frozenset({State.ARRIVED}),
    State.DONE: frozenset(),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
}
# These take up their time; the others have given it back.
TAKING = frozenset(State) - {State.CANCELLED, State.EXPIRED}
AHEAD = frozenset({State.HELD, State.CONFIRMED})


class CancelledBy(TextChoices):
    RESIDENT = "resident", _("By the resident")
    CENTRE = "centre", _("By the centre")


class EventType(TextChoices):
    HELD = "held", _("Time held")
    CONFIRMED = "confirmed", _("Appointment confirmed")
    MOVED = "moved", _("Moved to another time")
    CANCELLED = "cancelled", _("Appointment cancelled")
    EXPIRED = "expired", _("Hold ran out")
    ARRIVED = "arrived", _("The resident is here")
    DONE = "done", _("Appointment served")
    MISSED = "missed", _("The resident did not come")


class WaitState(TextChoices):
    WAITING = "waiting", pgettext_lazy("waiting list", "Waiting")
    OFFERED = "offered", pgettext_lazy("waiting list", "A time is offered")
    TAKEN = "taken", pgettext_lazy("waiting list", "Took the time")
    LAPSED = "lapsed", pgettext_lazy("waiting list", "Did not answer")
    LEFT = "left", pgettext_lazy("waiting list", "Taken off the list")
