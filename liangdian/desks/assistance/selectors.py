"""Reading livelihood help: the only door out of the room. Incomes are ranges for who does not accompany."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from liangdian.casework import policy as casework
from liangdian.casework.selectors import Case
from liangdian.desks.assistance import policy, rules
from liangdian.desks.assistance.models import CheckUp, Help, Need, Offer, Placement
from liangdian.desks.assistance.policy import READS_INCOME, Act, Part
from liangdian.desks.assistance.states import HelpState
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import NotFound
from liangdian.platform.accounts import selectors as accounts
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit

__all__ = ["Case", "HelpView", "view_of"]


@dataclass(frozen=True, slots=True)
class Match:
    """An open place with why it fits and what speaks against it."""

    offer: Offer
    fit: rules.Fit


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A check-up as the page shows it."""

    row: CheckUp
    income: str


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A placement with its check-ups."""

    row: Placement
    checks: list[CheckLine]


@dataclass(frozen=True, slots=True)
class HelpView:
    """Everything that the desk shows of one help."""

    help: Help
    needs: list[Need]
    places: list[PlaceLine]
    income: str
    matches: list[Match]
    mine: set[Part] = field(default_factory=set)

    @property
    def open_needs(self) -> list[Need]:
        return [need for need in self.needs if need.met_on is None]

    @property
    def running(self) -> PlaceLine | None:
        """The placement that runs."""
        return next((line for line in self.places if line.row.ended_on is None), None)


def _income(sealed: str, *, exact: bool) -> str:
    if not sealed:
        return ""
    return f"¥{sealed}" if exact else rules.income_range(int(sealed))


def view_of(actor: Actor, case: Case, *, with_matches: bool = True) -> HelpView:
    """The help of a case that exists for this actor; a constant number of queries. Raises NotFound."""
    places = Placement.objects.select_related("offer").prefetch_related("check_ups")
    help = (
        Help.objects.select_related("helper")
        .prefetch_related("consents", "needs", "trainings", Prefetch("placements", places))
        .filter(pk=case.pk)
        .first()
    )
    if help is None:
        raise NotFound(_("This matter is no livelihood help."))
    mine = policy.parts_of(actor, case, help.helper_id)
    exact = bool(READS_INCOME & mine)
    lines = [
        PlaceLine(row, [CheckLine(c, _income(c.income, exact=exact)) for c in row.check_ups.all()])
        for row in help.placements.all()
    ]
    seeking = with_matches and help.state == HelpState.SEEKING
    return HelpView(
        help=help, needs=list(help.needs.all()), places=lines, income=_income(help.income, exact=exact),
        matches=matches_of(help, case) if seeking else [], mine=mine,
    )  # fmt: skip


def matches_of(help: Help, case: Case) -> list[Match]:
    """Open places for what the household still needs, those with the least against them first.

    Of its community and of the unit above with all below. One query for the places.
    """
    kinds = frozenset(need.kind for need in help.needs.all() if need.met_on is None)
    wish = rules.Wish(kinds, case.unit_id, help.least_pay, help.most_hours)
    above = organisation.superior_of(case.unit)
    units = organisation.unit_ids_within([above.path if above else case.unit.path])
    found = []
    for offer in open_offers().filter(unit__in=units, kind__in=kinds).select_related("unit")[:200]:
        place = rules.Place(offer.kind, offer.unit_id, offer.pay, offer.hours, offer.requirements)
        if fit := rules.fit_of(wish, place):
            found.append(Match(offer, fit))
    return sorted(found, key=lambda match: (*match.fit.rank, match.offer.pk))


def open_offers() -> QuerySet[Offer]:
    """Places that are still free."""
    return Offer.objects.open()


def offers_for(actor: Actor, *, with_closed: bool = False) -> list[Offer]:
    """The register of the units that the actor reads or keeps, newest first."""
    paths = actor.paths(*policy.READERS, *policy.REGISTER_KEEPERS)
    rows = Offer.objects.filter(unit__in=organisation.unit_ids_within(paths)).select_related("unit")
    if not with_closed:
        rows = rows.filter(pk__in=open_offers().values("pk"))
    return list(rows[:500])


def keeps_register(actor: Actor, unit: Unit) -> bool:
    """True when the actor writes places of ``unit`` into the register."""
    return policy.may_keep_register(actor, path=unit.path)


def can_help(case: Case) -> list[tuple[int, str]]:
    """Who can be named as helper: those for whom the matter exists, by name."""
    found = {
        user.pk: user.name
        for role in policy.READERS
        for user in accounts.holders_reaching(role, case.unit.path)
    }
    handlers = [pk for pk in (case.handler_id, case.first_handler_id) if pk is not None]
    found |= accounts.users_by_ids(handlers)
    found.pop(case.about_user_id or 0, None)
    return sorted(found.items(), key=lambda pair: (pair[1], pair[0]))


def open_acts(view: HelpView, actor: Actor, case: Case, *, now: datetime) -> list[str]:
    """The acts of the desk that state, policy and time leave open to the actor, the likeliest first."""
    state = HelpState(view.help.state)
    return [
        f"assistance.{code}" for code, act, states in _WHEN
        if state in states and policy.may(actor, act, case, view.help.helper_id)
        and _fits(code, view, case, now=now)
    ]  # fmt: skip


S = HelpState
_ACCOMPANIED = frozenset({S.SEEKING, S.PLACED})
# Act, who, in which states; in the order of the buttons.
_WHEN: tuple[tuple[str, Act, frozenset[HelpState]], ...] = (
    ("consent", Act.ASK, frozenset({S.REGISTERED})),
    ("helper", Act.NAME_HELPER, frozenset({S.REGISTERED, *_ACCOMPANIED})),
    ("need", Act.ASK, _ACCOMPANIED),
    ("place", Act.ACCOMPANY, frozenset({S.SEEKING})),
    ("check", Act.ACCOMPANY, frozenset({S.PLACED})),
    ("training", Act.ACCOMPANY, _ACCOMPANIED),
    ("met", Act.ACCOMPANY, _ACCOMPANIED),
    ("helped", Act.ACCOMPANY, frozenset({S.SEEKING})),
    ("left", Act.ACCOMPANY, frozenset({S.PLACED})),
    ("rating", Act.ANSWER, frozenset({S.PLACED, S.SETTLED, S.HELPED, S.DECLINED, S.ENDED})),
    ("end", Act.END, frozenset({S.SEEKING})),
)


def _fits(code: str, view: HelpView, case: Case, *, now: datetime) -> bool:
    """What depends on more than the state."""
    match code:
        case "need":
            return len(view.needs) < 5
        case "place":
            return bool(view.matches) and view.help.helper_id is not None
        case "check":
            return bool(checks_due(view, now=now))
        case "met":
            return bool(view.open_needs)
        case "helped":
            return bool(view.needs) and not view.open_needs
        case "rating":
            return case.in_hand
    return True


def checks_due(view: HelpView, *, now: datetime) -> list[CheckUp]:
    """The check-ups of the running placement whose day has come."""
    today = business_date(now)
    line = view.running
    rows = [check.row for check in line.checks] if line else []
    return [row for row in rows if row.done_at is None and row.due_on <= today]


def visible(actor: Actor) -> QuerySet[Help]:
    """The helps that exist for this actor; the permission is part of the query, counts included."""
    return Help.objects.filter(case__in=Case.objects.filter(casework.visible_to(actor)).values("pk"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters of the list."""

    state: str = ""
    source: str = ""
    mine: bool = False


def list_of(actor: Actor, wanted: Wanted, *, after: tuple[datetime, int] | None, limit: int) -> list[Help]:
    """One page of helps, newest first (keyset: ``after`` is registration and id of the last row)."""
    rows = visible(actor).select_related("case__unit", "case__resident", "helper").prefetch_related("needs")
    for column in ("state", "source"):
        if value := getattr(wanted, column):
            rows = rows.filter(**{column: value})
    if wanted.mine:
        rows = rows.filter(helper=actor.user_id)
    if after is not None:
        rows = rows.filter(Q(registered_at__lt=after[0]) | Q(registered_at=after[0], pk__lt=after[1]))
    return list(rows.order_by("-registered_at", "-pk")[:limit])
