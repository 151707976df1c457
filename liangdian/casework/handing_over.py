"""Matters that somebody who leaves still works on: a colleague takes them over before his account ends.

The first handler of a matter is written once and stays; what counts is who works on it, or answers for it
in the place of a first handler who left.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liangdian.casework.models import Case
from liangdian.casework.states import OPEN
from liangdian.platform.accounts.leaving import StillOpen


def matters_in_hand(user_id: int, at: datetime) -> list[StillOpen]:
    """How many open matters lie with this person, without a word about them: who asks reads no matters."""
    his = Q(handler=user_id) | Q(successor=user_id)
    count = Case.objects.filter(his, state__in=[*OPEN]).count()
    if not count:
        return []
    who = _("The secretary or the coordinator gives them to a colleague.")
    return [StillOpen(label=_("Open matters"), count=count, who=who)]
