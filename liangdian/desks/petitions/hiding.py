"""From whom a petition is hidden: part of every query of casework (``Procedure.hidden_from``).

- The person complained about: always, whatever his role.
- Members of a unit complained about, and of the units below it: always. Whoever holds a role above it sees
  the petition: somebody has to handle it.
- Members of the unit of a person complained about: unless they handle the petition themselves, or are the
  head of that unit, who decides on extensions and answers for his staff.
- Those who keep away as relatives or because of an interest of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q

from liangdian.desks.petitions.models import Accused, Recusal
from liangdian.desks.petitions.states import Conflict
from liangdian.foundation.actor import Actor, Role


def hidden_from(actor: Actor) -> Q:
    """The condition of the cases that do not exist for this actor."""
    me = actor.user_id
    if me is None:
        return Q()
    above = dict(_units_above(grant.path for grant in actor.grants))
    not_as_head = [pk for pk, path in above.items() if not actor.holds(Role.LEADER, path=path)]
    never = Accused.objects.filter(Q(user=me) | Q(unit__in=list(above), through_user=False))
    unless_handler = Accused.objects.filter(unit__in=not_as_head, through_user=True)
    apart = Recusal.objects.filter(user=me, ground__in=[Conflict.RELATIVE, Conflict.PARTY])
    mine = Q(first_handler=me) | Q(handler=me, handler__isnull=False)
    mine |= Q(successor=me, successor__isnull=False)
    return (
        Q(pk__in=never.values("petition"))
        | Q(pk__in=apart.values("petition"))
        | (Q(pk__in=unless_handler.values("petition")) & ~mine)
    )


def _units_above(paths: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The units at ``paths`` and all above them, each with its own path; read from the paths alone."""
    for path in paths:
        parts = path.strip("/").split("/")
        for depth, pk in enumerate(parts, start=1):
            yield int(pk), f"/{'/'.join(parts[:depth])}/"
