"""The second factor at allauth's own names, with our pages."""

from allauth.mfa.recovery_codes import views as recovery_codes
from django.urls import path

from liangdian.platform.accounts.web import second_factor_views as views

urlpatterns = [
    path("", views.Overview.as_view(), name="mfa_index"),
    path("code/", views.at_sign_in, name="mfa_authenticate"),
    path("again/", views.reauthenticate, name="mfa_reauthenticate"),
    path("again/key/", views.reauthenticate_key, name="mfa_reauthenticate_webauthn"),
    path("app/add/", views.add_app, name="mfa_activate_totp"),
    path("app/remove/", views.remove_app, name="mfa_deactivate_totp"),
    path("keys/add/", views.add_key, name="mfa_add_webauthn"),
    path("keys/<int:pk>/remove/", views.RemoveKey.as_view(), name="mfa_remove_webauthn"),
    path("recovery-codes/", views.codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", views.new_codes, name="mfa_generate_recovery_codes"),
    path("recovery-codes/file/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
