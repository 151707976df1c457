"""Livelihood help as a procedure on casework: acts, events, limits, readers."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from liangdian.casework.act_pages import ActPage, text_form
from liangdian.casework.policy import Act as SpineAct
from liangdian.casework.procedures import DeskPart, Procedure
from liangdian.casework.selectors import Case
from liangdian.casework.states import Kind
from liangdian.desks.assistance import policy, selectors, services
from liangdian.desks.assistance.limits import LIMITS
from liangdian.desks.assistance.told import TOLD
from liangdian.desks.assistance.web import act_forms as forms
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.clock import business_date

KEPT = frozenset(
    {
        SpineAct.NOTE, SpineAct.CONTACT, SpineAct.CALL_BACK, SpineAct.CALL_RATED, SpineAct.CALL_MISSED,
        SpineAct.REPAIR, SpineAct.APPEAL, SpineAct.DECIDE_APPEAL,
    }
)  # fmt: skip
_ANSWER = _("The answer, as the resident will read it")

ACTS = (
    ActPage(
        "assistance.consent", _("Write down the household's answer"), "message-question",
        services.record_consent, forms.ConsentForm, {"given": "given", "how": "how", "words": "words"},
        _("Nothing is looked for before the household wants it. A clear no ends it."),
    ),
    ActPage(
        "assistance.helper", _("Name the helper"), "user-heart", services.name_helper, forms.HelperForm,
        {"helper_id": "helper"}, _("One colleague accompanies the household to the end."),
    ),
    ActPage(
        "assistance.need", _("Write down a need"), "list-check", services.add_need, forms.NeedForm,
        {
            "kind": "kind", "words": "words", "income": "income", "least_pay": "least_pay",
            "most_hours": "most_hours",
        },
        _("What is missing, what is earned now, and what is possible."),
    ),
    ActPage(
        "assistance.place", _("Begin in a place"), "briefcase", services.place, forms.PlaceForm,
        {"offer_id": "offer", "starts": "starts", "pay": "pay"},
        _("The household and the giver agreed. The list explains; people decide."),
    ),
    ActPage(
        "assistance.check", _("Record a check-up"), "checklist", services.record_check_up, forms.CheckForm,
        {"months": "months", "still": "given", "income": "income", "words": "words"},
        _("Still there? What does the household earn now?"),
    ),
    ActPage(
        "assistance.training", _("Note a training"), "school", services.add_training, forms.TrainingForm,
        {"title": "title", "provider": "provider", "starts": "starts", "ends": "ends"},
    ),
    ActPage(
        "assistance.met", _("A need was met"), "circle-check", services.meet_need, forms.MetForm,
        {"need_id": "need", "words": "words"},
    ),
    ActPage(
        "assistance.helped", _("All needs are met"), "heart-handshake", services.help_otherwise,
        text_form("words", _ANSWER, rows=4), {"words": "words"},
    ),
    ActPage(
        "assistance.left", _("The place was left"), "arrow-back-up", services.leave_place, forms.LeftForm,
        {"on": "on", "words": "words"}, _("The place is free again, and another one is sought."),
    ),
    ActPage(
        "assistance.rating", _("Answer the resident"), "message-check", services.answer_rating,
        text_form("answer", _ANSWER, rows=6), {"answer": "answer"},
    ),
    ActPage(
        "assistance.end", _("End without a place"), "circle-off", services.end_help, forms.EndForm,
        {"way_out": "way_out", "words": "words"},
        confirm=_("The help ends and cannot be taken up again. Is that so?"),
    ),
)  # fmt: skip


def part(actor: Actor, case: Case, now: datetime) -> DeskPart:
    """The desk's part of a case page."""
    view = selectors.view_of(actor, case)
    return DeskPart(
        acts=selectors.open_acts(view, actor, case, now=now), template="assistance/part.html",
        context={"view": view, "case": case, "today": business_date(now)},
    )  # fmt: skip


def resident_part(case: Case, now: datetime) -> DeskPart:
    """What the household sees on its own page: where it stands, who accompanies it, its place."""
    view = selectors.view_of(SYSTEM, case, with_matches=False)
    return DeskPart(template="assistance/resident_part.html", context={"view": view})


PROCEDURE = Procedure(
    kind=Kind.LIVELIHOOD, acts=ACTS, part=part, keeps=KEPT, told=TOLD, limits=LIMITS,
    readers=policy.READERS, resident_part=resident_part,
)  # fmt: skip
