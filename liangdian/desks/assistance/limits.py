"""The limits of the desk, as data with their sources; all of them are the centre's own."""

from django.utils.translation import gettext_lazy as _

from liangdian.casework.procedures import LimitOfDesk
from liangdian.casework.rules import DefaultLimit
from liangdian.foundation.limits import LimitUnit

PROMISE = "promise.livelihood"
LIMITS = (
    LimitOfDesk(
        DefaultLimit(PROMISE, 60, LimitUnit.CALENDAR_DAYS, "Centre's own promise, editable"),
        _("Promise: livelihood help, a first place or another answer"),
    ),
)
