"""Answering: JSON from a described shape, entity tags, and one answer for one idempotency key."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from liangdian.foundation.refused import Invalid, Refused, Stale
from liangdian.platform.api.models import StoredAnswer
from liangdian.platform.api.refusals import KeyReused, PreconditionMissing, problem_of
from liangdian.platform.crypto import blind_index

KEPT = timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{1,64}")
_TAG = re.compile(r'(?:W/)?"(\d{1,9})(?:-[0-9a-f]{1,16})?"')
_STORED_HEADERS = ("Content-Type", "ETag", "Location")
_STORE = """
INSERT INTO api_storedanswer (token_id, key, fingerprint, status, headers, body, at)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (token_id, key) DO NOTHING
"""


class _AnsweredMeanwhile(Exception):
    """A parallel request with the same key was faster; what this one did is undone."""


def answer(content: BaseModel, *, status: int = 200, **headers: str) -> HttpResponse:
    """``content`` as JSON. ``headers`` are written with underscores: ``Last_Modified=...``."""
    response = HttpResponse(content.model_dump_json(), status=status, content_type="application/json")
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response


def tagged(request: HttpRequest, content: BaseModel, *, version: int) -> HttpResponse:
    """``content`` with its entity tag, or 304 when the caller has it already (RFC 9110, 13.1.2).

    The tag begins with ``version`` (what If-Match is compared with) and ends with a hash of the content,
    because names, language and open acts change without the version.
    """
    response = answer(content)
    tag = f'"{version}-{hashlib.sha256(response.content).hexdigest()[:12]}"'
    known = [each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")]
    if tag in known or "*" in known:
        response = HttpResponse(status=304)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Authorization, Accept-Language"
    return response


def version_tag(version: int) -> str:
    """The tag of a version after a change, for the next If-Match."""
    return f'"{version}"'


def required_version(request: HttpRequest) -> int | None:
    """The version that the caller's If-Match was made for; None for ``*``.

    Raises PreconditionMissing without the header, Stale when it names nothing that this API gave out.
    """
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise PreconditionMissing(
            _("Read the matter first and send its ETag as If-Match, so that nobody's work is overwritten.")
        )
    if header == "*":
        return None
    found = _TAG.fullmatch(header)
    if found is None:
        raise Stale(_("This If-Match is not an ETag of this matter. Read it again."))
    return int(found[1])


def once(request: HttpRequest, perform: Callable[[], HttpResponse]) -> HttpResponse:
    """``perform()`` with the answer kept under the caller's Idempotency-Key, in the same transaction.

    The same key with the same request gets the same answer, refusals too, for 24 hours; in parallel as
    well, because the database lets only the first one in. Without a key it just performs.
    Raises KeyReused, Invalid, and what ``perform`` refuses when there is no key.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return perform()
    if not _KEY.fullmatch(key):
        raise Invalid(_("An Idempotency-Key has 1 to 64 visible ASCII characters."))
    token_id = request.caller.token_id  # type: ignore[attr-defined]
    fingerprint, now = _fingerprint(request), timezone.now()
    earlier = _earlier(token_id, key, fingerprint, since=now - KEPT)
    if earlier is not None:
        return earlier
    try:
        with transaction.atomic():
            response = perform()
            _keep(token_id, key, fingerprint, response, at=now)
    except Refused as refused:
        response = problem_of(request, refused)
        with transaction.atomic():
            if not _kept(token_id, key, fingerprint, response, at=now):
                response = _earlier(token_id, key, fingerprint, since=now - KEPT) or response
    except _AnsweredMeanwhile:
        response = _earlier(token_id, key, fingerprint, since=now - KEPT) or _lost(request)
    return response


def _lost(request: HttpRequest) -> HttpResponse:
    """The faster answer was swept in this very moment."""
    return problem_of(request, Refused(_("Send the request again.")))


def _fingerprint(request: HttpRequest) -> str:
    parts = (request.method or "", request.path, request.headers.get("If-Match", ""))
    return blind_index("\n".join(parts) + "\n" + hashlib.sha256(request.body).hexdigest(), "api-request")


def _earlier(token_id: int, key: str, fingerprint: str, *, since: datetime) -> HttpResponse | None:
    stored = StoredAnswer.objects.filter(token=token_id, key=key).first()
    if stored is None:
        return None
    if stored.at <= since:
        # Past its time, though not yet swept.
        stored.delete()
        return None
    if stored.fingerprint != fingerprint:
        raise KeyReused(_("This Idempotency-Key was used for another request. Use a new one."))
    response = HttpResponse(stored.body, status=stored.status)
    for name, value in stored.headers.items():
        response[name] = value
    response["Idempotency-Replayed"] = "true"
    return response


def _keep(token_id: int, key: str, fingerprint: str, response: HttpResponse, *, at: datetime) -> None:
    if not _kept(token_id, key, fingerprint, response, at=at):
        raise _AnsweredMeanwhile


def _kept(token_id: int, key: str, fingerprint: str, response: HttpResponse, *, at: datetime) -> bool:
    """Waits for a parallel request with the same key; False when that one has been answered."""
    headers = {name: response[name] for name in _STORED_HEADERS if response.has_header(name)}
    row: list[Any] = [
        token_id,
        key,
        fingerprint,
        response.status_code,
        json.dumps(headers),
        response.content.decode(),
        at,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_STORE, row)
        return bool(cursor.rowcount)


def forget_old_answers(*, at: datetime) -> int:
    """Delete the answers that are older than 24 hours. Returns how many."""
    return StoredAnswer.objects.filter(at__lte=at - KEPT).delete()[0]
