"""The documents of a case for staff: the list, adding, opening, withdrawing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from liangdian.casework import attachments, policy, selectors, services
from liangdian.casework.models import Case
from liangdian.casework.policy import Act
from liangdian.casework.procedures import is_discreet
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.audit import services as audit
from liangdian.platform.documents import serving
from liangdian.platform.documents.fields import Files, keep_each
from liangdian.platform.ui.fields import Text, area
from liangdian.platform.ui.forms import show_refusal

AT_ONCE = 5
_OPENED, _REMEMBERED = "opened_documents", 50


class AttachForm(forms.Form):
    """Some files, and whether the resident is to see them."""

    files = Files(  # type: ignore[assignment]
        label=gettext_lazy("Files"), most=AT_ONCE,
        help_text=gettext_lazy("PDF, photos, Word, Excel or plain text."),
    )  # fmt: skip
    public = forms.BooleanField(label=gettext_lazy("The resident may see them"), required=False)

    def __init__(self, *args: Any, may_publish: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_publish:
            del self.fields["public"]


class WithdrawForm(forms.Form):
    reason = Text(
        label=gettext_lazy("Why the document is withdrawn"), widget=area(3), required=False, needed=True
    )


def panel_of(actor: Actor, case: Case) -> dict[str, Any]:
    """What the case page shows of its documents. No query."""
    may_add = policy.may(actor, Act.NOTE, case)
    form = AttachForm(may_publish=policy.may(actor, Act.CONTACT, case)) if may_add else None
    return {"attachments": attachments.of_case(actor=actor, case=case), "attach_form": form}


@require_http_methods(["GET", "POST"])
@staff_required
def documents(request: HttpRequest, reference: str) -> HttpResponse:
    """The documents of a case, and the form that adds some. What was refused is said file by file."""
    case = selectors.case_for(actor=request.actor, reference=reference)
    if request.method == "GET":
        return render(request, "casework/attachments.html", {"case": case} | panel_of(request.actor, case))
    policy.require(request.actor, Act.NOTE, case)
    may_publish = policy.may(request.actor, Act.CONTACT, case)
    form = AttachForm(request.POST, request.FILES, may_publish=may_publish)
    if form.is_valid():
        files, public = form.cleaned_data["files"], form.cleaned_data.get("public", False)
        refused = keep_each(
            files,
            lambda name, file: services.attach_document(
                actor=request.actor,
                case_id=case.pk,
                name=name,
                content=file,
                public=public,
                at=timezone.now(),
            ),
        )
        if added := len(files) - len(refused):
            said = ngettext("%(n)d document was added.", "%(n)d documents were added.", added)
            messages.success(request, said % {"n": added})
        if not refused:
            return redirect("casework:case", reference=reference)
        form.add_error("files", refused)
        case = selectors.case_for(actor=request.actor, reference=reference)  # with those that were added
    context = {"case": case} | panel_of(request.actor, case) | {"attach_form": form}
    return render(request, "casework/attachments.html", context, status=422)


@require_safe
@staff_required  # type: ignore[arg-type]
def document(request: HttpRequest, reference: str, number: int) -> HttpResponseBase:
    """One document, whole or in parts. Who opened it is logged; the resident can read it."""
    case, document_id = attachments.document_for(
        actor=request.actor, reference=reference, attachment_id=number
    )
    response = serving.respond(document_id, headers=request.headers)
    opened: list[int] = request.session.get(_OPENED, [])
    # Reading on is no new opening, but only for who has opened it: nobody reads around the log.
    goes_on = document_id in opened and not serving.is_first_part(request.headers)
    if response.status_code < 300 and not goes_on:
        named = case.resident_id and not is_discreet(case.kind)
        subject = ("people.resident", case.resident_id) if named else ("casework.case", case.pk)
        audit.record(request.actor, "document_opened", *subject, reason=case.reference, at=timezone.now())
        request.session[_OPENED] = [*opened, document_id][-_REMEMBERED:]
    return response


@require_http_methods(["GET", "POST"])
@staff_required
def withdraw(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Withdraw a document with a reason."""
    case, _document_id = attachments.document_for(
        actor=request.actor, reference=reference, attachment_id=number
    )
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_document(
                actor=request.actor, case_id=case.pk, attachment_id=number,
                reason=form.cleaned_data["reason"], at=timezone.now(),
            )  # fmt: skip
        except Invalid as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The document was withdrawn."))
            return redirect("casework:case", reference=reference)
    rows = attachments.of_case(actor=request.actor, case=case)
    context = {"case": case, "form": form, "row": next(row for row in rows if row.id == number)}
    status = 422 if request.method == "POST" else 200
    return render(request, "casework/attachments_withdraw.html", context, status=status)
