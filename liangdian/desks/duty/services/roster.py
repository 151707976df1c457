"""Single shifts: put on the roster, taken off, given to somebody else. Each with who and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from liangdian.desks.duty import policy, selectors
from liangdian.desks.duty.models import Shift
from liangdian.desks.duty.policy import Act
from liangdian.desks.duty.rules import LONGEST_SHIFT, overlaps, span_of
from liangdian.desks.duty.services.people import colleague, window_of
from liangdian.desks.duty.wording import SAME_MOMENT
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, Refused, Stale
from liangdian.foundation.text import clean
from liangdian.platform.audit import services as audit
from liangdian.platform.database.facts import only_one
from liangdian.registers.organisation import selectors as organisation


@dataclass(frozen=True, slots=True)
class SingleShift:
    """One shift as it is typed."""

    day: date
    starts: time
    ends: time
    user_id: int
    window_id: int | None = None
    stand_in_id: int | None = None


@transaction.atomic
def add_shift(*, actor: Actor, unit_id: int, shift: SingleShift, at: datetime) -> Shift:
    """Put one shift on the roster. Raises Invalid when the person is on duty then, or it is too long."""
    unit = organisation.unit_by_id(unit_id)
    policy.require(actor, Act.PLAN, unit.path)
    begins, ends = span_of(shift.day, shift.starts, shift.ends)
    if shift.starts == shift.ends or ends - begins > LONGEST_SHIFT:
        raise Invalid(_("A shift lasts at most 16 hours. Please correct the times."), field="ends")
    user, stand_in = colleague(shift.user_id, shift.stand_in_id)
    row = Shift(
        unit=unit, window=window_of(unit, shift.window_id), user=user, stand_in=stand_in, day=shift.day,
        begins_at=begins, ends_at=ends, made_by_id=actor.user_id, made_at=at,
    )  # fmt: skip
    put_on(row)
    audit.record(actor, "shift_added", "duty.shift", row.pk, user.name, at)
    return row


@transaction.atomic
def take_off(*, actor: Actor, shift_id: int, reason: str, at: datetime) -> Shift:
    """Take a shift off the roster; the row stays with the reason."""
    row = _locked(actor, shift_id)
    return cancel(row, actor=actor, reason=reason, at=at)


@transaction.atomic
def replace_person(*, actor: Actor, shift_id: int, user_id: int, reason: str, at: datetime) -> Shift:
    """Give a shift to somebody else; the first row stays with the reason, the new one points to it."""
    row = _locked(actor, shift_id)
    user, _none = colleague(user_id)
    if user.pk == row.user_id:
        raise Invalid(_("This person has the shift already. Please choose somebody else."), field="user")
    cancel(row, actor=actor, reason=reason, at=at)
    new = Shift(
        unit_id=row.unit_id, window_id=row.window_id, user=user, day=row.day, begins_at=row.begins_at,
        ends_at=row.ends_at, replaces=row, made_by_id=actor.user_id, made_at=at,
    )  # fmt: skip
    put_on(new)
    return new


def cancel(row: Shift, *, actor: Actor, reason: str, at: datetime) -> Shift:
    """Take a locked shift off the roster. Raises Invalid without a reason."""
    words = clean(reason)
    if not words or len(words) > 300:
        raise Invalid(_("Please give the reason in at most 300 characters."), field="reason")
    row.cancelled_at, row.cancelled_by_id, row.cancel_reason = at, actor.user_id, words
    row.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason"])
    audit.record(actor, "shift_taken_off", "duty.shift", row.pk, words, at)
    return row


def put_on(row: Shift) -> None:
    """Save a new shift. Raises Invalid when the person is on duty at that time."""
    with only_one(f"duty:{row.user_id}"):
        others = Shift.objects.standing().filter(
            user_id=row.user_id, begins_at__lt=row.ends_at, ends_at__gt=row.begins_at
        )
        if overlaps(row.span, (other.span for other in others)):
            raise Invalid(
                _("%(name)s is on duty at that time already. Please choose somebody else.")
                % {"name": row.user.name},
                field="user",
            )
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise Stale(SAME_MOMENT) from error


def _locked(actor: Actor, shift_id: int) -> Shift:
    found = selectors.shift_for(actor, shift_id)
    policy.require(actor, Act.PLAN, found.unit.path)
    row = Shift.objects.select_for_update(of=("self",)).get(pk=shift_id)
    if row.cancelled_at is not None:
        raise Refused(_("This shift was taken off the roster already. Please open the roster again."))
    return row
