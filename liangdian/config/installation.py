"""A real installation: its keys and choices in ``var/installation.env``, readable only by its owner."""

from __future__ import annotations

import os
import secrets

from liangdian.config.places import INSTALLATION
from liangdian.foundation.refused import Refused

PRODUCTION = "liangdian.config.settings.prod"


def is_installed() -> bool:
    """True when ``liangdian init`` was done here."""
    return INSTALLATION.exists()


def load_installation(*, over: bool = False) -> None:
    """Put the installation's choices into the environment. What is set there wins, unless ``over``."""
    if not INSTALLATION.exists():
        return
    for line in INSTALLATION.read_text(encoding="utf-8").splitlines():
        name, separator, value = line.partition("=")
        if separator and not line.startswith("#") and (over or name not in os.environ):
            os.environ[name] = value


def write_installation(*, hosts: str, public_address: str) -> None:
    """Make fresh keys and write them down. Raises Refused when there is an installation."""
    if INSTALLATION.exists():
        raise Refused(f"There is an installation already: {INSTALLATION}. Nothing was changed.")
    INSTALLATION.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        "# The keys of this installation. Without LIANGDIAN_DATA_KEY the personal data cannot be read:",
        "# keep a copy in a safe place, apart from the backups.",
        f"DJANGO_SETTINGS_MODULE={PRODUCTION}",
        f"LIANGDIAN_HOSTS={hosts}",
        f"LIANGDIAN_PUBLIC_ADDRESS={public_address}",
        f"LIANGDIAN_SECRET_KEY={secrets.token_urlsafe(48)}",
        f"LIANGDIAN_DATA_KEY={secrets.token_urlsafe(48)}",
        "",
    ]
    descriptor = os.open(INSTALLATION, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
