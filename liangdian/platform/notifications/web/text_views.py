"""For administrators: the words of the messages, with preview and history."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from liangdian.foundation.actor import Role
from liangdian.foundation.refused import Invalid, NotFound, Refused
from liangdian.platform.accounts.web.doors import role_required
from liangdian.platform.notifications import policy, selectors, services, templates
from liangdian.platform.notifications.states import Channel
from liangdian.platform.notifications.templates import Wording
from liangdian.platform.notifications.web.forms import WordingForm
from liangdian.platform.ui.forms import show_refusal
from liangdian.platform.ui.languages import LANGUAGES

administrators = role_required(Role.ADMINISTRATOR)
SMS_PART = 67  # characters of one part of a longer text message in Chinese (GSM 03.38, UCS-2)
SMS_WHOLE = 70


@require_safe
@never_cache
@administrators
def texts(request: HttpRequest) -> HttpResponse:
    """Every kind with its channels and languages; what an administrator changed is marked."""
    policy.require_administer(request.actor)
    edited = selectors.edited_texts(actor=request.actor)
    rows = [
        (kind, found.label, [
            (channel, [(language, (kind, channel.value, language.code) in edited) for language in LANGUAGES])
            for channel in Channel
        ])
        for kind, found in templates.known_kinds().items()
    ]  # fmt: skip
    return render(request, "notifications/texts.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@never_cache
@administrators
def text(request: HttpRequest, kind: str, channel: str, language: str) -> HttpResponse:
    """One text: change it, look at it with sample values first, go back to the programme's own words."""
    policy.require_administer(request.actor)
    name = next((one.name for one in LANGUAGES if one.code == language), "")
    if kind not in templates.known_kinds() or channel not in Channel.values or not name:
        raise NotFound(_("There is no such text."))
    versions = selectors.versions(actor=request.actor, kind=kind, channel=channel, language=language)
    default = templates.default_of(kind, channel, language)
    now = Wording(versions[0].subject, versions[0].body) if versions and versions[0].edited else default
    seen = versions[0].version if versions else 0
    first = {"seen": seen, "subject": now.subject, "body": now.body}
    form = WordingForm(
        request.POST if request.method == "POST" else None, initial=first, kind=kind, channel=channel
    )
    shown = _preview(kind, language, now)
    if request.method == "POST" and form.is_valid():
        typed = Wording(form.cleaned_data.get("subject", ""), form.cleaned_data.get("body", ""))
        try:
            if request.POST.get("act") == "look":
                templates.check(kind, channel, typed)
                shown = _preview(kind, language, typed)
            else:
                return _save(request, kind, channel, language, typed, form.cleaned_data["seen"])
        except Refused as refused:
            show_refusal(form, refused)
            if not isinstance(refused, Invalid):
                form.data = {**form.data.dict(), "seen": seen}
    context = {
        "form": form, "label": templates.label_of(kind), "channel": Channel(channel), "language": name,
        "preview": shown, "parts": _parts(channel, shown.body), "versions": versions, "default": default,
        "edited": bool(versions and versions[0].edited), "looked": request.POST.get("act") == "look",
    }  # fmt: skip
    return render(request, "notifications/text.html", context, status=422 if form.errors else 200)


def _save(
    request: HttpRequest, kind: str, channel: str, language: str, typed: Wording, seen: int
) -> HttpResponse:
    given = {"actor": request.actor, "kind": kind, "channel": channel, "language": language, "seen": seen}
    if request.POST.get("act") == "default":
        services.back_to_default(at=timezone.now(), **given)
        messages.success(request, _("The words of the programme are in force again."))
    else:
        services.change_wording(subject=typed.subject, body=typed.body, at=timezone.now(), **given)
        messages.success(request, _("Saved. The next message is sent with these words."))
    return redirect("notifications:text", kind, channel, language)


def _preview(kind: str, language: str, wording: Wording) -> Wording:
    with translation.override(language):
        centre = services.centre_name()
    return templates.fill(wording, {**templates.samples_of(kind, language), templates.CENTRE: centre})


def _parts(channel: str, body: str) -> int:
    """Of how many parts a text message consists; 0 for other channels."""
    if channel != Channel.SMS:
        return 0
    return 1 if len(body) <= SMS_WHOLE else -(-len(body) // SMS_PART)
