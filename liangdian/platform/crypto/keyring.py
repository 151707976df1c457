"""Sealing text and finding it again, with keys derived from ``settings.PERSONAL_DATA_KEY``.

A sealed text reads ``a.<key mark>.<base64>``: the provider, four bytes that tell which key was used, and
the sealed bytes. Keys of the past stay readable when they are listed in ``PERSONAL_DATA_OLD_KEYS``;
what is written is always sealed with the present key. ``PERSONAL_DATA_CIPHER`` is ``aes`` or ``sm``.
"""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from liangdian.platform.crypto.providers import PROVIDERS, Broken, Provider


class Unreadable(Exception):
    """A stored text cannot be opened: it was damaged, or its key is not configured."""


def encrypt(text: str) -> str:
    """The sealed form of ``text``; twice the same text gives two different seals."""
    provider = _provider()
    secret = settings.PERSONAL_DATA_KEY
    body = provider.seal(_key(secret, "encrypt", provider), text.encode())
    return f"{provider.code}.{_mark(secret)}.{base64.urlsafe_b64encode(body).decode()}"


def decrypt(sealed: str) -> str:
    """The text behind ``sealed``. Raises ``Unreadable``."""
    code, _dot, rest = sealed.partition(".")
    mark, _dot, body = rest.partition(".")
    provider = next((p for p in PROVIDERS.values() if p.code == code), None)
    secret = next((s for s in _secrets() if _mark(s) == mark), None)
    if provider is None or secret is None:
        raise Unreadable("sealed with a key or a cipher that is not configured")
    try:
        return provider.open(_key(secret, "encrypt", provider), base64.urlsafe_b64decode(body)).decode()
    except (Broken, binascii.Error) as error:
        raise Unreadable("the sealed text was damaged") from error


def blind_index(text: str, purpose: str) -> str:
    """A keyed hash (64 hex digits) by which an encrypted text is found again.

    ``purpose`` ("identity", "phone") keeps equal texts of different fields apart. It depends on the
    present key only: after a change of key the indexes must be written anew.
    """
    provider = _provider()
    mac = hmac.HMAC(_key(settings.PERSONAL_DATA_KEY, f"index:{purpose}", provider), provider.hash())
    mac.update(text.encode())
    return mac.finalize().hex()


def _provider() -> Provider:
    return PROVIDERS[getattr(settings, "PERSONAL_DATA_CIPHER", "aes")]


def _secrets() -> tuple[str, ...]:
    return (settings.PERSONAL_DATA_KEY, *getattr(settings, "PERSONAL_DATA_OLD_KEYS", ()))


def _key(secret: str, purpose: str, provider: Provider) -> bytes:
    return _derived(secret, f"liangdian:{purpose}:{provider.code}", provider.key_size)


def _mark(secret: str) -> str:
    return _derived(secret, "liangdian:mark", 4).hex()


@lru_cache(maxsize=64)
def _derived(secret: str, info: str, size: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=size, salt=None, info=info.encode()).derive(secret.encode())
