"""Secret links: the token goes to its holder, only its digest is stored."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """A fresh secret of 128 bits, 22 characters, safe in an address."""
    return secrets.token_urlsafe(16)


def digest(token: str) -> str:
    """The SHA-256 of ``token`` in 64 hexadecimal characters: what the database keeps."""
    return hashlib.sha256(token.encode()).hexdigest()
