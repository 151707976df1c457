"""Where a matter stands in its own procedure, and the only moves between those stages.

The state of a case (``states.py``) says who has to do something; the stage says what the law calls it.
A service matter has the stages of the licensing law (rules §3); the other kinds have a shorter table.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from liangdian.casework.states import GENERAL, Kind


class Stage(TextChoices):
    RECEIVED = "received", pgettext_lazy("stage", "Received")
    CORRECTION = "correction", pgettext_lazy("stage", "Papers asked for")
    ACCEPTED = "accepted", pgettext_lazy("stage", "Accepted")
    EXAMINING = "examining", pgettext_lazy("stage", "Under examination")
    SPECIAL = "special", pgettext_lazy("stage", "Paused")
    DECIDED = "decided", pgettext_lazy("stage", "Decided")
    COMPLETED = "completed", pgettext_lazy("stage", "Completed")
    DELIVERED = "delivered", pgettext_lazy("stage", "Delivered")
    REFUSED = "refused", pgettext_lazy("stage", "Not accepted")
    NOT_NEEDED = "not_needed", pgettext_lazy("stage", "No application needed")
    RETURNED = "returned", pgettext_lazy("stage", "Given back")
    ENDED = "ended", pgettext_lazy("stage", "Ended")
    ARCHIVED = "archived", pgettext_lazy("stage", "Archived")
    WITHDRAWN = "withdrawn", pgettext_lazy("stage", "Withdrawn")


# Answered one way or the other: the resident has the word now, and a bad rating brings the matter back.
ANSWERED = frozenset(
    {Stage.COMPLETED, Stage.DELIVERED, Stage.REFUSED, Stage.NOT_NEEDED, Stage.RETURNED, Stage.ENDED}
)
_END = frozenset({Stage.ENDED, Stage.WITHDRAWN})
_AFTER_ANSWER = frozenset({Stage.EXAMINING, Stage.ARCHIVED})

SERVICE: dict[Stage, frozenset[Stage]] = {
    Stage.RECEIVED: _END
    | {Stage.ACCEPTED, Stage.CORRECTION, Stage.REFUSED, Stage.NOT_NEEDED}
    # An at-once matter is accepted and completed in one visit.
    | {Stage.COMPLETED},
    Stage.CORRECTION: _END | {Stage.ACCEPTED, Stage.RETURNED, Stage.REFUSED},
    Stage.ACCEPTED: _END | {Stage.EXAMINING, Stage.SPECIAL, Stage.DECIDED, Stage.COMPLETED, Stage.RETURNED},
    Stage.EXAMINING: _END | {Stage.SPECIAL, Stage.DECIDED, Stage.COMPLETED, Stage.RETURNED},
    Stage.SPECIAL: _END | {Stage.EXAMINING, Stage.RETURNED},
    Stage.DECIDED: _END | {Stage.COMPLETED},
    Stage.COMPLETED: _AFTER_ANSWER | {Stage.DELIVERED},
    Stage.DELIVERED: _AFTER_ANSWER,
    Stage.REFUSED: _AFTER_ANSWER,
    Stage.NOT_NEEDED: _AFTER_ANSWER,
    Stage.RETURNED: _AFTER_ANSWER,
    Stage.ENDED: _AFTER_ANSWER,
    Stage.ARCHIVED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
}
SHORT: dict[Stage, frozenset[Stage]] = {
    Stage.RECEIVED: _END | {Stage.EXAMINING, Stage.SPECIAL, Stage.COMPLETED},
    Stage.EXAMINING: _END | {Stage.SPECIAL, Stage.COMPLETED},
    Stage.SPECIAL: _END | {Stage.EXAMINING},
    Stage.COMPLETED: _AFTER_ANSWER,
    Stage.ENDED: _AFTER_ANSWER,
    Stage.ARCHIVED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
}
# The desks' own states are finer and stand in their detail tables; these are the spine's moves for them.
DESK: dict[Stage, frozenset[Stage]] = SHORT | {
    Stage.RECEIVED: SHORT[Stage.RECEIVED] | {Stage.ACCEPTED, Stage.REFUSED, Stage.RETURNED},
    Stage.ACCEPTED: _END | {Stage.EXAMINING, Stage.SPECIAL, Stage.COMPLETED, Stage.RETURNED},
    Stage.EXAMINING: SHORT[Stage.EXAMINING] | {Stage.RETURNED},
    Stage.REFUSED: _AFTER_ANSWER,
    Stage.RETURNED: _AFTER_ANSWER,
}


def table_of(kind: str) -> dict[Stage, frozenset[Stage]]:
    """The table of stages of a kind of matter."""
    if kind == Kind.SERVICE:
        return SERVICE
    return SHORT if kind in GENERAL else DESK


def can_move(kind: str, stage: str, target: Stage) -> bool:
    """True when the kind's table contains the move."""
    return target in table_of(kind).get(Stage(stage), frozenset())


# A standing matter waits for what its resident or a third party has to bring; no alarm of the promise rings.
STANDING_STILL = frozenset({Stage.CORRECTION, Stage.SPECIAL})
