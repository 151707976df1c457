"""Mediation as a procedure on casework: acts, events, clocks, notices, limits, readers (rules §2)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from liangdian.casework.act_pages import ActPage, text_form
from liangdian.casework.policy import Act as SpineAct
from liangdian.casework.procedures import DeskPart, Procedure
from liangdian.casework.selectors import Case
from liangdian.casework.states import Kind
from liangdian.desks.mediation import policy, selectors, services
from liangdian.desks.mediation.limits import LIMITS
from liangdian.desks.mediation.notices import NOTICES
from liangdian.desks.mediation.papers import copies_of
from liangdian.desks.mediation.told import TOLD
from liangdian.desks.mediation.web import act_forms as forms
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.clock import business_date

# Words on it, calls and ratings are the spine's; everything else of a dispute is the desk's.
KEPT = frozenset(
    {
        SpineAct.NOTE, SpineAct.CONTACT, SpineAct.CALL_BACK, SpineAct.CALL_RATED, SpineAct.CALL_MISSED,
        SpineAct.REPAIR, SpineAct.APPEAL, SpineAct.DECIDE_APPEAL,
    }
)  # fmt: skip
_TEXT = {"text": "text"}
_DUTY = {"duty": "duty"}
_ASSIGN = {"members": "members", "how": "how", "openness": "openness"}

ACTS = (
    ActPage(
        "mediation.consent",
        _("Write down a party's answer"),
        "message-question",
        services.record_consent,
        forms.ConsentForm,
        {"party_id": "party", "given": "given", "how": "how", "words": "words"},
        _("Nothing begins before every party wants it. A clear no ends it at once (Art. 17)."),
    ),
    ActPage(
        "mediation.assign",
        _("Name the mediators"),
        "user-check",
        services.assign,
        forms.AssignForm,
        _ASSIGN,
        _("Chosen by the parties, or assigned by the committee (Art. 19)."),
    ),
    ActPage(
        "mediation.reassign",
        _("Change the mediators"),
        "users",
        services.assign,
        forms.AssignForm,
        _ASSIGN,
        _("Those who are not chosen again are relieved."),
    ),
    ActPage(
        "mediation.recuse",
        _("A mediator takes no part"),
        "user-off",
        services.recuse,
        forms.RecuseForm,
        {"member_id": "member", "reason": "reason"},
        _("A party, a relative of one, or otherwise not free. It is written down for good."),
    ),
    ActPage(
        "mediation.invite",
        _("Plan a session"),
        "calendar-event",
        services.plan_session,
        forms.InviteForm,
        {"held_at": "held_at", "place": "place", "room_id": "room", "times": "times"},
        _("A room of the centre is reserved with it; it is free again when the mediation ends before."),
    ),
    ActPage(
        "mediation.record",
        _("Record a session"),
        "users",
        services.record_session,
        forms.RecordForm,
        {"held_at": "held_at", "place": "place", "came": "came", "record": "record"},
        _("Both sides and a mediator were there. All parties may read the record."),
    ),
    ActPage(
        "mediation.caucus",
        _("Note a separate talk"),
        "lock",
        services.note_caucus,
        forms.CaucusForm,
        {"party_id": "party", "text": "text"},
        _("Only the mediators of this dispute ever read it."),
    ),
    ActPage(
        "mediation.offer",
        _("Write down an offer"),
        "message-share",
        services.make_offer,
        forms.OfferForm,
        {"party_id": "party", "text": "text", "amount": "amount"},
        _("The other side reads it."),
    ),
    ActPage(
        "mediation.answer_offer",
        _("Answer to an offer"),
        "message-check",
        services.answer_offer,
        forms.AnswerOfferForm,
        {"offer_id": "offer", "accepted": "given"},
    ),
    ActPage(
        "mediation.draft",
        _("Lay down the agreement"),
        "file-text",
        services.draft,
        forms.DraftForm,
        {
            "form": "form",
            "facts": "facts",
            "responsibilities": "responsibilities",
            "content": "content",
            "manner": "manner",
            **_DUTY,
        },
        _(
            "Parties, facts, responsibilities, content, manner and day (Art. 29). An oral one takes effect "
            "at once and is kept as a record."
        ),
    ),
    ActPage(
        "mediation.duty",
        _("Add an obligation"),
        "file-plus",
        services.add_duty,
        forms.DutyForm,
        _DUTY,
        _("As long as nobody has signed."),
    ),
    ActPage(
        "mediation.redraft",
        _("Back to the talks"),
        "arrow-back-up",
        services.back_to_talks,
        text_form("reason", _("What the parties want changed"), rows=3),
        {"reason": "reason"},
        _("The agreement as it stands is dropped."),
    ),
    ActPage("mediation.seal", _("Put the committee's seal"), "rubber-stamp", services.seal),
    ActPage(
        "mediation.fulfil",
        _("What became of an obligation"),
        "checklist",
        services.record_fulfilment,
        forms.FulfilForm,
        {"obligation_id": "obligation", "state": "state", "done_on": "done_on", "words": "words"},
        _("The committee watches over what was agreed (Art. 31)."),
    ),
    ActPage(
        "mediation.call",
        _("Follow-up call"),
        "phone-call",
        services.call_parties,
        forms.CallForm,
        {"obligation_id": "obligation", "text": "text"},
    ),
    ActPage(
        "mediation.court",
        _("Both asked the court"),
        "building-bank",
        services.ask_confirmation,
        forms.CourtForm,
        {"asked_on": "asked_on"},
        _("Within 30 days of the effect, both together (Art. 33). The application is on this page."),
    ),
    ActPage(
        "mediation.more_time",
        _("More time"),
        "calendar-plus",
        services.more_time,
        forms.MoreTimeForm,
        {"days": "days", "parties": "parties", "how": "how", "reason": "reason"},
        _("Only when every party agrees, and before the time is over."),
    ),
    ActPage(
        "mediation.fail",
        _("End without an agreement"),
        "circle-off",
        services.fail,
        forms.FailForm,
        {"way_out": "way_out", "words": "words"},
        _(
            "Any party may end it at any time (Art. 23). The parties get a certificate with the other ways "
            "(Art. 26)."
        ),
        confirm=_("The mediation ends and cannot be taken up again. Is that so?"),
    ),
    ActPage(
        "mediation.report",
        _("Report a danger"),
        "shield-exclamation",
        services.report_risk,
        forms.ReportForm,
        {"risk": "risk", "words": "words"},
        _("Call the police contact first, then write it down (Art. 25). Only colleagues see it."),
    ),
    ActPage(
        "mediation.rating",
        _("Answer the resident"),
        "message-check",
        services.answer_rating,
        text_form("answer", _("The answer, as the resident will read it"), rows=6),
        {"answer": "answer"},
    ),
)


def part(actor: Actor, case: Case, now: datetime) -> DeskPart:
    """The desk's part of a case page."""
    view = selectors.view_of(actor, case)
    return DeskPart(
        acts=selectors.open_acts(view, actor, case, now=now),
        template="mediation/part.html",
        context={
            "view": view, "case": case, "today": business_date(now), "lines": selectors.lines_of(view),
            "copies": copies_of(view) if view.mine else [],
            "may_sign": policy.may(actor, policy.Act.SIGN, case, {r.member.user_id for r in view.mediators}),
        },
    )  # fmt: skip


def resident_part(case: Case, now: datetime) -> DeskPart:
    """What the applicant sees on his own page: where it stands, who mediates, the sessions, what is owed."""
    view = selectors.view_of(SYSTEM, case)
    return DeskPart(
        template="mediation/resident_part.html",
        context={"view": view, "today": business_date(now), "lines": selectors.lines_of(view)},
    )


PROCEDURE = Procedure(
    kind=Kind.DISPUTE, acts=ACTS, part=part, keeps=KEPT, told=TOLD, notices=NOTICES, limits=LIMITS,
    readers=policy.READERS, resident_part=resident_part,
)  # fmt: skip
