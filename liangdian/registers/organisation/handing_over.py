"""Posts that somebody who leaves still holds: they are ended or filled anew before his account ends."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.clock import business_date
from liangdian.platform.accounts.leaving import StillOpen
from liangdian.registers.organisation.models import PostHolding


def posts_in_hand(user_id: int, at: datetime) -> list[StillOpen]:
    """Posts held now or from a later day on, in one query."""
    held = PostHolding.objects.filter(
        Q(until__isnull=True) | Q(until__gt=business_date(at)), user_id=user_id
    ).select_related("post__unit")
    return [
        StillOpen(
            label=f"{row.post.unit.label} · {row.post.label}",
            who=_("The system administrator ends the post or gives it to somebody else."),
            url=reverse("organisation:post", args=[row.post_id]),
        )
        for row in held.order_by("pk")
    ]
