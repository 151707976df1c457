"""The part of allauth that staff need: sign in, sign out, change the password. No sign-up, no e-mail pages.

``account_signup`` must exist because allauth's sign-in page asks for its address; the adapter closes it.
"""

from allauth.account import views as allauth
from django.urls import path

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
        "password/change/",
        allauth.PasswordChangeView.as_view(template_name="accounts/password_change.html"),
        name="account_change_password",
    ),
]
