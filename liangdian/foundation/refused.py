"""Refusals are sentences: what was not done, and what the person can do about it."""

from __future__ import annotations


class Refused(Exception):
    """Base of every refusal. ``message`` is a translated (possibly lazy) sentence.

    ``field`` names the form field that it belongs to, if it belongs to one.
    """

    status = 409
    code = "refused"

    def __init__(self, message: object, *, field: str | None = None, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.details = details

    def __str__(self) -> str:
        return str(self.message)


class NotFound(Refused):
    """There is nothing here for this person; hidden and missing are the same."""

    status = 404
    code = "not-found"


class NotAllowed(Refused):
    """The person sees the thing but may not do this act."""

    status = 403
    code = "not-allowed"


class Invalid(Refused):
    """What was typed cannot be right."""

    status = 422
    code = "invalid"


class Stale(Refused):
    """Somebody else changed the thing since the form was opened."""

    status = 409
    code = "stale"
