"""Sentences that more than one module of this room says."""

from django.utils.translation import gettext_lazy as _

NO_SUCH_RESIDENT = _("There is no such resident in your units.")
SUBJECT = "people.resident"  # how the access log calls a resident
