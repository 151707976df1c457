"""What makes a petition more than a general matter, declared for casework."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liangdian.casework.policy import Act
from liangdian.casework.procedures import DeskClock, LimitOfDesk, Procedure
from liangdian.casework.states import Kind
from liangdian.desks.petitions import rules
from liangdian.desks.petitions.hiding import hidden_from
from liangdian.desks.petitions.history import TOLD
from liangdian.desks.petitions.notices import NOTICES
from liangdian.desks.petitions.part import part, resident_part
from liangdian.desks.petitions.policy import READERS
from liangdian.desks.petitions.web.acts import ACTS

# Everything else would go around the steps, the recusal or the consent of the sender.
KEEPS = frozenset(
    {
        Act.NOTE, Act.CONTACT, Act.WITHDRAW, Act.CALL_BACK, Act.CALL_RATED, Act.CALL_MISSED, Act.REPAIR,
        Act.APPEAL, Act.DECIDE_APPEAL, Act.NEEDS, Act.VISIT,
    }
)  # fmt: skip
CLOCKS = {
    "petitions.objection": DeskClock(
        _("Objection to the transfer"), _("The time to object to the transfer is over")
    ),
    "petitions.accept_simply": DeskClock(
        _("Acceptance in the simplified way"), _("Not accepted in time in the simplified way")
    ),
    "petitions.report": DeskClock(_("Report on an assigned petition"), _("The report has not come")),
}
LABELS = {
    rules.PROMISE: _("Petition: tell whether it is accepted"),
    rules.NOTICE: _("Petition: tell the petitioner after a transfer"),
    rules.OBJECTION: _("Petition: object to a transfer"),
    rules.ANSWER: _("Petition: answer after acceptance"),
    rules.EXTENSION: _("Petition: longest extension"),
    rules.SIMPLY: _("Petition: answer in the simplified way"),
    rules.ACCEPT_SIMPLY: _("Petition: accept in the simplified way"),
    rules.REVIEW: _("Petition: answer a review"),
    rules.REREVIEW: _("Petition: answer a re-review"),
}
SOURCES = {
    "Petition Regulations Art. 22 and 23": _("Petition Regulations Art. 22 and 23"),
    "Petition Regulations Art. 23": _("Petition Regulations Art. 23"),
    "Petition Regulations Art. 34": _("Petition Regulations Art. 34"),
    "Petition Regulations Art. 35": _("Petition Regulations Art. 35"),
    "Petition Regulations Art. 36": _("Petition Regulations Art. 36"),
    "Rules of simplified handling": _("Rules of simplified handling"),
    "Practice of simplified handling (local)": _("Practice of simplified handling (local)"),
}

PROCEDURE = Procedure(
    kind=Kind.PETITION,
    acts=ACTS,
    part=part,
    resident_part=resident_part,
    keeps=KEEPS,
    told=TOLD,
    clocks=CLOCKS,
    notices=NOTICES,
    limits=tuple(
        LimitOfDesk(limit, LABELS[limit.code], rules.LAW_MOST.get(limit.code)) for limit in rules.LIMITS
    ),
    sources=SOURCES,
    readers=READERS,
    hidden_from=hidden_from,
    discreet=True,
)
