"""Who uses the data folder: one process at a time, told by a lock that dies with its holder."""

from __future__ import annotations

import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from liangdian.foundation.refused import Refused

_NAME = "in-use"


class InUse(Refused):
    """Another process works on this data folder."""

    code = "in-use"


@dataclass(frozen=True, slots=True)
class Tenant:
    """The process that holds the folder, and the address it serves, if it serves."""

    pid: str
    address: str


def running_tenant(folder: Path) -> Tenant | None:
    """Who holds ``folder`` now, None when it is free."""
    path = folder / _NAME
    if not path.exists():
        return None
    try:
        file = path.open("r+", encoding="utf-8")
    except PermissionError as error:
        raise _not_writable(folder, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid, _, address = file.read().strip().partition(" ")
            return Tenant(pid or "?", address)
        return None


class Tenancy:
    """``with Tenancy(folder):`` holds the folder. Raises InUse with a sentence when it is held."""

    def __init__(self, folder: Path, *, address: str = "") -> None:
        self.folder = folder
        self.address = address
        self._file: IO[str] | None = None

    def __enter__(self) -> Tenancy:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._file = (self.folder / _NAME).open("a+", encoding="utf-8")
        except (PermissionError, FileExistsError, NotADirectoryError) as error:
            raise _not_writable(self.folder, error) from error
        self._lock(self._file)
        self._file.truncate(0)
        self._file.write(f"{os.getpid()} {self.address}")
        self._file.flush()
        return self

    def _lock(self, file: IO[str]) -> None:
        for _attempt in range(20):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                # Somebody who only looks (running_tenant) holds it for an instant and writes nothing.
                tenant = running_tenant(self.folder)
                if tenant is not None and tenant.pid != "?":
                    file.close()
                    raise InUse(_in_use(self.folder, tenant)) from None
                time.sleep(0.05)
        file.close()
        raise InUse(f"The folder {self.folder} is in use by another process. Try again in a moment.")

    def __exit__(self, *exception: object) -> None:
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()


def _in_use(folder: Path, tenant: Tenant) -> str:
    if tenant.address:
        return (
            f"Liangdian already runs on {folder}: process {tenant.pid}, {tenant.address}. "
            "Stop it with Ctrl-C where it was started, or use another folder with LIANGDIAN_VAR."
        )
    return f"The folder {folder} is in use by process {tenant.pid}. Wait until that command has ended."


def _not_writable(folder: Path, error: OSError) -> Refused:
    return Refused(
        f"The folder {folder} cannot be used: {error.strerror}. "
        "Make it writable for you, or choose another with LIANGDIAN_VAR."
    )
