"""Pages of the petition desk: registration, the list, who the petitioner is."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from liangdian.casework import selectors as casework
from liangdian.casework.lights import light_of
from liangdian.desks.petitions import policy, selectors, services
from liangdian.desks.petitions.web.forms import ListForm, RegisterForm, WhyForm
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, NotFound, Refused
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.accounts.web.doors import role_required, staff_required
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.organisation.directory import Directory


@require_GET
@role_required(*policy.READERS)
def petitions(request: HttpRequest) -> HttpResponse:
    """The petitions that exist for this person, newest first, with filters."""
    form = ListForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    asked = request.GET.get("after", "")
    after = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    filters = selectors.Filters(**{name: wanted.get(name, "") for name in form.fields})
    page = selectors.page_of(request.actor, filters, after=after)
    days, now = calendar.shown_days(), timezone.now()
    query = {k: v for k, v in request.GET.items() if k in form.fields and v}
    pager = {
        "next_url": f"?{urlencode({**query, 'after': page.next_key})}" if page.next_key else "",
        "previous_url": f"?{urlencode(query)}" if page.has_previous else "",
    }
    context = {
        "form": form, "filtered": bool(query), "pager": pager,
        "rows": [(petition, light_of(petition.case, now=now, days=days)) for petition in page.rows],
        "may_register": policy.may_register(request.actor),
    }  # fmt: skip
    return render(request, "petitions/list.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required
def new(request: HttpRequest) -> HttpResponse:
    """Register a petition."""
    actor: Actor = request.actor
    units = Directory().choices(actor.paths(*policy.WORKING))
    if not units:
        raise NotFound(_("Your role does not receive petitions."))
    form = RegisterForm(
        request.POST or None, units=units, staff=_colleagues(actor), all_units=Directory().choices(("/",)),
        initial={"unit": actor.unit_id},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            case = services.register_petition(actor=actor, given=_given(form), at=timezone.now())
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Registered. Print the receipt and give it to the petitioner."))
            return redirect("casework:case", reference=case.reference)
    status = 422 if request.method == "POST" else 200
    return render(request, "petitions/new.html", {"form": form}, status=status)


def _colleagues(actor: Actor) -> list[tuple[int, str]]:
    """Everybody whom a petition could be about; oneself too, so that the refusal can be explained."""
    return [(user.pk, user.name) for user in accounts.staff_within("/")]


def _given(form: RegisterForm) -> services.Registration:
    data = form.cleaned_data
    return services.Registration(
        unit_id=data["unit"], words=data["words"], sort=data["sort"], way=data["way"], title=data["title"],
        route=data["route"], oral=data["oral"], read_back=data["read_back"], people=data["people"],
        representatives=data["representatives"], resident_name=data["resident_name"], phone=data["phone"],
        address=data["address"], unclear=data["unclear"], simplified=data["simplified"],
        major=data["major"], about_user_ids=tuple(data["about_users"]),
        about_unit_ids=tuple(data["about_units"]), language=get_language() or "zh-hans",
        submission_key=data["submission_key"],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required
def who(request: HttpRequest, reference: str) -> HttpResponse:
    """Who the petitioner is, once; the reason is logged before anything is shown."""
    case = casework.case_for(actor=request.actor, reference=reference)
    if request.method == "GET":  # back here by the language menu or a new visit: hidden again
        return redirect("casework:case", reference=case.reference)
    form = WhyForm(request.POST)
    found = None
    if form.is_valid():
        try:
            found = services.look_at_petitioner(
                actor=request.actor, case_id=case.pk, reason=form.cleaned_data["reason"], at=timezone.now()
            )
        except Invalid as refused:
            show_refusal(form, refused)
    context = {"case": case, "found": found, "form": form}
    return render(request, "petitions/who.html", context, status=422 if form.errors else 200)
