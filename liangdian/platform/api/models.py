"""Answers that are kept so that a repeated request gets the same one, and how often a token was used."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class StoredAnswer(models.Model):
    """The answer to a request with an ``Idempotency-Key``; kept for 24 hours.

    ``fingerprint`` is a keyed hash of method, path, precondition and body: the request itself is not kept.
    """

    token = models.ForeignKey("accounts.ApiToken", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="api_answer_once"),
            models.CheckConstraint(condition=~Q(key=""), name="api_answer_key_filled"),
            models.CheckConstraint(condition=Q(status__gte=200, status__lt=500), name="api_answer_is_final"),
        ]
        indexes = [models.Index("at", name="api_answer_age")]

    def __str__(self) -> str:
        return f"{self.status} {self.key}"


class TokenCount(models.Model):
    """How many requests a token made in its latest minute; one row a token."""

    token = models.OneToOneField("accounts.ApiToken", on_delete=models.CASCADE, primary_key=True)
    minute = models.BigIntegerField()
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.token_id} {self.minute}"
