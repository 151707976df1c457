"""Pure rules of the catalogue."""

from __future__ import annotations

from liangdian.foundation.limits import Limit, LimitUnit

# The shortest and longest time a limit can take, in hours: for comparing limits of different units.
_SHORTEST = {
    LimitUnit.AT_ONCE: 0,
    LimitUnit.HOURS: 1,
    LimitUnit.WORKING_DAYS: 24,
    LimitUnit.CALENDAR_DAYS: 24,
}


def promise_exceeds_law(promised: Limit, legal: Limit | None) -> bool:
    """True when the promise is, or could be, longer than the law allows (rules §3: promised ≤ legal).

    n working days are always at least n calendar days, so a promise in working days is compared with a
    legal limit in calendar days by the longest run of rest days: it must leave room for them.
    """
    if legal is None or promised.unit is LimitUnit.AT_ONCE:
        return False
    if legal.unit is LimitUnit.AT_ONCE:
        return True
    if promised.unit == legal.unit:
        return promised.amount > legal.amount
    if promised.unit is LimitUnit.WORKING_DAYS and legal.unit is LimitUnit.CALENDAR_DAYS:
        weeks, rest = divmod(promised.amount, 5)
        return weeks * 7 + rest + (2 if rest else 0) > legal.amount
    return promised.amount * _SHORTEST[promised.unit] > legal.amount * _SHORTEST[legal.unit]
