"""Sentences that several files of this room say."""

from django.utils.translation import gettext_lazy as _

NO_SUCH_RESOURCE = _("This cannot be booked here, or it is not yours to see.")
NO_SUCH_BOOKING = _("There is no such appointment, or it is not yours to see.")
NOT_FREE = _("This time was taken a moment ago. Choose another one.")
