"""Acts on accounts become rows of the access log."""

from __future__ import annotations

from django.dispatch import receiver

from liangdian.platform.accounts.events import Administered, administered
from liangdian.platform.audit import services


@receiver(administered, dispatch_uid="audit.administered")
def on_administered(event: Administered, **kwargs: object) -> None:
    services.record(event.actor, event.act, "accounts.user", event.user_id, event.detail, event.at)
