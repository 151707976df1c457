"""The tree of units: making, moving, and what must be refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction
from django.utils.translation import override

from liangdian.foundation.actor import SYSTEM, Actor, Grant, Role
from liangdian.foundation.refused import Invalid, NotAllowed
from liangdian.platform.accounts import services as accounts
from liangdian.platform.accounts.models import RoleGrant
from liangdian.registers.organisation import selectors, services
from liangdian.registers.organisation.events import UnitMoved, unit_moved
from liangdian.registers.organisation.models import Level, Unit

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 18, 1, tzinfo=UTC)


def make(code: str, level: str, parent: Unit | None = None) -> Unit:
    return services.create_unit(actor=SYSTEM, name=code, code=code, level=level, parent=parent, at=AT)


@pytest.fixture
def tree() -> dict[str, Unit]:
    district = make("district", Level.DISTRICT)
    north = make("north", Level.SUB_DISTRICT, district)
    south = make("south", Level.SUB_DISTRICT, district)
    west = make("west", Level.COMMUNITY, north)
    desk = make("desk", Level.SECTION, west)
    return {u.code: u for u in (district, north, south, west, desk)}


def admin_of(unit: Unit) -> Actor:
    return Actor(user_id=1, name="管理员", grants=(Grant(Role.ADMINISTRATOR, unit.pk, unit.path),))


def test_a_path_lists_the_ids_from_the_root(tree: dict[str, Unit]) -> None:
    ids = [tree[code].pk for code in ("district", "north", "west", "desk")]
    assert tree["desk"].path == "/" + "/".join(map(str, ids)) + "/"
    assert tree["desk"].ancestor_ids == tuple(ids[:-1])


def test_the_superior_is_the_nearest_unit_in_use(tree: dict[str, Unit]) -> None:
    assert selectors.superior_of(tree["west"]) == tree["north"]
    Unit.objects.filter(pk=tree["north"].pk).update(active=False)
    assert selectors.superior_of(tree["west"]) == tree["district"]
    assert selectors.superior_of(tree["district"]) is None


def test_a_move_takes_the_subtree_and_the_roles_along(tree: dict[str, Unit]) -> None:
    heard: list[UnitMoved] = []
    listener = lambda event, **_kw: heard.append(event)  # noqa: E731
    user = accounts.create_user(
        actor=SYSTEM, username="wang", name="王明", password="pine-lake-42-sky", at=AT
    )
    desk = tree["desk"]
    accounts.grant_role(actor=SYSTEM, user=user, role=Role.CLERK, unit_id=desk.pk, unit_path=desk.path, at=AT)
    unit_moved.connect(listener)
    try:
        west = services.move_unit(actor=SYSTEM, unit_id=tree["west"].pk, parent=tree["south"], at=AT)
    finally:
        unit_moved.disconnect(listener)
    desk.refresh_from_db()
    assert west.path == f"{tree['south'].path}{west.pk}/"
    assert desk.path == f"{west.path}{desk.pk}/"
    assert RoleGrant.objects.get(user=user).unit_path == desk.path
    assert heard == [UnitMoved(west.pk, tree["west"].path, west.path)]


def test_a_deep_subtree_moves_level_by_level(tree: dict[str, Unit]) -> None:
    below = tree["desk"]
    for number in range(4):
        below = make(f"s{number}", Level.SECTION, below)
    services.move_unit(actor=SYSTEM, unit_id=tree["west"].pk, parent=tree["south"], at=AT)
    below.refresh_from_db()
    assert below.path.startswith(tree["south"].path)
    assert below.depth == 7


def test_a_unit_cannot_stand_below_itself(tree: dict[str, Unit]) -> None:
    inner = make("inner", Level.SECTION, tree["desk"])
    with pytest.raises(Invalid):
        services.move_unit(actor=SYSTEM, unit_id=tree["desk"].pk, parent=inner, at=AT)


@pytest.mark.parametrize(
    ("level", "above"), [(Level.DISTRICT, "north"), (Level.COMMUNITY, "desk"), (Level.SECTION, None)]
)
def test_a_level_that_does_not_fit_is_refused(tree: dict[str, Unit], level: str, above: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        make("wrong", level, tree[above] if above else None)
    assert refused.value.field == "level"


def test_a_code_is_used_once(tree: dict[str, Unit]) -> None:
    with pytest.raises(Invalid) as refused:
        make("west", Level.COMMUNITY, tree["north"])
    assert refused.value.field == "code"


def test_names_too_long_or_empty_are_sentences(tree: dict[str, Unit]) -> None:
    for name in ("字" * 5000, " \x00 "):
        with pytest.raises(Invalid) as refused:
            services.create_unit(
                actor=SYSTEM, name=name, code="x", level=Level.SECTION, parent=tree["west"], at=AT
            )
        assert refused.value.field == "name"


def test_an_administrator_changes_only_his_own_part(tree: dict[str, Unit]) -> None:
    actor = admin_of(tree["north"])
    services.create_unit(
        actor=actor, name="新", code="new", level=Level.COMMUNITY, parent=tree["north"], at=AT
    )
    for act in (
        lambda: services.create_unit(
            actor=actor, name="新", code="new2", level=Level.COMMUNITY, parent=tree["south"], at=AT
        ),
        lambda: services.move_unit(actor=actor, unit_id=tree["west"].pk, parent=tree["south"], at=AT),
        lambda: services.create_unit(actor=actor, name="新", code="top", level=Level.DISTRICT, at=AT),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_unit_with_units_below_is_not_closed(tree: dict[str, Unit]) -> None:
    with pytest.raises(Invalid):
        services.update_unit(
            actor=SYSTEM, unit_id=tree["west"].pk, name="西", code="west", active=False, at=AT
        )


def test_roles_reach_the_subtree(tree: dict[str, Unit]) -> None:
    seen = {u.code for u in selectors.units_visible_to(admin_of(tree["north"]))}
    assert seen == {"north", "west", "desk"}
    nobody = Actor(user_id=2, name="无")
    assert selectors.units_visible_to(nobody) == []


def test_the_database_refuses_a_path_that_does_not_follow_the_tree(tree: dict[str, Unit]) -> None:
    west = tree["west"]
    for wrong in (f"/{west.pk}/", f"{tree['south'].path}{west.pk}/", f"{tree['north'].path}999/", "nonsense"):
        with pytest.raises(DatabaseError), transaction.atomic():
            Unit.objects.filter(pk=west.pk).update(path=wrong)


def test_names_follow_the_reader(tree: dict[str, Unit]) -> None:
    unit = services.update_unit(
        actor=SYSTEM, unit_id=tree["west"].pk, name="西街", code="west", names={"en": "West Street"}, at=AT
    )
    with override("en"):
        assert unit.label == "West Street"
    with override("zh-hant"):
        assert unit.label == "西街"
