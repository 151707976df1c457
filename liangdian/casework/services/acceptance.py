"""From receipt to acceptance (rules §3): accepted, papers asked for once or to follow later, refused.

Licensing Law Art. 32: on the spot or within five working days, once, the complete list; otherwise the
matter is accepted from the day of its receipt.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from liangdian.casework import rules
from liangdian.casework.models import (
    Case,
    Clock,
    CorrectionList,
    Event,
    NoticeKind,
    Pause,
    Promise,
    Shortfall,
)
from liangdian.casework.policy import Act
from liangdian.casework.services.clocks import limit_in_force, refresh_clock, start_clock, stop_clocks
from liangdian.casework.services.ending import give_answer, require_no_offer
from liangdian.casework.services.handling import required_text, spoken_to
from liangdian.casework.services.notices import issue
from liangdian.casework.services.pledging import review
from liangdian.casework.services.promising import give, newest_promise
from liangdian.casework.services.record import chained, locked_case, save_with, tell, worker
from liangdian.casework.stages import Stage
from liangdian.casework.states import ClockKind, EventType, Outcome, PromiseReason, State
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.clock import HALL_ZONE, business_date
from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean
from liangdian.foundation.workdays import due_of
from liangdian.platform.ui.dates import day_words
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.catalogue import selectors as catalogue

PAPERS_AT_MOST, PAPER_LIMIT, REMARK_LIMIT = 40, 200, 1_000
_CHANGED = ("state", "stage", "paused_at", "due_at", "next_due_at", "alarms_done", "first_contact_at")


@transaction.atomic
def admit(
    *, actor: Actor, case_id: int, at: datetime, late_papers: Sequence[str] = (), signed: bool = False,
    seen: int | None = None,
) -> Case:  # fmt: skip
    """Accept a service matter (受理). Its promise counts from receipt; after missing papers, from today.

    ``late_papers``: accepted although these minor papers come later (容缺受理); the resident has ``signed``
    the promise to bring them within the limit of rule ``shortfall.supply``.
    Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.ADMIT, seen=seen)
    rules.check_stage(case.kind, case.stage, Stage.ACCEPTED)
    papers = _papers(late_papers) if late_papers else []
    if papers:
        _check_minor(case, papers)
        if not signed:
            raise Invalid(
                _("Let the resident sign the promise to bring the papers, then tick the box."), field="signed"
            )
    events = _take_papers(case, actor=actor, at=at) if case.stage == Stage.CORRECTION else []
    stop_clocks(case, ClockKind.ACCEPTANCE, ClockKind.CORRECTION, at=at)
    case.state, case.stage, case.paused_at = State.HANDLING, Stage.ACCEPTED, None
    data: dict[str, object] = {"by": "papers_to_follow", "papers": papers} if papers else {"by": "hand"}
    if papers:
        due = limit_in_force(rules.SHORTFALL, at=at)
        Shortfall.objects.create(
            case=case, papers=papers, at=at, supply_by=due.at, by_id=worker(actor), signed=True
        )
        start_clock(case, ClockKind.SHORTFALL, at=at, due_at=due.at)
        data["supply_by"] = due.day.isoformat()
    event = chained(case, type=EventType.ACCEPTED, actor=actor, at=at, data=data)
    promised = review(case, actor=actor, at=at, papers_complete=not papers)
    spoken_to(case, at=at)
    refresh_clock(case, now=at)
    save_with(case, [*events, event, *promised], *_CHANGED)
    issue(case, NoticeKind.SHORTFALL if papers else NoticeKind.ACCEPTED, event)
    tell([case.first_handler_id, case.handler_id], case=case, event=event, but=actor)
    return case


def _take_papers(case: Case, *, actor: Actor, at: datetime) -> list[Event]:
    """The missing papers came: the waiting ends and the full promise counts from today."""
    CorrectionList.objects.filter(case=case).update(supplied_at=at)
    Pause.objects.filter(case=case, ended_at__isnull=True).update(ended_at=at)
    before = newest_promise(case)
    days = calendar.calendar_days()
    due = due_of(before.limit, at, days, HALL_ZONE)
    legal = case.item_version.legal_limit if case.item_version and before.legal_due_at else None
    by_law = due_of(legal, at, days, HALL_ZONE) if legal else None
    promise = Promise(
        case=case, round=case.round, reason=PromiseReason.ACCEPTED, rule_code=before.rule_code,
        rule_version=before.rule_version, calendar_version=str(days.version), amount=before.amount,
        unit=before.unit, start_at=at, due_at=due.at, due_day=due.day, provisional=due.provisional,
        made_at=at, legal_due_at=by_law.at if by_law else None, legal_due_day=by_law.day if by_law else None,
    )  # fmt: skip
    supplied = chained(case, type=EventType.SUPPLIED, actor=actor, at=at)
    return [supplied, give(case, promise, actor=actor, at=at, before=before)]


@transaction.atomic
def ask_papers(
    *,
    actor: Actor,
    case_id: int,
    papers: Sequence[str],
    at: datetime,
    remark: str = "",
    seen: int | None = None,
) -> Case:
    """Tell the resident once, completely, which papers are missing (一次性告知, Art. 32).

    The promise stands still until they come; there is no second list, and no paper outside the published
    one (优化营商环境条例 Art. 37). ``remark`` says what is wrong with them.
    Raises WrongState (a list was given before, or the matter is accepted already), Invalid.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.CORRECT, seen=seen)
    if CorrectionList.objects.filter(case=case).exists():
        raise rules.WrongState(
            _("The list of missing papers was given once already; the law allows no second one (Art. 32).")
        )
    rules.check_stage(case.kind, case.stage, Stage.CORRECTION)
    require_no_offer(case)
    wanted = _papers(papers)
    _check_published(case, wanted)
    remark = clean(remark)[:REMARK_LIMIT]
    due = limit_in_force(rules.CORRECTION, at=at)
    CorrectionList.objects.create(case=case, papers=wanted, at=at, supply_by=due.at, by_id=worker(actor))
    Pause.objects.create(
        case=case, reason="correction", text="；".join(wanted), from_at=at, until=due.at, by_id=actor.user_id
    )
    stop_clocks(case, ClockKind.ACCEPTANCE, at=at)
    start_clock(case, ClockKind.CORRECTION, at=at, due_at=due.at)
    case.state, case.stage, case.paused_at = State.WAITING, Stage.CORRECTION, at
    data: dict[str, object] = {"papers": wanted, "supply_by": due.day.isoformat(), "text": remark}
    event = chained(case, type=EventType.CORRECTION_ASKED, actor=actor, at=at, data=data)
    spoken_to(case, at=at)
    refresh_clock(case, now=at)
    save_with(case, [event], *_CHANGED)
    issue(case, NoticeKind.CORRECTION, event)
    tell([case.first_handler_id, case.handler_id], case=case, event=event, but=actor)
    return case


@transaction.atomic
def supply_late_papers(*, actor: Actor, case_id: int, at: datetime, seen: int | None = None) -> Case:
    """The resident brought the papers that he had promised for later. Raises WrongState."""
    case = locked_case(actor=actor, case_id=case_id, act=Act.SUPPLY_LATE, seen=seen)
    waiting = Shortfall.objects.filter(case=case, supplied_at__isnull=True, fell_back_at__isnull=True)
    if not case.in_hand or not waiting.update(supplied_at=at):
        raise rules.WrongState(_("No papers are awaited for this matter."))
    stop_clocks(case, ClockKind.SHORTFALL, at=at)
    event = chained(case, type=EventType.SHORTFALL_SUPPLIED, actor=actor, at=at)
    refresh_clock(case, now=at)
    save_with(case, [event], "next_due_at")
    tell([case.first_handler_id, case.handler_id], case=case, event=event, but=actor)
    return case


@transaction.atomic
def refuse(
    *, actor: Actor, case_id: int, ground: str, where: str, text: str, at: datetime, seen: int | None = None
) -> Case:
    """Do not accept (不予受理) because another body is competent, or none has to be asked (不受理; Art. 32).

    ``ground`` is "not_competent" or "not_needed"; for the first ``where`` says where to go instead.
    The resident can rate it like every answer. Raises WrongState, Invalid.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.REFUSE, seen=seen)
    if ground not in {"not_competent", "not_needed"}:
        raise Invalid(_("Choose why it is not accepted."), field="ground")
    needed = ground == "not_competent"
    stage = Stage.REFUSED if needed else Stage.NOT_NEEDED
    rules.check_stage(case.kind, case.stage, stage)
    require_no_offer(case)
    where = clean(where)
    if needed and not where:
        raise Invalid(_("Write which body is competent and where the resident finds it."), field="where")
    text = required_text(text, field="text", message=_("Write the reason that the resident will read."))
    refused = chained(
        case, type=EventType.REFUSED, actor=actor, at=at, data={"ground": ground, "where": where[:500]}
    )
    outcome = Outcome.REFUSED if needed else Outcome.NOT_NEEDED
    answer = f"{text}\n{where}" if where else text
    give_answer(case, actor=actor, at=at, stage=stage, outcome=outcome, answer=answer, before=[refused])
    issue(case, NoticeKind.REFUSED, refused, {"reason": text, "where": where})
    return case


def deem_accepted(case: Case, clock: Clock, *, at: datetime) -> None:
    """Five working days without a word: accepted from the day of receipt (Art. 32 (4)). By the clock."""
    stop_clocks(case, ClockKind.ACCEPTANCE, at=at)
    case.stage = Stage.ACCEPTED
    case.state = State.HANDLING if case.state == State.RECEIVED else case.state
    data: dict[str, object] = {"by": "deemed", "day": business_date(case.registered_at).isoformat()}
    event = chained(case, type=EventType.ACCEPTED, actor=SYSTEM, at=at, data=data)
    save_with(case, [event], "state", "stage")
    issue(case, NoticeKind.ACCEPTED, event)
    tell([case.first_handler_id, case.successor_id, case.handler_id], case=case, event=event, but=SYSTEM)


def fall_back(case: Case, clock: Clock, *, at: datetime) -> None:
    """The promised papers did not come: the matter is given back (退办件). By the clock."""
    shortfall = Shortfall.objects.get(case=case)
    Shortfall.objects.filter(case=case).update(fell_back_at=at)
    with translation.override(case.detail.language):
        answer = _(
            "The papers that you wanted to bring later did not come by %(day)s: %(papers)s. "
            "We give the matter back to you; bring everything together whenever you can."
        ) % {"day": day_words(shortfall.supply_by), "papers": ", ".join(shortfall.papers)}
        answer = str(answer)
    event = give_answer(
        case, actor=SYSTEM, at=at, stage=Stage.RETURNED, outcome=Outcome.RETURNED, answer=answer
    )
    issue(case, NoticeKind.COMPLETED, event)


def _papers(papers: Sequence[str]) -> list[str]:
    """The names of papers as told to the resident, cleaned; refused when there is none or too much."""
    found = [" ".join(clean(paper).split()) for paper in papers]
    found = [paper for paper in dict.fromkeys(found) if paper]
    if not found:
        raise Invalid(_("Name every missing paper, one a line."), field="papers")
    if len(found) > PAPERS_AT_MOST or any(len(paper) > PAPER_LIMIT for paper in found):
        raise Invalid(
            _("At most %(n)s papers of %(size)s characters each fit on one list.")
            % {"n": PAPERS_AT_MOST, "size": PAPER_LIMIT},
            field="papers",
        )
    return found


def _check_published(case: Case, papers: list[str]) -> None:
    """Nothing may be asked for that is not on the item's published list, where there is one."""
    published = catalogue.paper_names(case.item_version_id) if case.item_version_id else set()
    for paper in papers:
        if published and paper not in published:
            raise Invalid(
                _("“%(paper)s” is not on the published list, so it cannot be asked for.") % {"paper": paper},
                field="papers",
            )


def _check_minor(case: Case, papers: list[str]) -> None:
    """The main papers have to be here: only what the published list does not require may come later."""
    required = catalogue.paper_names(case.item_version_id, required=True) if case.item_version_id else set()
    for paper in papers:
        if paper in required:
            raise Invalid(
                _("“%(paper)s” is required on the published list and cannot come later.") % {"paper": paper},
                field="papers",
            )
