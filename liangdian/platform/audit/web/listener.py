"""Signing in and out, with success and failure, becomes rows of the access log (GB/T 22239-2019)."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.signals import password_changed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from liangdian.foundation.actor import Actor
from liangdian.platform.accounts.events import locked_out
from liangdian.platform.audit import services


def _address(request: HttpRequest | None) -> str:
    return (
        get_adapter(request).get_client_ip(request)
        if request is not None and request.META.get("REMOTE_ADDR")
        else ""
    )


def _log(
    act: str, request: HttpRequest | None, user: object = None, name: str = "", succeeded: bool = True
) -> None:
    person = Actor(user_id=user.pk, name=user.name) if user is not None else None  # type: ignore[attr-defined]
    services.record(
        person,
        act,
        "accounts.user",
        person.user_id if person else "",
        at=timezone.now(),
        name=name,
        succeeded=succeeded,
        ip=_address(request),
    )


@receiver(user_logged_in, dispatch_uid="audit.signed_in")
def on_signed_in(request: HttpRequest | None, user: object, **kwargs: object) -> None:
    _log("signed_in", request, user)


@receiver(user_logged_out, dispatch_uid="audit.signed_out")
def on_signed_out(request: HttpRequest | None, user: object, **kwargs: object) -> None:
    if user is not None:
        _log("signed_out", request, user)


@receiver(user_login_failed, dispatch_uid="audit.sign_in_failed")
def on_failed(credentials: dict[str, str], request: HttpRequest | None = None, **kwargs: object) -> None:
    _log("sign_in_failed", request, name=credentials.get("username") or "", succeeded=False)


@receiver(locked_out, dispatch_uid="audit.locked_out")
def on_locked_out(request: HttpRequest | None, username: str, **kwargs: object) -> None:
    _log("sign_in_locked", request, name=username, succeeded=False)


@receiver(password_changed, dispatch_uid="audit.password_changed")
def on_password_changed(request: HttpRequest | None, user: object, **kwargs: object) -> None:
    _log("password_changed", request, user)
