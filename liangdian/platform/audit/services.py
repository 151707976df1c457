"""Writing the access log."""

from __future__ import annotations

from datetime import datetime

from liangdian.foundation.actor import Actor
from liangdian.foundation.text import clean
from liangdian.platform import crypto
from liangdian.platform.audit.models import AccessLog


def record(
    actor: Actor | None,
    act: str,
    subject: str = "",
    subject_id: object = "",
    reason: str = "",
    at: datetime | None = None,
    *,
    name: str = "",
    succeeded: bool = True,
    ip: str = "",
) -> AccessLog:
    """Add one row in the transaction of the caller.

    ``act`` and ``subject`` are short codes ("identity_revealed", "people.resident"). ``name`` stands for
    somebody without an account, such as the user name of a failed sign-in. ``at`` is required.
    """
    if at is None:
        raise TypeError("record needs the moment of the act")
    return AccessLog.objects.create(
        at=at,
        actor_id=actor.user_id if actor else None,
        actor_name=(actor.name if actor else clean(name))[:150],
        actor_unit_id=actor.unit_id if actor else None,
        act=act,
        subject_type=subject,
        subject_id=str(subject_id)[:60],
        reason=clean(reason)[:500],
        succeeded=succeeded,
        ip_hash=crypto.blind_index(ip, "ip") if ip else "",
    )
