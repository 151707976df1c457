"""What the clock changes by itself when one of these limits runs out; the sweep calls it."""

from __future__ import annotations

from collections.abc import Callable

from liangdian.casework.services.acceptance import deem_accepted, fall_back
from liangdian.casework.services.assisting import assist_overdue
from liangdian.casework.services.pausing import go_on
from liangdian.casework.services.supervising import supervision_overdue
from liangdian.casework.states import ClockKind

BY_ITSELF: dict[ClockKind, Callable[..., None]] = {
    ClockKind.ACCEPTANCE: deem_accepted,
    ClockKind.SHORTFALL: fall_back,
    ClockKind.PAUSE: go_on,
    ClockKind.ASSIST: assist_overdue,
    ClockKind.SUPERVISION: supervision_overdue,
}
