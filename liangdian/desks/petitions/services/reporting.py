"""Urgent and major matters are reported at once (Art. 25), and labels are decided by the officer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.casework.services.handling import required_text
from liangdian.casework.services.record import chained, save_with, tell, worker
from liangdian.desks.petitions.models import Petition
from liangdian.desks.petitions.services.record import at_work, heads_of
from liangdian.desks.petitions.states import Instance, Label
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean


def report(case: Case, *, actor: Actor, text: str, told: list[int], at: datetime) -> None:
    """Tell the heads of the unit of an urgent or major petition, in this transaction (Art. 25).

    That nobody could be told stands in the history too: it is never lost silently.
    """
    data: dict[str, object] = {"text": text, "heads": told}
    event = chained(case, type="petitions.reported", actor=actor, at=at, data=data, public=False)
    save_with(case, [event])
    tell(told, case=case, event=event, but=actor)


@transaction.atomic
def report_now(*, actor: Actor, case_id: int, text: str, at: datetime, seen: int | None = None) -> Case:
    """Report an urgent or major petition to the head at once (Art. 25). Raises NotAllowed, Invalid, Stale."""
    case, petition = at_work(actor=actor, case_id=case_id, seen=seen)
    text = required_text(text, field="text", message=_("Write what is urgent or major about it."))
    petition.major = True
    petition.save(update_fields=["major"])
    report(case, actor=actor, text=text, told=heads_of(case), at=at)
    return case


@transaction.atomic
def decide_label(
    *, actor: Actor, case_id: int, label: str, earlier: str, at: datetime, seen: int | None = None
) -> Case:
    """First or repeated: a label for the statistics, decided by the officer, with the earlier petition.

    ``earlier`` is its number. Raises Invalid, NotAllowed, Stale.
    """
    case, petition = at_work(actor=actor, case_id=case_id, seen=seen, in_hand=False)
    if label not in Label.values:
        raise Invalid(_("Choose first or repeated."), field="label")
    linked = _earlier(petition, case, clean(earlier)) if label == Label.REPEATED else None
    petition.label, petition.label_by_id, petition.earlier = label, worker(actor), linked
    petition.save(update_fields=["label", "label_by", "earlier"])
    data: dict[str, object] = {"label": label, "earlier": linked.case.reference if linked else ""}
    save_with(case, [chained(case, type="petitions.labelled", actor=actor, at=at, data=data, public=False)])
    return case


def _earlier(petition: Petition, case: Case, reference: str) -> Petition:
    """An older petition of the same petitioner by its number, else the one that the system found."""
    rows = Petition.objects.select_related("case").filter(instance=Instance.HANDLING, pk__lt=petition.pk)
    if reference:
        found = rows.filter(case__reference=reference.upper(), case__resident=case.resident_id).first()
    else:
        found = rows.filter(pk=petition.earlier_id).first()
    if found is None or case.resident_id is None:
        raise Invalid(
            _("There is no older petition of this petitioner with that number. Check the number."),
            field="earlier",
        )
    return found
