"""Documents of a case: added at the window or by the resident's link, withdrawn with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from liangdian.casework import policy, rules
from liangdian.casework.models import Case, CaseDocument
from liangdian.casework.models.attachments import BY_RESIDENT, VIRUS
from liangdian.casework.policy import Act
from liangdian.casework.services.handling import required_text
from liangdian.casework.services.record import chained, locked_case, save_with, tell
from liangdian.casework.states import EventType, State
from liangdian.foundation.actor import SYSTEM, Actor, resident
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from liangdian.foundation.tokens import digest
from liangdian.platform.documents import kinds
from liangdian.platform.documents import services as documents


@transaction.atomic
def attach_document(
    *, actor: Actor, case_id: int, name: str, content: BinaryIO | bytes, public: bool, at: datetime
) -> CaseDocument:
    """Add a file to the case: who may note, one for colleagues; who speaks with the resident, one for him.

    Raises NotFound, NotAllowed, Invalid: too many, or nothing that the centre keeps.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.CONTACT if public else Act.NOTE)
    _check_room(CaseDocument.objects.filter(case=case), settings.DOCUMENTS_MAX_PER_CASE)
    return _attach(case, actor=actor, name=name, content=content, kind=kinds.ATTACHMENT, public=public, at=at)


@transaction.atomic
def attach_by_link(*, token: str, name: str, content: BinaryIO | bytes, at: datetime) -> CaseDocument:
    """The resident adds a file with his own link, while his matter is open; whoever works on it is told.

    Raises NotFound, WrongState, Invalid.
    """
    case = _locked_by_link(token)
    if not case.is_open:
        raise rules.WrongState(
            _("This matter is “%(state)s”, so nothing can be added. Bring a new matter before us.")
            % {"state": State(case.state).label}
        )
    own = CaseDocument.objects.filter(case=case, by_resident=True)
    _check_room(own, settings.DOCUMENTS_MAX_FROM_RESIDENT)
    return _attach(
        case, actor=resident(), name=name, content=content, kind=kinds.FROM_RESIDENT, public=True, at=at
    )


def _check_room(rows: QuerySet[CaseDocument], most: int) -> None:
    """Withdrawn ones count too: else one could send for ever. Raises Invalid."""
    if rows.count() >= most:
        raise Invalid(
            _("There are %(n)s documents already; more do not fit. Bring the rest to the window.")
            % {"n": most},
            field="files",
        )


def _attach(
    case: Case, *, actor: Actor, name: str, content: BinaryIO | bytes, kind: str, public: bool, at: datetime
) -> CaseDocument:
    document = documents.store(
        actor_id=actor.user_id,
        actor_name=actor.name or actor.kind,
        name=name,
        content=content,
        kind=kind,
        at=at,
    )
    row = CaseDocument.objects.create(
        case=case, document=document, added_at=at, public=public, by_resident=actor.is_resident
    )
    event = chained(
        case, type=EventType.DOCUMENT_ADDED, actor=actor, at=at, public=public,
        data={"document": row.pk, "name": document.name, "sha256": document.sha256},
    )  # fmt: skip
    save_with(case, [event])
    tell([case.handler_id, case.first_handler_id], case=case, event=event, but=actor)
    return row


@transaction.atomic
def withdraw_document(
    *, actor: Actor, case_id: int, attachment_id: int, reason: str, at: datetime
) -> CaseDocument:
    """Take a document out of the case: nobody opens it any more. Who added it may, and who works on the case.

    Raises NotFound, NotAllowed, Invalid without a reason.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.NOTE)
    row = _row(case, attachment_id)
    if row.document.uploaded_by_id != actor.user_id and not policy.may(actor, Act.CONTACT, case):
        raise NotAllowed(_("Only who added this document, or who works on the matter, can withdraw it."))
    reason = required_text(reason, field="reason", message=_("Write why the document is withdrawn."))
    return _withdraw(case, row, actor=actor, reason=reason, at=at)


@transaction.atomic
def withdraw_by_link(*, token: str, attachment_id: int, at: datetime) -> CaseDocument:
    """The resident takes back what he sent himself (PIPL Art. 15). Raises NotFound, WrongState."""
    case = _locked_by_link(token)
    row = _row(case, attachment_id)
    if not row.by_resident:
        raise NotFound(_("There is no such document."))
    if not case.is_open:
        raise rules.WrongState(_("This matter has ended; its documents stay as they are."))
    return _withdraw(case, row, actor=resident(), reason=BY_RESIDENT, at=at)


@transaction.atomic
def withdraw_infected(*, document_ids: Iterable[int], at: datetime) -> int:
    """Take infected documents out of their cases and tell who works there; returns how many.

    Asked again, it does nothing.
    """
    infected = CaseDocument.objects.filter(document__in=list(document_ids), withdrawn_at__isnull=True)
    withdrawn = 0
    for case_id in sorted(set(infected.values_list("case", flat=True))):
        case = locked_case(actor=SYSTEM, case_id=case_id, act=None)
        for row in infected.filter(case=case).select_related("document").order_by("pk"):
            _withdraw(case, row, actor=SYSTEM, reason=VIRUS, at=at)
            withdrawn += 1
    return withdrawn


def _locked_by_link(token: str) -> Case:
    """The case of a resident's link, locked. Raises NotFound."""
    locked = Case.objects.select_for_update(of=("self",)).select_related("unit", "origin")
    case = locked.filter(detail__link_digest=digest(token)).first()
    if case is None:
        raise NotFound(_("This link is not known. Scan the code on your receipt again."))
    return case


def _row(case: Case, attachment_id: int) -> CaseDocument:
    """A document of the locked case that is not withdrawn. Raises NotFound."""
    rows = CaseDocument.objects.select_related("document").filter(case=case, withdrawn_at__isnull=True)
    row = rows.filter(pk=attachment_id).first()
    if row is None:
        raise NotFound(_("There is no such document."))
    return row


def _withdraw(case: Case, row: CaseDocument, *, actor: Actor, reason: str, at: datetime) -> CaseDocument:
    row.withdrawn_at, row.reason = at, reason
    row.withdrawn_by_id, row.withdrawn_by_name = actor.user_id, (actor.name or actor.kind)[:100]
    row.save(update_fields=["withdrawn_at", "reason", "withdrawn_by_id", "withdrawn_by_name"])
    code = reason if reason in {BY_RESIDENT, VIRUS} else ""
    event = chained(
        case, type=EventType.DOCUMENT_WITHDRAWN, actor=actor, at=at, public=row.public,
        data={"document": row.pk, "name": row.document.name, "why": code, "text": "" if code else reason},
    )  # fmt: skip
    save_with(case, [event])
    told = [case.handler_id, case.first_handler_id, row.document.uploaded_by_id]
    tell(told, case=case, event=event, but=actor)
    return row
