"""Reading one's own bell, the outbox, and what became of messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.clock import start_of_day
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.notifications import policy
from liangdian.platform.notifications.models import BellNotice, Message, MessageTemplate
from liangdian.platform.notifications.states import Channel, Problem, State


def latest(actor: Actor, *, limit: int = 50) -> list[BellNotice]:
    """The actor's newest notices."""
    return list(BellNotice.objects.filter(user=actor.user_id).order_by("-at", "-id")[:limit])


def unread_count(actor: Actor, *, at_most: int = 99) -> int:
    """How many notices the actor has not read, counted no further than ``at_most`` + 1."""
    unread = BellNotice.objects.filter(user=actor.user_id, read_at__isnull=True)
    return unread[: at_most + 1].count()


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a message, in codes; ``words`` in the reader's language. ``to`` is masked."""

    channel: str
    state: str
    problem: str
    to: str
    at: datetime

    @property
    def tone(self) -> str:
        """How the screen shows it: "late" when somebody has to look after it."""
        return "late" if self.state in {State.FAILED, State.UNKNOWN} else "quiet"

    @property
    def icon(self) -> str:
        """The picture beside the words."""
        return _ICONS[State(self.state)]

    @property
    def words(self) -> str:
        """ "Text message 138****2211: delivered", with the reason when it did not arrive."""
        became = str(State(self.state).label)
        if self.problem and self.state not in {State.SENT, State.DELIVERED}:
            became = _("%(state)s (%(reason)s)") % {"state": became, "reason": Problem(self.problem).label}
        if not self.channel:
            return became
        way = f"{Channel(self.channel).label} {self.to}"
        return _("%(way)s: %(became)s") % {"way": way, "became": became}


_ICONS = {
    State.QUEUED: "clock",
    State.SENDING: "clock",
    State.SENT: "send",
    State.DELIVERED: "checks",
    State.FAILED: "alert-triangle",
    State.UNKNOWN: "help-circle",
    State.SUPPRESSED: "message-off",
}


def delivery_of(message: Message) -> Delivery:
    """What became of this message."""
    return Delivery(
        channel=message.channel, state=message.state, problem=message.problem, to=message.recipient_masked,
        at=message.done_at or message.not_before,
    )  # fmt: skip


def deliveries_for(keys: Iterable[str]) -> dict[str, Delivery]:
    """What became of the messages with these keys, for whoever may see what they tell. One query."""
    rows = Message.objects.filter(key__in=list(keys)).values_list(
        "key", "channel", "state", "problem", "recipient_masked", "done_at", "not_before"
    )
    return {
        key: Delivery(channel=channel, state=state, problem=problem, to=to, at=done or planned)
        for key, channel, state, problem, to, done, planned in rows
    }


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for in the outbox; empty means everything. Days are hall-local and inclusive."""

    state: str = ""
    channel: str = ""
    kind: str = ""
    key: str = ""
    first: date | None = None
    last: date | None = None


def outbox(*, actor: Actor, wanted: Wanted, before: int | None = None, limit: int = 50) -> list[Message]:
    """Messages, newest first, older than message ``before``. Raises NotAllowed."""
    policy.require_administer(actor)
    rows = Message.objects.select_related("template")
    for field, value in (("state", wanted.state), ("channel", wanted.channel), ("kind", wanted.kind),
                         ("pk__lt", before)):  # fmt: skip
        if value:
            rows = rows.filter(**{field: value})
    if wanted.key:
        # Keys begin with the room's name, then comes the number that people know.
        rows = rows.filter(Q(key__startswith=wanted.key) | Q(key__startswith=f"case:{wanted.key}"))
    if wanted.first:
        rows = rows.filter(created_at__gte=start_of_day(wanted.first))
    if wanted.last:
        rows = rows.filter(created_at__lt=start_of_day(wanted.last + timedelta(days=1)))
    return list(rows.order_by("-pk")[:limit])


def counts(*, actor: Actor, since: datetime) -> dict[str, int]:
    """How many messages stand in each state; of those that are done, only the ones made since ``since``."""
    policy.require_administer(actor)
    waiting = Message.objects.filter(state__in=[State.QUEUED, State.SENDING])
    done = Message.objects.filter(created_at__gte=since).exclude(state__in=[State.QUEUED, State.SENDING])
    found = dict.fromkeys(State.values, 0)
    for rows in (waiting, done):
        found.update(rows.values_list("state").annotate(n=Count("pk")).values_list("state", "n"))
    return found


def newest_version(*, kind: str, channel: str, language: str) -> MessageTemplate | None:
    """The version of a text that was written down last, None when it was never used."""
    rows = MessageTemplate.objects.filter(kind=kind, channel=channel, language=language)
    return rows.order_by("-version").first()


def versions(*, actor: Actor, kind: str, channel: str, language: str) -> list[MessageTemplate]:
    """All versions of a text, the newest first. Raises NotAllowed."""
    policy.require_administer(actor)
    rows = MessageTemplate.objects.filter(kind=kind, channel=channel, language=language)
    return list(rows.select_related("made_by").order_by("-version"))


def edited_texts(*, actor: Actor) -> set[tuple[str, str, str]]:
    """Kind, channel and language of the texts in which an administrator's words are in force."""
    policy.require_administer(actor)
    newest = MessageTemplate.objects.order_by("kind", "channel", "language", "-version")
    rows = newest.distinct("kind", "channel", "language")
    return {(row.kind, row.channel, row.language) for row in rows if row.edited}


def is_due(at: datetime) -> bool:
    """True when a message waits to be sent at ``at``."""
    return Message.objects.filter(state=State.QUEUED, next_attempt_at__lte=at).exists()


def those_who_administer() -> list[int]:
    """The administrators of the whole installation."""
    people = accounts.holders(Role.ADMINISTRATOR, "/")
    return [user.pk for user in people if policy.may_administer(accounts.actor_of(user))]
