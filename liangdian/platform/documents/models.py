"""Documents, the bytes behind them, and what was done to them. The bytes lie outside the database."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Scan(models.TextChoices):
    """What the antivirus said of the bytes."""

    PENDING = "pending"
    CLEAN = "clean"
    INFECTED = "infected"
    NOT_SCANNED = "not_scanned"
    OWN = "own"


READABLE = (Scan.CLEAN, Scan.NOT_SCANNED, Scan.OWN)


def is_readable(*, scan: str, deleted: object, purged: object) -> bool:
    """True when the bytes are there and may be shown."""
    return purged is None and deleted is None and scan in READABLE


class Content(models.Model):
    """The same bytes are kept once, however many documents they are. ``deleted_at``: they are gone."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    scan = models.CharField(max_length=16, choices=Scan.choices)
    scanned_at = models.DateTimeField(null=True)
    finding = models.CharField(max_length=200, blank=True)
    stored_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="content_sha256_is_one"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="content_not_empty"),
            models.CheckConstraint(condition=Q(scan__in=Scan.values), name="content_scan_known"),
            models.CheckConstraint(
                condition=Q(scan=Scan.INFECTED) & ~Q(finding="") | ~Q(scan=Scan.INFECTED) & Q(finding=""),
                name="content_finding_of_the_infected",
            ),
        ]
        indexes = [
            models.Index("stored_at", name="content_to_scan", condition=Q(scan=Scan.PENDING)),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class Document(models.Model):
    """One file that somebody handed in or the system made. What it belongs to is the owning room's table.

    After ``purged_at`` it is a tombstone: who stored what and when, without the bytes.
    """

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    content = models.ForeignKey(Content, models.PROTECT, related_name="documents")
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_by_name = models.CharField(max_length=100)
    at = models.DateTimeField()
    keep_until = models.DateField(null=True)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(name__contains="/") & ~Q(name__contains="\\"),
                name="document_name_is_no_path",
            ),
            models.CheckConstraint(condition=~Q(kind="") & ~Q(media_type=""), name="document_is_something"),
        ]
        indexes = [
            models.Index("keep_until", "id", name="document_to_purge", condition=Q(purged_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def sha256(self) -> str:
        return self.content.sha256

    @property
    def size(self) -> int:
        """Bytes."""
        return self.content.size

    @property
    def scan(self) -> Scan:
        return Scan(self.content.scan)

    @property
    def is_readable(self) -> bool:
        """True when its bytes are there and may be shown."""
        return is_readable(scan=self.scan, deleted=self.content.deleted_at, purged=self.purged_at)

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")


class Act(models.TextChoices):
    """What can be done to a document."""

    STORED = "stored"
    CLEAN = "clean"
    INFECTED = "infected"
    PURGED = "purged"


class DocumentAct(models.Model):
    """What was done to a document, by whom, when. Append-only in the database."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="acts")
    act = models.CharField(max_length=16, choices=Act.choices)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=100)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(act__in=Act.values), name="document_act_known")]
