"""Where the bytes lie: below ``settings.DOCUMENTS_ROOT``, or in an S3-compatible store (Django's STORAGES).

A name is made from the content alone, so nothing that a person types is ever part of a path.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.deconstruct import deconstructible

ALIAS = "documents"
QUARANTINE = "quarantine"


@deconstructible
class ContentFolder(FileSystemStorage):
    """Files that are written whole or not at all, and are on the disk when ``save`` returns.

    Only the account that runs the product can read them.
    """

    def __init__(self, location: str | None = None) -> None:
        super().__init__(location, file_permissions_mode=0o600, directory_permissions_mode=0o700)
        self._folder = location

    @property
    def base_location(self) -> str:  # type: ignore[override]
        return str(self._folder or settings.DOCUMENTS_ROOT)

    @property
    def location(self) -> str:  # type: ignore[override]
        return str(Path(self.base_location).absolute())

    def is_name_available(self, name: str, max_length: int | None = None) -> bool:
        """Always: the same name is the same content."""
        return True

    def _save(self, name: str, content: Any) -> str:
        target = Path(self.path(name))
        self._make_folder(target.parent)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".part-")
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
        return name

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(mode=self.directory_permissions_mode or 0o700, exist_ok=True)
        _sync_folder(folder.parent)

    def delete(self, name: str) -> None:
        """Remove the file for good: it does not come back after a power cut."""
        super().delete(name)
        folder = Path(self.path(name)).parent
        if folder.is_dir():
            _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def store() -> Storage:
    """The storage that the installation chose."""
    return storages[ALIAS]


def key_of(sha256: str) -> str:
    """The name under which the bytes lie: two levels of 256 folders."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def quarantine_key_of(sha256: str) -> str:
    """Where infected bytes lie; nothing is ever served from there."""
    return f"{QUARANTINE}/{sha256}"


def write(key: str, content: bytes) -> None:
    """Keep ``content`` under exactly ``key``."""
    store().save(key, ContentFile(content))


def read(key: str) -> bytes:
    """All bytes under ``key``. Raises FileNotFoundError."""
    with store().open(key, "rb") as file:
        content = file.read()
        assert isinstance(content, bytes)
        return content
