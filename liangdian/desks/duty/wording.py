"""Sentences that more than one file of this room says."""

from django.utils.translation import gettext_lazy as _

NO_SUCH_SHIFT = _("This shift is not in the list. Please open the roster again.")
ENDS_EARLIER = _("Until lies before from. Please correct the times.")
SAME_MOMENT = _("Somebody saved something else at this moment. Please look at the page again.")
NO_SUCH_CORRECTION = _("This is not in the list. Please open the page again.")
