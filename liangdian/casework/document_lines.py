"""The documents of a case as they come with the case itself: a column of its query, not a statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from liangdian.casework.models import CaseDocument
from liangdian.casework.models.attachments import BY_RESIDENT, VIRUS
from liangdian.platform.documents import selectors as documents

_ICONS = {
    "application/pdf": "file-type-pdf", "image/jpeg": "photo", "image/png": "photo", "image/webp": "photo",
    "text/plain": "file-text",
}  # fmt: skip


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


def of_case() -> ArraySubquery:
    """All documents of a case, oldest first, withdrawn ones among them; each for ``line_of``."""
    rows = CaseDocument.objects.filter(case=OuterRef("pk")).order_by("pk")
    return ArraySubquery(
        rows.values(
            json=JSONObject(
                id="id", at="added_at", public="public", by_resident="by_resident", withdrawn="withdrawn_at",
                withdrawn_by="withdrawn_by_name", reason="reason", name="document__name",
                kind="document__media_type", owner="document__uploaded_by_id",
                by="document__uploaded_by_name", purged="document__purged_at",
                size="document__content__size", scan="document__content__scan",
                deleted="document__content__deleted_at",
            )
        )
    )  # fmt: skip


def line_of(row: dict[str, Any], *, may_withdraw: bool) -> Attachment:
    """One document of the column as a line of the list."""
    withdrawn = row["withdrawn"] is not None
    return Attachment(
        id=row["id"], name=row["name"], icon=_ICONS.get(row["kind"], "file"), size=row["size"],
        at=datetime.fromisoformat(row["at"]), by=_("Resident") if row["by_resident"] else row["by"],
        public=row["public"], by_resident=row["by_resident"], withdrawn=withdrawn, note=_note(row),
        may_withdraw=may_withdraw and not withdrawn,
    )  # fmt: skip


def _note(row: dict[str, Any]) -> str:
    if row["reason"] == VIRUS:
        return _("A virus was found.")
    if row["reason"] == BY_RESIDENT:
        return _("The resident took it back.")
    if row["withdrawn"] is not None:
        return _("Withdrawn by %(name)s: %(reason)s") % {"name": row["withdrawn_by"], "reason": row["reason"]}
    if documents.is_readable(scan=row["scan"], deleted=row["deleted"], purged=row["purged"]):
        return ""
    if row["purged"] is not None:
        return _("Deleted when its time was over.")
    if row["scan"] == "infected":
        return _("A virus was found.")
    return _("Being checked for viruses.")
