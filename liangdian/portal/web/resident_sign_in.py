"""A resident signs in with a code sent to his phone and sees all his matters, or one with his receipt."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liangdian.casework import selectors as casework
from liangdian.casework.links import is_receipt_code, link_path
from liangdian.foundation.refused import Refused
from liangdian.platform.ui.forms import show_refusal
from liangdian.portal import sign_in_codes
from liangdian.portal.sign_in_codes import SIGNED_IN_FOR, Asked
from liangdian.portal.web import limits
from liangdian.portal.web.forms import CodeForm, PhoneForm, ReceiptForm
from liangdian.registers.people.numbers import read_phone

_ASKED, _RESIDENT = "resident_code", "resident"


def resident_ids(request: HttpRequest) -> list[int]:
    """The residents whose phone was proved in this browser within the last half hour; empty otherwise."""
    found = request.session.get(_RESIDENT)
    if found is None:
        return []
    if found["until"] < timezone.now().timestamp():
        del request.session[_RESIDENT]
        return []
    return found["ids"]


def _asked(request: HttpRequest) -> Asked | None:
    found = request.session.get(_ASKED)
    if found is None or found["until"] < timezone.now().timestamp():
        return None
    return Asked(**found)


def _page(request: HttpRequest, *, phone: PhoneForm, receipt: ReceiptForm, status: int) -> HttpResponse:
    context = {"phone": phone, "receipt": receipt, "by_phone": sign_in_codes.is_offered()}
    return render(request, "portal/sign_in.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a code. The answer is the same whether the phone is known or not."""
    form = PhoneForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, phone=form, receipt=ReceiptForm(), status=422 if form.errors else 200)
    try:
        phone = read_phone(form.cleaned_data["phone"])
    except Refused as refused:
        show_refusal(form, refused)
        return _page(request, phone=form, receipt=ReceiptForm(), status=422)
    if not limits.may_try(request, "code", phone):
        form.add_error(None, too_many())
        return _page(request, phone=form, receipt=ReceiptForm(), status=429)
    with transaction.atomic():
        asked = sign_in_codes.ask(phone=phone, language=get_language() or "zh-hans", at=timezone.now())
    request.session[_ASKED] = asked.as_dict()
    return redirect("portal:code")


@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Type the code; five tries."""
    asked = _asked(request)
    if asked is None:
        return redirect("portal:sign-in")
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if not limits.may_try(request, "try", asked.nonce):
            del request.session[_ASKED]
            return _page(request, phone=_with(PhoneForm({}), too_many()), receipt=ReceiptForm(), status=429)
        if form.is_valid():
            if sign_in_codes.is_right(asked, form.cleaned_data["code"], at=timezone.now()):
                return _open(request, asked)
            form.add_error(
                "code", _("This code is not right, or it is too old. Look at the newest message again.")
            )
    return render(request, "portal/code.html", {"form": form, "shown": asked.shown}, status=status)


def _open(request: HttpRequest, asked: Asked) -> HttpResponse:
    """The phone is proved: a new session key, and half an hour for reading."""
    now = timezone.now()
    del request.session[_ASKED]
    request.session.cycle_key()
    until = (now + SIGNED_IN_FOR).timestamp()
    request.session[_RESIDENT] = {"ids": asked.resident_ids, "until": until}
    sign_in_codes.note_signed_in(asked.resident_ids, at=now)
    return redirect("portal:my")


@never_cache
@require_POST
def with_receipt(request: HttpRequest) -> HttpResponse:
    """Number and code of a receipt open that one matter: paper gets lost, so not the others."""
    form = ReceiptForm(request.POST)
    status = 422
    if form.is_valid():
        reference = form.cleaned_data["reference"].upper()
        if not limits.may_try(request, "receipt", reference):
            form.add_error(None, too_many())
            status = 429
        elif is_receipt_code(reference, form.cleaned_data["code"]) and casework.exists(reference=reference):
            return redirect(link_path(reference))
        else:
            form.add_error(
                None, _("Number and code do not belong together. Look at the receipt, or come to the window.")
            )
    return _page(request, phone=PhoneForm(), receipt=form, status=status)


@never_cache
@require_safe
def my_matters(request: HttpRequest) -> HttpResponse:
    """All matters of whoever holds the phone, the newest first, each with the way to its own page."""
    ids = resident_ids(request)
    if not ids:
        return redirect("portal:sign-in")
    rows = [(case, link_path(case.reference)) for case in casework.matters_of_residents(ids)]
    return render(request, "portal/my.html", {"rows": rows})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Close the list on this device."""
    request.session.pop(_RESIDENT, None)
    request.session.pop(_ASKED, None)
    return redirect("portal:home")


def too_many() -> str:
    """The sentence for somebody who tries too often."""
    return _("Too many attempts. Please try again in ten minutes, or come to the window.")


def _with(form: PhoneForm, sentence: str) -> PhoneForm:
    form.is_valid()
    form.errors.clear()
    form.add_error(None, sentence)
    return form
