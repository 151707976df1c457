"""What the codes of the access log mean; rooms add their own acts, things and looks when they start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor

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
    "user_moved": _("Moved to another unit"),
    "account_ended": _("Account ended: the person has left"),
    "role_granted": _("Role given"),
    "role_revoked": _("Role ended"),
    "token_made": _("Token for the API made"),
    "token_revoked": _("Token for the API revoked"),
    "factor_added": _("Second factor set up"),
    "factor_removed": _("Second factor removed"),
    "factors_removed": _("Second factor taken away by an administrator"),
    "factor_failed": _("Second factor failed"),
    "recovery_codes_made": _("Recovery codes made"),
    "factor_required": _("Second factor made a duty for a role"),
    "factor_not_required": _("Second factor no longer a duty for a role"),
    "group_mapped": _("Group given a role"),
    "group_unmapped": _("Group no longer gives a role"),
    "group_role_refused": _("Role of a group not given: it must not be held beside another"),
    "group_role_kept": _("Role of a group kept: last administrator"),
    "session_ended": _("Signed out elsewhere"),
    "sessions_ended": _("Signed out by an administrator"),
    "log_read": _("Access log read"),
    "log_exported": _("Access log exported"),
}
_subjects: dict[str, object] = {"accounts.user": _("Account")}
_looks: dict[str, object] = {}
_hidden: dict[str, Callable[[Actor], QuerySet[Any] | None]] = {}


def name_acts(labels: dict[str, object]) -> None:
    """Add the names of a room's own acts."""
    _labels.update(labels)


def name_subjects(labels: dict[str, object]) -> None:
    """Add the names of the things that a room's acts are about."""
    _subjects.update(labels)


def name_looks(labels: dict[str, object]) -> None:
    """Say which acts show hidden personal data, and what they show: the person concerned may know of them."""
    _looks.update(labels)


def hide_subjects(subject: str, ids: Callable[[Actor], QuerySet[Any] | None]) -> None:
    """Say which things of a room no row of the log may speak of to an actor; ``ids`` gives their numbers."""
    _hidden[subject] = ids


def hidden_from(actor: Actor) -> dict[str, QuerySet[Any]]:
    """The numbers of the things hidden from this actor, by subject."""
    found = ((subject, ids(actor)) for subject, ids in _hidden.items())
    return {subject: rows for subject, rows in found if rows is not None}


def label_of(act: str) -> object:
    return _labels.get(act, act)


def subject_label(subject: str) -> object:
    return _subjects.get(subject, subject)


def looks() -> dict[str, object]:
    """The acts that show hidden personal data, each with what it shows."""
    return dict(_looks)


def choices() -> list[tuple[str, object]]:
    return sorted(_labels.items(), key=lambda item: str(item[1]))


def subject_choices() -> list[tuple[str, object]]:
    return sorted(_subjects.items(), key=lambda item: str(item[1]))
