"""The desk's part of a case page, for the staff and for the petitioner."""

from __future__ import annotations

from datetime import datetime

from liangdian.casework.procedures import DeskPart
from liangdian.casework.selectors import Case
from liangdian.desks.petitions import policy
from liangdian.desks.petitions.models import Petition
from liangdian.desks.petitions.open_acts import open_acts
from liangdian.desks.petitions.services.deciding import open_transfer
from liangdian.foundation.actor import Actor
from liangdian.platform.crypto import decrypt, mask_name


def _petition(case: Case) -> Petition | None:
    rows = Petition.objects.select_related(
        "of__case", "earlier__case", "extension", "opinion", "refusal", "reviewed_by__case", "label_by"
    )
    return (
        rows.prefetch_related("accused__user", "accused__unit", "representatives").filter(pk=case.pk).first()
    )


def part(actor: Actor, case: Case, now: datetime) -> DeskPart:
    """What the staff see and can do."""
    petition = _petition(case)
    if petition is None:
        return DeskPart()
    transfer = open_transfer(petition)
    acts = open_acts(actor, case, petition, transfer=transfer, now=now)
    may_look = policy.works_on(actor, case) or policy.heads(actor, case)
    context = {
        "petition": petition,
        "transfer": transfer,
        "about": _about(petition),
        "group": [mask_name(decrypt(row.name_sealed)) for row in petition.representatives.all()],
        "may_look": case.resident_id is not None and (may_look or case.first_handler_id == actor.user_id),
        "before": petition.of,
        "after": getattr(petition, "reviewed_by", None),
    }
    return DeskPart(acts=acts, template="petitions/part.html", context=context)


def _about(petition: Petition) -> list[str]:
    """Who is complained about, by name; the units of these people are not repeated."""
    rows = petition.accused.all()
    people = [row.user.name for row in rows if row.user is not None]
    return people + [row.unit.label for row in rows if row.unit is not None and not row.through_user]


def resident_part(case: Case, now: datetime) -> DeskPart:
    """What the petitioner sees: where it stands, the opinion, until when he can ask for a review."""
    petition = _petition(case)
    if petition is None:
        return DeskPart()
    return DeskPart(
        template="petitions/resident_part.html",
        context={"petition": petition, "after": getattr(petition, "reviewed_by", None)},
    )
