"""Forms of the outbox, the texts and the test message: they read what was typed; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liangdian.platform.notifications import gateways, templates
from liangdian.platform.notifications.selectors import Wanted
from liangdian.platform.notifications.states import Channel, State
from liangdian.platform.notifications.templates import CENTRE
from liangdian.platform.ui.fields import Text, area
from liangdian.platform.ui.languages import LANGUAGES


def _day(label: object) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))  # type: ignore[arg-type]


class OutboxForm(forms.Form):
    """The filters of the outbox."""

    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("All states")), *State.choices], required=False
    )
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[("", _("All ways of sending")), *Channel.choices], required=False
    )
    kind = forms.ChoiceField(label=_("Event"), required=False)
    key = Text(label=_("Number of the matter"), max_length=60, required=False)
    first = _day(_("First day"))
    last = _day(_("Last day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind, texts.label) for kind, texts in templates.known_kinds().items()]
        self.fields["kind"].choices = [("", _("All events")), *kinds]

    def wanted(self) -> Wanted:
        """What is looked for; a filter that cannot be read is left out and told."""
        self.is_valid()
        return Wanted(**{name: value for name, value in self.cleaned_data.items() if value})


class WordingForm(forms.Form):
    """The words of one kind, channel and language."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    subject = Text(label=_("Subject"), needed=True, required=False)
    body = Text(label=_("Text"), needed=True, required=False)

    def __init__(self, *args: Any, kind: str, channel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [CENTRE, *templates.texts_of(kind).samples]
        self.fields["body"].widget = area(12 if channel == Channel.EMAIL else 4)
        used = "body" if channel != Channel.IN_APP else "subject"
        self.fields[used].help_text = _("You can use: %(names)s.") % {
            "names": ", ".join(f"{{{name}}}" for name in names)
        }
        unused = {Channel.IN_APP: "body", Channel.SMS: "subject", Channel.MESSENGER: "subject"}
        if channel in unused:
            del self.fields[unused[Channel(channel)]]


class TestForm(forms.Form):
    """Where a test message goes."""

    channel = forms.ChoiceField(label=_("Channel"))
    to = Text(label=_("Phone number or e-mail address"), max_length=254,
              widget=forms.TextInput(attrs={"autocomplete": "off"}))  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language"), choices=[(language.code, language.name) for language in LANGUAGES]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [
            (channel.value, channel.label) for channel in Channel
            if channel != Channel.IN_APP and gateways.is_on(channel)
        ]  # fmt: skip
