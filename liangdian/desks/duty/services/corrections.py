"""Marks that are wrong: asked with a reason, decided once by another. Rows are added, none is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.desks.duty import attendance, policy, sheets
from liangdian.desks.duty.models import Correction, Mark
from liangdian.desks.duty.policy import Act
from liangdian.desks.duty.services.people import window_of
from liangdian.desks.duty.services.telling import tell, those_who
from liangdian.desks.duty.states import MarkKind, Way
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, Refused
from liangdian.foundation.text import clean
from liangdian.platform.audit import services as audit
from liangdian.registers.organisation import selectors as organisation


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should be so. ``mark_id``: the row that is wrong; ``kind``, ``at``: what should stand instead."""

    reason: str
    mark_id: int | None = None
    kind: str = ""
    at: datetime | None = None
    window_id: int | None = None


@transaction.atomic
def ask_correction(*, actor: Actor, unit_id: int, wanted: Wanted, at: datetime) -> Correction:
    """Ask that one's own marks be put right. Those who decide are told.

    Raises Invalid without a reason, for a moment that lies ahead, for a mark that is not one's own or was
    taken out, or when nothing would change.
    """
    unit = organisation.unit_by_id(unit_id)
    policy.require(actor, Act.SIGN, unit.path)
    assert actor.user_id is not None
    reason = clean(wanted.reason)
    if not reason or len(reason) > 300:
        raise Invalid(_("Please give the reason in at most 300 characters."), field="reason")
    if wanted.kind not in ("", *MarkKind.values) or (not wanted.kind and wanted.mark_id is None):
        raise Invalid(_("Please say what should stand there: came, left, or nothing."), field="kind")
    if wanted.kind and (wanted.at is None or wanted.at > at):
        raise Invalid(_("Please give the day and the time; they cannot lie ahead."), field="at")
    _require_open(unit.pk, wanted.mark_id, wanted.at)
    if wanted.mark_id is not None:
        own = Mark.objects.counted().filter(pk=wanted.mark_id, user_id=actor.user_id, unit=unit)
        if not own.exists():
            raise Invalid(_("This is not one of your marks. Please open the page again."), field="mark")
    row = Correction.objects.create(
        user_id=actor.user_id, unit=unit, mark_id=wanted.mark_id, kind=wanted.kind, reason=reason,
        wanted_at=wanted.at if wanted.kind else None, window=window_of(unit, wanted.window_id),
        asked_by_id=actor.user_id, asked_at=at,
    )  # fmt: skip
    tell(
        those_who(Act.DECIDE, unit, but=actor), kind="duty_correction_asked", subject=actor.name,
        url=f"/duty/corrections/?unit={unit.pk}", key=f"duty:correction:{row.pk}", at=at,
    )  # fmt: skip
    return row


@transaction.atomic
def decide_correction(
    *, actor: Actor, correction_id: int, approved: bool, at: datetime, words: str = ""
) -> Correction:
    """Approve a correction, so that its mark is written and the wrong one no longer counts; or refuse it.

    Raises NotAllowed for the person himself, Refused when it is decided, Invalid for a refusal without words.
    """
    seen = attendance.correction_for(actor, correction_id)
    row = Correction.objects.select_for_update(of=("self",)).select_related("unit").get(pk=seen.pk)
    policy.require(actor, Act.DECIDE, row.unit.path)
    policy.require_another(actor, row.user_id, row.asked_by_id)
    if row.approved is not None:
        raise Refused(_("This was decided already. Please open the page again."))
    said = clean(words)[:300]
    if not approved and not said:
        raise Invalid(_("Please say why not."), field="words")
    if approved and row.mark_id and not Mark.objects.counted().filter(pk=row.mark_id).exists():
        raise Refused(_("Another correction took this mark out already. Refuse this one."))
    if approved:
        _require_open(row.unit_id, row.mark_id, row.wanted_at)
    row.approved, row.decided_by_id, row.decided_at, row.words = approved, actor.user_id, at, said
    row.save(update_fields=["approved", "decided_by", "decided_at", "words"])
    if approved and row.kind and row.wanted_at:
        Mark.objects.create(
            user_id=row.user_id, unit=row.unit, window_id=row.window_id, kind=row.kind, way=Way.CORRECTION,
            at=row.wanted_at, recorded_at=at, correction=row,
        )  # fmt: skip
    audit.record(actor, "correction_decided", "duty.correction", row.pk, said, at)
    tell(
        [row.user_id], kind="duty_correction_decided", subject=f"{row.wanted_at or row.asked_at:%Y-%m-%d}",
        url="/duty/", key=f"duty:correction:{row.pk}:decided", at=at,
    )  # fmt: skip
    return row


def _require_open(unit_id: int, mark_id: int | None, moment: datetime | None) -> None:
    """Raises Refused when the sheet of the month in question is approved: its hours are locked."""
    marks = Mark.objects.filter(pk=mark_id or 0).values_list("at", flat=True)
    moments = [*marks, *([moment] if moment else [])]
    if any(sheets.is_locked(unit_id, business_date(each)) for each in moments):
        raise Refused(_("The sheet of that month is approved. Its marks stay as they are."))
