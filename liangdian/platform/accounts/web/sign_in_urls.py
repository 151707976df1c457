"""The part of allauth that staff need: sign in and out, second factor, password. No sign-up, no e-mail.

``account_signup`` must exist because allauth's sign-in page asks for its address; the adapter closes it.
"""

from allauth.account import views as allauth
from django.urls import include, path

from liangdian.platform.accounts.web import password, single_sign_on

urlpatterns = [
    path("login/", allauth.login, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path(
        "inactive/",
        allauth.AccountInactiveView.as_view(template_name="accounts/closed.html"),
        name="account_inactive",
    ),
    path(
        "signup/",
        allauth.SignupView.as_view(template_name_signup_closed="accounts/no_sign_up.html"),
        name="account_signup",
    ),
    path(
        "again/",
        allauth.ReauthenticateView.as_view(template_name="accounts/second_factor/again_password.html"),
        name="account_reauthenticate",
    ),
    path("service/<slug:provider_id>/", single_sign_on.begin, name="openid_connect_login"),
    path("service/<slug:provider_id>/callback/", single_sign_on.finish, name="openid_connect_callback"),
    path("second-factor/", include("liangdian.platform.accounts.web.second_factor_urls")),
    path(
        "password/change/",
        password.ChangePassword.as_view(),
        name="account_change_password",
    ),
]
