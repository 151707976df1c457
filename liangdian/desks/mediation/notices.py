"""The certificate that a mediation ended without an agreement (Art. 26): what else the parties can do."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangdian.casework.procedures import DeskNotice, NoticeWords
from liangdian.desks.mediation.states import DisputeState, WayOut


def _certificate(case, event, extra) -> NoticeWords:  # type: ignore[no-untyped-def]
    refused = event.data["mediation"] == DisputeState.REFUSED
    lead = (
        _("One of the parties does not want mediation, so it does not take place (Art. 17).")
        if refused
        else _("The mediation has ended without an agreement (Art. 26).")
    )
    rows = []
    if not refused:
        rows.append((_("Why"), str(WayOut(event.data["way_out"]).label)))
        rows.append((_("In words"), str(event.data["reason"])))
    rows.append((_("Cost"), _("none: mediation is free of charge (Art. 4)")))
    return NoticeWords(
        lead, rows,
        papers=[
            _("Arbitration, where you agreed on it or the law provides it (labour disputes)"),
            _("The administrative body that is responsible for the matter"),
            _("An action before the people's court"),
        ],
        papers_title=_("These ways are open to you"),
        next=_("What was said in the mediation does not bind you there. Mind the limits for an action."),
    )  # fmt: skip


NOTICES = {"mediation.certificate": DeskNotice(gettext_lazy("Certificate: no agreement"), _certificate)}
