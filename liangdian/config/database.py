"""From a database address to Django's settings."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def database_from_url(url: str, *, pooled: bool = False) -> dict[str, Any]:
    """Django's DATABASES entry for a ``postgresql://`` address.

    ``pooled`` turns on Django's native psycopg pool (for server processes).
    Raises ValueError when the address is not one of PostgreSQL.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("DATABASE_URL must begin with postgresql://")
    query = dict(parse_qsl(parts.query))
    options: dict[str, object] = {
        # Unqualified names of the job queue are found in its own schema.
        "options": "-c search_path=public,jobs",
        **{k: v for k, v in query.items() if k not in {"host", "port"}},
    }
    if pooled:
        options["pool"] = {"min_size": 2, "max_size": 8, "timeout": 10}
    return {
        "ENGINE": "liangdian.platform.database",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": query.get("port") or str(parts.port or ""),
        "OPTIONS": options,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }
