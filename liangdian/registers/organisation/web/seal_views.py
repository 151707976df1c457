"""The picture of a unit's seal: looked at, uploaded, taken away."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liangdian.foundation.actor import Role
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.platform.accounts.web.doors import role_required
from liangdian.platform.documents import serving
from liangdian.platform.documents.fields import Files
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.organisation import policy, selectors, services

administrators = role_required(Role.ADMINISTRATOR)


class SealForm(forms.Form):
    files = Files(  # type: ignore[assignment]
        label=gettext_lazy("Picture of the seal"), most=1,
        help_text=gettext_lazy("PNG or JPG, square, at most 300 kB; a transparent background looks best."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@administrators
def seal(request: HttpRequest, unit_id: int) -> HttpResponse:
    """The form that uploads the picture, and what is printed now."""
    found = selectors.unit_by_id(unit_id)
    policy.require_change(request.actor, found.path)  # type: ignore[attr-defined]
    form = SealForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        (file,) = form.cleaned_data["files"]
        try:
            services.set_seal_picture(
                actor=request.actor,  # type: ignore[attr-defined]
                unit_id=unit_id, name=file.name or "", content=file, at=timezone.now(),
            )  # fmt: skip
        except Invalid as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Notices are printed with this seal from now on."))
            return redirect("organisation:unit", unit_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "organisation/seal.html", {"form": form, "unit": found}, status=status)


@require_safe
@administrators  # type: ignore[arg-type]
def picture(request: HttpRequest, unit_id: int) -> HttpResponseBase:
    """The picture itself; only who may change it sees it alone, so that nobody copies it from here."""
    found = selectors.unit_by_id(unit_id)
    policy.require_change(request.actor, found.path)  # type: ignore[attr-defined]
    if found.seal_picture_id is None:
        raise NotFound(_("This unit has no picture of its seal."))
    return serving.respond(found.seal_picture_id, headers=request.headers)


@require_POST
@administrators
def remove(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Leave the place for the seal free again."""
    services.remove_seal_picture(actor=request.actor, unit_id=unit_id, at=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, _("Notices leave a place for the seal free again."))
    return redirect("organisation:unit", unit_id)
