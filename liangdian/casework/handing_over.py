"""Matters that somebody who leaves still works on: a colleague takes them over before his account ends.

The first handler of a matter is written once and stays; what counts is who works on it, or answers for it.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from liangdian.casework.models import Case
from liangdian.casework.services import handing
from liangdian.platform.accounts.leaving import StillOpen


def matters_in_hand(user_id: int, at: datetime) -> list[StillOpen]:
    """How many open matters lie with this person, without a word about them: who asks reads no matters."""
    count = Case.objects.filter(handing.lying_with(user_id)).count()
    if not count:
        return []
    who = _("The secretary or the coordinator gives them to a colleague.")
    return [StillOpen(label=_("Open matters"), count=count, who=who)]
