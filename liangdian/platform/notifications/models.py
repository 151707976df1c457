"""What the system told a colleague."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from liangdian.platform.notifications.kinds import words_of


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
