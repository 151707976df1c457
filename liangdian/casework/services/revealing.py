"""The resident's phone, or who he is, in clear, for whoever works on his matter; logged with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import policy
from liangdian.casework.procedures import is_discreet
from liangdian.casework.services.record import locked_case
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from liangdian.foundation.text import clean
from liangdian.platform.audit import services as audit
from liangdian.registers.people import selectors as people_found
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
    if is_discreet(case.kind):
        raise NotAllowed(_("Who brought this matter is hidden. Use “Show who brought it” on its page."))
    if not any(policy.may(actor, act, case) for act in _SPEAKING):
        raise NotAllowed(_("Only those who work on this matter or call the resident back see the phone."))
    if case.resident_id is None:
        raise NotFound(_("No resident is named in this matter."))
    return people.reveal_for_matter(
        actor=actor, resident_id=case.resident_id, matter=case.reference, reason=reason, at=at
    )


def may_reveal(actor: Actor, case: policy.Case) -> bool:
    """True when the page offers to show the phone."""
    return not is_discreet(case.kind) and any(policy.may(actor, act, case) for act in _SPEAKING)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who brought a matter, in clear."""

    name: str
    address: str
    phone: str


@transaction.atomic
def reveal_resident(*, actor: Actor, case_id: int, reason: str, at: datetime) -> Identity:
    """Who brought a matter of a discreet kind; the look is logged at the matter before anything is shown.

    The desk has decided that the actor needs it. The log of the resident's own file says nothing of it:
    colleagues of a unit complained about read that one. Raises NotFound, and Invalid without a reason.
    """
    case = locked_case(actor=actor, case_id=case_id, act=None)
    if case.resident_id is None:
        raise NotFound(_("No resident is named in this matter."))
    if not clean(reason):
        raise Invalid(_("Write why you need it; the reason is logged."), field="reason")
    audit.record(actor, "brought_by_revealed", "casework.case", case.pk, reason, at)
    found = people_found.named(resident_id=case.resident_id)
    return Identity(name=found.name, address=found.address, phone=found.phone)
