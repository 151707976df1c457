"""Which form and which service belongs to each act on a petition."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liangdian.casework.act_pages import ActPage
from liangdian.desks.petitions import services
from liangdian.desks.petitions.web import act_forms as forms

ACTS = (
    ActPage(
        "petitions.accept", _("Accept the petition"), "file-like", services.accept, None, None,
        confirm=_("Accept the petition? The 60 days begin now and the petitioner gets the notice."),
    ),
    ActPage(
        "petitions.opine", _("Give the written opinion"), "gavel", services.give_opinion, forms.OpinionForm,
        {"request": "request", "facts": "facts", "opinion": "opinion", "basis": "basis",
         "outcome": "outcome", "settled": "settled"},
        _("Four parts and the outcome (Art. 32). The petitioner can ask for a review within 30 days."),
    ),
    ActPage(
        "petitions.reply", _("Answer the petitioner"), "message-check", services.reply, forms.ReplyForm,
        {"answer": "answer", "settled": "settled"},
    ),
    ActPage(
        "petitions.explain", _("Answer again"), "message-check", services.explain, forms.ExplainForm,
        {"answer": "answer"}, _("The petitioner was not satisfied. The opinion itself stands."),
    ),
    ActPage(
        "petitions.transfer", _("Transfer the petition"), "send", services.transfer, forms.TransferForm,
        {"to_unit_id": "to_unit", "text": "text", "report_by": "report_by"},
        _("The receiver tells the petitioner within 15 days, or objects within 5 working days (Art. 23)."),
    ),
    ActPage(
        "petitions.refuse", _("Do not accept"), "file-x", services.refuse, forms.RefuseForm,
        {"ground": "ground", "where": "where", "text": "text"},
        _("The petitioner gets it in writing, with the reason and the body that is responsible."),
    ),
    ActPage(
        "petitions.object", _("Object to the transfer"), "arrow-back-up", services.object_to_transfer,
        forms.ObjectForm, {"text": "text"}, _("It goes back only when the sender agrees (Art. 23)."),
    ),
    ActPage(
        "petitions.decide_objection", _("Decide on the objection"), "scale", services.decide_objection,
        forms.DecideObjectionForm, {"agreed": "agreed", "words": "words"},
    ),
    ActPage(
        "petitions.assign", _("Give it to a colleague"), "users", services.assign, forms.AssignForm,
        {"to_user_id": "to_user", "text": "text", "free": "free"},
    ),
    ActPage(
        "petitions.recuse", _("Keep away from it"), "user-off", services.recuse, forms.RecuseForm,
        {"user_id": "user", "ground": "ground", "text": "text"},
        _("Relatives and those with an interest do not see it afterwards (Art. 46)."),
    ),
    ActPage(
        "petitions.label", _("First or repeated"), "tag", services.decide_label, forms.LabelForm,
        {"label": "label", "earlier": "earlier"},
    ),
    ActPage(
        "petitions.report", _("Report to the head at once"), "urgent", services.report_now, forms.ReportForm,
        {"text": "text"}, _("Urgent and major matters are reported at once (Art. 25)."),
    ),
    ActPage(
        "petitions.ask_extension", _("Ask for an extension"), "calendar-question", services.ask_extension,
        forms.AskExtensionForm, {"days": "days", "reason": "reason"},
        _("Once, at most 30 days, approved by the head, the reason told (Art. 34)."),
    ),
    ActPage(
        "petitions.decide_extension", _("Decide on the extension"), "calendar-cog",
        services.decide_extension, forms.DecideExtensionForm, {"approved": "approved", "words": "words"},
    ),
    ActPage(
        "petitions.ask_review", _("Take down the request for a review"), "rotate-clockwise",
        services.ask_review, forms.ReviewForm, {"words": "words", "to_unit_id": "to_unit"},
        _("Answered within 30 days by somebody who did not handle it before (Art. 35, 36)."),
    ),
    ActPage(
        "petitions.hearing", _("Open a hearing"), "users-group", services.open_hearing, forms.HearingForm,
        {"text": "text", "until": "until"}, _("The time of the hearing is not counted (Art. 36)."),
    ),
    ActPage(
        "petitions.heard", _("The hearing is over"), "player-track-next", services.close_hearing,
        forms.HeardForm, {"text": "text"},
    ),
)  # fmt: skip
