"""What the codes of the access log mean; rooms add their own acts when they start."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

_labels: dict[str, object] = {
    "signed_in": _("Signed in"),
    "signed_out": _("Signed out"),
    "sign_in_failed": _("Sign-in failed"),
    "sign_in_locked": _("Sign-in locked after too many attempts"),
    "password_changed": _("Password changed"),
    "password_reset": _("New password given"),
    "user_created": _("Account made"),
    "user_changed": _("Account changed"),
    "user_closed": _("Account closed"),
    "role_granted": _("Role given"),
    "role_revoked": _("Role ended"),
    "log_read": _("Access log read"),
}


def name_acts(labels: dict[str, object]) -> None:
    """Add the names of a room's own acts."""
    _labels.update(labels)


def label_of(act: str) -> object:
    return _labels.get(act, act)


def choices() -> list[tuple[str, object]]:
    return sorted(_labels.items(), key=lambda item: str(item[1]))
