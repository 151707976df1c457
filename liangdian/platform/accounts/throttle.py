"""How often somebody may knock, counted over all server processes.

What is counted is stored as a keyed hash: neither an address nor a phone stands in the table.
"""

from __future__ import annotations

import ipaddress

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.http import HttpRequest

from liangdian.platform.crypto import blind_index


def count(request: HttpRequest, *, app: str, action: str, limit: str, key: str) -> bool:
    """Count one try at ``key``; False when it is too many. ``limit``: ``5/300s/key``, several by comma."""
    hashed = blind_index(key, f"limit:{action}")
    usage = ratelimit.consume(
        request, app=app, action=action, config={action: limit}, key=hashed, limit_get=True
    )
    return usage is not None


def network(request: HttpRequest) -> str:
    """The /24 of an IPv4 address, the /48 of an IPv6 one: where many people may sit."""
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    return str(ipaddress.ip_network(f"{address}/{24 if address.version == 4 else 48}", strict=False))
