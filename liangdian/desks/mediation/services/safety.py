"""Danger is reported at once to the police contact of the committee (Art. 25)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.casework.services.record import worker
from liangdian.desks.mediation.models import Report
from liangdian.desks.mediation.policy import Act
from liangdian.desks.mediation.services.record import locked_dispute, note, text_of
from liangdian.desks.mediation.states import RiskKind
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid


@transaction.atomic
def report_risk(*, actor: Actor, case_id: int, risk: str, words: str, at: datetime) -> Case:
    """Write down that the police contact was told of a danger, in whatever state the dispute is (Art. 25).

    Only colleagues see it. Raises NotAllowed, Invalid.
    """
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.REPORT)
    if risk not in RiskKind.values:
        raise Invalid(_("Choose what may happen."), field="risk")
    words = text_of(words, field="words", message=_("Write what was said or seen, and what the police said."))
    committee = dispute.committee
    Report.objects.create(
        dispute=dispute, risk=risk, words=words, told_name=committee.police_name,
        told_phone=committee.police_phone, at=at, by_id=worker(actor),
    )  # fmt: skip
    note(
        case, "reported", actor=actor, at=at, data={"risk": risk, "told": committee.police_name}, public=False
    )
    return case
