"""Which list is asked for, and how it is narrowed; read from the address in one place."""

from __future__ import annotations

from collections.abc import Mapping

from liangdian.casework.web.forms import FilterForm
from liangdian.casework.worklists import Filters, Worklist

NAMES = ("list", "kind", "channel", "state", "q")


def list_of(given: Mapping[str, str], name: str = "") -> Worklist:
    """The list of this name, or of the address; what lies with the person when neither is one."""
    try:
        return Worklist(name or given.get("list", Worklist.TODO))
    except ValueError:
        return Worklist.TODO


def filters_of(form: FilterForm, *, text: str | None = None) -> Filters:
    """What a filter form narrows to; nothing when it cannot be read. ``text`` stands for its own."""
    wanted = form.cleaned_data if form.is_valid() else {}
    return Filters(
        kind=wanted.get("kind", ""), channel=wanted.get("channel", ""), state=wanted.get("state", ""),
        text=wanted.get("q", "") if text is None else text,
    )  # fmt: skip


def query_of(worklist: Worklist, filters: Filters) -> dict[str, str]:
    """The parameters of an address that shows this list, narrowed in this way."""
    given = (worklist.value, filters.kind, filters.channel, filters.state, filters.text)
    return {name: value for name, value in zip(NAMES, given, strict=True) if value}
