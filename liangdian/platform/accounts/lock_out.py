"""Five failures lock an account for 300 seconds, counted from the fifth one (GB/T 22239-2019).

allauth counts the failures in the shared cache, a table: they outlive a restart and are common to all
processes. Its window slides, though: a lock would last only until the oldest failure is 300 seconds old.
So the failures are dated anew when the last permitted one happens.
"""

from __future__ import annotations

import math
import time

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_APP, _ACTION = "allauth.account", "login_failed"


def begin_when_full(request: HttpRequest, key: str) -> None:
    """After the last permitted failure: the whole lock begins now."""
    for rate, name in _of_the_account(request, key):
        if len(cache.get(name, [])) >= rate.amount:
            cache.set(name, [time.time()] * rate.amount, rate.duration)


def seconds_left(request: HttpRequest, key: str) -> int:
    """How long the account is still locked; 0 when it is not."""
    left = 0.0
    for rate, name in _of_the_account(request, key):
        failures = cache.get(name, [])
        if len(failures) >= rate.amount:
            left = max(left, failures[-1] + rate.duration - time.time())
    return max(0, math.ceil(left))


def told(request: HttpRequest, key: str) -> ValidationError:
    """The sentence for somebody who tries during the lock: it says when to try again."""
    seconds = seconds_left(request, key)
    if not seconds:  # not this account, but the computer it comes from
        sentence = _("Too many attempts from this computer. Please wait five minutes.")
    else:
        minutes = math.ceil(seconds / 60)
        sentence = ngettext(
            "Too many attempts. Please try again in %(minutes)d minute, "
            "or ask the security administrator for a new password.",
            "Too many attempts. Please try again in %(minutes)d minutes, "
            "or ask the security administrator for a new password.",
            minutes,
        ) % {"minutes": minutes}
    return ValidationError(sentence, code="too_many_login_attempts")


def _of_the_account(request: HttpRequest, key: str) -> list[tuple[ratelimit.Rate, str]]:
    """The limits that count per account, each with the name under which its failures are kept."""
    return [
        (rate, ratelimit.get_cache_key(request, app=_APP, action=_ACTION, rate=rate, key=key))
        for rate in ratelimit.get_rates(app=_APP, action=_ACTION)
        if rate.per == "key"
    ]
