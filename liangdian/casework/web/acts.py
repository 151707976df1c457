"""Which form and which service belongs to each act on the case page: one table, one view."""

from __future__ import annotations

import inspect
from typing import Any

from django.utils.translation import gettext_lazy as _

from liangdian.casework import services
from liangdian.casework.act_pages import ActPage, text_form
from liangdian.casework.policy import Act
from liangdian.casework.web import act_forms as forms
from liangdian.casework.web import cooperation_forms as together

_REASON = {"reason": "reason"}
_TEXT = {"text": "text"}

PAGES: dict[str, ActPage] = {
    page.act: page
    for page in (
        ActPage(Act.ACCEPT, _("Accept the referral"), "check", services.accept_referral),
        ActPage(
            Act.ADMIT, _("Accept the application"), "file-like", services.admit, forms.AdmitForm,
            {"late_papers": "late_papers", "signed": "signed"},
            _("Everything on the published list is here, or only minor papers come later."),
        ),
        ActPage(
            Act.CORRECT, _("Tell what is missing"), "file-alert", services.ask_papers, forms.CorrectForm,
            {"papers": "papers", "remark": "remark"},
            _("Once and completely: the law allows no second list. The promise stands still meanwhile."),
        ),
        ActPage(
            Act.SUPPLY_LATE, _("The late papers are here"), "file-check", services.supply_late_papers
        ),
        ActPage(Act.RESUME, _("End the pause"), "player-play", services.resume,
                text_form("text", _("What came out of it, for the resident"), rows=3), _TEXT),
        ActPage(
            Act.DECIDE_EXTENSION, _("Decide the extension"), "calendar-cog", services.decide_extension,
            forms.DecideExtensionForm, {"approved": "approved", "words": "words"},
            _("You decide because you do not handle the matter yourself."),
        ),
        ActPage(Act.START, _("Take it up"), "player-play", services.start),
        ActPage(
            Act.RESOLVE, _("Answer the resident"), "message-check", services.resolve,
            together.ResolveForm, {"answer": "answer", "without_help": "without_help"},
            _("The matter stays open until the resident says that it is settled."),
        ),
        ActPage(Act.REFER, _("Refer"), "send", services.refer, forms.ReferForm,
                {"to_unit_id": "to_unit", "to_post_id": "to_post", "reason": "reason"},
                _("The first handler goes on answering for it.")),
        ActPage(
            Act.RETURN, _("Return the referral"), "arrow-back-up", services.return_referral,
            together.ReturnForm,
            {"why": "why", "responsible_unit_id": "responsible", "responsible_body": "responsible_body",
             "ground": "ground", "reason": "reason"},
            _("It goes back to the first handler at once. Who says “not us” says who it is."),
        ),
        ActPage(Act.CONTACT, _("Tell the resident"), "phone", services.contact_resident,
                text_form("text", _("What the resident was told"), rows=3), _TEXT),
        ActPage(
            Act.ASK, _("Ask the resident for more"), "help", services.ask_resident,
            text_form("text", _("Everything that is still missing, in one list"), rows=4), _TEXT,
            _("The promise keeps running."),
        ),
        ActPage(Act.SUPPLY, _("The resident brought it"), "file-check", services.resident_supplied,
                text_form("text", _("What the resident brought"), rows=3), _TEXT),
        ActPage(Act.TRANSFER, _("Hand to a colleague"), "users", services.transfer, forms.TransferForm,
                {"to_user_id": "to_user", "reason": "reason"}, _("The first handler does not change.")),
        ActPage(
            Act.ESCALATE, _("Escalate"), "arrow-up", services.escalate,
            text_form("reason", _("Why it has to go up, and what is asked"), rows=3), _REASON,
            _("The superior unit takes it over and answers."),
        ),
        ActPage(Act.NOTE, _("Write a note"), "note", services.add_note,
                text_form("text", _("Note for colleagues"), rows=3), _TEXT,
                _("The resident does not see notes.")),
        ActPage(
            Act.DECIDE, _("Decide the application"), "gavel", services.decide, forms.DecideForm,
            {"granted": "granted", "reasons": "reasons", "remedies": "remedies"},
        ),
        ActPage(
            Act.DELIVER, _("Hand over the result"), "package-export", services.deliver,
            text_form("how", _("How and to whom it was handed over"), rows=2), {"how": "how"},
        ),
        ActPage(
            Act.PAUSE, _("Pause the promise"), "player-pause", services.pause, forms.PauseForm,
            {"reason": "reason", "until": "until", "text": "text"},
            _("The rest of the promised time goes on afterwards, to the minute. The resident gets a notice."),
        ),
        ActPage(
            Act.EXTEND, _("Ask for more time"), "calendar-question", services.ask_extension, forms.ExtendForm,
            {"amount": "amount", "reason": "reason"},
            _("Once, before the promise runs out. Somebody above decides, and the resident is told why."),
        ),
        ActPage(
            Act.RECLASSIFY, _("Sort anew"), "category", services.reclassify, forms.ReclassifyForm,
            {"kind": "kind", "item_version_id": "item_version_id", "urgent": "urgent", "reason": "reason"},
            _("The promise can become earlier by it, never later."),
        ),
        ActPage(Act.VISIT, _("Visited at home"), "home-check", services.visit_home,
                text_form("text", _("What was done at the resident's home"), rows=3), _TEXT),
        ActPage(
            Act.NEEDS, _("What the resident needs"), "heart-handshake", services.note_needs, forms.NeedsForm,
            {"needs": "needs", "helper_id": "helper"},
            _("What applies is promised to the resident and shown to him. Nothing is taken back."),
        ),
        ActPage(
            Act.GREEN, _("Put it first"), "route", services.put_first, forms.GreenForm,
            {"reason": "reason", "text": "text"},
            _("The matter goes before the others in every list, and everybody sees why."),
        ),
        ActPage(
            Act.NOT_GREEN, _("In turn again"), "route-off", services.take_out,
            text_form("reason", _("Why it goes in turn again"), rows=2), _REASON,
        ),
        ActPage(
            Act.MERGE, _("Handle together with another matter"), "arrows-join-2", services.merge,
            forms.OtherForm, {"other": "other", "reason": "reason"},
            _("The other one leads and this one stands still. The earlier promise holds. Both residents are"
              " told, and both get the answer."),
        ),
        ActPage(
            Act.UNMERGE, _("Handle separately again"), "arrows-split-2", services.unmerge,
            text_form("reason", _("Why they are not the same"), rows=2), _REASON,
            _("This matter goes on where it stood, with its own promise. Both residents are told."),
        ),
        ActPage(
            Act.LINK, _("Link with another matter"), "link", services.link, forms.LinkForm,
            {"other": "other", "how": "how", "reason": "reason"},
            _("A link moves no work and no promise. A whole is answered after its parts."),
        ),
        ActPage(
            Act.UNLINK, _("Remove a link"), "unlink", services.unlink, forms.OtherForm,
            {"other": "other", "reason": "reason"},
        ),
        ActPage(
            Act.REFUSE, _("Do not accept"), "file-x", services.refuse, forms.RefuseForm,
            {"ground": "ground", "where": "where", "text": "text"},
            _("Only when another body is responsible or no application is needed."),
        ),
        ActPage(
            Act.END, _("End without a decision"), "circle-off", services.end_matter,
            text_form("reason", _("The reason, as the resident will read it"), rows=3), _REASON,
            _("The resident can rate it; a bad rating brings the matter back."),
            confirm=_("The matter ends without a decision. Is there really nothing left to decide?"),
        ),
        ActPage(
            Act.CALL_BACK, _("Record the call-back"), "star", services.record_call_back, forms.CallBackForm,
            {"grade": "grade", "comment": "comment"},
            _("Ask how it went and write down the answer; do not suggest a grade."),
        ),
        ActPage(
            Act.CALL_RATED, _("Call back about the bad rating"), "phone-call", services.call_rated,
            text_form("text", _("What the resident said"), rows=4), _TEXT,
            _("Ask what went wrong and what would help. Nobody may be pressed to take a rating back."),
        ),
        ActPage(
            Act.CALL_MISSED, _("Not reached"), "phone-off", services.call_missed, forms.MissedForm, _TEXT,
            _("After three calls in vain the matter leaves the call-back list."),
        ),
        ActPage(
            Act.REPAIR, _("Say how it is put right"), "tool", services.choose_repair, forms.RepairForm,
            {"way": "way", "text": "text", "until": "until"},
            _("The resident reads it. The bad rating is done when the answer has told the result."),
        ),
        ActPage(
            Act.APPEAL, _("Appeal against the rating"), "scale", services.appeal_rating, forms.AppealForm,
            {"ground": "ground", "reason": "reason"},
            _("A second person decides. An excluded rating stays visible and leaves only the figures."),
        ),
        ActPage(
            Act.DECIDE_APPEAL, _("Decide the appeal"), "gavel", services.decide_appeal,
            forms.DecideAppealForm, {"excluded": "excluded", "words": "words"},
            _("You decide because you have no part in the matter."),
        ),
        ActPage(Act.ACCEPT_ASSIST, _("Help with it"), "users-group", services.accept_assist),
        ActPage(
            Act.ANSWER_ASSIST, _("Give the partial answer"), "message-reply", services.answer_assist,
            text_form("text", _("What you did or found out, for the one that leads"), rows=5), _TEXT,
            _("The unit that leads reads it. The resident reads it only when it is passed on."),
        ),
        ActPage(
            Act.ASK_ASSIST, _("Ask another unit to help"), "users-plus", services.ask_assist,
            together.AskAssistForm, {"to_unit_id": "to_unit", "text": "text"},
            _("Your unit goes on leading. The others give you partial answers; you answer the resident."),
        ),
        ActPage(
            Act.USE_ASSIST, _("Pass a partial answer on"), "message-share", services.use_assist,
            together.UseAssistForm, {"assist_id": "assist"},
            _("The resident reads it on his page from now on."),
        ),
        ActPage(
            Act.REMIND_ASSIST, _("Remind a unit that helps"), "bell-ringing", services.remind_assist,
            together.RemindAssistForm, {"assist_id": "assist", "text": "text"},
            _("At most once a day for each unit. When the limit runs out, the clock reminds by itself."),
        ),
        ActPage(
            Act.WITHDRAW_ASSIST, _("Take a request for help back"), "users-minus", services.withdraw_assist,
            together.WithdrawAssistForm, {"assist_id": "assist", "reason": "reason"},
        ),
        ActPage(
            Act.SUPERVISE, _("Write a supervision note"), "eye-exclamation", services.supervise,
            text_form("text", _("What the unit has to explain or to do"), rows=4), _TEXT,
            _("The unit answers within the limit. The resident sees that it is supervised, not your words."),
        ),
        ActPage(
            Act.ANSWER_SUPERVISION, _("Answer the supervision note"), "message-reply",
            services.answer_supervision,
            text_form("text", _("What was done and what comes next"), rows=4), _TEXT,
            _("The inspector reads it and accepts it or sends it back."),
        ),
        ActPage(
            Act.DECIDE_SUPERVISION, _("Decide about the answer"), "eye-check", services.decide_supervision,
            together.DecideSupervisionForm, {"accepted": "accepted", "words": "words"},
            _("Sent back, the limit begins anew."),
        ),
        ActPage(
            Act.MEET, _("Write down a coordination meeting"), "users-group", services.record_meeting,
            together.MeetingForm,
            {"held_on": "held_on", "unit_ids": "units", "people": "people", "decision": "decision",
             "lead_id": "lead", "until": "until", "helper_ids": "helpers", "task": "task"},
            _("What it decided is done at once: the matter goes to the lead, the others are asked to help."),
        ),
        ActPage(
            Act.WITHDRAW, _("The resident withdraws it"), "circle-x", services.withdraw,
            text_form("reason", _("The resident's reason"), rows=3), _REASON,
            confirm=_("The matter ends and cannot be reopened. Did the resident ask for that?"),
        ),
    )
}  # fmt: skip

# What a person most likely does next; the first that is open becomes the primary button.
PRIMARY = (
    Act.ACCEPT, Act.ACCEPT_ASSIST, Act.ANSWER_ASSIST, Act.ANSWER_SUPERVISION, Act.DECIDE_SUPERVISION,
    Act.DECIDE_EXTENSION, Act.DECIDE_APPEAL, Act.CALL_RATED, Act.REPAIR, Act.ADMIT, Act.RESUME,
    Act.START, Act.CALL_BACK, Act.DELIVER, Act.RESOLVE, Act.SUPPLY,
)  # fmt: skip
BUTTONS = (
    Act.CALL_MISSED, Act.RETURN, Act.CORRECT, Act.SUPPLY_LATE, Act.REFER, Act.CONTACT, Act.VISIT, Act.ASK,
    Act.ESCALATE,
)  # fmt: skip


def act_form(page: ActPage, case: Any, data: Any = None) -> Any:
    """The form of an act on this case with its choices; None when one button is enough."""
    if page.form is None:
        return None
    form = page.form(data, initial={"seen": case.last_seq})
    form.fit(case)
    return form


def arguments_of(page: ActPage, form: Any) -> dict[str, Any]:
    """What the service of the act is given of a valid form."""
    if form is None:
        return {}
    given = (page.arguments or {}).items()
    return {name: form.cleaned_data[field] for name, field in given if field in form.cleaned_data}


def takes_seen(page: ActPage) -> bool:
    """True when the service refuses to act on a case that changed meanwhile."""
    return "seen" in inspect.signature(page.service).parameters
