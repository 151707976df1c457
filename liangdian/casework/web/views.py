"""Pages of casework: one domain call, one translation."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from liangdian.casework import policy, selectors, services, worklists
from liangdian.casework.act_pages import ActPage
from liangdian.casework.lights import light_of
from liangdian.casework.links import link_path
from liangdian.casework.notices import receipt
from liangdian.casework.policy import Act
from liangdian.casework.procedures import act_page
from liangdian.casework.states import Kind
from liangdian.casework.web import attachments, many, residents, saved, similar
from liangdian.casework.web.acts import BUTTONS, PAGES, PRIMARY, act_form, arguments_of, takes_seen
from liangdian.casework.web.asked import filters_of, list_of, query_of
from liangdian.casework.web.forms import FilterForm, IntakeForm
from liangdian.foundation.refused import Invalid, NotFound, Refused, Stale
from liangdian.foundation.text import clean
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.search.highlights import excerpt, marked
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.catalogue import selectors as catalogue
from liangdian.registers.organisation.directory import Directory
from liangdian.registers.people import selectors as people

unit_choices = Directory().choices


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required
def worklist(request: HttpRequest, name: str = "") -> HttpResponse:
    """A worklist with its filters, one keyset page. The search box posts: a phone or identity number never
    stands in an address, words go on into one."""
    typed = clean((request.POST if request.method == "POST" else request.GET).get("q", ""))[:100]
    number = people.is_whole_number(typed)
    if request.method == "POST" and not number:
        return redirect(f"{request.path}?{urlencode({'q': typed})}" if typed else request.path)
    if request.method == "GET" and number:
        # Led away at once, so that neither the address nor the page repeats the number.
        sentence = _("Please type the number into the search box above: it must not stand in an address.")
        messages.warning(request, sentence)
        return redirect(request.path)
    kept = [] if name else saved.saved_of(request.actor)
    if request.method == "GET" and not request.GET and (own := saved.opening(kept)):
        return redirect(own)
    chosen, form = list_of(request.GET, name), FilterForm(request.GET)
    filters = filters_of(form, text=typed if number else None)
    now = timezone.now()
    page = worklists.page_of(chosen, request.actor, filters, now=now, after=request.GET.get("after", "")[:80])
    days = calendar.shown_days()
    if not name:
        _count_lists(request, now)
    query = {k: str(v) for k, v in request.GET.items() if k != "after" and v}
    if filters.text and not number:
        for case in page.rows:
            case.found = _found_in(case, filters.text)  # type: ignore[attr-defined]
    context = {
        "chosen": chosen,
        "may_choose": many.may_do_many(request.actor),
        "title": worklists.LABELS[chosen],
        "empty": worklists.EMPTY[chosen],
        "rows": [(case, light_of(case, now=now, days=days)) for case in page.rows],
        "form": form,
        "filtered": any((filters.kind, filters.channel, filters.state, filters.text)),
        "export": "" if number else urlencode(query_of(chosen, filters)),
        **({} if number else saved.panel(kept, chosen, filters)),
        "pager": {} if number else _pager(page, query),
    }
    return render(request, "casework/worklist.html", context)


def _found_in(case: Any, text: str) -> dict[str, Any]:
    """Title, name and number with the found words marked, and the resident's words around them."""
    return {
        "title": marked(case.shown_title, text),
        "name": marked(case.resident.name, text) if case.resident else "",
        "reference": marked(case.reference, text),
        "words": excerpt(case.detail.words, text) or excerpt(case.detail.place, text),
    }


def _count_lists(request: HttpRequest, now: datetime) -> None:
    """Put the numbers of all lists beside their names in the rail; one statement."""
    lists = reverse("casework:list")
    counted = worklists.counts(request.actor, now=now).items()
    request.rail_counts = {f"{lists}?list={worklist.value}": n for worklist, n in counted if n}  # type: ignore[attr-defined]


def _pager(page: worklists.Page, query: dict[str, str]) -> dict[str, str]:
    return {
        "next_url": f"?{urlencode({**query, 'after': page.next_key})}" if page.next_key else "",
        "previous_url": f"?{urlencode(query)}" if page.has_previous else "",
    }


@require_http_methods(["GET", "POST"])
@staff_required
def intake(request: HttpRequest) -> HttpResponse:
    """Register a matter at the window or by phone."""
    units = unit_choices(request.actor.paths(*policy.roles_for(Act.REGISTER, policy.Reach.UNIT)))
    if not units:
        raise NotFound(_("Your role does not register matters."))
    home = {"unit": request.actor.unit_id, "kind": request.GET.get("kind", Kind.SERVICE)}
    finding = "find" in request.POST
    form = IntakeForm(request.POST or None, units=units, staff=_colleagues(request), initial=home)
    if finding:
        form = IntakeForm(initial=request.POST.dict() | {"needs": request.POST.getlist("needs")},
                          units=units, staff=_colleagues(request))  # fmt: skip
    elif request.method == "POST" and form.is_valid():
        try:
            case = services.register(actor=request.actor, intake=_intake_of(request, form), at=timezone.now())
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Registered. Print the receipt and give it to the resident."))
            return redirect("casework:case", reference=case.reference)
    status = 422 if request.method == "POST" and not finding else 200
    typed = request.POST if request.method == "POST" else request.GET
    context = {
        "form": form,
        "items": catalogue.item_suggestions(""),
        **residents.choices(request.actor, typed),
        **(similar.suspects_of_typed(request.actor, typed) if request.method == "POST" else {}),
    }
    return render(request, "casework/intake.html", context, status=status)


def _colleagues(request: HttpRequest) -> list[tuple[int, str]]:
    """Everybody whom a complaint could be about; oneself too, so that the refusal can be explained."""
    paths = request.actor.paths()
    return [(u.pk, u.name) for u in accounts.staff_within(min(paths, key=len))] if paths else []


def _intake_of(request: HttpRequest, form: IntakeForm) -> services.Intake:
    data = form.cleaned_data
    item = data["item"]
    return services.Intake(
        kind=data["kind"], channel=data["channel"], unit_id=data["unit"], words=data["words"],
        first_handler_id=request.actor.user_id, item_version_id=item.pk if item else None,
        resident_id=data["resident"], resident_name=data["resident_name"], phone=data["phone"],
        identity=data["identity"], address=data["address"], needs=tuple(data["needs"]), urgent=data["urgent"],
        documents_complete=data["documents_complete"],
        about_user_id=data["about"], language=get_language() or "zh-hans",
        submission_key=data["submission_key"],
    )  # fmt: skip


@require_GET
@staff_required
def item_options(request: HttpRequest) -> HttpResponse:
    """The options of the item field for what is typed so far."""
    items = catalogue.item_suggestions(clean(request.GET.get("item", ""))[:60])
    return render(request, "casework/item_options.html", {"items": items})


@require_GET
@staff_required
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """The heart: the resident's words, the promise, the first handler, the next acts, the history."""
    page = selectors.case_page(actor=request.actor, reference=reference, now=timezone.now())
    context = _case_context(page) | residents.phone_of(request.actor, page.case)
    context |= attachments.panel_of(request.actor, page.case)
    return render(request, "casework/case.html", context)


def _case_context(page: selectors.CasePage) -> dict[str, Any]:
    likely = (Act.REFER, *PRIMARY) if page.case.returned else PRIMARY
    primary = next((PAGES[a] for a in likely if a in page.acts), None)
    rest = [PAGES[a] for a in (*PRIMARY, *BUTTONS) if a in page.acts and PAGES[a] is not primary]
    shown = {p.act for p in rest} | ({primary.act} if primary else set())
    more = [p for a, p in PAGES.items() if a in page.acts and a not in shown]
    desk = [found[1] for code in page.part.acts if (found := act_page(code))]
    if desk:
        primary, rest = desk[0], [*desk[1:], *([primary] if primary else []), *rest]
    return {
        "page": page,
        "case": page.case,
        "entries": page.entries,
        "primary": primary,
        "refer_open": Act.REFER in page.acts,
        "buttons": rest,
        "more": more,
        "link": link_path(page.case.reference),
    }


@require_http_methods(["GET", "POST"])
@staff_required
def act(request: HttpRequest, reference: str, act: str) -> HttpResponse:
    """One act on a case: its form, its refusal, what changed meanwhile, or the case page again."""
    found = selectors.case_for(actor=request.actor, reference=reference)
    page = _page_of(act, found)
    if request.method == "GET":
        selectors.require_open(request.actor, page.act, found, now=timezone.now())
    form = _act_form(request, page, found)
    if request.method == "GET" and form is not None and "other" in form.fields:
        form.initial["other"] = clean(request.GET.get("other", ""))[:40]
    changes: list[Any] = []
    status = 200 if request.method == "GET" else 422
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            _perform(request, page, found.pk, form)
        except Stale as refused:
            if form is None:
                raise
            changes = selectors.changes_since(
                actor=request.actor, reference=reference, seen=int(str(refused.details["seen"]))
            )
            form, status = _renewed(request, page, found), 409
        except Invalid as refused:
            if form is None:
                raise
            show_refusal(form, refused)
        else:
            messages.success(request, _("Done: %(act)s.") % {"act": page.label})
            return redirect(_after_act(request, reference))
    if form is None:
        return redirect("casework:case", reference=reference)
    context = {"page": page, "case": found, "form": form, "changes": changes}
    return render(request, "casework/act.html", context, status=status)


def _page_of(act: str, case: Any) -> ActPage:
    """The spine's act, or one of the desk whose matter it is. Raises NotFound."""
    desk = act_page(act)
    page = PAGES.get(act) if desk is None else desk[1] if desk[0].kind == case.kind else None
    if page is None:
        raise NotFound(_("There is no such act."))
    return page


def _after_act(request: HttpRequest, reference: str) -> str:
    """Back to the case; to the worklist when the act moved it out of sight."""
    try:
        selectors.case_for(actor=request.actor, reference=reference)
    except NotFound:
        return reverse("casework:list")
    return reverse("casework:case", args=[reference])


def _act_form(request: HttpRequest, page: ActPage, case: Any, data: Any = None) -> Any:
    data = data if data is not None else request.POST if request.method == "POST" else None
    return act_form(page, case, data)


def _renewed(request: HttpRequest, page: ActPage, case: Any) -> Any:
    """The same form with everything typed, now knowing the newest event."""
    data = request.POST.copy()
    data["seen"] = str(case.last_seq)
    return _act_form(request, page, case, data)


def _perform(request: HttpRequest, page: ActPage, case_id: int, form: Any) -> None:
    arguments = arguments_of(page, form)
    if takes_seen(page):
        seen = form.cleaned_data["seen"] if form is not None else request.POST.get("seen")
        arguments["seen"] = int(seen) if seen is not None and str(seen).isdecimal() else None
    page.service(actor=request.actor, case_id=case_id, at=timezone.now(), **arguments)


@require_GET
@staff_required
def receipt_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The resident's receipt: number, promise, first handler, and the code to follow it."""
    found = selectors.case_for(actor=request.actor, reference=reference)
    return pdf_response(receipt.receipt_pdf(found), name=f"{found.reference}.pdf")


@require_GET
@staff_required
def notice_pdf(request: HttpRequest, reference: str, number: str) -> HttpResponse:
    """A notice as it was issued; the same bytes at every print."""
    found = selectors.notice_for(actor=request.actor, reference=reference, number=number)
    pdf = services.set_notice(notice_id=found.pk, at=timezone.now())
    return pdf_response(pdf, name=f"{found.number}.pdf")


def pdf_response(content: bytes, *, name: str) -> HttpResponse:
    """A PDF shown in the browser and never kept by a cache in between."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
