"""For administrators: what was sent and what was not, the ways out, and reports of the networks."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liangdian.foundation.actor import Role
from liangdian.foundation.refused import Refused
from liangdian.platform.accounts.web.doors import role_required
from liangdian.platform.notifications import gateways, policy, selectors, services, templates, webhook
from liangdian.platform.notifications.states import Channel, State
from liangdian.platform.notifications.web.forms import OutboxForm, TestForm
from liangdian.platform.ui.forms import show_refusal

PAGE = 50
COUNTED = timedelta(days=30)
LONGEST_REPORT = 10_000
administrators = role_required(Role.ADMINISTRATOR)


@require_safe
@never_cache
@administrators
def outbox(request: HttpRequest) -> HttpResponse:
    """Messages, newest first, with counts of the last thirty days."""
    form = OutboxForm(request.GET)
    wanted = form.wanted()
    text = request.GET.get("before", "")
    before = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    found = selectors.outbox(actor=request.actor, wanted=wanted, before=before, limit=PAGE + 1)
    rows, more = found[:PAGE], len(found) > PAGE
    query = urlencode({key: value for key, value in request.GET.items() if key != "before" and value})
    counts = selectors.counts(actor=request.actor, since=timezone.now() - COUNTED)
    context = {
        "form": form,
        "rows": [(row, templates.label_of(row.kind), services.may_retry(row)) for row in rows],
        "counts": [(State(state), number) for state, number in counts.items() if number],
        "page": {
            "next_url": f"?{query}&before={rows[-1].pk}" if more else "",
            "previous_url": f"?{query}" if before is not None else "",
        },
    }
    return render(request, "notifications/outbox.html", context)


@require_POST
@administrators
def retry(request: HttpRequest, message_id: int) -> HttpResponse:
    """Into the queue again."""
    services.retry(actor=request.actor, message_id=message_id, at=timezone.now())
    messages.success(request, _("The message waits to be sent again."))
    return redirect("notifications:outbox")


@require_http_methods(["GET", "POST"])
@never_cache
@administrators
def sending(request: HttpRequest) -> HttpResponse:
    """How this installation sends, and a message to try it."""
    policy.require_administer(request.actor)
    form = TestForm(
        request.POST if request.method == "POST" else None, initial={"language": request.LANGUAGE_CODE}
    )  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            sent = services.send_test(actor=request.actor, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            words = selectors.delivery_of(sent).words
            tell = messages.success if sent.state == State.SENT else messages.error
            tell(request, words)
            return redirect("notifications:sending")
    context = {
        "form": form,
        "ways": [(c.label, gateways.described(c), gateways.is_on(c)) for c in Channel if c != Channel.IN_APP],
        "quiet": str(services.quiet_hours()),
        "reports_url": f"{settings.PUBLIC_ADDRESS}/notices/reports/" if settings.WEBHOOK_SECRET else "",
    }
    return render(request, "notifications/sending.html", context, status=422 if form.errors else 200)


@csrf_exempt
@require_POST
def reports(request: HttpRequest) -> HttpResponse:
    """What a gateway reports of a message: signed (Standard Webhooks); JSON with channel, id, delivered."""
    body = request.body if len(request.body) <= LONGEST_REPORT else b""
    now = timezone.now()
    if not webhook.is_genuine(headers=request.headers, body=body, at=now):
        return HttpResponse(status=401)
    try:
        told = json.loads(body)["data"]
        gateway_id, channel, delivered = str(told["id"]), str(told["channel"]), told["delivered"] is True
    except (ValueError, KeyError, TypeError):
        return HttpResponse(status=400)
    services.report(gateway_id=gateway_id, channel=channel, delivered=delivered, at=now)
    return HttpResponse(status=204)
