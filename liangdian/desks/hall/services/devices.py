"""Machines of the hall: made ready with a code that works once, enrolled, revoked."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.desks.hall import policy
from liangdian.desks.hall.models import Device, Hall
from liangdian.desks.hall.states import DeviceKind
from liangdian.desks.hall.wording import NO_SUCH_DEVICE, NO_SUCH_HALL
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.foundation.text import clean
from liangdian.foundation.tokens import digest, new_token
from liangdian.platform.audit import services as audit
from liangdian.registers.organisation import selectors as organisation

CODE_GOOD_FOR = timedelta(minutes=30)


@transaction.atomic
def make_device(
    *, actor: Actor, hall_id: int, kind: str, name: str, at: datetime, window_id: int | None = None
) -> tuple[Device, str]:
    """Make a machine ready. Returns it and its code of eight digits, which is shown once and works once

    within half an hour. Raises NotFound, NotAllowed, Invalid (kind, name, window).
    """
    hall = Hall.objects.select_related("unit").filter(policy.visible_to(actor), pk=hall_id).first()
    if hall is None:
        raise NotFound(NO_SUCH_HALL)
    policy.require_set_up(actor, hall.unit.path)
    if kind not in DeviceKind.values:
        raise Invalid(_("Choose what kind of machine it is."), field="kind")
    name = " ".join(clean(name).split())
    if not name or len(name) > 60:
        raise Invalid(_("Give the machine a name of at most 60 characters."), field="name")
    window = None
    if kind == DeviceKind.TABLET:
        near = {window.pk: window for window in organisation.windows_of(hall.unit)}
        window = near.get(window_id or 0)
        if window is None:
            raise Invalid(_("Choose the window at which the tablet stands."), field="window")
    code = f"{secrets.randbelow(10**8):08d}"
    device = Device.objects.create(
        hall=hall, kind=kind, name=name, window=window, code_digest=_code_digest(code),
        code_until=at + CODE_GOOD_FOR, made_by_id=actor.user_id, made_at=at,
    )  # fmt: skip
    audit.record(actor, "device_made", "hall.device", device.pk, name, at)
    return device, code


def _code_digest(code: str) -> str:
    """Eight digits could be tried out on a stolen table; without the installation's key they cannot."""
    return hmac.new(settings.SECRET_KEY.encode(), f"hall-device:{code}".encode(), "sha256").hexdigest()


@transaction.atomic
def claim_device(*, code: str, at: datetime) -> tuple[Device, str]:
    """Enrol the machine on which the code was typed. Returns it and its secret, which only it keeps.

    Raises Invalid for a code that is wrong, old or used; which of them is not said.
    """
    typed = "".join(letter for letter in code if letter.isdecimal())
    device = (
        Device.objects.select_for_update(of=("self",))
        .filter(code_digest=_code_digest(typed), code_until__gte=at, revoked_at__isnull=True)
        .first()
    )
    if device is None:
        raise Invalid(
            _("This code does not work. Ask for a new one; each works once, within half an hour."),
            field="code",
        )
    token = new_token()
    device.code_digest, device.code_until = None, None
    device.token_digest, device.enrolled_at, device.seen_at = digest(token), at, at
    device.save(update_fields=["code_digest", "code_until", "token_digest", "enrolled_at", "seen_at"])
    audit.record(SYSTEM, "device_enrolled", "hall.device", device.pk, device.name, at)
    return device, token


@transaction.atomic
def revoke_device(*, actor: Actor, device_id: int, at: datetime) -> Device:
    """From now on the machine opens nothing. Raises NotFound, NotAllowed; twice does no harm."""
    device = (
        Device.objects.select_for_update(of=("self",))
        .select_related("hall__unit")
        .filter(pk=device_id, hall__in=Hall.objects.filter(policy.visible_to(actor)))
        .first()
    )
    if device is None:
        raise NotFound(NO_SUCH_DEVICE)
    policy.require_set_up(actor, device.hall.unit.path)
    if device.revoked_at is None:
        device.revoked_at, device.code_digest, device.code_until, device.token_digest = at, None, None, None
        device.save(update_fields=["revoked_at", "code_digest", "code_until", "token_digest"])
        audit.record(actor, "device_revoked", "hall.device", device.pk, device.name, at)
    return device
