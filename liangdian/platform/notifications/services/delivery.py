"""Sending what waits in the outbox: never twice.

A message is marked "being sent" in a transaction of its own before anything leaves. When the programme ends
before the answer is written down, nobody knows whether the message left: it becomes "unknown", a colleague is
told, and it is not sent again. A resident who gets a text message twice loses trust in all of them.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangdian.foundation.actor import Actor
from liangdian.foundation.identifiers import BadIdentifier, normalise_phone
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.foundation.text import clean
from liangdian.platform.audit import services as audit_log
from liangdian.platform.crypto import Unreadable
from liangdian.platform.notifications import gateways, policy, selectors, templates
from liangdian.platform.notifications.gateways import Accepted, NotSent, Outgoing, TryLater, Uncertain
from liangdian.platform.notifications.models import Message
from liangdian.platform.notifications.rules import STUCK_AFTER, TOO_LATE_AFTER, wait_after
from liangdian.platform.notifications.services.bell import Notice, notify_many
from liangdian.platform.notifications.services.outbox import Address, leaves_at, send
from liangdian.platform.notifications.services.wording import in_force
from liangdian.platform.notifications.states import Channel, Problem, State
from liangdian.platform.notifications.templates import CENTRE, Wording
from liangdian.platform.ui import navigation

log = logging.getLogger(__name__)


def deliver_due(*, at: datetime, go_on: Callable[[], bool] = lambda: True, only: str = "") -> Counter[str]:
    """Send what is due at ``at`` until ``go_on`` says no; returns how many ended in which state.

    ``only``: nothing but the message with this key.

    Several may run at once: each takes messages that no other holds. A channel whose service cannot be
    reached is left alone for the rest of the run. Not to be called inside a transaction.
    """
    found: Counter[str] = Counter()
    mark_stuck(at=at)
    down: set[str] = set()
    while go_on() and (message := _claim(at=at, without=down, only=only)) is not None:
        problem = _deliver(message, at=at)
        if problem == Problem.DOWN:
            down.add(message.channel)
        found[message.state] += 1
    return found


def mark_stuck(*, at: datetime) -> int:
    """What was being sent when the programme ended becomes "unknown"; colleagues are told. How many."""
    with transaction.atomic():
        rows = Message.objects.select_for_update(skip_locked=True)
        stuck = list(rows.filter(state=State.SENDING, claimed_at__lte=at - STUCK_AFTER))
        for message in stuck:
            _end(message, State.UNKNOWN, Problem.STOPPED, at=at)
    return len(stuck)


def _claim(*, at: datetime, without: set[str], only: str) -> Message | None:
    """The oldest due message, marked as being sent: committed before anything leaves."""
    with transaction.atomic(durable=True):
        rows = Message.objects.select_for_update(skip_locked=True).exclude(channel__in=without)
        due = rows.filter(state=State.QUEUED, next_attempt_at__lte=at)
        due = due.filter(key=only) if only else due
        message = due.order_by("next_attempt_at", "id").first()
        if message is None:
            return None
        message.state, message.claimed_at, message.next_attempt_at = State.SENDING, at, None
        message.attempts += 1
        message.save(update_fields=["state", "claimed_at", "next_attempt_at", "attempts"])
    return message


def _deliver(message: Message, *, at: datetime) -> str:
    """One attempt, and its end written down. Returns the problem, empty when there was none."""
    if at - message.not_before > TOO_LATE_AFTER:
        _end_now(message, State.FAILED, Problem.TOO_LATE, at=at)
        return Problem.TOO_LATE
    try:
        outgoing = _outgoing(message, at=at)
    except (LookupError, ValueError, Unreadable):
        log.exception("Message %s has no text", message.pk)
        _end_now(message, State.FAILED, Problem.TEXT, at=at)
        return Problem.TEXT
    if message.channel == Channel.IN_APP:
        _ring(message, outgoing, at=at)
        return ""
    try:
        accepted = _through_gateway(outgoing)
    except TryLater as late:
        _again(message, late.problem, at=at)
        return late.problem
    except NotSent as end:
        state = State.UNKNOWN if isinstance(end, Uncertain) else State.FAILED
        _end_now(message, state, end.problem, at=at)
        return end.problem
    message.gateway_id = accepted.gateway_id[:120]
    _end_now(message, State.SENT, "", at=at)
    return ""


def _through_gateway(outgoing: Outgoing) -> Accepted:
    """What the gateway says; a fault that it does not know of leaves the message unknown."""
    try:
        return gateways.gateway_of(outgoing.channel).send(outgoing)
    except NotSent:
        raise
    except Exception as error:
        # The class only: the text of a foreign fault may hold a number or an address.
        log.error("The gateway of %s broke with %s", outgoing.channel, type(error).__name__)
        raise Uncertain(Problem.LOST) from error


def _outgoing(message: Message, *, at: datetime) -> Outgoing:
    template = in_force(kind=message.kind, channel=message.channel, language=message.language, at=at)
    message.template = template
    with translation.override(message.language):
        centre = centre_name()
    values = {**json.loads(message.params_sealed), CENTRE: centre}
    text = templates.fill(Wording(template.subject, template.body), values)
    return Outgoing(
        key=message.key, channel=message.channel, to=message.recipient_sealed, language=message.language,
        subject=" ".join(text.subject.split()), body=text.body, at=at,
    )  # fmt: skip


def centre_name() -> str:
    """How the centre is called at the end of its messages, in the active language."""
    return navigation.name_of("centre", None) or _("Community service centre")


def _ring(message: Message, outgoing: Outgoing, *, at: datetime) -> None:
    """Into the bell: the notice and the end of the message are one transaction."""
    with transaction.atomic():
        notice = Notice(
            user_ids=(int(outgoing.to),), kind=message.kind, subject=outgoing.subject, url=message.url,
            key=message.key, at=at,
        )  # fmt: skip
        notify_many([notice])
        _end(message, State.DELIVERED, "", at=at)


def _again(message: Message, problem: str, *, at: datetime) -> None:
    """Wait longer each time, and not into the night; given up after the last attempt."""
    wait = wait_after(message.attempts)
    if wait is None:
        _end_now(message, State.FAILED, problem, at=at)
        return
    message.state, message.problem = State.QUEUED, problem
    message.next_attempt_at = leaves_at(at + wait, channel=message.channel, urgent=message.urgent)
    message.save(update_fields=["state", "problem", "next_attempt_at", "template"])


def _end_now(message: Message, state: State, problem: str, *, at: datetime) -> None:
    with transaction.atomic():
        _end(message, state, problem, at=at)


def _end(message: Message, state: State, problem: str, *, at: datetime) -> None:
    """Write down how it ended; who answers for it, or the administrators, hear of what did not arrive."""
    message.state, message.problem, message.done_at, message.next_attempt_at = state, problem, at, None
    message.save(update_fields=["state", "problem", "done_at", "next_attempt_at", "gateway_id", "template"])
    if state not in {State.FAILED, State.UNKNOWN}:
        return
    told = [message.answerable_id] if message.answerable_id else selectors.those_who_administer()
    url = message.url if message.answerable_id and message.url else "/notices/outbox/"
    notice = Notice(
        user_ids=tuple(told), kind=f"message_{state}",
        subject=f"{message.recipient_masked} · {message.key}", url=url,
        key=f"message:{message.pk}:{state}:{at.timestamp():.0f}", at=at,
    )  # fmt: skip
    notify_many([notice])


def may_retry(message: Message) -> bool:
    """True for what certainly did not leave."""
    return message.state == State.FAILED and message.problem != Problem.REPORTED


@transaction.atomic
def retry(*, actor: Actor, message_id: int, at: datetime) -> Message:
    """Put a message that did not leave back into the queue. Raises NotAllowed, NotFound and Invalid.

    One of which nobody knows whether it left is never sent again.
    """
    policy.require_administer(actor)
    message = Message.objects.select_for_update().filter(pk=message_id).first()
    if message is None:
        raise NotFound(gettext_lazy("There is no such message."))
    if not may_retry(message):
        raise Invalid(gettext_lazy("Only a message that did not leave can be sent again."))
    message.state, message.attempts, message.done_at, message.not_before = State.QUEUED, 0, None, at
    message.next_attempt_at = leaves_at(at, channel=message.channel, urgent=message.urgent)
    message.save(update_fields=["state", "attempts", "done_at", "not_before", "next_attempt_at"])
    audit_log.record(actor, "message_retried", "notifications.message", message.pk, at=at)
    return message


def send_test(*, actor: Actor, channel: str, to: str, language: str, at: datetime) -> Message:
    """Send a test message now, whatever the hour; returns it with what became of it.

    Raises NotAllowed, and Invalid when the channel is off or ``to`` cannot be an address of it.
    """
    policy.require_administer(actor)
    address = _checked_address(channel, to)
    key = f"test:{actor.user_id}:{at.timestamp():.6f}"
    with transaction.atomic():
        send(
            kind=templates.TEST, key=key, language=language, channels=[address], params={}, at=at,
            urgent=True, answerable_id=actor.user_id,
        )  # fmt: skip
        audit_log.record(actor, "message_tested", "notifications.message", key[:60], address.masked, at=at)
    deliver_due(at=at, only=key)
    return Message.objects.get(key=key)


def _checked_address(channel: str, to: str) -> Address:
    if channel not in Channel.values or channel == Channel.IN_APP or not gateways.is_on(channel):
        raise Invalid(gettext_lazy("This way of sending is not set up."), field="channel")
    to = clean(to)
    try:
        if channel == Channel.EMAIL:
            validate_email(to)
        elif channel == Channel.SMS:
            to = normalise_phone(to)
    except (ValidationError, BadIdentifier) as error:
        raise Invalid(gettext_lazy("This is no address for this way of sending."), field="to") from error
    if not to:
        raise Invalid(gettext_lazy("Write where the test message goes."), field="to")
    return Address(channel, to)


@transaction.atomic
def report(*, gateway_id: str, channel: str, delivered: bool, at: datetime) -> Message | None:
    """What the network says of a message that left. None when there is no such message, or it is decided."""
    rows = Message.objects.select_for_update().exclude(gateway_id="")
    message = rows.filter(gateway_id=gateway_id, channel=channel).order_by("-pk").first()
    if message is None or message.state not in {State.SENT, State.UNKNOWN}:
        return None
    if delivered:
        _end(message, State.DELIVERED, "", at=at)
    else:
        _end(message, State.FAILED, Problem.REPORTED, at=at)
    return message
