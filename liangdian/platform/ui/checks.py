"""Start-up checks: a door in the rail must lead somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import checks

from liangdian.platform.ui import navigation


def doors_lead_somewhere(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Every registered navigation entry has an address in the URL configuration."""
    return [
        checks.Warning(
            f"The navigation entry '{entry.url_name}' has no address, so nobody sees it.",
            hint="Include the room's urls or correct the name.",
            id="ui.W001",
        )
        for entry in navigation.registered()
        if not entry.url
    ]
