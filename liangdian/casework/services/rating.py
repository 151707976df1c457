"""The resident rates by his own link, once an answer; what looks like another in his place is told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import rules
from liangdian.casework.links import link_of_rating, round_of_rating
from liangdian.casework.models import Case, Rating
from liangdian.casework.services.ending import rate
from liangdian.casework.services.record import chained, save_with, tell
from liangdian.casework.states import RESIDENTS_OF_ONE_DEVICE, EventType, RatedBy
from liangdian.foundation.actor import SYSTEM, Role, resident
from liangdian.foundation.clock import business_date, end_of_day, start_of_day
from liangdian.foundation.refused import NotAllowed, NotFound
from liangdian.foundation.tokens import digest
from liangdian.platform.accounts import selectors as accounts


@transaction.atomic
def rate_by_link(
    *, token: str, grade: str, comment: str, at: datetime, device: str = "", staff_id: int | None = None
) -> Case:
    """The resident rates one answer with the link of that answer, once.

    ``device`` is a keyed hash that names nobody; ``staff_id`` is who is signed in on it, and he may not.
    Raises NotFound, NotAllowed, WrongState, Invalid.
    """
    if staff_id is not None:
        raise NotAllowed(
            _("You are signed in as staff on this device. Only the resident rates, on a device of his own.")
        )
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("unit", "origin")
        .filter(detail__link_digest=digest(link_of_rating(token)))
        .first()
    )
    round = round_of_rating(token, case.reference, case.round) if case is not None else None
    if case is None or round is None:
        raise NotFound(_("This link is not known. Scan the code on your receipt again."))
    if round != case.round or case.ratings.filter(round=round).exists():
        raise rules.WrongState(_("This answer was rated or is over; its link works once."))
    case = rate(
        case, actor=resident(), grade=grade, comment=comment, source=RatedBy.LINK, recorded_by=None, at=at,
        device=device,
    )  # fmt: skip
    _flag(case, device, at=at)
    return case


def _flag(case: Case, device: str, *, at: datetime) -> None:
    """Several residents rated from this device today: the inspectors are told, the rating counts."""
    if not device:
        return
    day = business_date(at)
    others = (
        Rating.objects.filter(device=device, at__range=(start_of_day(day), end_of_day(day)))
        .exclude(case__resident=case.resident_id, case__resident__isnull=False)
        .exclude(case=case)
    )
    matters = sorted(others.values_list("case__reference", flat=True))
    residents = set(others.values_list("case__resident", "case__reference"))
    people = len({person or reference for person, reference in residents})
    if people + 1 < RESIDENTS_OF_ONE_DEVICE:
        return
    data: dict[str, object] = {"n": people + 1, "matters": matters[-20:]}
    event = chained(case, type=EventType.RATING_FLAGGED, actor=SYSTEM, at=at, data=data, public=False)
    save_with(case, [event])
    inspectors = accounts.holders_reaching(Role.INSPECTOR, case.origin.path)
    tell([user.pk for user in inspectors], case=case, event=event, but=SYSTEM)
