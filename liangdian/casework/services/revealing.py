"""The resident's phone in clear, for whoever works on his matter; logged with the reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import policy
from liangdian.casework.services.record import locked_case
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import NotAllowed, NotFound
from liangdian.registers.people import services as people

# Whoever talks with the resident or calls him back needs the number; looking on does not.
_SPEAKING = (policy.Act.CONTACT, policy.Act.CALL_BACK)


@transaction.atomic
def reveal_phone(*, actor: Actor, case_id: int, reason: str, at: datetime) -> str:
    """The phone of the case's resident, empty when none is known; who, when, why is logged before.

    Raises NotFound, NotAllowed when the actor neither works on the matter nor calls back, and Invalid
    without a reason (personal information protection law, Art. 6 and 51).
    """
    case = locked_case(actor=actor, case_id=case_id, act=None)
    if not any(policy.may(actor, act, case) for act in _SPEAKING):
        raise NotAllowed(_("Only those who work on this matter or call the resident back see the phone."))
    if case.resident_id is None:
        raise NotFound(_("No resident is named in this matter."))
    return people.reveal_for_matter(
        actor=actor, resident_id=case.resident_id, matter=case.reference, reason=reason, at=at
    )


def may_reveal(actor: Actor, case: policy.Case) -> bool:
    """True when the page offers to show the phone."""
    return any(policy.may(actor, act, case) for act in _SPEAKING)
