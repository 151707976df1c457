"""Reads about units, posts, stand-ins and windows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import NotFound
from liangdian.platform.accounts.selectors import User
from liangdian.platform.search.vectors import fold
from liangdian.registers.organisation import policy
from liangdian.registers.organisation.models import Level, Post, PostHolding, StandIn, Unit, Window
from liangdian.registers.organisation.wording import NO_SUCH_POST, NO_SUCH_UNIT, NO_SUCH_WINDOW


def unit_by_id(unit_id: int) -> Unit:
    """The unit, or ``NotFound``."""
    # Read at every intake: the statement as text costs a third of one that is built each time.
    for unit in Unit.objects.raw("SELECT * FROM organisation_unit WHERE id = %s", [unit_id]):
        return unit
    raise NotFound(NO_SUCH_UNIT)


def unit_by_code(code: str) -> Unit | None:
    return Unit.objects.filter(code=code).first()


def units_by_ids(ids: Iterable[int | None]) -> dict[int, Unit]:
    """Units by id, in one query; ids that do not exist are missing."""
    wanted = {i for i in ids if i is not None}
    return Unit.objects.in_bulk(wanted) if wanted else {}


def units_visible_to(actor: Actor) -> list[Unit]:
    """Units in use that the actor's roles reach, in the order of the tree."""
    return list(policy.visible_to(actor, Unit.objects.active()).order_by("path"))


def all_units(*, with_closed: bool = False, text: str = "") -> list[Unit]:
    """The whole tree from the root down; who stands where is no secret to the staff.

    With ``text`` only units whose name, in any language, or code holds it.
    """
    rows = Unit.objects.all() if with_closed else Unit.objects.active()
    wanted = fold(text.strip())
    found = [unit for unit in rows if not wanted or wanted in fold(_words_of(unit))]
    return in_tree_order(found)


def _words_of(unit: Unit) -> str:
    return " ".join([unit.name, *unit.names.values(), unit.code])


def in_tree_order(units: Iterable[Unit]) -> list[Unit]:
    """Every unit directly after the one above it; siblings by age."""
    return sorted(units, key=lambda unit: [int(part) for part in unit.path.strip("/").split("/")])


def superior_of(unit: Unit) -> Unit | None:
    """The nearest unit above that is in use; a closed one is passed over. None at the top."""
    above = Unit.objects.active().filter(pk__in=unit.ancestor_ids)
    return max(above, key=lambda found: found.depth, default=None)


def children_of(unit: Unit) -> list[Unit]:
    """Units directly below, in use."""
    return list(Unit.objects.active().filter(parent=unit).order_by("pk"))


def root_units() -> list[Unit]:
    """Units at the top, the oldest first: usually one, the centre itself."""
    return list(Unit.objects.filter(parent__isnull=True).order_by("pk"))


def unit_ids_within(paths: Iterable[str]) -> QuerySet[Unit, int]:
    """Ids of all units at or below ``paths``, as a subquery: it costs no statement of its own."""
    return Unit.objects.all().inside(*paths).order_by().values_list("pk", flat=True)


def labels_of(ids: Iterable[int | None]) -> dict[int, str]:
    """Names by unit id in the reader's language, in one query; ids that do not exist are missing."""
    return {pk: unit.label for pk, unit in units_by_ids(ids).items()}


def post_by_id(post_id: int) -> Post:
    """The post with its unit, or ``NotFound``."""
    post = Post.objects.select_related("unit").filter(pk=post_id).first()
    if post is None:
        raise NotFound(NO_SUCH_POST)
    return post


def posts_of(unit: Unit, *, active: bool = True) -> list[Post]:
    """Posts of this unit in use (or out of use), by name."""
    return list(Post.objects.filter(unit=unit, active=active).order_by("name"))


def posts_in_use() -> list[Post]:
    """All posts in use with their units, in the order of the tree. One query."""
    rows = Post.objects.filter(active=True, unit__active=True).select_related("unit")
    return list(rows.order_by("unit__path", "name"))


def holdings_of(post_ids: Iterable[int], day: date) -> dict[int, list[PostHolding]]:
    """Who holds these posts on ``day`` (with ``user`` loaded), in one query."""
    rows = _on(day).filter(post_id__in=list(post_ids)).select_related("user").order_by("since", "pk")
    found: dict[int, list[PostHolding]] = {}
    for row in rows:
        found.setdefault(row.post_id, []).append(row)
    return found


def holders_of_post(post_id: int, day: date) -> list[User]:
    """The active people in this post on ``day``, the longest first."""
    return [row.user for row in holdings_of([post_id], day).get(post_id, []) if row.user.is_active]


def holder_of_post(post_id: int, *, unit_id: int, day: date) -> int | None:
    """Who holds this post of this unit on ``day``: the id of the active person who holds it the longest.

    None when nobody does. Raises ``NotFound`` when the post is not one of this unit.
    """
    if not Post.objects.filter(pk=post_id, unit_id=unit_id, active=True).exists():
        raise NotFound(NO_SUCH_POST)
    people = holders_of_post(post_id, day)
    return people[0].pk if people else None


def post_ids_of(user_id: int, day: date) -> list[int]:
    """The posts that this person holds on ``day``."""
    return list(_on(day).filter(user_id=user_id).order_by("pk").values_list("post_id", flat=True))


def _on(day: date) -> QuerySet[PostHolding]:
    return PostHolding.objects.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)


def stand_in_for(user_id: int, day: date) -> User | None:
    """Who does this person's work on ``day``; the arrangement made last counts. None when nobody is named."""
    row = (
        StandIn.objects.filter(user_id=user_id, since__lte=day, until__gt=day, stand_in__is_active=True)
        .select_related("stand_in")
        .order_by("-pk")
        .first()
    )
    return row.stand_in if row else None


def stand_ins_on(user_ids: Iterable[int], day: date) -> dict[int, str]:
    """Who does the work of these people on ``day``, by the person's id: the name. One query."""
    rows = StandIn.objects.filter(
        user_id__in=list(user_ids), since__lte=day, until__gt=day, stand_in__is_active=True
    )
    return {row.user_id: row.stand_in.name for row in rows.select_related("stand_in").order_by("pk")}


def stands_in_for(user_id: int, day: date) -> list[int]:
    """The ids of the people whose work this person does on ``day``."""
    rows = StandIn.objects.filter(stand_in_id=user_id, since__lte=day, until__gt=day)
    return list(rows.order_by("user_id").values_list("user_id", flat=True).distinct())


def stand_ins_of(user_id: int, day: date) -> list[StandIn]:
    """Arrangements of this person that are not over on ``day``, with ``stand_in`` loaded."""
    rows = StandIn.objects.filter(user_id=user_id, until__gt=day).select_related("stand_in")
    return list(rows.order_by("since", "pk"))


def windows_of(unit: Unit, *, active: bool = True) -> list[Window]:
    """Windows of this unit in use (or out of use), by number."""
    return list(Window.objects.filter(unit=unit, active=active).order_by("number"))


def window_by_id(window_id: int) -> Window:
    """The window with its unit, or ``NotFound``."""
    window = Window.objects.select_related("unit").filter(pk=window_id).first()
    if window is None:
        raise NotFound(NO_SUCH_WINDOW)
    return window


def windows_serving(category_code: str) -> list[Window]:
    """Windows in use that serve this category of the catalogue, with their unit."""
    rows = Window.objects.filter(active=True, serves__contains=[category_code]).select_related("unit")
    return list(rows.order_by("unit__path", "number"))


def communities() -> list[Unit]:
    """Communities in use, for choosing where a resident lives."""
    return list(Unit.objects.active().filter(level=Level.COMMUNITY).order_by("path"))
