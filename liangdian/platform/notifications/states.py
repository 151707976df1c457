"""The closed lists of the outbox: channels, states and the only moves between them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(TextChoices):
    """How a message travels. ``IN_APP`` is the bell of a colleague."""

    IN_APP = "in_app", _("Bell")
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")
    MESSENGER = "messenger", _("Messenger")


class State(TextChoices):
    """Where a message is. ``UNKNOWN``: the programme ended while it was being handed over."""

    QUEUED = "queued", pgettext_lazy("message", "Waiting")
    SENDING = "sending", pgettext_lazy("message", "Being sent")
    SENT = "sent", pgettext_lazy("message", "Sent")
    DELIVERED = "delivered", pgettext_lazy("message", "Delivered")
    FAILED = "failed", pgettext_lazy("message", "Not delivered")
    SUPPRESSED = "suppressed", pgettext_lazy("message", "Not sent")
    UNKNOWN = "unknown", pgettext_lazy("message", "Not known whether sent")


# The database refuses every other move (migration 0003), so nothing that left can ever leave again.
NEXT: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.SENDING, State.FAILED}),
    State.SENDING: frozenset({State.QUEUED, State.SENT, State.DELIVERED, State.FAILED, State.UNKNOWN}),
    State.SENT: frozenset({State.DELIVERED, State.FAILED}),
    State.UNKNOWN: frozenset({State.DELIVERED, State.FAILED}),
    State.FAILED: frozenset({State.QUEUED, State.DELIVERED}),
    State.DELIVERED: frozenset(),
    State.SUPPRESSED: frozenset(),
}


class Problem(TextChoices):
    """Why a message did not arrive: a class, never the text of an answer, which may hold an address."""

    NO_ADDRESS = "no_address", _("No phone number or e-mail address is known")
    OPTED_OUT = "opted_out", _("The resident wants no messages")
    CHANNEL_OFF = "channel_off", _("This way of sending is not set up")
    DOWN = "down", _("The service that sends could not be reached")
    LATER = "later", _("The service that sends asked to try again later")
    REFUSED = "refused", _("The service that sends refused the message")
    ADDRESS = "address", _("The number or address does not exist")
    LOST = "lost", _("The connection broke while sending")
    STOPPED = "stopped", _("The programme was stopped while sending")
    TEXT = "text", _("The text could not be made")
    REPORTED = "reported", _("The network reported that it did not arrive")
    TOO_LATE = "too_late", _("It could not be sent in time")
