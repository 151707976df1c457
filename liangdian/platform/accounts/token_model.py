"""Personal tokens of the API: what opens it in a person's name. Only the digest of the secret is kept."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a token may be used for, within what its owner's roles allow."""

    CASES_READ = "cases:read", _("Read matters")
    CASES_WRITE = "cases:write", _("Register matters and work on them")
    CATALOGUE_READ = "catalogue:read", _("Read service items")
    UNITS_READ = "units:read", _("Read units, posts and colleagues")


class ApiToken(models.Model):
    """One key to the API, owned by a member of staff. Ended by its expiry or by its owner, never deleted.

    ``digest`` is the SHA-256 of the secret; ``last_used_at`` is written at most once a minute.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(_("Name"), max_length=100)
    scopes = ArrayField(models.CharField(max_length=40, choices=Scope.choices))
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="accounts_token_name_filled"),
            models.CheckConstraint(condition=~Q(scopes=[]), name="accounts_token_has_a_scope"),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=Scope.values), name="accounts_token_known_scopes"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="accounts_token_expires_later"
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="accounts_token_digest"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_labels(self) -> list[str]:
        """What the token may do, in the reader's words."""
        return [str(Scope(scope).label) for scope in self.scopes]
