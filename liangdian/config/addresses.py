"""Addresses that are worked out from others."""

from __future__ import annotations

from urllib.parse import urlsplit


def live_address(named: str, *, pages: str, port: str) -> str:
    """Where browsers reach the live server: as named, else the pages' host with ``port``; "" without both."""
    if named:
        return named.rstrip("/")
    if not port or port == "0":
        return ""
    parts = urlsplit(pages)
    host = parts.hostname or "127.0.0.1"
    return f"{parts.scheme or 'http'}://{f'[{host}]' if ':' in host else host}:{port}"
