"""Pages of the organisation and of staff, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from liangdian.foundation.actor import SYSTEM, Role
from liangdian.platform.accounts import services as accounts
from liangdian.platform.accounts.models import RoleGrant, User
from liangdian.platform.audit.models import AccessLog
from liangdian.registers.organisation import services
from liangdian.registers.organisation.models import Level, Post, PostHolding, StandIn, Unit, Window

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 18, 1, tzinfo=UTC)


@pytest.fixture
def centre() -> Unit:
    return services.create_unit(actor=SYSTEM, name="西街街道", code="hall", level=Level.SUB_DISTRICT, at=AT)


def member(username: str, unit: Unit, role: Role) -> User:
    user = accounts.create_user(
        actor=SYSTEM, username=username, name=username, password="pine-lake-42-sky", unit_id=unit.pk, at=AT
    )
    accounts.grant_role(actor=SYSTEM, user=user, role=role, unit_id=unit.pk, unit_path=unit.path, at=AT)
    return user


@pytest.fixture
def admin(client: Client, centre: Unit) -> Client:
    client.force_login(member("chief", centre, Role.ADMINISTRATOR))
    return client


@pytest.fixture
def keeper(client: Client, centre: Unit) -> Client:
    client.force_login(member("keeper", centre, Role.SECURITY))
    return client


def test_an_administrator_builds_a_part_of_the_tree(admin: Client, centre: Unit) -> None:
    form = {
        "parent": centre.pk,
        "level": "community",
        "name": "西街社区",
        "name_en": "West Street",
        "code": "west",
    }
    made = admin.post(reverse("organisation:new_unit"), form)
    unit = Unit.objects.get(code="west")
    assert made.url == reverse("organisation:unit", args=[unit.pk])
    admin.post(reverse("organisation:new_post", args=[unit.pk]), {"name": "专干"})
    post = Post.objects.get()
    chief = User.objects.get(username="chief")
    clerk = member("clerk", unit, Role.CLERK)
    admin.post(reverse("organisation:post", args=[post.pk]), {"user": clerk.pk, "since": "2026-09-18"})
    assert PostHolding.objects.get().user == clerk != chief
    admin.post(
        reverse("organisation:new_window", args=[unit.pk]), {"name": "综合", "number": 1, "serves": "a，b"}
    )
    assert Window.objects.get().serves == ["a", "b"]
    for page in ("organisation:unit", "organisation:edit_unit", "organisation:move_unit"):
        assert admin.get(reverse(page, args=[unit.pk])).status_code == 200
    assert "西街社区" in admin.get(reverse("organisation:tree")).content.decode()
    assert admin.get(reverse("organisation:post", args=[post.pk])).status_code == 200
    assert admin.get(reverse("organisation:window", args=[Window.objects.get().pk])).status_code == 200


def test_what_was_typed_is_kept_when_something_is_wrong(admin: Client, centre: Unit) -> None:
    form = {"parent": centre.pk, "level": "community", "name": "留住的名字", "code": "hall"}
    response = admin.post(reverse("organisation:new_unit"), form)
    assert response.status_code == 422
    assert "留住的名字" in response.content.decode()


def test_a_clerk_looks_but_does_not_change(client: Client, centre: Unit) -> None:
    client.force_login(member("clerk", centre, Role.CLERK))
    assert client.get(reverse("organisation:tree")).status_code == 200
    assert client.get(reverse("organisation:unit", args=[centre.pk])).status_code == 200
    for url in (
        reverse("organisation:new_unit"),
        reverse("organisation:edit_unit", args=[centre.pk]),
        reverse("organisation:new_post", args=[centre.pk]),
    ):
        assert client.post(url, {"name": "x"}).status_code == 403
    assert client.get(reverse("organisation:unit", args=[10**9])).status_code == 404


def test_naming_my_own_stand_in(client: Client, centre: Unit) -> None:
    other = member("other", centre, Role.CLERK)
    me = member("me", centre, Role.CLERK)
    client.force_login(me)
    url = reverse("organisation:stand_ins")
    client.post(url, {"stand_in": other.pk, "since": "2027-01-04", "last_day": "2027-01-08"})
    row = StandIn.objects.get()
    assert (row.user, row.stand_in) == (me, other)
    assert "other" in client.get(url).content.decode()
    client.post(reverse("organisation:end_stand_in", args=[row.pk]))
    assert client.post(url, {"stand_in": me.pk, "since": "", "last_day": "x"}).status_code == 422


def test_a_security_administrator_makes_an_account_and_gives_a_role(keeper: Client, centre: Unit) -> None:
    response = keeper.post(reverse("accounts:new"), {"username": "Li", "name": "李", "unit_id": centre.pk})
    user = User.objects.get(username="li")
    assert response.status_code == 200
    assert user.must_change_password
    keeper.post(reverse("accounts:grant", args=[user.pk]), {"role": "clerk", "unit_id": centre.pk})
    grant = RoleGrant.objects.get(user=user)
    assert grant.unit_path == centre.path
    page = keeper.get(reverse("accounts:member", args=[user.pk])).content.decode()
    assert "西街街道" in page
    keeper.post(reverse("accounts:revoke", args=[grant.pk]))
    grant.refresh_from_db()
    assert grant.until is not None
    assert keeper.post(reverse("accounts:reset", args=[user.pk])).status_code == 200
    wrong = keeper.post(reverse("accounts:new"), {"username": "li", "name": "李"})
    assert wrong.status_code == 422


def test_lists_cost_a_constant(client: Client, centre: Unit, django_assert_max_num_queries) -> None:
    keeper, admin = member("keeper", centre, Role.SECURITY), member("chief", centre, Role.ADMINISTRATOR)
    for who, url, number in (
        (keeper, reverse("accounts:members"), 9),
        (admin, reverse("organisation:tree"), 7),
    ):
        client.force_login(who)
        client.get(url)
        for n in range(15):
            member(f"p{number}{n}", centre, Role.CLERK)
            services.create_unit(
                actor=SYSTEM, name="x", code=f"{number}-{n}", level=Level.SECTION, parent=centre, at=AT
            )
        with django_assert_max_num_queries(number):
            client.get(url)


def test_a_unit_is_found_by_any_of_its_names_or_its_code(admin: Client, centre: Unit) -> None:
    west = services.create_unit(
        actor=SYSTEM, name="西街社区", names={"en": "West Street"}, code="W-01", level=Level.COMMUNITY,
        parent=centre, at=AT,
    )  # fmt: skip
    tree, link = reverse("organisation:tree"), reverse("organisation:unit", args=[west.pk])
    for text, found in (("西街社", True), ("west", True), ("w-01", True), ("東街", False)):
        page = admin.get(tree, {"q": text})
        assert page.status_code == 200
        assert (link in page.content.decode()) is found, text
    assert link in admin.get(tree, {"q": "x" * 5000}).content.decode()  # too long: told, the tree stays


def test_a_post_is_renamed_taken_out_of_use_and_found_again(admin: Client, centre: Unit) -> None:
    post = services.create_post(actor=SYSTEM, unit=centre, name="专干", at=AT)
    window = services.create_window(actor=SYSTEM, unit=centre, number=3, name="综合", at=AT)
    edit, page = (
        reverse("organisation:edit_post", args=[post.pk]),
        reverse("organisation:unit", args=[centre.pk]),
    )
    assert admin.post(edit, {"name": ""}).status_code == 422
    assert admin.post(edit, {"name": "民政专干"}).status_code == 302
    admin.post(reverse("organisation:window", args=[window.pk]), {"name": "综合", "number": 3})
    post.refresh_from_db()
    assert (post.name, post.active) == ("民政专干", False)
    shown = admin.get(page).content.decode()
    assert reverse("organisation:post", args=[post.pk]) in shown and "综合" in shown
    assert admin.post(edit, {"name": "民政专干", "active": "on"}).status_code == 302
    post.refresh_from_db()
    assert post.active
    acts = AccessLog.objects.filter(act__in=["post_changed", "window_changed"]).count()
    assert acts == 3


def test_only_the_administrator_of_the_unit_changes_a_post(client: Client, centre: Unit) -> None:
    post = services.create_post(actor=SYSTEM, unit=centre, name="专干", at=AT)
    client.force_login(member("clerk", centre, Role.CLERK))
    assert client.post(reverse("organisation:edit_post", args=[post.pk]), {"name": "x"}).status_code == 403
    post.refresh_from_db()
    assert post.name == "专干"
