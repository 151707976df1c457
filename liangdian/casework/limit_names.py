"""What the limit rules are called, and how long the law lets some of them be at most."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liangdian.casework.procedures import LimitOfDesk, limits_of_desks, procedures
from liangdian.foundation.limits import Limit, LimitUnit

LABELS: dict[str, object] = {
    "promise.service": _("Promise: service matter without a published limit"),
    "promise.consultation": _("Promise: consultation"),
    "promise.help": _("Promise: request for help"),
    "promise.suggestion": _("Promise: suggestion"),
    "promise.complaint": _("Promise: complaint"),
    "promise.report": _("Promise: report"),
    "promise.urgent": _("Promise: urgent matter"),
    "promise.reopened": _("Promise after a bad rating"),
    "referral.accept": _("Accept or return a referral"),
    "rating.window": _("Time in which the resident can rate"),
    "escalation.step": _("From overdue to the next level"),
    "contact.first": _("First contact with the resident"),
    "contact.urgent": _("First contact in an urgent matter"),
    "acceptance.answer": _("Say what is missing, once and completely"),
    "correction.supply": _("Time to bring what is missing"),
    "shortfall.supply": _("Time to bring minor documents later"),
    "pause.most": _("Longest pause of the clock"),
    "extension.most": _("Longest extension"),
    "delivery.result": _("Deliver the result"),
    "repair.rating": _("Put a bad rating right"),
    "repair.ledger": _("Latest day on the ledger of bad ratings"),
    "assist.answer": _("Answer of a unit that helps"),
    "supervision.answer": _("Answer to a supervision note"),
    "duplicate.window": _("How far back a duplicate is looked for"),
}

# The sources that the product brings, stored as written here and shown in the reader's language.
SOURCES: dict[str, object] = {
    "Centre's own promise, editable": _("Centre's own promise, editable"),
    "Centre's own rule, editable": _("Centre's own rule, editable"),
    "Centre's own maximum, editable": _("Centre's own maximum, editable"),
    "12345 practice (local)": _("12345 practice (local)"),
    "12345 practice for emergencies (local)": _("12345 practice for emergencies (local)"),
    "12345 practice for wrong referrals (local)": _("12345 practice for wrong referrals (local)"),
    "Default repair of a bad rating (rules §4)": _("Centre's own repair of a bad rating, editable"),
    "No national limit; editable default (rules §4)": _("No national limit; centre's own, editable"),
    "Practice of late papers (local)": _("Practice of late papers (local)"),
    "Licensing Law Art. 32 (4)": _("Licensing Law Art. 32 (4)"),
    "Licensing Law Art. 42": _("Licensing Law Art. 42"),
    "Licensing Law Art. 44": _("Licensing Law Art. 44"),
}

# Licensing Law (行政许可法): Art. 32 (4), Art. 42, Art. 44, all in working days (Art. 82).
_LAW_MOST = {
    "acceptance.answer": Limit(5, LimitUnit.WORKING_DAYS),
    "extension.most": Limit(10, LimitUnit.WORKING_DAYS),
    "delivery.result": Limit(10, LimitUnit.WORKING_DAYS),
}


def label_of(code: str) -> object:
    of_desk = _of_desk(code)
    return of_desk.label if of_desk else LABELS.get(code, code)


def _of_desk(code: str) -> LimitOfDesk | None:
    return next((each for each in limits_of_desks() if each.limit.code == code), None)


def source_in_language(source: str) -> object:
    """A source that the product brought in the reader's language, any other as it was typed."""
    of_desks = {text: words for procedure in procedures() for text, words in procedure.sources.items()}
    return SOURCES.get(source) or of_desks.get(source, source)


def law_most(code: str) -> Limit | None:
    """What the law allows at most; None when no law says anything."""
    of_desk = _of_desk(code)
    return of_desk.law_most if of_desk else _LAW_MOST.get(code)


def longer_than_law(code: str, limit: Limit) -> bool:
    """True when the law sets a shorter limit, or one that is counted in another unit."""
    most = law_most(code)
    return most is not None and (limit.unit is not most.unit or limit.amount > most.amount)
