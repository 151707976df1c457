"""One act on many matters: each is decided for itself, and nothing is half done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import policy
from liangdian.casework.models import Case
from liangdian.casework.services.handing import Handed
from liangdian.casework.services.handling import required_text, transfer
from liangdian.casework.services.referral import refer
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, Refused

AT_MOST = 100


def transfer_many(
    *, actor: Actor, references: Sequence[str], to_user_id: int, reason: str, at: datetime
) -> Handed:
    """Hand each of these matters to a colleague of its unit, with one reason. Raises Invalid."""
    reason = required_text(reason, field="reason", message=_("Write why a colleague takes over."))
    return _each(
        actor, references,
        lambda pk: transfer(actor=actor, case_id=pk, to_user_id=to_user_id, reason=reason, at=at),
    )  # fmt: skip


def refer_many(
    *, actor: Actor, references: Sequence[str], to_unit_id: int, reason: str, at: datetime
) -> Handed:
    """Refer each of these matters to a unit, with one reason. Raises Invalid."""
    reason = required_text(reason, field="reason", message=_("Write why you refer it and what is asked."))
    return _each(
        actor, references,
        lambda pk: refer(actor=actor, case_id=pk, to_unit_id=to_unit_id, reason=reason, at=at),
    )  # fmt: skip


def _each(actor: Actor, references: Sequence[str], do: Callable[[int], object]) -> Handed:
    wanted = list(dict.fromkeys(references))
    if not wanted:
        raise Invalid(_("Choose at least one matter from the list."))
    if len(wanted) > AT_MOST:
        raise Invalid(_("At most %(n)s matters go in one act. Choose fewer.") % {"n": AT_MOST})
    rows = Case.objects.filter(policy.visible_to(actor), reference__in=wanted)
    found = dict(rows.values_list("reference", "pk"))
    handed = Handed()
    for reference in wanted:
        try:
            with transaction.atomic():
                do(found.get(reference, 0))  # hidden equals missing: the act says so
        except Refused as refused:
            handed.refused.append((reference, str(refused)))
        else:
            handed.done.append(reference)
    return handed
