"""The access log: who did or saw what, when, and whether it succeeded. Append-only in the database."""

from __future__ import annotations

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q


class AccessLog(models.Model):
    """One act by one person.

    ``subject_type`` and ``subject_id`` name the thing (``people.resident`` and ``17``). The address
    of the computer is kept as a keyed hash: equal addresses can be recognised, not read.
    """

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=150)
    # The unit for which the person worked at that moment; without it in rows from before this column.
    actor_unit_id = models.BigIntegerField(null=True, blank=True)
    act = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60, blank=True, default="")
    subject_id = models.CharField(max_length=60, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")
    succeeded = models.BooleanField(default=True)
    ip_hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(act=""), name="audit_access_act_filled")]
        indexes = [
            models.Index(fields=["actor_id", "-id"], name="audit_access_actor"),
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_access_subject"),
            models.Index(fields=["act", "-id"], name="audit_access_act"),
            models.Index(OpClass("actor_name", "varchar_pattern_ops"), name="audit_access_name"),
            models.Index(fields=["at"], name="audit_access_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.act} {self.subject_type} {self.subject_id}"
