"""Reading cases: the only door out of the room. Hidden equals missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from liangdian.casework import cooperation, document_lines, pledge_lines, policy, ties, timeline
from liangdian.casework.lights import Light, light_of
from liangdian.casework.links import link_of_rating, message_key, round_of_rating
from liangdian.casework.models import (
    Case,
    CaseDetail,
    CaseNotice,
    Event,
    LimitRule,
    Referral,
    Repair,
)
from liangdian.casework.notices.content import notice_label
from liangdian.casework.open_acts import bad_rating, open_acts, supervision
from liangdian.casework.policy import Act
from liangdian.casework.procedures import DeskPart, act_page, procedure_of, require_kept
from liangdian.casework.rules import WrongState
from liangdian.casework.states import OPEN, SUPERVISED, EventType, Grade, ReferralState, State
from liangdian.casework.veiling import veiled
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import NotAllowed, NotFound
from liangdian.foundation.text import clean
from liangdian.foundation.tokens import digest
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.audit import selectors as audit
from liangdian.platform.audit.selectors import Line
from liangdian.platform.notifications import selectors as notifications
from liangdian.platform.notifications.selectors import Delivery
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.people import selectors as people

_JOINED = (
    "unit",
    "origin",
    "first_handler",
    "handler",
    "successor",
    "about_user",
    "resident",
    "item_version__item",
    "detail",
)


@dataclass(frozen=True, slots=True)
class IssuedNotice:
    """A notice as it stands in the list of a case."""

    number: str
    label: str
    at: datetime


def _issued(row: dict[str, str]) -> IssuedNotice:
    return IssuedNotice(row["number"], notice_label(row["kind"]), datetime.fromisoformat(row["at"]))


def _whole_cases() -> QuerySet[Case]:
    """Cases with all that their page joins; lists of few rows come with the row itself, not as statements."""
    notices = CaseNotice.objects.filter(case=OuterRef("pk")).order_by("event_seq")
    listed = notices.values(json=JSONObject(number="number", kind="kind", at="issued_at"))
    return Case.objects.select_related(*_JOINED).annotate(
        issued=ArraySubquery(listed),
        pledged=pledge_lines.of_case(),
        attached=document_lines.of_case(),
        helping=cooperation.assists_of_case(),
    )


def case_for(*, actor: Actor, reference: str) -> Case:
    """The case with this number, if it exists for this actor. Raises NotFound.

    ``phone_sealed`` of the row is the resident's phone, to be shown masked.
    """
    wanted = _whole_cases().annotate(phone_sealed=people.sealed_phone("resident_id"))
    case = ties.with_ties(wanted, actor).filter(policy.visible_to(actor), reference=clean(reference)).first()
    if case is None:
        raise NotFound(_("There is no such matter, or it is not yours to see."))
    return veiled(case)


def visible_cases(actor: Actor) -> QuerySet[Case]:
    """The matters that exist for this actor, as part of a desk's own query."""
    return Case.objects.filter(policy.visible_to(actor))


def case_by_link(*, token: str) -> Case:
    """The case of a resident's own link. Raises NotFound."""
    detail = CaseDetail.objects.filter(link_digest=digest(token)).values_list("case_id").first()
    if detail is None:
        raise NotFound(_("This link is not known. Scan the code on your receipt again."))
    return _whole_cases().get(pk=detail[0])


Acts = Callable[[Referral | None], frozenset[Act]]


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who is responsible according to the unit that returned the matter last; a body outside has no id."""

    unit_id: int | None
    name: str
    ground: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything that the page of one case shows. Promise, answer and ratings are read from the history."""

    case: Case
    entries: list[timeline.Entry]
    light: Light
    due_day: date
    provisional: bool
    legal_day: date | None
    notices: list[IssuedNotice]
    pledges: list[pledge_lines.PledgeLine]
    assists: list[cooperation.AssistLine]
    responsible: Responsible | None
    supervised: bool
    referral: Referral | None
    answer: str
    grades: list[str]
    acts: frozenset[Act]
    part: DeskPart
    ties: list[ties.Tie]


def case_page(*, actor: Actor, reference: str, now: datetime) -> CasePage:
    """The case with its timeline, newest first, and the acts that are open to the actor. Six queries."""
    case = case_for(actor=actor, reference=reference)
    events = list(case.events.order_by("-seq"))

    def acts(referral: Referral | None) -> frozenset[Act]:
        return allowed_acts(actor, case, referral, events, now=now)

    procedure = procedure_of(case.kind)
    part = procedure.part(actor, case, now) if procedure is not None else DeskPart()
    return _page(case, events, now=now, acts=acts, part=part)


def resident_page(*, token: str, now: datetime) -> CasePage:
    """The same for the resident: only what is public, and no acts of the staff."""
    case = case_by_link(token=token)
    events = list(case.events.filter(public=True).order_by("-seq"))
    procedure = procedure_of(case.kind)
    build = procedure.resident_part if procedure is not None else None
    part = build(case, now) if build is not None else DeskPart()
    return _page(case, events, now=now, acts=lambda referral: frozenset(), part=part, for_resident=True)


@dataclass(frozen=True, slots=True)
class RatingPage:
    """One answer, and how it was rated: ``grade`` empty and ``open`` mean that it can be rated now."""

    case: Case
    answer: str
    grade: str
    comment: str
    at: datetime | None
    open: bool


def rating_page(*, token: str) -> RatingPage:
    """What the link of one answer shows. Raises NotFound."""
    case = case_by_link(token=link_of_rating(token))
    round = round_of_rating(token, case.reference, case.round)
    if round is None:
        raise NotFound(_("This link is not known. Scan the code on your receipt again."))
    given = case.ratings.filter(round=round).first()
    answer = case.resolutions.filter(round=round).values_list("answer", flat=True).first() or ""
    if given is None:
        waits = round == case.round and case.state == State.RESOLVED
        return RatingPage(case, answer, "", "", None, waits)
    return RatingPage(case, answer, str(Grade(given.grade).label), given.comment, given.at, False)


def _page(
    case: Case, events: list[Event], *, now: datetime, acts: Acts, part: DeskPart, for_resident: bool = False
) -> CasePage:
    unit_ids, user_ids = timeline.ids_in(events)
    names = timeline.Names(units=organisation.labels_of(unit_ids), users=accounts.users_by_ids(user_ids))
    referral = case.referrals.filter(state__in=[ReferralState.OFFERED, ReferralState.ACCEPTED]).first()
    promised = next(e for e in events if e.type == EventType.PROMISED)
    answers = (e for e in events if e.type == EventType.RESOLVED and e.data["round"] == case.round)
    answer = next(answers, None)
    sent = {} if for_resident else _deliveries(case, events)
    return CasePage(
        case=case,
        entries=[
            timeline.entry_of(event, names, for_resident=for_resident, delivery=sent.get(event.seq))
            for event in events
        ],
        light=light_of(case, now=now, days=calendar.shown_days()),
        due_day=date.fromisoformat(promised.data["day"]),
        provisional=bool(promised.data["provisional"]),
        legal_day=date.fromisoformat(promised.data["legal"]) if "legal" in promised.data else None,
        notices=[_issued(row) for row in case.issued],  # type: ignore[attr-defined]
        pledges=[pledge_lines.line_of(row, events, now=now) for row in case.pledged],  # type: ignore[attr-defined]
        assists=[] if for_resident else cooperation.lines_of(case.helping, names.unit),  # type: ignore[attr-defined]
        responsible=_responsible(case, events, names),
        supervised=supervision(events) in SUPERVISED,
        referral=referral,
        answer=str(answer.data["text"]) if answer else "",
        grades=[str(Grade(e.data["grade"]).label) for e in reversed(events) if e.type == EventType.RATED],
        acts=acts(referral),
        part=part,
        ties=[] if for_resident else ties.ties_of(case),
    )


def _responsible(case: Case, events: list[Event], names: timeline.Names) -> Responsible | None:
    """Who was named by the last "not us", as long as the matter lies with its first handler again."""
    returned = next((e for e in events if e.type == EventType.REFERRAL_RETURNED), None)
    if not case.returned or returned is None or not returned.data.get("ground"):
        return None
    unit_id = returned.data["responsible"]
    name = names.unit(unit_id) if unit_id else returned.data["body"]
    return Responsible(unit_id, name, str(returned.data["ground"]))


def _deliveries(case: Case, events: list[Event]) -> dict[int, Delivery]:
    """What became of the messages to the resident, by number of the event. One query."""
    keys = {message_key(case.reference, event.seq): event.seq for event in events if event.public}
    return {keys[key]: delivery for key, delivery in notifications.deliveries_for(keys).items()}


def allowed_acts(
    actor: Actor, case: Case, referral: Referral | None, events: Sequence[Event], *, now: datetime
) -> frozenset[Act]:
    """The acts that both the policy and the state of the case allow to this actor now."""
    may = {act for act in Act if act is not Act.REGISTER and policy.may(actor, act, case)}
    stands = bad_rating(events)
    if stands is not None and policy.may_appeal(actor, rated_id=stands.rated):
        may.add(Act.APPEAL)
    rows = case.helping  # type: ignore[attr-defined]
    helping = cooperation.acts_of_helper(actor, case, rows) if case.in_hand else set()
    can = open_acts(case, referral, events, now=now)
    if Act.REFER in can:
        can |= cooperation.acts_of_lead(case, rows)
    if Act.WITHDRAW_ASSIST in can or supervision(events) in SUPERVISED:
        can.discard(Act.MERGE)
    return frozenset(may & can | helping) - _not_of_oneself(actor, case, events) - _by_ties(case)


def _by_ties(case: Case) -> set[Act]:
    """What its ties forbid: a whole is answered after its parts, and who leads does not follow."""
    closed: set[Act] = set()
    if not any(tie.removable for tie in ties.ties_of(case)):
        closed.add(Act.UNLINK)
    if case.has_open_parts:  # type: ignore[attr-defined]
        closed |= {Act.RESOLVE, Act.END, Act.REFUSE, Act.MERGE}
    if case.leads_others:  # type: ignore[attr-defined]
        closed.add(Act.MERGE)
    return closed


def require_act(actor: Actor, act: Act, case: Case) -> None:
    """Raises NotAllowed when the actor may not do ``act`` here, WrongState when this kind has no such act."""
    require_kept(case.kind, act)
    if act is Act.APPEAL:
        newest = Repair.objects.filter(case=case).order_by("-id").values_list("rated", flat=True)
        policy.require_appeal(actor, rated_id=newest.first())
    elif act in {Act.ACCEPT_ASSIST, Act.ANSWER_ASSIST}:
        rows = case.helping  # type: ignore[attr-defined]
        if not (case.in_hand and cooperation.acts_of_helper(actor, case, rows)):
            raise NotAllowed(_("Your unit was not asked to help here, or its help is over."))
    else:
        policy.require(actor, act, case)


def require_open(actor: Actor, act: str, case: Case, *, now: datetime) -> None:
    """Before a form is shown: raises NotAllowed or WrongState when the actor cannot do ``act`` here.

    A desk says itself which of its acts are open; its services decide again.
    """
    desk = act_page(act)
    if desk is None:
        require_act(actor, Act(act), case)
    elif act not in desk[0].part(actor, case, now).acts:
        raise WrongState(_("This cannot be done here now. Reload the page to see where the matter stands."))


def _not_of_oneself(actor: Actor, case: Case, events: Sequence[Event]) -> set[Act]:
    own: set[Act] = set()
    stands = bad_rating(events)
    rated = {stands.rated} if stands is not None else set()
    if actor.user_id in {case.handler_id, case.first_handler_id, *rated}:
        own |= {Act.CALL_RATED, Act.CALL_MISSED, Act.DECIDE_APPEAL}
    if actor.user_id in {case.handler_id, case.first_handler_id}:
        own |= {Act.CALL_BACK, Act.SUPERVISE, Act.DECIDE_SUPERVISION}
    asked = {e.actor_id for e in events if e.type == EventType.EXTENSION_ASKED}
    if actor.user_id in {case.handler_id, *asked}:
        own.add(Act.DECIDE_EXTENSION)
    if actor.user_id == _newest_by(events, EventType.SUPERVISION_ANSWERED):
        own.add(Act.DECIDE_SUPERVISION)
    if actor.user_id == _newest_by(events, EventType.SUPERVISED):
        own.add(Act.ANSWER_SUPERVISION)
    return own


def _newest_by(events: Sequence[Event], type: EventType) -> int | None:
    """Who did the newest of this type; 0 when there is none."""
    found = max((e for e in events if e.type == type), key=lambda e: e.seq, default=None)
    return found.actor_id if found is not None else 0


def notice_for(*, actor: Actor, reference: str, number: str) -> CaseNotice:
    """One notice of a case that exists for this actor. Raises NotFound."""
    return _notice(case_for(actor=actor, reference=reference), number)


def notice_by_link(*, token: str, number: str) -> CaseNotice:
    """One notice of the case of a resident's own link. Raises NotFound."""
    return _notice(case_by_link(token=token), number)


def _notice(case: Case, number: str) -> CaseNotice:
    found = case.notices.filter(number=number).first()
    if found is None:
        raise NotFound(_("There is no such notice."))
    return found


def changes_since(*, actor: Actor, reference: str, seen: int) -> list[timeline.Entry]:
    """What happened after event number ``seen``: shown to a person whose form was stale."""
    case = case_for(actor=actor, reference=reference)
    events = list(case.events.filter(seq__gt=seen).order_by("seq"))
    unit_ids, user_ids = timeline.ids_in(events)
    names = timeline.Names(units=organisation.labels_of(unit_ids), users=accounts.users_by_ids(user_ids))
    return [timeline.entry_of(event, names) for event in events]


def least_burdened(user_ids: list[int]) -> int:
    """Of these colleagues, the one who answers for the fewest open matters; the first when all are equal."""
    counted = Case.objects.filter(first_handler__in=user_ids, state__in=OPEN).values_list("first_handler")
    burden = dict(counted.annotate(n=Count("pk")).values_list("first_handler", "n"))
    return min(user_ids, key=lambda user: burden.get(user, 0))


def resident_of(*, reference: str) -> int | None:
    """The resident of a case by its number, for checking whose it is; None when there is none."""
    return Case.objects.filter(reference=reference).values_list("resident_id", flat=True).first()


def looks_at(*, token: str, before: int | None = None, limit: int = 30) -> tuple[Case, list[Line]]:
    """The matter of a resident's own link, and who saw hidden data in it or of him, newest first.

    Whoever holds the link may know it all (personal information protection law, Art. 44 and 45).
    """
    case = case_by_link(token=token)
    lines = audit.looks_at("casework.case", case.pk, before=before, limit=limit)
    if case.resident_id is not None:
        lines += people.looks_at(resident_id=case.resident_id, before=before, limit=limit)
    return case, sorted(lines, key=lambda line: -line.id)[:limit]


def exists(*, reference: str) -> bool:
    """True when there is a matter of this number."""
    return Case.objects.filter(reference=reference).exists()


def matters_of_residents(resident_ids: Collection[int], *, limit: int = 50) -> list[Case]:
    """The newest matters of these residents for their own eyes, in one query."""
    rows = Case.objects.filter(resident__in=list(resident_ids)).select_related("unit", "item_version")
    return list(rows.order_by("-registered_at", "-pk")[:limit])


def limit_codes() -> list[str]:
    """The codes of the limit rules that the installation has."""
    return list(LimitRule.objects.order_by("code").values_list("code", flat=True).distinct())
