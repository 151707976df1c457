"""The documents of a case as its pages show them, and which of them a reader may open."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from liangdian.casework import policy, selectors
from liangdian.casework.document_lines import Attachment, line_of
from liangdian.casework.models import Case, CaseDocument
from liangdian.casework.policy import Act
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import NotFound

_LONGEST_ID = 18


def of_case(*, actor: Actor, case: Case) -> list[Attachment]:
    """All documents of a case that the actor sees, oldest first, withdrawn ones among them.

    No query: they came with the case (``selectors.case_for``).
    """
    works = policy.may(actor, Act.CONTACT, case)
    return [line_of(row, may_withdraw=works or row["owner"] == actor.user_id) for row in _listed(case)]


def for_resident(*, case: Case) -> list[Attachment]:
    """What the resident sees: what he sent, and what was added for him; nothing withdrawn. No query."""
    rows = [row for row in _listed(case) if row["public"] and row["withdrawn"] is None]
    return [line_of(row, may_withdraw=row["by_resident"] and case.is_open) for row in rows]


def _listed(case: Case) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = case.attached  # type: ignore[attr-defined]
    return rows


def document_for(*, actor: Actor, reference: str, attachment_id: int) -> tuple[Case, int]:
    """The case and the document's id, if this actor may open it. Raises NotFound."""
    case = selectors.case_for(actor=actor, reference=reference)
    return case, _document_id(_rows(case), attachment_id)


def document_by_link(*, token: str, attachment_id: int) -> int:
    """The document's id for the holder of the resident's link. Raises NotFound."""
    case = selectors.case_by_link(token=token)
    return _document_id(_rows(case).filter(public=True), attachment_id)


def _rows(case: Case) -> QuerySet[CaseDocument]:
    return CaseDocument.objects.filter(case=case)


def _document_id(rows: QuerySet[CaseDocument], attachment_id: int) -> int:
    row = None
    # A larger number is none that the database could know.
    if len(str(attachment_id)) <= _LONGEST_ID:
        row = rows.filter(pk=attachment_id, withdrawn_at__isnull=True).first()
    if row is None:
        raise NotFound(gettext_lazy("There is no such document."))
    return row.document_id
