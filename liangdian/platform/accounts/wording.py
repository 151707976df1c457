"""Sentences that more than one module of this room says."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

NO_SUCH_PERSON = _("This person is not in the list of staff. Please look for the name again.")
