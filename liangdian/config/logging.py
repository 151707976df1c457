"""Logs as JSON lines, one event a line, without personal data.

A line has ``event``, ``level``, ``logger``, ``timestamp`` (UTC) and, inside a request, ``request_id`` and
``user_id``. Texts are cleaned of what looks like a phone, an identity number, a secret or the token of a
resident's link. Of an exception only its type and its frames are kept: its words may quote what was typed.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

HIDDEN = "…"
_SECRETS = re.compile(
    r"ld_[A-Za-z0-9_-]{20,}"  # a token of the API
    r"|(?<=/m/)[^/\s?]+"  # the resident's link
    r"|(?<=/)[A-Za-z0-9_=-]{20,}(?=[/\s?]|$)"  # any other long secret in an address
    r"|(?:\+?\d{2}[ -]?)?1\d{2}[ -]?\d{4}[ -]?\d{4}"  # a mobile, as people group it
    r"|\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx]"  # an identity number, as people group it
    r"|\d{7,}[Xx]?"  # any long number
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"  # an e-mail address
)
# These are made by the product and are no one's.
_KEPT = frozenset({"timestamp", "request_id", "level", "logger"})


def hide(text: str) -> str:
    """``text`` without numbers and secrets that belong to somebody."""
    return _SECRETS.sub(HIDDEN, text)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, Mapping):
        return {hide(str(key)): _clean(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set):
        return [_clean(each) for each in value]
    return value if isinstance(value, int | float | bool | None) else hide(str(value))


def without_personal_data(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """The last step before a line is written."""
    return {key: value if key in _KEPT else _clean(value) for key, value in event.items()}


def frames_only(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as its type and where it happened, each cause with its own."""
    given = event.pop("exc_info", None)
    if not given:
        return event
    error = given if isinstance(given, BaseException) else given[1] if isinstance(given, tuple) else None
    chain = []
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)[-15:]
        chain.append(
            {
                "type": f"{type(error).__module__}.{type(error).__qualname__}",
                "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
            }
        )
        error = error.__cause__ or error.__context__
    event["exception"] = chain
    return event


class WithoutPaths(logging.Filter):
    """Django's lines about requests quote the address and sometimes more.

    Those about an error keep its status and place; the others only repeat our own line of the request.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if hasattr(record, "request"):
            if not record.exc_info:
                return False
            record.msg, record.args = "answered %s", (getattr(record, "status_code", "?"),)
        return True


def _formatter() -> structlog.stdlib.ProcessorFormatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            frames_only,
            without_personal_data,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_SHARED,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)


def logging_at(level: str) -> dict[str, Any]:
    """Django's LOGGING: everything of ``level`` and above to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_paths": {"()": WithoutPaths}},
        "formatters": {"json": {"()": _formatter}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "filters": ["without_paths"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own handlers would write the same lines again in their own form.
            "django": {"handlers": [], "level": "NOTSET", "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
        },
    }
