"""How a session is shown to its owner: the browser in two words, and roughly from where."""

from __future__ import annotations

import ipaddress

# The first that fits counts: every browser also names those that it descends from.
_BROWSERS = (
    ("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("QQBrowser", "QQ"), ("UCBrowser", "UC"),
    ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def describe(user_agent: str) -> str:
    """``Chrome · Windows``; empty when nothing is recognised."""
    names = (
        next((name for mark, name in marks if mark in user_agent), "") for marks in (_BROWSERS, _SYSTEMS)
    )
    return " · ".join(name for name in names if name)


def coarse(address: str) -> str:
    """The first half of an IPv4 address, three groups of an IPv6 one: the network, not the person."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if known.version == 4:
        return ".".join(str(known).split(".")[:2]) + ".*.*"
    return ":".join(known.exploded.split(":")[:3]) + "::*"
