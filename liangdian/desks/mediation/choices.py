"""What can be chosen in the forms of a dispute; the case is known to exist for the actor."""

from __future__ import annotations

from datetime import date

from liangdian.desks.mediation.models import (
    Answer,
    Assignment,
    Dispute,
    Member,
    Obligation,
    Offer,
    Party,
    Recusal,
)
from liangdian.desks.mediation.selectors import what_is_owed
from liangdian.desks.mediation.states import ObligationState, Subject


def parties_of(case_id: int) -> list[tuple[int, str]]:
    """The parties with number and name."""
    rows = Party.objects.filter(dispute_id=case_id).order_by("number")
    return [(p.pk, f"{p.number}. {p.name} · {p.get_side_display()}") for p in rows]


def unasked(case_id: int) -> list[tuple[int, str]]:
    """The parties that have not said yes or no."""
    asked = set(
        Answer.objects.filter(party__dispute=case_id, subject=Subject.MEDIATION).values_list(
            "party", flat=True
        )
    )
    return [choice for choice in parties_of(case_id) if choice[0] not in asked]


def members_for(case_id: int, *, today: date) -> list[tuple[int, str]]:
    """The members of the running term of the dispute's committee."""
    committee = Dispute.objects.filter(pk=case_id).values("committee")
    rows = Member.objects.filter(
        term__committee__in=committee, term__starts__lte=today, term__ends__gte=today, left__isnull=True
    ).select_related("user")
    recused = set(Recusal.objects.filter(dispute=case_id).values_list("member__user", flat=True))
    return [(m.pk, m.user.name) for m in rows.order_by("-head", "pk") if m.user_id not in recused]


def open_offers(case_id: int) -> list[tuple[int, str]]:
    """Offers that wait for an answer."""
    rows = Offer.objects.filter(dispute=case_id, accepted__isnull=True).select_related("party")
    return [(o.pk, f"{o.party.name}: {o.words[:60]}") for o in rows]


def open_obligations(case_id: int) -> list[tuple[int, str]]:
    """Obligations that are still to come or were broken."""
    rows = Obligation.objects.filter(
        agreement__dispute=case_id, agreement__dropped_at__isnull=True,
        state__in=[ObligationState.DUE, ObligationState.BROKEN],
    ).select_related("debtor")  # fmt: skip
    return [(o.pk, f"{o.number}. {o.due_on.isoformat()} {o.debtor.name} {what_is_owed(o)}") for o in rows]


def attendance_choices(case_id: int) -> list[tuple[str, str]]:
    """Everybody who can come to a session, coded as ``services.record_session`` reads it."""
    found: list[tuple[str, str]] = []
    for party in Party.objects.filter(dispute=case_id).order_by("number").prefetch_related("representatives"):
        found.append((f"party:{party.pk}", f"{party.name} · {party.get_side_display()}"))
        found += [(f"agent:{a.pk}", f"{a.name} ({party.name})") for a in party.representatives.all()]
    rows = Assignment.objects.filter(dispute=case_id, ended_at__isnull=True).select_related("member__user")
    return found + [(f"mediator:{row.pk}", row.member.user.name) for row in rows.order_by("pk")]
