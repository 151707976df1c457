"""Sentences that more than one module of this room says."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

NO_SUCH_UNIT = _("There is no such unit. Please choose it from the tree again.")
NO_SUCH_POST = _("There is no such post. Please choose it from the unit's page again.")
NO_SUCH_WINDOW = _("There is no such window. Please choose it from the unit's page again.")
