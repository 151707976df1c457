"""My tokens: a person makes keys to the API, sees their last use, ends them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from liangdian.foundation.refused import Invalid
from liangdian.platform.accounts import tokens
from liangdian.platform.accounts.token_model import Scope
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.ui.fields import Text
from liangdian.platform.ui.forms import show_refusal

DAYS = ((30, _("30 days")), (90, _("90 days")), (180, _("180 days")), (365, _("One year")))


class TokenForm(forms.Form):
    name = Text(
        label=_("What it is for"),
        max_length=tokens.LONGEST_NAME,
        help_text=_("So that you recognise it later, such as the name of the other system."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(label=_("Valid for"), coerce=int, choices=DAYS, initial=90)


@require_http_methods(["GET", "POST"])
@staff_required
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """The person's tokens and the form for a new one; its secret is shown once, on the page that follows."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = tokens.make_token(actor=request.actor, at=timezone.now(), **form.cleaned_data)
        except Invalid as refused:
            show_refusal(form, refused)
        else:
            return render(request, "accounts/token_made.html", {"token": token, "secret": secret})
    now = timezone.now()
    context = {"form": form, "tokens": tokens.tokens_of(user_id=request.actor.user_id), "now": now}
    return render(request, "accounts/tokens.html", context, status=422 if form.errors else 200)


@require_POST
@staff_required
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """End one of one's own tokens at once."""
    token = tokens.revoke_token(actor=request.actor, token_id=token_id, at=timezone.now())
    messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": token.name})
    return redirect("accounts:tokens")
