"""The documents of a matter for the resident who holds its link: what he sent, and what is for him."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from liangdian.casework import attachments, selectors, services
from liangdian.platform.documents import serving
from liangdian.platform.documents.fields import Files, keep_each

AT_ONCE = 5


class SendForm(forms.Form):
    """Photos and papers for one's own matter."""

    files = Files(  # type: ignore[assignment]
        label=_("Choose files or take a photo"), most=AT_ONCE,
        help_text=_("PDF, photos, Word, Excel or plain text. The place where a photo was taken is removed."),
    )  # fmt: skip


def panel_of(case: Any) -> dict[str, Any]:
    """What the matter's page shows of its documents. No query."""
    form = SendForm() if case.is_open else None
    return {"attachments": attachments.for_resident(case=case), "send_form": form}


@never_cache
@require_http_methods(["GET", "POST"])
def documents(request: HttpRequest, token: str) -> HttpResponse:
    """The documents, and the form that sends some; what was refused is said file by file."""
    case = selectors.case_by_link(token=token)
    form = SendForm(request.POST, request.FILES) if request.method == "POST" else None
    if form is not None and form.is_valid():
        refused = keep_each(
            form.cleaned_data["files"],
            lambda name, file: services.attach_by_link(
                token=token, name=name, content=file, at=timezone.now()
            ),
        )
        if not refused:
            return redirect("portal:documents", token=token)
        form.add_error("files", refused)
        case = selectors.case_by_link(token=token)  # with those that were added
    context = {"case": case, "token": token, "alone": True} | panel_of(case)
    if form is not None:
        context["send_form"] = form
    status = 200 if form is None else 422
    return render(request, "portal/documents.html", context, status=status)


@never_cache
@require_safe
def document(request: HttpRequest, token: str, number: int) -> HttpResponseBase:
    """One document, whole or in parts."""
    document_id = attachments.document_by_link(token=token, attachment_id=number)
    return serving.respond(document_id, headers=request.headers)


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """Take back what one sent oneself; asked once more before it is done."""
    case = selectors.case_by_link(token=token)
    attachments.document_by_link(token=token, attachment_id=number)
    if request.method == "POST":
        services.withdraw_by_link(token=token, attachment_id=number, at=timezone.now())
        return redirect("portal:documents", token=token)
    row = next(row for row in attachments.for_resident(case=case) if row.id == number)
    return render(request, "portal/documents_withdraw.html", {"case": case, "token": token, "row": row})
