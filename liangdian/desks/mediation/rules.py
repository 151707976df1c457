"""Pure rules of mediation: who makes a committee, when talks may begin, when an agreement takes effect.

No row is read or written here; days are hall-local dates, amounts are whole fen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from liangdian.desks.mediation.states import (
    NEXT,
    OBLIGATION_NEXT,
    SUBTYPES,
    AgreementForm,
    Category,
    DisputeState,
    ObligationState,
    Subtype,
)
from liangdian.foundation.refused import Invalid, NotAllowed, Refused

LEAST_MEMBERS, MOST_MEMBERS = 3, 9
TERM_YEARS = 3
MOST_OBLIGATIONS = 60
LARGEST_FEN = 100_000_000_00  # a hundred million yuan: anything above is a slip of the keyboard


class WrongState(Refused):
    """The dispute is not in a state that allows this act."""

    code = "wrong-state"


@dataclass(frozen=True, slots=True)
class Seat:
    """One member as he is elected."""

    user_id: int
    woman: bool
    head: bool = False


def check_committee(seats: Sequence[Seat]) -> None:
    """Three to nine members, women among them, one head (Art. 8). Raises Invalid."""
    if len({seat.user_id for seat in seats}) != len(seats):
        raise Invalid(_("Somebody stands twice in the list. Each member has one seat."), field="members")
    if not LEAST_MEMBERS <= len(seats) <= MOST_MEMBERS:
        raise Invalid(
            _("A mediation committee has three to nine members (Art. 8). Choose so many."), field="members"
        )
    if not any(seat.woman for seat in seats):
        raise Invalid(_("A mediation committee has women among its members (Art. 8)."), field="women")
    if sum(seat.head for seat in seats) != 1:
        raise Invalid(_("Choose the one member who heads the committee."), field="head")


def term_end(starts: date) -> date:
    """The last day of a term of three years (Art. 9)."""
    try:
        after = starts.replace(year=starts.year + TERM_YEARS)
    except ValueError:  # 29 February
        after = date(starts.year + TERM_YEARS, 3, 1)
    return after - timedelta(days=1)


def check_move(state: str, target: DisputeState) -> None:
    """Raises WrongState when the table has no such move."""
    if target not in NEXT[DisputeState(state)]:
        raise WrongState(
            _("This dispute is at “%(state)s”, so this cannot be done now.")
            % {"state": DisputeState(state).label}
        )


def check_subtype(category: str, subtype: str) -> None:
    """A sub-type belongs to its category. Raises Invalid."""
    if category not in Category.values:
        raise Invalid(_("Choose the category from the list."), field="category")
    if subtype and subtype not in SUBTYPES.get(Category(category), ()):
        raise Invalid(_("This sub-type belongs to another category. Choose both again."), field="subtype")


def category_of(subtype: Subtype) -> Category:
    """The category to which a sub-type belongs."""
    return next(category for category, subtypes in SUBTYPES.items() if subtype in subtypes)


def consent_of(answers: Iterable[bool | None]) -> bool | None:
    """True when every party said yes, False when one said no (Art. 17), None while somebody was not asked."""
    given = list(answers)
    if any(answer is False for answer in given):
        return False
    return True if given and all(given) else None


def is_recused(name: str, others: Collection[str]) -> bool:
    """A mediator who is himself a party or represents one takes no part; blanks in names do not count."""
    return "".join(name.split()) in {"".join(other.split()) for other in others}


def check_free(*, name: str, others: Collection[str], recused: bool, about: bool) -> None:
    """Raises NotAllowed for a party or its representative, for who was recused or is complained about."""
    if about:
        raise NotAllowed(_("This matter is about this colleague. Choose another mediator."))
    if is_recused(name, others):
        raise NotAllowed(
            _("%(name)s has the name of a party or a representative. Choose another mediator.")
            % {"name": name}
        )
    if recused:
        raise NotAllowed(
            _("%(name)s takes no part in this dispute: it is written down why. Choose another mediator.")
            % {"name": name}
        )


def effect_of(
    form: str, *, agreed_at: datetime, parties: Sequence[datetime | None],
    mediators: Sequence[datetime | None], sealed_at: datetime | None,
) -> datetime | None:  # fmt: skip
    """When an agreement takes effect (Art. 30); None while something is missing.

    Oral: when the parties agreed. Written: when the last party has signed, a mediator has signed and the
    committee has sealed it, whichever came last.
    """
    if form == AgreementForm.ORAL:
        return agreed_at
    signed = [at for at in mediators if at is not None]
    if sealed_at is None or not signed or not parties:
        return None
    last = sealed_at
    for at in parties:
        if at is None:
            return None
        last = max(last, at)
    return max(last, min(signed))


def instalments(total_fen: int, count: int, first: date, months: int = 1) -> list[tuple[date, int]]:
    """``total_fen`` in ``count`` parts on the same day of every ``months``; the first ones carry the odd fen.

    A day that a month does not have is its last day. Raises Invalid for what cannot be divided so.
    """
    if not 1 <= count <= MOST_OBLIGATIONS or months < 1:
        raise Invalid(_("Choose 1 to %(most)s instalments.") % {"most": MOST_OBLIGATIONS}, field="count")
    if not count <= total_fen <= LARGEST_FEN:
        raise Invalid(_("Check the amount: it cannot be divided into so many parts."), field="amount")
    part, odd = divmod(total_fen, count)
    return [(month_later(first, i * months), part + (1 if i < odd else 0)) for i in range(count)]


def month_later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    following = date(year + (month == 11), 1 if month == 11 else month + 2, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def read_fen(text: str) -> int:
    """An amount in yuan as typed ("12,000", "12000.5") in fen. Raises Invalid."""
    typed = text.replace(",", "").replace("，", "").replace("元", "").replace("¥", "").strip()
    whole, dot, part = typed.partition(".")
    if not (whole.isascii() and whole.isdecimal()) or (dot and not (part.isascii() and part.isdecimal())):
        raise Invalid(_("Write the amount in yuan, such as 12000 or 12000.50."), field="amount")
    if len(part) > 2 or len(whole) > 9:
        raise Invalid(_("Write the amount in yuan with at most two decimals."), field="amount")
    fen = int(whole) * 100 + int(part.ljust(2, "0") or 0)
    if not 0 < fen <= LARGEST_FEN:
        raise Invalid(_("The amount must be more than nothing."), field="amount")
    return fen


def yuan(fen: int) -> str:
    """``12,000.50``."""
    return f"{fen // 100:,}.{fen % 100:02d}"


def check_obligation_move(state: str, target: str) -> None:
    """Raises WrongState when what became of an obligation cannot become that."""
    if target not in OBLIGATION_NEXT[ObligationState(state)]:
        raise WrongState(_("What became of this obligation is written down already."))


def outcome_of(states: Iterable[str]) -> DisputeState | None:
    """What the agreement is when every obligation is decided; None while one is still to come.

    Excused ones count as fulfilled: the other party gave them up.
    """
    found = set(states)
    if ObligationState.DUE in found:
        return None
    return DisputeState.UNFULFILLED if ObligationState.BROKEN in found else DisputeState.FULFILLED
