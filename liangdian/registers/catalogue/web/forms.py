"""Forms of the catalogue: they read and clean what was typed; the services decide."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from liangdian.platform.ui.fields import Text


class GuideSearchForm(forms.Form):
    """The one search box of the guides."""

    q = Text(label=_("What do you want to have done?"), required=False, max_length=100)
