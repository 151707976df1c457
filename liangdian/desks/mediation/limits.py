"""The limits of the desk, as data with their sources; running matters keep the version they began with."""

from django.utils.translation import gettext_lazy as _

from liangdian.casework.procedures import LimitOfDesk
from liangdian.casework.rules import DefaultLimit
from liangdian.foundation.limits import Limit, LimitUnit

PROMISE = "promise.dispute"
MORE_TIME = "mediation.more_time"
CONFIRM = "mediation.confirm"
REMIND = "mediation.remind"
CALL = "mediation.call"

_DAYS = LimitUnit.CALENDAR_DAYS
LIMITS = (
    LimitOfDesk(
        # From memory: the ministry's rule says "generally a month"; editable.
        DefaultLimit(PROMISE, 30, _DAYS, "人民调解工作若干规定 Art. 33 (from memory), editable"),
        _("Promise: dispute mediated"),
    ),
    LimitOfDesk(
        DefaultLimit(MORE_TIME, 30, _DAYS, "Centre's own maximum, editable"),
        _("Most days by which the parties lengthen the talks at a time"),
    ),
    LimitOfDesk(
        DefaultLimit(CONFIRM, 30, _DAYS, "People's Mediation Law Art. 33"),
        _("Joint application to the court to confirm an agreement"),
        Limit(30, _DAYS),
    ),
    LimitOfDesk(
        DefaultLimit(REMIND, 3, _DAYS, "Centre's own rule, editable"),
        _("Reminder before an obligation of an agreement falls due"),
    ),
    LimitOfDesk(
        DefaultLimit(CALL, 3, _DAYS, "People's Mediation Law Art. 31; days are the centre's own"),
        _("Follow-up call after an obligation fell due"),
    ),
)
