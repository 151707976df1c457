"""Which matters a searched text finds; the permission is in the query that this narrows."""

from __future__ import annotations

from django.db.models import QuerySet

from liangdian.casework.models import Case, CaseSearch
from liangdian.casework.procedures import discreet_kinds
from liangdian.platform.search.vectors import query_of
from liangdian.registers.people import selectors as people

# Up to this many matters hold a rare word: they are fetched and sorted. A word that more hold is met soon
# enough on the walk from the newest matter on. PostgreSQL cannot tell which it is before it looks.
RARE = 2_000


def narrowed(query: QuerySet[Case], text: str) -> QuerySet[Case]:
    """The matters of ``query`` that hold every word of ``text``; nothing when ``text`` has no words.

    A whole phone or identity number finds the matters of the residents to whom it belongs, by keyed hash,
    except those of kinds that hide who brought them.
    One small statement looks how frequent the words are.
    """
    if people.is_whole_number(text):
        query = query.exclude(kind__in=discreet) if (discreet := discreet_kinds()) else query
        return query.filter(resident__in=people.owners_of_number(text))
    wanted = query_of(text)
    if wanted is None:
        return query.none()
    hits = CaseSearch.objects.filter(vector=wanted).values("case")
    if hits[: RARE + 1].count() > RARE:
        return query.filter(search__vector=wanted)
    # The limit keeps PostgreSQL from walking all matters instead of looking the few up.
    return query.filter(pk__in=hits[:RARE])
