"""The rules of allowances, and the sheet of a month: made, decided by another, then locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from liangdian.desks.duty import policy, sheets
from liangdian.desks.duty.models import AllowanceRule, Sheet
from liangdian.desks.duty.models.sheets import MOST_FEN
from liangdian.desks.duty.policy import Act
from liangdian.desks.duty.rules import next_month
from liangdian.desks.duty.services.telling import tell, those_who
from liangdian.desks.duty.states import Basis
from liangdian.desks.duty.wording import SAME_MOMENT
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import start_of_day
from liangdian.foundation.refused import Invalid, Refused, Stale
from liangdian.foundation.text import clean
from liangdian.platform.audit import services as audit
from liangdian.platform.database.facts import only_one
from liangdian.registers.organisation import selectors as organisation


@dataclass(frozen=True, slots=True)
class Rule:
    """A version of a rule as it is typed; ``fen`` for each day or full hour."""

    code: str
    name: str
    basis: str
    fen: int
    valid_from: date
    source: str
    minimum_minutes: int = 0


@transaction.atomic
def set_allowance(*, actor: Actor, unit_id: int, rule: Rule, at: datetime) -> AllowanceRule:
    """A version of a rule for this unit and all below. Earlier versions hold for the days before.

    Raises Invalid for a month whose sheet is approved, for amounts below 0 or above 100,000 yuan, and
    without name, code and source.
    """
    unit = organisation.unit_by_id(unit_id)
    policy.require(actor, Act.SET_ALLOWANCE, unit.path)
    words = {"code": clean(rule.code), "name": clean(rule.name), "source": clean(rule.source)}
    for field, most in (("code", 40), ("name", 100), ("source", 300)):
        if not words[field] or len(words[field]) > most:
            raise Invalid(_("Please fill this in; it may not be longer than the field."), field=field)
    if rule.basis not in Basis.values:
        raise Invalid(_("Please choose from the list."), field="basis")
    if not 0 <= rule.fen <= MOST_FEN:
        raise Invalid(_("An amount lies between 0 and 100,000 yuan."), field="amount")
    if not 0 <= rule.minimum_minutes <= 24 * 60:
        raise Invalid(_("A day has 1,440 minutes."), field="minimum_minutes")
    if Sheet.objects.filter(
        unit__path__startswith=unit.path, approved=True, month__gte=rule.valid_from.replace(day=1)
    ).exists():
        raise Invalid(
            _("The sheet of that month is approved already. Let the rule begin later."), field="valid_from"
        )
    row = AllowanceRule.objects.create(
        unit=unit, **words, basis=rule.basis, fen=rule.fen, minimum_minutes=rule.minimum_minutes,
        valid_from=rule.valid_from, made_by_id=actor.user_id, made_at=at,
    )  # fmt: skip
    audit.record(actor, "allowance_set", "duty.allowance", row.pk, f"{row.name} {row.fen}", at)
    return row


@transaction.atomic
def make_sheet(*, actor: Actor, unit_id: int, month: date, at: datetime) -> Sheet:
    """Make the sheet of ``month`` as it stands now; an earlier one stays and no longer counts.

    Raises Refused when the sheet of this month is approved or the month has not begun.
    """
    unit = organisation.unit_by_id(unit_id)
    policy.require(actor, Act.MAKE_SHEET, unit.path)
    first = month.replace(day=1)
    if start_of_day(first) > at:
        raise Refused(_("This month has not begun."))
    with only_one(f"duty:sheet:{unit.pk}"):
        if sheets.is_locked(unit.pk, first):
            raise Refused(_("The sheet of this month is approved and stays as it is."))
        found = sheets.compute(unit, first, at)
        row = Sheet.objects.create(
            unit=unit, month=first, hours=found.hours, allowances=found.allowances,
            total_fen=found.total_fen, made_by_id=actor.user_id, made_at=at,
        )  # fmt: skip
    audit.record(actor, "sheet_made", "duty.sheet", row.pk, f"{first:%Y-%m}", at)
    tell(
        those_who(Act.APPROVE_SHEET, unit, but=actor), kind="duty_sheet_made",
        subject=f"{unit.name} {first:%Y-%m}", url=f"/duty/sheet/?unit={unit.pk}&month={first:%Y-%m}",
        key=f"duty:sheet:{row.pk}", at=at,
    )  # fmt: skip
    return row


@transaction.atomic
def decide_sheet(*, actor: Actor, sheet_id: int, approved: bool, at: datetime, words: str = "") -> Sheet:
    """Approve a sheet, which locks its month, or send it back with words.

    Raises NotAllowed for its maker, Refused before the month is over or when it is decided, Stale when it
    is not the newest or the records changed since it was made.
    """
    seen = sheets.sheet_for(actor, sheet_id)
    policy.require(actor, Act.APPROVE_SHEET, seen.unit.path)
    policy.require_another(actor, seen.made_by_id)
    with only_one(f"duty:sheet:{seen.unit_id}"):
        row = Sheet.objects.select_for_update(of=("self",)).select_related("unit").get(pk=sheet_id)
        said = clean(words)[:300]
        if row.approved is not None:
            raise Refused(_("This was decided already. Please open the page again."))
        if not approved and not said:
            raise Invalid(_("Please say why not."), field="words")
        if approved:
            _require_final(row, at)
        row.approved, row.decided_by_id, row.decided_at, row.words = approved, actor.user_id, at, said
        try:
            with transaction.atomic():
                row.save(update_fields=["approved", "decided_by", "decided_at", "words"])
        except IntegrityError as error:
            raise Stale(SAME_MOMENT) from error
    audit.record(actor, "sheet_decided", "duty.sheet", row.pk, "approved" if approved else said, at)
    tell(
        [row.made_by_id] if row.made_by_id else [],
        kind="duty_sheet_approved" if approved else "duty_sheet_returned",
        subject=f"{row.unit.name} {row.month:%Y-%m}",
        url=f"/duty/sheet/?unit={row.unit_id}&month={row.month:%Y-%m}", key=f"duty:sheet:{row.pk}:decided",
        at=at,
    )  # fmt: skip
    return row


def _require_final(row: Sheet, at: datetime) -> None:
    """The month is over, this is its last sheet, and the records still say the same."""
    if at < start_of_day(next_month(row.month)):
        raise Refused(_("The month is not over. Its sheet can be approved from the first of the next."))
    last = Sheet.objects.filter(unit=row.unit, month=row.month).order_by("-pk")[0]
    now = sheets.compute(row.unit, row.month, at)
    if last.pk != row.pk or (now.hours, now.allowances) != (row.hours, row.allowances):
        raise Stale(_("The records have changed since this sheet was made. Have it made anew."))


def record_export(*, actor: Actor, sheet: Sheet, at: datetime) -> None:
    """That a sheet left the house is a row of the access log."""
    policy.require(actor, Act.SEE_SHEET, sheet.unit.path)
    audit.record(actor, "sheet_exported", "duty.sheet", sheet.pk, f"{sheet.month:%Y-%m}", at)
