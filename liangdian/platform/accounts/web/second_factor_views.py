"""Setting up and using a second factor: allauth's views in our words, and who must have one."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from liangdian.foundation.actor import Role
from liangdian.foundation.refused import Refused
from liangdian.platform.accounts import second_factor, selectors, services
from liangdian.platform.accounts.web.doors import role_required
from liangdian.platform.accounts.web.forms import RequiredRolesForm

security = role_required(Role.SECURITY)


@method_decorator(never_cache, name="dispatch")
class Overview(base.IndexView):
    """What this person signs in with, and what can be added."""

    template_name = "accounts/second_factor/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.actor
        found = super().get_context_data(**kwargs)
        return found | {
            "asked_here": second_factor.is_asked_here(),
            "required": second_factor.is_required(actor) if actor else False,
            "has_one": second_factor.has_one(self.request.user.pk),
        }


class RemoveKey(webauthn.RemoveWebAuthnView):
    """Taking a security key off the account; the last factor of a role that needs one stays."""

    template_name = "accounts/second_factor/remove_key.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        key: Authenticator = self.get_object()
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(key):
            raise Refused(adapter.error_messages["cannot_delete_authenticator"])
        return super().form_valid(form)


at_sign_in = base.AuthenticateView.as_view(template_name="accounts/second_factor/at_sign_in.html")
reauthenticate = base.ReauthenticateView.as_view(template_name="accounts/second_factor/again_code.html")
reauthenticate_key = webauthn.ReauthenticateWebAuthnView.as_view(
    template_name="accounts/second_factor/again_key.html"
)
add_app = never_cache(totp.ActivateTOTPView.as_view(template_name="accounts/second_factor/add_app.html"))
remove_app = totp.DeactivateTOTPView.as_view(template_name="accounts/second_factor/remove_app.html")
add_key = webauthn.AddWebAuthnView.as_view(template_name="accounts/second_factor/add_key.html")
codes = never_cache(
    recovery_codes.ViewRecoveryCodesView.as_view(template_name="accounts/second_factor/codes.html")
)
new_codes = recovery_codes.GenerateRecoveryCodesView.as_view(
    template_name="accounts/second_factor/new_codes.html"
)


@require_http_methods(["GET", "POST"])
@security
def required_roles(request: HttpRequest) -> HttpResponse:
    """Which roles need a second factor: the security administrator chooses."""
    form = RequiredRolesForm(
        request.POST or None, initial={"roles": [role.value for role in second_factor.required_roles()]}
    )
    if request.method == "POST" and form.is_valid():
        services.choose_required_roles(
            actor=request.actor,  # type: ignore[attr-defined]
            roles=form.cleaned_data["roles"],
            at=timezone.now(),
        )
        messages.success(request, _("Saved."))
        return redirect("accounts:required-roles")
    context = {"form": form, "asked_here": second_factor.is_asked_here()}
    return render(request, "accounts/required_roles.html", context, status=422 if form.errors else 200)


@require_POST
@security
def remove_factors(request: HttpRequest, user_id: int) -> HttpResponse:
    """A lost phone or key: the person sets up another second factor after the next sign-in."""
    selectors.user_by_id(user_id)
    services.remove_factors(actor=request.actor, user_id=user_id, at=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, _("The second factor was taken away."))
    return redirect("accounts:member", user_id)
