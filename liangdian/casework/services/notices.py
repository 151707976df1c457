"""Issuing a notice: its words are fixed in the transaction of the act; its pages are set once and kept."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from liangdian.casework.models import Case, CaseNotice, Event, NoticeKind
from liangdian.casework.notices.content import content_of
from liangdian.casework.notices.setting import notice_pdf
from liangdian.casework.services.messages import tell_of_notice
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.refused import Refused
from liangdian.platform.documents import kinds
from liangdian.platform.documents import selectors as documents
from liangdian.platform.documents import services as document_services
from liangdian.platform.jobs import services as jobs

PRINT_JOB = "casework.set_notice"


def issue(
    case: Case, kind: NoticeKind | str, event: Event, extra: dict[str, str] | None = None
) -> CaseNotice:
    """Issue the notice of ``event`` on a locked case, numbered after the case and the event.

    The words are written down now, in the resident's language; the pages follow in the background.
    """
    notice = CaseNotice.objects.create(
        case=case, number=f"{case.reference}-{event.seq:02d}", kind=kind, language=case.detail.language,
        content=content_of(case, kind, event, extra or {}), issued_at=event.at, event_seq=event.seq,
    )  # fmt: skip
    jobs.enqueue(PRINT_JOB, key=f"notice:{notice.number}", notice_id=notice.pk)
    tell_of_notice(case, kind, event)
    return notice


@transaction.atomic
def set_notice(*, notice_id: int, at: datetime) -> bytes:
    """The notice as PDF; set and kept at the first call, afterwards the same bytes for ever."""
    notice = CaseNotice.objects.select_for_update(of=("self",)).get(pk=notice_id)
    if notice.document_id is not None:
        return documents.content_of(notice.document_id)
    pdf = notice_pdf(_sealed(notice.content), at=notice.issued_at)
    document = document_services.store_exact(
        pdf, media_type="application/pdf", name=f"{notice.number}.pdf", kind=kinds.NOTICE,
        actor_id=None, actor_name=SYSTEM.name, at=at,
    )  # fmt: skip
    CaseNotice.objects.filter(pk=notice.pk).update(document=document)
    return pdf


def _sealed(content: dict[str, object]) -> dict[str, object]:
    """The content with the bytes of the seal's picture, when the unit had one that may be shown."""
    picture = content.get("seal_document")
    if not isinstance(picture, int):
        return content
    try:
        return content | {"seal_picture": list(documents.content_of(picture))}
    except Refused:
        # Still with the antivirus, or refused by it: the place is left free for a stamp.
        return content
