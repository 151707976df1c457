"""Signing on the screen or with a scan, the numbered copies of an agreement, the application to the court."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from liangdian.casework import selectors as casework
from liangdian.casework.selectors import Case
from liangdian.desks.mediation import papers, policy, selectors, services
from liangdian.desks.mediation.models import Agreement
from liangdian.desks.mediation.policy import Act
from liangdian.desks.mediation.rules import WrongState
from liangdian.desks.mediation.selectors import DisputeView
from liangdian.desks.mediation.services import Hand
from liangdian.desks.mediation.states import DisputeState, SignedBy
from liangdian.foundation.refused import NotAllowed, NotFound, Refused
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.audit import services as audit
from liangdian.platform.documents import serving
from liangdian.platform.ui.forms import show_refusal


class SignForm(forms.Form):
    """Who signs, and how; the lines drawn on the screen, or the scan of the paper."""

    who = forms.ChoiceField(label=gettext_lazy("Who signs"), choices=())
    how = forms.ChoiceField(label=gettext_lazy("How"), choices=SignedBy.choices, widget=forms.RadioSelect)
    strokes = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100_000)
    scan = forms.FileField(label=gettext_lazy("Scan of the signed paper"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, view: DisputeView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who: Any = self.fields["who"]
        left = [line for line in view.parties if line.party.pk not in view.signed]
        who.choices = [(f"party:{line.party.pk}", line.name) for line in left]
        who.choices += [
            (f"mediator:{row.pk}", _("Mediator %(name)s") % {"name": row.member.user.name})
            for row in view.mediators
            if row.pk not in view.mediators_signed
        ]

    def as_hand(self) -> Hand:
        data = self.cleaned_data
        what, _colon, key = data["who"].partition(":")
        scan = data["scan"]
        return Hand(
            how=data["how"], party_id=int(key) if what == "party" else None,
            mediator_id=int(key) if what == "mediator" else None, strokes=data["strokes"],
            scan=scan.read() if scan else b"", scan_name=scan.name if scan else "",
        )  # fmt: skip


def _found(request: HttpRequest, reference: str) -> tuple[Case, DisputeView]:
    """The dispute, for those who take part in it: its papers hold whole names. Refused otherwise."""
    case = casework.case_for(actor=request.actor, reference=reference)
    view = selectors.view_of(request.actor, case)
    if not view.mine:
        raise NotAllowed(_("The papers of an agreement are for those who take part. Ask a mediator."))
    return case, view


@require_http_methods(["GET", "POST"])
@staff_required
def sign(request: HttpRequest, reference: str) -> HttpResponse:
    """One person signs the written agreement."""
    case, view = _found(request, reference)
    ids = {row.member.user_id for row in view.mediators}
    policy.require(request.actor, Act.SIGN, case, ids)
    if view.dispute.state != DisputeState.SIGNING:
        raise WrongState(_("There is no agreement to sign here now."))
    start = {"how": SignedBy.SCREEN, "seen": case.last_seq}
    form = SignForm(request.POST or None, request.FILES or None, view=view, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            services.sign(
                actor=request.actor, case_id=case.pk, hand=form.as_hand(), at=timezone.now(),
                seen=form.cleaned_data["seen"],
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Signed. What is still missing stands on the page."))
            return redirect("casework:case", reference=reference)
    context = {"form": form, "case": case, "view": view, "lines": selectors.lines_of(view)}
    return render(request, "mediation/sign.html", context, status=422 if form.errors else 200)


@require_GET
@staff_required  # type: ignore[arg-type]
def scan(request: HttpRequest, reference: str, number: int) -> HttpResponseBase:
    """The scan of a signed paper. Who opened it is logged; the applicant can read it."""
    case, view = _found(request, reference)
    signature = next((s for s in view.signatures if s.pk == number and s.scan_id is not None), None)
    if signature is None:
        raise NotFound(_("There is no such document."))
    response = serving.respond(signature.scan_id or 0, headers=request.headers)
    if response.status_code == HTTPStatus.OK:
        subject = ("people.resident", case.resident_id) if case.resident_id else ("casework.case", case.pk)
        audit.record(request.actor, "document_opened", *subject, reason=reference, at=timezone.now())
    return response


@require_GET
@staff_required
def copy(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One numbered copy of the agreement."""
    case, view = _found(request, reference)
    agreement = _agreement(view)
    if number not in dict(papers.copies_of(view)):
        raise NotFound(_("There is no such copy."))
    content = papers.agreement_pdf(case, view, agreement, copy=number)
    return _pdf(content, name=f"{papers.number_of(case, agreement)}-{number}.pdf")


@require_GET
@staff_required
def court(request: HttpRequest, reference: str) -> HttpResponse:
    """The joint application to the court, when the agreement is in effect."""
    case, view = _found(request, reference)
    agreement = _agreement(view)
    if agreement.effective_at is None:
        raise WrongState(_("The court confirms an agreement that is in effect. This one is not yet."))
    content = papers.court_pdf(case, view, agreement)
    return _pdf(content, name=f"{papers.number_of(case, agreement)}-court.pdf")


def _agreement(view: DisputeView) -> Agreement:
    if view.agreement is None:
        raise NotFound(_("There is no agreement here. Lay it down first."))
    return view.agreement


def _pdf(content: bytes, *, name: str) -> HttpResponse:
    """A PDF shown in the browser and never kept by a cache in between."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
