"""How matters look in JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Path
from pydantic import BaseModel, Field

from liangdian.casework.models import Case
from liangdian.casework.procedures import is_discreet

Reference = Annotated[str, Path(max_length=40, description="Number of the matter, such as XD-2026-000017")]
Key = Annotated[int, Field(ge=1, le=2**53)]


class Ref(BaseModel):
    """A unit, a colleague or a resident."""

    id: int
    name: str


class CaseRow(BaseModel):
    """A matter as a list shows it. Times are UTC."""

    reference: str
    title: str
    kind: str
    state: str
    urgent: bool
    returned: bool
    level: int = Field(description="How often it went one level up")
    round: int = Field(description="1, and one more for every reopening")
    registered_at: datetime
    due_at: datetime | None = Field(description="The last moment that keeps the promise")
    unit: Ref
    first_handler: Ref
    handler: Ref | None
    resident: Ref | None
    ending: str


class CasePage(BaseModel):
    """One page of a list; ``next`` goes into the parameter ``after``."""

    items: list[CaseRow]
    next: str | None


class Line(BaseModel):
    """One line of the history; ``internal`` lines are never shown to the resident."""

    seq: int
    type: str
    at: datetime
    title: str
    text: str
    actor: str
    internal: bool


class CaseShape(CaseRow):
    """A matter with its history, newest first, and the acts that are open to the caller now."""

    channel: str
    origin: Ref
    words: str = Field(description="The resident's own words")
    place: str
    language: str
    item: str | None = Field(description="Code of the service item")
    first_contact_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    due_day: date
    provisional: bool = Field(description="The calendar of the due year is not published yet")
    no_superior: bool
    referral: str | None = Field(description="State of the open referral")
    answer: str
    grades: list[str]
    acts: list[str] = Field(description="Names of the acts for /cases/{reference}/acts/")
    version: int = Field(description="Number of the newest line; the ETag begins with it")
    history: list[Line]


class Registered(BaseModel):
    """What the resident is told: the number, who answers for it, and by when."""

    reference: str
    title: str
    state: str
    registered_at: datetime
    due_at: datetime
    unit_id: int
    first_handler_id: int
    version: int


class Done(BaseModel):
    """What an act left behind."""

    reference: str
    act: str
    state: str
    version: int


def row_of(case: Case) -> CaseRow:
    """A case with its joins loaded as a row."""
    return CaseRow(**row_values(case))


def row_values(case: Case) -> dict[str, Any]:
    """The values of a row."""
    return {
        "reference": case.reference, "title": case.shown_title, "kind": case.kind, "state": case.state,
        "urgent": case.urgent, "returned": case.returned, "level": case.level, "round": case.round,
        "registered_at": case.registered_at, "due_at": case.due_at,
        "unit": Ref(id=case.unit_id, name=case.unit.label),
        "first_handler": Ref(id=case.first_handler_id, name=case.first_handler.name),
        "handler": Ref(id=case.handler.pk, name=case.handler.name) if case.handler else None,
        "resident": None if is_discreet(case.kind) or not case.resident
        else Ref(id=case.resident.pk, name=case.resident.name),
        "ending": case.ending,
    }  # fmt: skip
