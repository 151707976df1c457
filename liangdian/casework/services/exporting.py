"""A worklist leaves the house as a table: who took which list, and how many rows, is a row of the log."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from liangdian.casework.policy import Case
from liangdian.casework.worklists import Filters, Worklist, exported
from liangdian.foundation.actor import Actor
from liangdian.platform.audit import services as audit


@transaction.atomic
def export_list(*, actor: Actor, worklist: Worklist, filters: Filters, form: str, at: datetime) -> list[Case]:
    """The rows of a list that exist for the actor, for a file; the export stands in the access log before.

    The words that were searched are not written there: they may be a name. Raises NotAllowed, Invalid.
    """
    rows = exported(worklist, actor, filters, now=at)
    given = [f"list={worklist.value}"]
    given += [
        f"{name}={getattr(filters, name)}" for name in ("kind", "channel", "state") if getattr(filters, name)
    ]
    given += ["words searched"] if filters.text else []
    audit.record(
        actor,
        "list_exported",
        "casework.list",
        worklist.value,
        f"{form}, {len(rows)}: {', '.join(given)}",
        at,
    )
    return rows
