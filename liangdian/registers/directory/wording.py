"""Sentences that more than one module of this room says."""

from django.utils.translation import gettext_lazy as _

NO_SUCH_AREA = _("There is no such area of responsibility. Please choose it from the list again.")
NO_SUCH_LINE = _("This line is no longer in the list. Please open the area again.")
