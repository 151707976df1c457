"""Facts that casework tells after commit; ids only, so that they can travel through the job queue."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """Something happened to a case: ``type`` is a value of ``states.EventType``."""

    case_id: int
    seq: int
    type: str
