"""The rail opens exactly the doors of the person's roles."""

import pytest

from liangdian.foundation.actor import Actor, Grant, Role
from liangdian.platform.ui import checks, navigation
from liangdian.platform.ui.navigation import Entry, Section

pytestmark = pytest.mark.urls("tests.platform.ui.urls")


@pytest.fixture(autouse=True)
def empty_rail(monkeypatch):
    monkeypatch.setattr(navigation, "_entries", {})
    monkeypatch.setattr(navigation, "_names", {})


def person(*roles: Role) -> Actor:
    return Actor(1, "李慧", grants=tuple(Grant(role, 4, "/1/4/") for role in roles))


def labels(groups) -> list[str]:
    return [str(link.label) for group in groups for link in group.links]


@pytest.mark.parametrize("role", list(Role))
def test_a_role_sees_its_own_doors_and_those_for_everybody(role):
    for each in Role:
        navigation.register(Entry(each.value, "desk", roles=(each,), query={"list": each.value}))
    navigation.register(Entry("everybody", "desk-late"))
    assert sorted(labels(navigation.rail(person(role)))) == sorted([role.value, "everybody"])


def test_nobody_signed_in_sees_only_public_doors():
    navigation.register(Entry("staff", "desk"), Entry("guides", "desk-late", section=Section.PUBLIC))
    assert navigation.rail(None) == ()
    assert [link.label for link in navigation.links(Section.PUBLIC, None)] == ["guides"]


def test_a_door_that_leads_nowhere_is_not_shown_but_reported():
    navigation.register(Entry("closed", "no-such-room:list"), Entry("open", "desk"))
    assert labels(navigation.rail(person(Role.CLERK))) == ["open"]
    assert [message.id for message in checks.doors_lead_somewhere(None)] == ["ui.W001"]


def test_groups_come_in_the_order_of_the_house_and_links_by_their_number():
    navigation.register(
        Entry("figures", "desk", section=Section.OVERVIEW),
        Entry("second", "desk", order=2, query={"list": "b"}),
        Entry("first", "desk", order=1, query={"list": "a"}),
    )
    groups = navigation.rail(person(Role.CLERK))
    assert [[str(link.label) for link in group.links] for group in groups] == [
        ["first", "second"],
        ["figures"],
    ]


@pytest.mark.parametrize(
    ("here", "current"),
    [
        ("/desk/?list=mine&q=x", "mine"),
        ("/desk/?list=late", "all"),
        ("/desk/late/17/", "late"),
        ("/elsewhere/", None),
    ],
)
def test_exactly_the_closest_door_is_current(here, current):
    navigation.register(
        Entry("all", "desk", order=1),
        Entry("mine", "desk", order=2, query={"list": "mine"}),
        Entry("late", "desk-late", order=3),
    )
    links = [link for group in navigation.rail(person(Role.CLERK), here) for link in group.links]
    assert [link.label for link in links if link.current] == ([current] if current else [])


def test_the_same_door_registered_twice_stands_once():
    navigation.register(Entry("old", "desk"))
    navigation.register(Entry("new", "desk"))
    assert labels(navigation.rail(person(Role.CLERK))) == ["new"]


def test_a_count_is_asked_for_the_person():
    navigation.register(Entry("late", "desk", count=lambda actor: len(actor.grants)))
    (group,) = navigation.rail(person(Role.CLERK, Role.HANDLER))
    assert group.links[0].count == 2


def test_names_come_from_the_room_that_knows_units():
    assert navigation.name_of("unit", None) == ""
    navigation.provide_names(unit_name=lambda actor: f"unit of {actor.name}")
    assert navigation.name_of("unit", person(Role.CLERK)) == "unit of 李慧"
