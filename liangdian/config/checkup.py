"""Is the installation healthy? One question after the other, each answered in one sentence."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from liangdian.casework.rules import DEFAULT_LIMITS
from liangdian.casework.selectors import limit_codes
from liangdian.config.places import VAR
from liangdian.foundation.actor import Role
from liangdian.foundation.clock import business_date
from liangdian.platform import crypto
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.jobs import selectors as jobs
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.people import selectors as people

HEARTBEAT = timedelta(seconds=60)
LATE = timedelta(minutes=5)
LITTLE_SPACE = 500 * 2**20
NEXT_YEAR_WANTED = (11, 15)  # the State Council's notice comes out in the autumn; by then it should be loaded


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question: ``words`` say what is, and what to do when it is not well."""

    name: str
    state: State
    words: str


Answer = tuple[State, str]


def examine(*, at: datetime) -> Iterator[Finding]:
    """All findings, the database first: without it the others are not asked."""
    for name, question in QUESTIONS:
        try:
            state, words = question(at)
        except DatabaseError as error:
            state, words = State.FAIL, f"the database refused: {str(error).strip().splitlines()[0]}"
        yield Finding(name, state, words)
        if state is State.FAIL and name in ("database", "migrations"):
            return


def _database(at: datetime) -> Answer:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone()
    return State.OK, f"PostgreSQL {version.split()[0]}, {size / 2**20:,.0f} MB"


def _migrations(at: datetime) -> Answer:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return State.FAIL, f"{len(missing)} are missing. Run: liangdian migrate"
    return State.OK, "all applied"


def _keys(at: datetime) -> Answer:
    probe = "probe"
    if crypto.decrypt(crypto.encrypt(probe)) != probe:
        return State.FAIL, "what is sealed cannot be opened again"
    if not people.sealed_numbers_open():
        return (
            State.FAIL,
            "stored numbers cannot be opened: LIANGDIAN_DATA_KEY is not the key they were sealed with",
        )
    return State.OK, "stored numbers can be opened"


def _staff(at: datetime) -> Answer:
    missing = [
        role.value for role in (Role.ADMINISTRATOR, Role.SECURITY) if not accounts.holders(role, "/", at)
    ]
    if missing:
        return State.FAIL, f"nobody is {' and nobody is '.join(missing)}. Run: liangdian create-admin"
    if not accounts.holders(Role.AUDITOR, "/", at):
        return State.WARN, "nobody is auditor: the access log is read by nobody"
    return State.OK, "system, security and audit each have somebody"


def _calendar(at: datetime) -> Answer:
    today, years = business_date(at), calendar.years()
    if today.year not in years:
        return State.FAIL, f"{today.year} is not loaded: promises are provisional. Load it under /calendar/"
    if (today.month, today.day) >= NEXT_YEAR_WANTED and today.year + 1 not in years:
        return State.WARN, f"{today.year + 1} is not loaded: promises that reach into it are provisional"
    return State.OK, f"loaded up to {max(years)}"


def _limits(at: datetime) -> Answer:
    codes = set(limit_codes())
    if not codes:
        return State.FAIL, "no limits. Was liangdian init run?"
    missing = sorted({limit.code for limit in DEFAULT_LIMITS} - codes)
    if missing:
        return State.FAIL, f"{', '.join(missing)} missing. Run: liangdian migrate"
    return State.OK, f"{len(codes)} limits"


def _worker(at: datetime) -> Answer:
    seen = jobs.last_heartbeat()
    if seen is None or at - seen > HEARTBEAT:
        return (
            State.FAIL,
            "no job worker is running: reminders and messages stand still. Run: liangdian serve",
        )
    waiting = jobs.oldest_waiting(at)
    if waiting is not None and at - waiting > LATE:
        return State.FAIL, f"a job waits since {waiting:%Y-%m-%d %H:%M} UTC: the worker does not keep up"
    failed = jobs.counts_by_state().get("failed", 0)
    if failed:
        return State.WARN, f"running; {failed} jobs failed for good"
    return State.OK, "running, nothing waits"


def _mail(at: datetime) -> Answer:
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return State.OK, f"not sent by a server ({settings.EMAIL_BACKEND.rsplit('.', 2)[-2]})"
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    mail = get_connection(timeout=5)
    try:
        mail.open()
        mail.close()
    except OSError as error:  # smtplib's own errors are among them
        return State.FAIL, f"{where} does not answer: {error}. Set EMAIL_HOST and EMAIL_PORT"
    return State.OK, f"{where} answers"


def _storage(at: datetime) -> Answer:
    name = f"check/{uuid.uuid4().hex}"
    storage = storages["documents"]
    # Any part of a foreign storage may fail in its own way; each is the same finding.
    try:
        kept = storage.save(name, ContentFile(b"probe"))
        with storage.open(kept) as file:
            same = file.read() == b"probe"
        storage.delete(kept)
    except Exception as error:
        return State.FAIL, f"documents cannot be written: {error}"
    if not same:
        return State.FAIL, "documents come back otherwise than they were written"
    return State.OK, "documents can be written, read and deleted"


def _space(at: datetime) -> Answer:
    free = shutil.disk_usage(VAR if VAR.exists() else VAR.parent).free
    state = State.OK if free >= LITTLE_SPACE else State.WARN
    return state, f"{free / 2**30:,.1f} GB free"


QUESTIONS: tuple[tuple[str, Callable[[datetime], Answer]], ...] = (
    ("database", _database),
    ("migrations", _migrations),
    ("keys", _keys),
    ("administrators", _staff),
    ("calendar", _calendar),
    ("limits", _limits),
    ("worker", _worker),
    ("mail", _mail),
    ("storage", _storage),
    ("disk", _space),
)
