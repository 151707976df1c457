"""The documents of a case as its pages show them, and which of them a reader may open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangdian.casework import policy, selectors
from liangdian.casework.models import Case, CaseDocument
from liangdian.casework.policy import Act
from liangdian.casework.services.attachments import BY_RESIDENT, VIRUS
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import NotFound

_ICONS = {
    "application/pdf": "file-type-pdf", "image/jpeg": "photo", "image/png": "photo", "image/webp": "photo",
    "text/plain": "file-text",
}  # fmt: skip
_LONGEST_ID = 18


@dataclass(frozen=True, slots=True)
class Attachment:
    """One line of the list. ``note`` says why it cannot be opened; empty when it can."""

    id: int
    name: str
    icon: str
    size: int
    at: datetime
    by: str
    public: bool
    by_resident: bool
    withdrawn: bool
    note: str
    may_withdraw: bool


def of_case(*, actor: Actor, case: Case) -> list[Attachment]:
    """All documents of a case that the actor sees, oldest first, withdrawn ones among them. One query."""
    works = policy.may(actor, Act.CONTACT, case)
    return [
        _attachment(row, may_withdraw=works or row.document.uploaded_by_id == actor.user_id)
        for row in _rows(case)
    ]


def for_resident(*, case: Case) -> list[Attachment]:
    """What the resident sees: what he sent, and what was added for him; nothing withdrawn. One query."""
    rows = _rows(case).filter(public=True, withdrawn_at__isnull=True)
    return [_attachment(row, may_withdraw=row.by_resident and case.is_open) for row in rows]


def document_for(*, actor: Actor, reference: str, attachment_id: int) -> tuple[Case, int]:
    """The case and the document's id, if this actor may open it. Raises NotFound."""
    case = selectors.case_for(actor=actor, reference=reference)
    return case, _document_id(_rows(case), attachment_id)


def document_by_link(*, token: str, attachment_id: int) -> int:
    """The document's id for the holder of the resident's link. Raises NotFound."""
    case = selectors.case_by_link(token=token)
    return _document_id(_rows(case).filter(public=True), attachment_id)


def _rows(case: Case) -> QuerySet[CaseDocument]:
    return CaseDocument.objects.filter(case=case).select_related("document__content").order_by("pk")


def _document_id(rows: QuerySet[CaseDocument], attachment_id: int) -> int:
    row = None
    # A larger number is none that the database could know.
    if len(str(attachment_id)) <= _LONGEST_ID:
        row = rows.filter(pk=attachment_id, withdrawn_at__isnull=True).first()
    if row is None:
        raise NotFound(gettext_lazy("There is no such document."))
    return row.document_id


def _attachment(row: CaseDocument, *, may_withdraw: bool) -> Attachment:
    document = row.document
    withdrawn = row.withdrawn_at is not None
    return Attachment(
        id=row.pk, name=document.name, icon=_ICONS.get(document.media_type, "file"), size=document.size,
        at=row.added_at, by=_("Resident") if row.by_resident else document.uploaded_by_name,
        public=row.public, by_resident=row.by_resident, withdrawn=withdrawn, note=_note(row),
        may_withdraw=may_withdraw and not withdrawn,
    )  # fmt: skip


def _note(row: CaseDocument) -> str:
    if row.reason == VIRUS:
        return _("A virus was found.")
    if row.reason == BY_RESIDENT:
        return _("The resident took it back.")
    if row.withdrawn_at is not None:
        return _("Withdrawn by %(name)s: %(reason)s") % {"name": row.withdrawn_by_name, "reason": row.reason}
    if row.document.is_readable:
        return ""
    if row.document.purged_at is not None:
        return _("Deleted when its time was over.")
    if row.document.scan == "infected":
        return _("A virus was found.")
    return _("Being checked for viruses.")
