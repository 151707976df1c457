"""Ending: answered by the handler, closed only by the resident's word, his silence, or his withdrawal."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import rules
from liangdian.casework.drawing import is_drawn
from liangdian.casework.models import Case, Clock, Decision, Event, NoticeKind, Pause, Rating, Resolution
from liangdian.casework.policy import Act
from liangdian.casework.services.assisting import end_assists, settle_assists
from liangdian.casework.services.clocks import limit_in_force, refresh_clock, start_clock, stop_clocks
from liangdian.casework.services.handling import lift, required_text, unit_in_charge
from liangdian.casework.services.notices import issue
from liangdian.casework.services.promising import give, make_promise, newest_promise
from liangdian.casework.services.record import chained, current_rule, locked_case, save_with, tell
from liangdian.casework.services.repairing import begin_repair, finish_repair, withdraw_repair
from liangdian.casework.services.supervising import end_supervision
from liangdian.casework.services.together import locked_followers, part, release, require_parts_answered
from liangdian.casework.stages import Stage, can_move
from liangdian.casework.states import (
    ClockKind,
    Ending,
    EventType,
    Grade,
    Kind,
    Outcome,
    PromiseReason,
    RatedBy,
    ReferralState,
    State,
)
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean

COMMENT_LIMIT = 2_000
CLOSED = ("state", "stage", "ending", "closed_at", "closed_by", "next_due_at", "to_call")
# The result is still delivered, and a bad rating repaired, after the answer; the rest is over with it.
_ENDED_BY_AN_ANSWER = (
    ClockKind.FIRST_CONTACT, ClockKind.ACCEPTANCE, ClockKind.REFERRAL, ClockKind.CORRECTION,
    ClockKind.SHORTFALL, ClockKind.PAUSE,
)  # fmt: skip


@transaction.atomic
def resolve(
    *, actor: Actor, case_id: int, answer: str, at: datetime, without_help: str = "", seen: int | None = None
) -> Case:
    """Give the answer. The case is not closed by it: the resident now has the rating window to speak.

    ``answer`` is what the resident reads; ``without_help`` is why the answer does not wait for the units
    that still help. Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.RESOLVE, seen=seen)
    rules.check_move(case.state, State.RESOLVED)
    require_no_offer(case)
    rules.check_stage(case.kind, case.stage, Stage.COMPLETED)
    answer = required_text(answer, field="answer", message=_("Write the answer that the resident will read."))
    events = []
    if case.kind == Kind.SERVICE and case.stage == Stage.RECEIVED:
        events.append(chained(case, type=EventType.ACCEPTED, actor=actor, at=at, data={"by": "at_once"}))
    outcome = _outcome(case)
    if outcome is not Outcome.NOT_GRANTED and case.item_version is not None and case.item_version.result:
        due = limit_in_force(rules.DELIVERY, at=at)
        start_clock(case, ClockKind.DELIVERY, at=at, due_at=due.at)
    event = give_answer(
        case, actor=actor, at=at, stage=Stage.COMPLETED, outcome=outcome, answer=answer, before=events,
        without_help=without_help,
    )  # fmt: skip
    if case.kind == Kind.SERVICE:
        issue(case, NoticeKind.COMPLETED, event)
    return case


def _is_to_be_called(case: Case) -> bool:
    percent = settings.CALL_BACK_PERCENT
    return case.resident_id is not None and is_drawn(case.reference, case.round, percent=percent)


def _outcome(case: Case) -> Outcome:
    if case.stage != Stage.DECIDED:
        return Outcome.ANSWERED
    decision = Decision.objects.get(case=case, round=case.round)
    return Outcome.GRANTED if decision.granted else Outcome.NOT_GRANTED


def end_pause(case: Case, *, at: datetime) -> None:
    """The time in which a locked case stood still is over, in the row of the pause and in memory."""
    if case.paused_at is not None:
        Pause.objects.filter(case=case, ended_at__isnull=True).update(ended_at=at)
        case.paused_at = None


def require_no_offer(case: Case) -> None:
    """Raises WrongState while a referral waits to be accepted."""
    if case.referrals.filter(state=ReferralState.OFFERED).exists():
        raise rules.WrongState(_("The referral waits to be accepted. Accept it first, then answer."))


def give_answer(
    case: Case, *, actor: Actor, at: datetime, stage: Stage, outcome: Outcome, answer: str,
    before: list[Event] | None = None, data: dict[str, object] | None = None,
    without_help: str | None = None,
) -> Event:  # fmt: skip
    """Answer a locked case: which promise it met, the rating window, everybody told. Returns the event.

    ``before`` are events of the same act that come first; ``data`` is added to the answer's own. Those
    handled together with it get the same answer. Raises WrongState while its parts are not answered.
    """
    if stage != Stage.RETURNED:
        require_parts_answered(case)
    settled = settle_assists(case, actor=actor, at=at, without_help=without_help)
    repaired = settled + finish_repair(case, actor=actor, at=at)
    promise = newest_promise(case)
    kept = rules.is_kept(resolved_at=at, due_at=promise.due_at)
    Resolution.objects.create(
        case=case, round=case.round, promise=promise, outcome=outcome, answer=answer, at=at,
        by_id=actor.user_id, kept=kept,
    )  # fmt: skip
    case.referrals.filter(state__in=[ReferralState.ACCEPTED, ReferralState.OFFERED]).update(
        state=ReferralState.ANSWERED, decided_by=actor.user_id, decided_at=at
    )
    stop_clocks(case, *_ENDED_BY_AN_ANSWER, at=at)
    end_pause(case, at=at)
    until = limit_in_force(rules.RATING_WINDOW, at=at).at
    start_clock(case, ClockKind.RATING, at=at, due_at=until, key=case.round)
    case.state, case.stage, case.resolved_at = State.RESOLVED, stage, at
    case.handler_id = actor.user_id if actor.user_id is not None else case.handler_id
    case.returned, case.no_superior = False, False
    case.to_call = _is_to_be_called(case)
    fields = ["state", "stage", "resolved_at", "paused_at", "next_due_at", "handler", "returned"]
    fields += ["no_superior", "to_call"]
    if case.first_contact_at is None:
        case.first_contact_at = at
        fields.append("first_contact_at")
    told: dict[str, object] = {
        "text": answer, "kept": kept, "round": case.round, "until": until.isoformat(),
        "outcome": str(outcome), **(data or {}),
    }  # fmt: skip
    event = chained(case, type=EventType.RESOLVED, actor=actor, at=at, data=told)
    refresh_clock(case, now=at)
    save_with(case, [*(before or []), *repaired, event], *fields)
    tell([case.first_handler_id, case.handler_id], case=case, event=event, but=actor)
    for follower in locked_followers(case):
        _answer_follower(follower, actor=actor, at=at, stage=stage, outcome=outcome, answer=answer)
    return event


def _answer_follower(
    case: Case, *, actor: Actor, at: datetime, stage: Stage, outcome: Outcome, answer: str
) -> None:
    """The same answer for the resident of a matter that was handled together; he rates his own."""
    accepted = []
    if not can_move(case.kind, case.stage, stage):
        stage = Stage.COMPLETED if can_move(case.kind, case.stage, Stage.COMPLETED) else Stage.ENDED
    if case.kind == Kind.SERVICE and case.stage == Stage.RECEIVED and stage == Stage.COMPLETED:
        accepted = [chained(case, type=EventType.ACCEPTED, actor=actor, at=at, data={"by": "at_once"})]
    give_answer(
        case, actor=actor, at=at, stage=stage, outcome=outcome, answer=answer, before=accepted,
        data={"together": True},
    )  # fmt: skip


@transaction.atomic
def record_call_back(
    *, actor: Actor, case_id: int, grade: str, comment: str, at: datetime, seen: int | None = None
) -> Case:
    """Record the rating that the resident gave on the phone to somebody other than the handler."""
    case = locked_case(actor=actor, case_id=case_id, act=Act.CALL_BACK, seen=seen)
    rules.check_may_record_rating(
        recorder_id=actor.user_id, handler_id=case.handler_id, first_handler_id=case.first_handler_id,
        about_user_id=case.about_user_id,
    )  # fmt: skip
    return rate(
        case, actor=actor, grade=grade, comment=comment, source=RatedBy.CALL_BACK,
        recorded_by=actor.user_id, at=at,
    )  # fmt: skip


def rate(
    case: Case,
    *,
    actor: Actor,
    grade: str,
    comment: str,
    source: RatedBy,
    recorded_by: int | None,
    at: datetime,
    device: str = "",
) -> Case:
    """Take the rating of an answered, locked case: it is closed, or opens again one level up.

    Raises WrongState, Invalid.
    """
    if case.state != State.RESOLVED:
        raise rules.WrongState(_("There is no answer to rate at the moment."))
    if grade not in Grade.values:
        raise Invalid(_("Choose one of the five grades."), field="grade")
    comment = clean(comment)
    if len(comment) > COMMENT_LIMIT:
        raise Invalid(
            _("The comment has %(n)s characters; %(limit)s fit.")
            % {"n": len(comment), "limit": COMMENT_LIMIT},
            field="comment",
        )
    rating = Rating.objects.create(
        case=case, round=case.round, grade=grade, comment=comment, source=source, recorded_by_id=recorded_by,
        handler_id=case.handler_id, about_user_id=case.about_user_id, at=at,
        device=device,
    )  # fmt: skip
    data: dict[str, object] = {"grade": grade, "text": comment, "source": str(source), "round": case.round}
    rated = chained(case, type=EventType.RATED, actor=actor, at=at, data=data)
    case.to_call = False
    if rules.reopens(grade):
        begin_repair(case, rating, at=at)
        return _reopen(case, rated, actor=actor, at=at)
    return _close(case, rated, actor=actor, at=at, ending=Ending.SATISFIED, closed_by=recorded_by)


def _reopen(case: Case, rated: Event, *, actor: Actor, at: datetime) -> Case:
    """Not satisfied: the same case reopens with a new promise, one level up."""
    rules.check_move(case.state, State.HANDLING)
    told_before = case.handler_id
    if case.merged_into_id is not None:
        # Handled together, it did not satisfy this resident: from here on it goes its own way.
        release(case, actor=actor, at=at, reason="")
    case.round += 1
    case.state, case.stage, case.resolved_at = State.HANDLING, Stage.EXAMINING, None
    stop_clocks(case, ClockKind.RATING, ClockKind.DELIVERY, at=at)
    data: dict[str, object] = {
        "round": case.round,
        "rated": told_before,
        "named": case.resident_id is not None,
    }
    reopened = chained(case, type=EventType.REOPENED, actor=actor, at=at, data=data)
    lifted = lift(case, actor=actor, at=at, reason="", by="rating")
    rule = current_rule(rules.REOPENED, on=at)
    promise = make_promise(
        case, limit=rule.limit, rule_code=rule.code, rule_version=rule.version, at=at,
        reason=PromiseReason.REOPENED,
    )  # fmt: skip
    promise.seq = newest_promise(case).seq + 1
    promised = give(case, promise, actor=actor, at=at)
    refresh_clock(case, now=at)
    save_with(
        case, [rated, reopened, lifted, promised], "round", "state", "stage", "resolved_at", "level",
        "no_superior", "unit", "handler", "due_at", "next_due_at", "alarms_done", "returned", "to_call",
        "merged_into",
    )  # fmt: skip
    tell(
        [case.first_handler_id, told_before, *unit_in_charge(case.unit, case.kind)],
        case=case,
        event=reopened,
        but=actor,
    )
    return case


def _close(
    case: Case, rated: Event, *, actor: Actor, at: datetime, ending: Ending, closed_by: int | None
) -> Case:
    stop_clocks(case, ClockKind.RATING, at=at)
    closed = _end(
        case, actor=actor, at=at, ending=ending, closed_by=closed_by, delivered=not awaits_delivery(case)
    )
    save_with(case, [rated, closed], *CLOSED)
    tell([case.first_handler_id, case.handler_id], case=case, event=closed, but=actor)
    return case


def _end(
    case: Case, *, actor: Actor, at: datetime, ending: Ending, closed_by: int | None, delivered: bool
) -> Event:
    rules.check_move(case.state, State.CLOSED)
    if delivered:
        case.stage = Stage.ARCHIVED
    case.state, case.ending, case.closed_at, case.closed_by_id = State.CLOSED, ending, at, closed_by
    case.next_due_at, case.to_call = None, False
    return chained(case, type=EventType.CLOSED, actor=actor, at=at, data={"ending": str(ending)})


def awaits_delivery(case: Case) -> bool:
    """True when a result has still to be handed over (Licensing Law Art. 44)."""
    return Clock.objects.filter(case=case, kind=ClockKind.DELIVERY, ended_at__isnull=True).exists()


def end_not_rated(case: Case, *, at: datetime, delivered: bool) -> Event:
    """The rating window is over in silence: closed as "not rated", never as "satisfied".

    Archived when nothing is left to be ``delivered``. Changes a locked case in memory and returns the
    unsaved event; the sweep saves both.
    """
    return _end(case, actor=SYSTEM, at=at, ending=Ending.NOT_RATED, closed_by=None, delivered=delivered)


@transaction.atomic
def withdraw(*, actor: Actor, case_id: int, reason: str, at: datetime, seen: int | None = None) -> Case:
    """The resident takes his matter back; his reason is written down."""
    case = locked_case(actor=actor, case_id=case_id, act=Act.WITHDRAW, seen=seen)
    rules.check_move(case.state, State.WITHDRAWN)
    reason = required_text(reason, field="reason", message=_("Write why the resident withdraws it."))
    case.referrals.filter(state__in=[ReferralState.OFFERED, ReferralState.ACCEPTED]).update(
        state=ReferralState.SUPERSEDED, decided_by=actor.user_id, decided_at=at
    )
    case.state, case.ending, case.closed_at = State.WITHDRAWN, Ending.WITHDRAWN, at
    case.closed_by_id, case.next_due_at = actor.user_id, None
    end_pause(case, at=at)
    withdraw_repair(case, at=at)
    end_supervision(case, at=at)
    case.stage = Stage.WITHDRAWN
    ended = end_assists(case, actor=actor, at=at, by="over")
    stop_clocks(case, *ClockKind, at=at)
    event = chained(case, type=EventType.WITHDRAWN, actor=actor, at=at, data={"text": reason})
    # Whoever was told that his matter is handled together with this one still waits for an answer.
    parted = [
        part(follower, case, actor=actor, at=at, reason=reason, public=False)
        for follower in locked_followers(case)
    ]
    save_with(case, [*ended, event, *parted], *CLOSED, "paused_at")
    tell([case.first_handler_id, case.handler_id], case=case, event=event, but=actor)
    return case
