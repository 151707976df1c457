"""What the system told a colleague, what it tells residents, and in which words."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from liangdian.platform.crypto.fields import EncryptedTextField
from liangdian.platform.notifications.kinds import words_of
from liangdian.platform.notifications.states import Channel, Problem, State


class BellNotice(models.Model):
    """One line in a colleague's bell. ``key`` makes it impossible to tell the same thing twice."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=300)
    url = models.CharField(max_length=200)
    key = models.CharField(max_length=120)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="bell_once")]
        indexes = [
            models.Index(F("user"), F("at").desc(), name="bell_of_user"),
            models.Index("user", name="bell_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def kind_label(self) -> str:
        """What happened, in the reader's language."""
        return words_of(self.kind)


class MessageTemplate(models.Model):
    """One version of the words of a kind, channel and language. Never changed, never deleted.

    The newest version is in force. ``edited`` is False for the words that the programme brings along: such
    a version is written down when it is used for the first time, so that what was said can be said again.
    """

    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    edited = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "channel", "language", "version"], name="text_version"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="text_channel_known"),
            models.CheckConstraint(condition=~Q(subject="", body=""), name="text_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel} {self.language} v{self.version}"


class Message(models.Model):
    """One thing to tell one person by one channel: the outbox.

    ``key`` is unique to the act that is told, so a repeated act tells nobody twice. Recipient and values are
    sealed; the words are made from template and values at the moment of sending. ``answerable`` is told
    when it does not arrive.
    """

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=12, choices=Channel.choices, blank=True)
    language = models.CharField(max_length=10)
    recipient_sealed = EncryptedTextField(blank=True)
    recipient_masked = models.CharField(max_length=120, blank=True)
    params_sealed = EncryptedTextField(blank=True)
    template = models.ForeignKey(MessageTemplate, models.PROTECT, null=True, related_name="+")
    url = models.CharField(max_length=200, blank=True)
    answerable = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    urgent = models.BooleanField(default=False)

    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    problem = models.CharField(max_length=16, choices=Problem.choices, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    next_attempt_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    gateway_id = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(key=""), name="message_has_a_key"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state_known"),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values) | Q(channel="", state=State.SUPPRESSED),
                name="message_channel_known",
            ),
            models.CheckConstraint(
                condition=Q(state=State.QUEUED, next_attempt_at__isnull=False)
                | (~Q(state=State.QUEUED) & Q(next_attempt_at__isnull=True)),
                name="message_waits_for_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SENDING) | Q(claimed_at__isnull=False), name="message_claimed_when"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.QUEUED, State.SENDING]) | Q(done_at__isnull=False),
                name="message_done_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.FAILED, State.SUPPRESSED, State.UNKNOWN]) | ~Q(problem=""),
                name="message_undelivered_why",
            ),
        ]
        indexes = [
            models.Index("next_attempt_at", "id", name="message_due", condition=Q(state=State.QUEUED)),
            models.Index("claimed_at", name="message_stuck", condition=Q(state=State.SENDING)),
            models.Index("state", F("id").desc(), name="message_by_state"),
            models.Index("gateway_id", name="message_by_gateway", condition=~Q(gateway_id="")),
        ]

    def __str__(self) -> str:
        return self.key
