"""What duty announces, as lines below the board of the hall: the two desks do not know each other."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from liangdian.desks.duty import absence
from liangdian.platform.ui.dates import moment_words


def closures(unit_id: int, at: datetime) -> list[str]:
    """Closures that hold or come within a week, in the reader's language."""
    return [_line(row) for row in absence.closures_announced([unit_id], at)]


def _line(row: absence.Closure) -> str:
    where = _("Window %(window)s") % {"window": row.window.number} if row.window else _("The hall")
    if row.ends_at is None:
        return _("%(where)s is closed from %(from)s until further notice: %(reason)s") % {
            "where": where, "from": moment_words(row.begins_at), "reason": row.reason,
        }  # fmt: skip
    return _("%(where)s is closed from %(from)s until %(until)s: %(reason)s") % {
        "where": where, "from": moment_words(row.begins_at), "until": moment_words(row.ends_at),
        "reason": row.reason,
    }  # fmt: skip
