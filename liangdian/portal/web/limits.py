"""How often residents may knock: counted per network and per thing asked for."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest

from liangdian.platform.accounts.throttle import count, network
from liangdian.platform.crypto import blind_index

# The whole network of a village may stand behind one address: far more than one person needs.
_LIMITS = {
    "follow": ("60/600s/key", "10/600s/key"),
    "code": ("60/3600s/key", "3/600s/key,10/86400s/key"),
    "try": ("120/600s/key", "5/300s/key"),
    "rate": ("120/600s/key", "10/600s/key"),
    "receipt": ("60/600s/key", "5/600s/key"),
    "hold": ("60/600s/key", "10/600s/key"),
    "booking": ("60/600s/key", "5/600s/key"),
}


def device_of(request: HttpRequest, day: date) -> str:
    """A keyed hash of browser, network and day: it names nobody, and is another one tomorrow."""
    browser = request.META.get("HTTP_USER_AGENT", "")[:500]
    return blind_index(f"{day.isoformat()}|{network(request)}|{browser}", "rating-device")


def may_try(request: HttpRequest, what: str, thing: str) -> bool:
    """Count one try at ``thing`` (a phone, a number, a code that was sent); False when it is too many."""
    of_network, of_thing = _LIMITS[what]
    return count(
        request, app="portal", action=f"{what}-network", limit=of_network, key=network(request)
    ) and count(request, app="portal", action=what, limit=of_thing, key=thing)
