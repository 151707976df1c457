"""Which form and which service belongs to each act on the case page: one table, one view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from liangdian.casework import services
from liangdian.casework.policy import Act
from liangdian.casework.web import forms


@dataclass(frozen=True, slots=True)
class ActPage:
    """One act as a page: its words, its form, its service. ``form`` None means one button is enough."""

    act: Act
    label: object
    icon: str
    service: Callable[..., Any]
    form: type[forms.ActForm] | None = None
    arguments: Mapping[str, str] | None = None
    lede: object = ""
    confirm: object = ""


_REASON = {"reason": "reason"}
_TEXT = {"text": "text"}

PAGES: dict[Act, ActPage] = {
    page.act: page
    for page in (
        ActPage(Act.ACCEPT, _("Accept the referral"), "check", services.accept_referral),
        ActPage(Act.START, _("Take it up"), "player-play", services.start),
        ActPage(
            Act.RESOLVE, _("Answer the resident"), "message-check", services.resolve,
            forms.text_form("answer", _("The answer, as the resident will read it"), rows=6),
            {"answer": "answer"}, _("The matter stays open until the resident says that it is settled."),
        ),
        ActPage(Act.REFER, _("Refer"), "send", services.refer, forms.ReferForm,
                {"to_unit_id": "to_unit", "to_post_id": "to_post", "reason": "reason"},
                _("The first handler goes on answering for it.")),
        ActPage(
            Act.RETURN, _("Return the referral"), "arrow-back-up", services.return_referral,
            forms.text_form("reason", _("Why you return it, and who is responsible instead"), rows=3),
            _REASON,
            _("It goes back to the first handler at once."),
        ),
        ActPage(Act.CONTACT, _("Tell the resident"), "phone", services.contact_resident,
                forms.text_form("text", _("What the resident was told"), rows=3), _TEXT),
        ActPage(
            Act.ASK, _("Ask the resident for more"), "help", services.ask_resident,
            forms.text_form("text", _("Everything that is still missing, in one list"), rows=4), _TEXT,
            _("The promise keeps running."),
        ),
        ActPage(Act.SUPPLY, _("The resident brought it"), "file-check", services.resident_supplied,
                forms.text_form("text", _("What the resident brought"), rows=3), _TEXT),
        ActPage(Act.TRANSFER, _("Hand to a colleague"), "users", services.transfer, forms.TransferForm,
                {"to_user_id": "to_user", "reason": "reason"}, _("The first handler does not change.")),
        ActPage(
            Act.ESCALATE, _("Escalate"), "arrow-up", services.escalate,
            forms.text_form("reason", _("Why it has to go up, and what is asked"), rows=3), _REASON,
            _("The superior unit takes it over and answers."),
        ),
        ActPage(Act.NOTE, _("Write a note"), "note", services.add_note,
                forms.text_form("text", _("Note for colleagues"), rows=3), _TEXT,
                _("The resident does not see notes.")),
        ActPage(
            Act.CALL_BACK, _("Record the call-back"), "star", services.record_call_back, forms.CallBackForm,
            {"grade": "grade", "comment": "comment"},
            _("Ask how it went and write down the answer; do not suggest a grade."),
        ),
        ActPage(
            Act.WITHDRAW, _("The resident withdraws it"), "circle-x", services.withdraw,
            forms.text_form("reason", _("The resident's reason"), rows=3), _REASON,
            confirm=_("The matter ends and cannot be reopened. Did the resident ask for that?"),
        ),
    )
}  # fmt: skip

# What a person most likely does next; the first that is open becomes the primary button.
PRIMARY = (Act.ACCEPT, Act.START, Act.CALL_BACK, Act.RESOLVE, Act.SUPPLY)
BUTTONS = (Act.RETURN, Act.REFER, Act.CONTACT, Act.ASK, Act.ESCALATE)
