"""Signing in and out for duty. The person says which; the order of presses decides nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.desks.duty import attendance, policy
from liangdian.desks.duty.models import Mark, Shift
from liangdian.desks.duty.policy import Act
from liangdian.desks.duty.services.people import window_of
from liangdian.desks.duty.states import MarkKind, Way
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, NotAllowed, Refused
from liangdian.platform.database.facts import only_one
from liangdian.platform.ui.dates import clock_words
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit


@transaction.atomic
def sign(
    *, actor: Actor, kind: str, unit_id: int, way: Way, at: datetime, window_id: int | None = None
) -> Mark:
    """Write down that the person is here (``in``) or leaves (``out``), and by which way he said it.

    Raises NotFound or NotAllowed at a unit where he neither works nor has a shift, Invalid for anything but
    in and out, Refused for "in" while he is signed in today and for "out" while he is not.
    """
    if kind not in MarkKind.values:
        raise Invalid(_("Please say whether you come or leave."), field="kind")
    unit = organisation.unit_by_id(unit_id)
    _require_at_work(actor, unit, at)
    assert actor.user_id is not None
    with only_one(f"duty:{actor.user_id}"):
        opened = attendance.open_stretch(actor.user_id, at)
        today = opened is not None and business_date(opened.begin) == business_date(at)
        if kind == MarkKind.IN and opened is not None and today:
            raise Refused(
                _("You are signed in since %(time)s already. If that is wrong, ask for a correction.")
                % {"time": clock_words(opened.begin)}
            )
        if kind == MarkKind.OUT and opened is None:
            raise Refused(_("You are not signed in. If you forgot it, ask for a correction."))
        if kind == MarkKind.OUT and opened is not None:  # one leaves where one came, whatever was scanned
            came = Mark.objects.counted().filter(user_id=actor.user_id, at=opened.begin, kind=MarkKind.IN)
            place = came.order_by("-pk")[0]
            unit, window_id = organisation.unit_by_id(place.unit_id), place.window_id
        else:
            window = window_of(unit, window_id)
            window_id = window.pk if window else None
        return Mark.objects.create(
            user_id=actor.user_id, unit=unit, window_id=window_id, kind=kind, way=way, at=at, recorded_at=at
        )


def _require_at_work(actor: Actor, unit: Unit, at: datetime) -> None:
    """Everybody signs where he works, and where he has a shift on that day."""
    if actor.user_id is None:
        raise NotAllowed(_("Only members of staff sign in for duty."))
    shifts = Shift.objects.standing().filter(user_id=actor.user_id, unit=unit, day=business_date(at))
    if not policy.may(actor, Act.SIGN, unit.path) and not shifts.exists():
        policy.require(actor, Act.SIGN, unit.path)
