"""What a desk adds to a case: its procedure, declared as data and registered when the product starts.

The spine keeps promise, first handler, referral, history, rating and figures. A desk adds a detail table of
its own, and here: its acts, what its events are called, its clocks, notices and limits, who may read its
cases, and its part of the case page. Codes of a desk carry its name before a dot: ``petitions.accepted``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liangdian.casework.act_pages import ActPage
from liangdian.casework.models import Case, Event
from liangdian.casework.rules import DefaultLimit, WrongState
from liangdian.casework.states import GENERAL, Kind
from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.limits import Limit


@dataclass(frozen=True, slots=True)
class Told:
    """How one kind of event reads. ``title`` is given the event's data and the names of units and people.

    ``said``: its text was written for the resident or by him; otherwise only colleagues read it.
    """

    label: object
    title: Callable[[dict[str, Any], Any], str]
    icon: str
    said: bool = False


@dataclass(frozen=True, slots=True)
class DeskClock:
    """A clock of a desk. ``late`` is said when it runs out; ``by_itself`` does what the clock does alone.

    ``by_itself`` is called inside the sweep as ``by_itself(case, clock, at=…)`` on the locked case.
    """

    label: object
    late: object
    by_itself: Callable[..., None] | None = None


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """What a notice of a desk says, in the language that is active: see ``casework.notices.content``.

    ``rows`` are facts (name, value); ``papers`` a numbered list below ``papers_title``.
    """

    lead: str
    rows: list[tuple[str, str]] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)
    papers_title: str = ""
    next: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class DeskNotice:
    """A kind of notice of a desk. ``words(case, event, extra)`` is called in the resident's language."""

    label: object
    words: Callable[[Case, Event, dict[str, str]], NoticeWords]


@dataclass(frozen=True, slots=True)
class DeskPart:
    """The desk's part of a case page: the acts open to the actor now, and a template with its context."""

    acts: Collection[str] = ()
    template: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LimitOfDesk:
    """A limit of a desk with its name; ``law_most``: what the law allows at most, if it says anything."""

    limit: DefaultLimit
    label: object
    law_most: Limit | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """Everything that makes a case of ``kind`` more than a general matter.

    ``keeps``: the acts of the spine that this kind keeps; all others belong to the desk's own acts.
    ``readers``: the roles that read such cases of their units; None means everybody who reads matters there.
    The handlers themselves always do. ``hidden_from(actor)``: cases that do not exist for this actor whatever
    his role and even as handler; part of every query, counts included. An empty Q hides nothing.
    ``discreet``: who brought it is hidden on every page, list, search, bell and in the API until somebody
    looks with a reason (``services.reveal_resident``), which is logged and shown to the resident.
    ``part`` builds the desk's part of the page of staff, ``resident_part`` of the resident's.
    """

    kind: Kind
    acts: tuple[ActPage, ...]
    part: Callable[[Actor, Case, datetime], DeskPart]
    keeps: frozenset[str]
    told: Mapping[str, Told] = field(default_factory=dict)
    clocks: Mapping[str, DeskClock] = field(default_factory=dict)
    notices: Mapping[str, DeskNotice] = field(default_factory=dict)
    limits: tuple[LimitOfDesk, ...] = ()
    sources: Mapping[str, object] = field(default_factory=dict)
    readers: tuple[Role, ...] | None = None
    hidden_from: Callable[[Actor], Q] | None = None
    resident_part: Callable[[Case, datetime], DeskPart] | None = None
    discreet: bool = False


_BY_KIND: dict[str, Procedure] = {}


def register(procedure: Procedure) -> None:
    """Make a desk's procedure known; called once a kind from the desk's ``apps.py``.

    Raises ValueError for a second procedure of a kind and for a code without the desk's name.
    """
    if procedure.kind in _BY_KIND:
        raise ValueError(f"{procedure.kind} has a procedure already")
    codes = [page.act for page in procedure.acts]
    codes += [*procedure.told, *procedure.clocks, *procedure.notices]
    desks = {code.partition(".")[0] if "." in code else "" for code in codes}
    if "" in desks or len(desks) > 1:
        raise ValueError(f"Codes of one desk carry its name before a dot, not {sorted(desks)}")
    _BY_KIND[procedure.kind] = procedure


def procedure_of(kind: str) -> Procedure | None:
    """The procedure of a kind; None for a general matter."""
    return _BY_KIND.get(kind)


def is_taken(kind: str) -> bool:
    """True for the general kinds and for those whose desk is there."""
    return kind in GENERAL or kind in _BY_KIND


def procedures() -> tuple[Procedure, ...]:
    """All that are known, in the order in which they were registered."""
    return tuple(_BY_KIND.values())


def require_kept(kind: str, act: str) -> None:
    """Raises WrongState for an act of the spine that this kind of case does not keep."""
    procedure = _BY_KIND.get(kind)
    if procedure is not None and act not in procedure.keeps:
        raise WrongState(_("This kind of matter has its own procedure. Use the acts on its page."))


def is_narrow(kind: str) -> bool:
    """True when not everybody who reads matters of a unit reads those of this kind."""
    procedure = _BY_KIND.get(kind)
    return procedure is not None and (procedure.readers is not None or procedure.hidden_from is not None)


def is_discreet(kind: str) -> bool:
    """True when who brought a matter of this kind is hidden until somebody looks with a reason."""
    procedure = _BY_KIND.get(kind)
    return procedure is not None and procedure.discreet


def discreet_kinds() -> list[str]:
    """The kinds of which the residents are hidden."""
    return [procedure.kind for procedure in _BY_KIND.values() if procedure.discreet]


def in_charge_of(kind: str) -> tuple[Role, ...] | None:
    """The roles that look after matters of this kind without a handler; None: as for general matters."""
    procedure = _BY_KIND.get(kind)
    return procedure.readers if procedure is not None else None


def act_page(code: str) -> tuple[Procedure, ActPage] | None:
    """The act of a desk with this code."""
    for procedure in _BY_KIND.values():
        for page in procedure.acts:
            if page.act == code:
                return procedure, page
    return None


def told_of(type: str) -> Told | None:
    """How an event of a desk reads; None when no desk knows it."""
    return next((p.told[type] for p in _BY_KIND.values() if type in p.told), None)


def clock_of(kind: str) -> DeskClock | None:
    """The clock of a desk with this code."""
    return next((p.clocks[kind] for p in _BY_KIND.values() if kind in p.clocks), None)


def by_itself_of(kind: str) -> Callable[..., None] | None:
    """What a clock of a desk does by itself when it runs out; None when it only tells."""
    clock = clock_of(kind)
    return clock.by_itself if clock is not None else None


def notice_of(kind: str) -> DeskNotice | None:
    """The kind of notice of a desk with this code."""
    return next((p.notices[kind] for p in _BY_KIND.values() if kind in p.notices), None)


def limits_of_desks() -> list[LimitOfDesk]:
    """The limits of all desks."""
    return [limit for procedure in _BY_KIND.values() for limit in procedure.limits]


def hidden_from(actor: Actor) -> Q:
    """The condition of the cases that desks hide from this actor; empty when no desk hides any."""
    hidden = Q()
    for procedure in _BY_KIND.values():
        if procedure.hidden_from is not None:
            hidden |= procedure.hidden_from(actor)
    return hidden
