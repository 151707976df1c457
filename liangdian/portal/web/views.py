"""Pages for residents: what we do, apply, follow, rate, the public commitments."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from liangdian.casework import selectors, services
from liangdian.casework.links import link_path, rating_path
from liangdian.casework.notices import receipt
from liangdian.casework.states import Channel, State
from liangdian.foundation.actor import resident
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import NotAllowed, Refused
from liangdian.insight import selectors as insight
from liangdian.platform.ui.forms import show_refusal
from liangdian.portal import online_desk
from liangdian.portal.web import attachments, limits
from liangdian.portal.web.forms import ApplyForm, FollowForm, RateForm
from liangdian.portal.web.resident_sign_in import too_many
from liangdian.registers.organisation import selectors as organisation

LOOKS = 20


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The front door: staff go on to their work, residents see what they can do."""
    if request.actor is not None:
        return redirect("casework:list")
    return render(request, "portal/home.html")


@never_cache
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """The resident's form. Answered with the link to follow the matter."""
    units = [(unit.pk, unit.label) for unit in organisation.communities()]
    form = ApplyForm(request.POST or None, units=units, initial=_only(units))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            case = services.register(
                actor=resident(data["name"][:100]),
                intake=services.Intake(
                    kind=data["kind"], channel=Channel.WEB, unit_id=data["unit"], words=data["words"],
                    first_handler_id=online_desk.first_handler_for(unit_id=data["unit"]),
                    resident_name=data["name"], phone=data["phone"], place=data["place"],
                    language=get_language() or "zh-hans", submission_key=data["submission_key"],
                ),
                at=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return redirect(link_path(case.reference) + "?new=1")
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/apply.html", {"form": form}, status=status)


def _only(units: list[tuple[int, str]]) -> dict[str, int]:
    return {"unit": units[0][0]} if len(units) == 1 else {}


@never_cache
@require_GET
def matter(request: HttpRequest, token: str) -> HttpResponse:
    """The resident's own page: where it stands, who answers for it, and the way to the rating."""
    page = selectors.resident_page(token=token, now=timezone.now())
    case = page.case
    waits = case.state == State.RESOLVED
    context = {
        "page": page, "case": case, "entries": page.entries, "new": "new" in request.GET, "token": token,
        "rate_path": rating_path(case.reference, case.round) if waits else "",
    } | attachments.panel_of(case)  # fmt: skip
    return render(request, "portal/matter.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """One answer is rated here, once; afterwards the page shows what was rated."""
    now, form = timezone.now(), RateForm(request.POST or None)
    if not limits.may_try(request, "rate", token):
        form = RateForm()
        context = {"too_many": too_many(), "form": form}
        return render(request, "portal/rate.html", context, status=429)
    page = selectors.rating_page(token=token)
    signed_in = request.user.pk if request.user.is_authenticated else None
    refusal: Refused | None = None
    if request.method == "POST" and (form.is_valid() or signed_in is not None or not page.open):
        try:
            services.rate_by_link(
                token=token, grade=form.cleaned_data.get("grade", ""), at=now, staff_id=signed_in,
                comment=form.cleaned_data.get("comment", ""),
                device=limits.device_of(request, business_date(now)),
            )  # fmt: skip
        except Refused as refused:
            if refused.field is None:
                refusal = refused
            else:
                show_refusal(form, refused)
        else:
            return redirect(f"{request.path}?rated=1")
    context = {
        "page": page, "case": page.case, "form": form, "refused": refusal, "rated": "rated" in request.GET,
        "as_staff": signed_in is not None, "link": link_path(page.case.reference),
    }  # fmt: skip
    status = 200 if request.method == "GET" else 422
    if refusal is not None:
        status = 403 if isinstance(refusal, NotAllowed) else 409
    return render(request, "portal/rate.html", context, status=status)


@never_cache
@require_GET
def looked(request: HttpRequest, token: str) -> HttpResponse:
    """Who saw the hidden numbers of the resident whose matter this is, when and why; never another's."""
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    case, lines = selectors.looks_at(token=token, before=before, limit=LOOKS + 1)
    page = {
        "next_url": f"?before={lines[LOOKS - 1].id}" if len(lines) > LOOKS else "",
        "previous_url": "?" if before else "",
    }
    context = {"case": case, "token": token, "lines": lines[:LOOKS], "page": page}
    return render(request, "portal/looked.html", context)


@never_cache
@require_GET
def matter_receipt(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt again, for whoever holds the link."""
    case = selectors.case_by_link(token=token)
    response = HttpResponse(receipt.receipt_pdf(case), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{case.reference}.pdf"'
    return response


@never_cache
@require_GET
def matter_notice(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """A notice again, as it was issued, for whoever holds the link."""
    found = selectors.notice_by_link(token=token, number=number)
    pdf = services.set_notice(notice_id=found.pk, at=timezone.now())
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Find one's own matter by the number on the receipt and the phone that was given."""
    form = FollowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reference = form.cleaned_data["reference"].upper()
        if not limits.may_try(request, "follow", reference):
            form.add_error(None, too_many())
            return render(request, "portal/follow.html", {"form": form}, status=429)
        found = online_desk.link_for(reference=reference, phone=form.cleaned_data["phone"])
        if found:
            return redirect(found)
        form.add_error(
            None, _("Number and phone do not belong together. Look at the receipt, or come to the window.")
        )
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/follow.html", {"form": form}, status=status)


@require_GET
def commitments(request: HttpRequest) -> HttpResponse:
    """What the centre promises, and beside each promise how it was kept in the last twelve months."""
    return render(request, "portal/commitments.html", {"rows": insight.commitments(now=timezone.now())})
