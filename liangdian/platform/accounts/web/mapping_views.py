"""The table that makes roles of the groups of the sign-in service."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from liangdian.foundation.actor import Role
from liangdian.foundation.refused import Refused
from liangdian.platform.accounts import selectors, services
from liangdian.platform.accounts.web.doors import role_required
from liangdian.platform.accounts.web.forms import MappingForm
from liangdian.platform.ui.forms import show_refusal

security = role_required(Role.SECURITY)


@require_http_methods(["GET", "POST"])
@security
def mappings(request: HttpRequest) -> HttpResponse:
    """All lines of the table that this person looks after, and a new one."""
    actor = request.actor  # type: ignore[attr-defined]
    form = MappingForm(request.POST or None, actor=actor, empty=False)
    if request.method == "POST" and form.is_valid():
        try:
            services.map_group(actor=actor, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:mappings")
    context = {
        "form": form,
        "rows": selectors.group_mappings(),
        "is_connected": bool(settings.SOCIALACCOUNT_PROVIDERS),
    }
    return render(request, "accounts/mappings.html", context, status=422 if form.errors else 200)


@require_POST
@security
def end_mapping(request: HttpRequest, mapping_id: int) -> HttpResponse:
    """Take a line out of the table."""
    services.unmap_group(actor=request.actor, mapping_id=mapping_id, at=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, _("The line was taken out."))
    return redirect("accounts:mappings")
