"""Sentences that several parts of the room say."""

from django.utils.translation import gettext_lazy as _

NO_SUCH_HALL = _("There is no such hall, or it is not yours to see.")
NO_SUCH_VISIT = _("There is no such number in this hall today.")
NO_SUCH_PLACE = _("This link is not known. Scan the code on your slip again.")
NOT_SIGNED_ON = _("You are not signed on to a window. Choose your window first.")
WINDOW_BUSY = _("%(ticket)s is at your window. Finish there first.")
ACTION_NEEDS_WINDOW = _("This person is at another window. Ask the colleague there.")
NO_SUCH_DEVICE = _("There is no such machine in this hall.")
