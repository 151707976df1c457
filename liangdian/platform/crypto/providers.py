"""The ciphers that may stand behind the keyring; one small class each.

Both seal with a random 96-bit nonce and a 128-bit tag, so a changed byte is noticed.
"""

from __future__ import annotations

import os
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_TAG = 16


class Broken(Exception):
    """The sealed bytes were changed, or the key is another one."""


class Provider(Protocol):
    """``code`` marks what this provider sealed; ``key_size`` in bytes."""

    code: str
    key_size: int

    def hash(self) -> hashes.HashAlgorithm: ...

    def seal(self, key: bytes, plain: bytes) -> bytes: ...

    def open(self, key: bytes, sealed: bytes) -> bytes: ...


class International:
    """AES-256-GCM and SHA-256."""

    code = "a"
    key_size = 32

    def hash(self) -> hashes.HashAlgorithm:
        return hashes.SHA256()

    def seal(self, key: bytes, plain: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(key).encrypt(nonce, plain, None)

    def open(self, key: bytes, sealed: bytes) -> bytes:
        try:
            return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
        except (InvalidTag, ValueError) as error:
            raise Broken from error


class Commercial:
    """SM4-GCM and SM3 (GB/T 32907, GB/T 32905), for installations that must use them."""

    code = "s"
    key_size = 16

    def hash(self) -> hashes.HashAlgorithm:
        return hashes.SM3()

    def seal(self, key: bytes, plain: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        sealer = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
        body = sealer.update(plain) + sealer.finalize()
        return nonce + body + sealer.tag

    def open(self, key: bytes, sealed: bytes) -> bytes:
        if len(sealed) < _NONCE + _TAG:
            raise Broken
        nonce, body, tag = sealed[:_NONCE], sealed[_NONCE:-_TAG], sealed[-_TAG:]
        opener = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
        try:
            return opener.update(body) + opener.finalize()
        except InvalidTag as error:
            raise Broken from error


PROVIDERS: dict[str, Provider] = {"aes": International(), "sm": Commercial()}
