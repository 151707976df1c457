"""How often residents may knock: counted per network and per thing asked for, over all server processes.

What is counted is stored as a keyed hash: neither an address nor a phone stands in the table.
"""

from __future__ import annotations

import ipaddress

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.http import HttpRequest

from liangdian.platform.crypto import blind_index

# The whole network of a village may stand behind one address: far more than one person needs.
_LIMITS = {
    "follow": ("60/600s/key", "10/600s/key"),
    "code": ("60/3600s/key", "3/600s/key,10/86400s/key"),
    "try": ("120/600s/key", "5/300s/key"),
    "receipt": ("60/600s/key", "5/600s/key"),
    "hold": ("60/600s/key", "10/600s/key"),
    "booking": ("60/600s/key", "5/600s/key"),
}


def may_try(request: HttpRequest, what: str, thing: str) -> bool:
    """Count one try at ``thing`` (a phone, a number, a code that was sent); False when it is too many."""
    of_network, of_thing = _LIMITS[what]
    return _count(request, f"{what}-network", of_network, _network(request)) and _count(
        request, what, of_thing, thing
    )


def _count(request: HttpRequest, action: str, limit: str, key: str) -> bool:
    hashed = blind_index(key, f"limit:{action}")
    usage = ratelimit.consume(
        request, app="portal", action=action, config={action: limit}, key=hashed, limit_get=True
    )
    return usage is not None


def _network(request: HttpRequest) -> str:
    """The /24 of an IPv4 address, the /48 of an IPv6 one."""
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    return str(ipaddress.ip_network(f"{address}/{24 if address.version == 4 else 48}", strict=False))
