"""Encryption at rest, keyed hashes for finding, and masks for the screen. No tables."""

from liangdian.platform.crypto.keyring import Unreadable, blind_index, decrypt, encrypt
from liangdian.platform.crypto.masks import mask_email, mask_identity, mask_name, mask_phone

__all__ = [
    "Unreadable",
    "blind_index",
    "decrypt",
    "encrypt",
    "mask_email",
    "mask_identity",
    "mask_name",
    "mask_phone",
]
