"""Signing in through a real OpenID Connect provider that the test starts, and the roles of the groups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import oidc_provider_mock
import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from liangdian.config.sign_on import form_targets, providers_from
from liangdian.foundation.actor import SYSTEM, Role
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from liangdian.platform.accounts import selectors, services
from liangdian.platform.accounts.models import GroupMapping, RoleGrant, User
from liangdian.platform.audit.models import AccessLog
from liangdian.registers.organisation.models import Level, Unit
from liangdian.registers.organisation.services import create_unit

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 18, 1, tzinfo=UTC)
WORD = "pine-lake-42-sky"


def known(sub: str, username: str, *groups: str, **more: object) -> oidc_provider_mock.User:
    claims = {"preferred_username": username, "name": "王明", "email": f"{username}@hall.example.cn"}
    return oidc_provider_mock.User(sub=sub, claims={**claims, "groups": list(groups), **more})


PEOPLE = (
    known("w-1", "wang", "clerks", "mediators"),
    known("w-2", "wang"),
    known("n-1", "newcomer", "clerks"),
    known("b-1", "no such name!"),
    known("k-1", "keeper", "clerks"),
)


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread(user_claims=PEOPLE) as server:
        yield f"http://localhost:{server.server_port}"


def connected(server: str, **more: str) -> dict[str, str]:
    return {
        "LIANGDIAN_OIDC_SERVER": server,
        "LIANGDIAN_OIDC_CLIENT_ID": "liangdian",
        "LIANGDIAN_OIDC_CLIENT_SECRET": "a-secret",
        "LIANGDIAN_OIDC_NAME": "城关统一认证",
        **more,
    }


@pytest.fixture(autouse=True)
def service(provider: str, settings) -> None:
    cache.clear()
    settings.SOCIALACCOUNT_PROVIDERS = providers_from(connected(provider))


@pytest.fixture
def centre() -> Unit:
    return create_unit(actor=SYSTEM, name="西街街道", code="hall", level=Level.SUB_DISTRICT, at=AT)


@pytest.fixture
def wang() -> User:
    return services.create_user(actor=SYSTEM, username="wang", name="王明", password=WORD, at=AT)


def through_the_service(client: Client, sub: str):
    """What the browser does: our form, the provider's form, and back to us."""
    begun = client.post(reverse("openid_connect_login", args=["single-sign-on"]))
    assert begun.status_code == 302
    agreed = requests.post(begun.url, data={"sub": sub}, allow_redirects=False, timeout=10)
    back = urlsplit(agreed.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def is_in(client: Client) -> bool:
    return client.get(reverse("accounts:mine")).status_code == 200


def roles_of(user: User) -> set[tuple[str, str]]:
    return set(RoleGrant.objects.filter(user=user, until=None).values_list("role", "source"))


def test_a_known_person_comes_in_and_gets_the_roles_of_his_groups(client: Client, wang, centre) -> None:
    services.map_group(actor=SYSTEM, value="clerks", role=Role.CLERK, unit_id=centre.pk, at=AT)
    services.map_group(actor=SYSTEM, value="others", role=Role.LEADER, unit_id=centre.pk, at=AT)
    through_the_service(client, "w-1")
    assert is_in(client)
    assert roles_of(wang) == {("clerk", "sign_on")}
    assert RoleGrant.objects.get(user=wang).unit_path == centre.path
    assert AccessLog.objects.filter(act="signed_in", actor_id=wang.pk).exists()


def test_a_role_ends_with_the_group_and_roles_given_by_hand_stay(client: Client, wang, centre) -> None:
    line = services.map_group(actor=SYSTEM, value="clerks", role=Role.CLERK, unit_id=centre.pk, at=AT)
    services.grant_role(
        actor=SYSTEM, user=wang, role=Role.HANDLER, unit_id=centre.pk, unit_path=centre.path, at=AT
    )
    through_the_service(client, "w-1")
    assert roles_of(wang) == {("clerk", "sign_on"), ("handler", "hand")}
    services.unmap_group(actor=SYSTEM, mapping_id=line.pk, at=AT)
    through_the_service(Client(), "w-1")
    assert roles_of(wang) == {("handler", "hand")}


def test_a_role_given_by_hand_on_top_no_longer_ends_with_the_group(wang, centre) -> None:
    services.map_group(actor=SYSTEM, value="clerks", role=Role.CLERK, unit_id=centre.pk, at=AT)
    services.apply_groups(user_id=wang.pk, groups=["clerks"], at=AT)
    services.grant_role(
        actor=SYSTEM, user=wang, role=Role.CLERK, unit_id=centre.pk, unit_path=centre.path, at=AT
    )
    services.apply_groups(user_id=wang.pk, groups=[], at=AT)
    assert roles_of(wang) == {("clerk", "hand")}


def test_a_group_never_makes_one_person_two_administrators(wang, centre) -> None:
    """GB/T 22239-2019; he comes in with what he may hold, and the log tells."""
    services.map_group(actor=SYSTEM, value="a", role=Role.ADMINISTRATOR, unit_id=centre.pk, at=AT)
    services.map_group(actor=SYSTEM, value="b", role=Role.AUDITOR, unit_id=centre.pk, at=AT)
    services.apply_groups(user_id=wang.pk, groups=["a", "b"], at=AT)
    assert len(roles_of(wang)) == 1
    assert AccessLog.objects.filter(act="group_role_refused").count() == 1
    services.apply_groups(user_id=wang.pk, groups=[], at=AT)
    assert roles_of(wang) == {("administrator", "sign_on")}  # the last one stays
    assert AccessLog.objects.filter(act="group_role_kept").count() == 1


def test_an_unknown_person_is_refused(client: Client) -> None:
    response = through_the_service(client, "n-1")
    assert response.status_code == 403
    assert not is_in(client)
    assert not User.objects.exists()


def test_an_unknown_person_is_made_where_the_installation_wants_it(
    client: Client, provider: str, settings, centre
) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = providers_from(connected(provider, LIANGDIAN_OIDC_CREATE="1"))
    services.map_group(actor=SYSTEM, value="clerks", role=Role.CLERK, unit_id=centre.pk, at=AT)
    through_the_service(client, "n-1")
    assert is_in(client)
    user = User.objects.get(username="newcomer")
    assert (user.name, user.has_usable_password()) == ("王明", False)
    assert roles_of(user) == {("clerk", "sign_on")}
    assert client.get(reverse("account_change_password")).status_code == 409
    assert through_the_service(Client(), "b-1").status_code == 403


def test_the_account_stays_with_the_first_who_had_the_name(client: Client, wang) -> None:
    through_the_service(client, "w-1")
    assert through_the_service(Client(), "w-2").status_code == 403


def test_closed_accounts_and_those_of_the_demonstration_stay_out(client: Client, wang, settings) -> None:
    User.objects.filter(pk=wang.pk).update(demonstration=True)
    assert through_the_service(client, "w-1").status_code == 403
    User.objects.filter(pk=wang.pk).update(demonstration=False, is_active=False)
    through_the_service(client, "w-1")
    assert not is_in(client)


def test_of_what_the_service_tells_only_the_groups_are_kept(client: Client, wang) -> None:
    through_the_service(client, "w-1")
    assert SocialAccount.objects.get().extra_data == {"groups": ["clerks", "mediators"]}


def test_the_second_factor_is_asked_all_the_same(client: Client, centre, settings) -> None:
    settings.DEMONSTRATION = False
    keeper = services.create_user(actor=SYSTEM, username="keeper", name="安全", password=WORD, at=AT)
    services.grant_role(
        actor=SYSTEM, user=keeper, role=Role.SECURITY, unit_id=centre.pk, unit_path=centre.path, at=AT
    )
    through_the_service(client, "k-1")
    assert client.get(reverse("accounts:mine")).url == reverse("mfa_index")


def test_a_service_that_is_away_is_a_sentence(client: Client, settings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = providers_from(connected("http://localhost:1"))
    client.cookies["language"] = "en"
    response = client.post(reverse("openid_connect_login", args=["single-sign-on"]))
    assert response.status_code == 502
    assert "sign in with user name and password" in response.content.decode()


def test_a_forged_answer_opens_nothing(client: Client, wang) -> None:
    callback = reverse("openid_connect_callback", args=["single-sign-on"])
    for query in ("", "?code=x&state=y", "?error=access_denied", "?state=y"):
        assert client.get(callback + query).status_code in {400, 403, 502}
    assert not is_in(client)


def test_without_a_service_there_is_no_door(client: Client, settings) -> None:
    begin = reverse("openid_connect_login", args=["single-sign-on"])
    assert "城关统一认证" in client.get(reverse("account_login")).content.decode()
    assert client.get(begin).url == reverse("account_login")
    assert client.post(begin, {"process": "connect"}).status_code == 404
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert client.post(begin).status_code == 404
    assert begin not in client.get(reverse("account_login")).content.decode()
    assert providers_from({}) == {}
    assert form_targets(providers_from(connected("https://id.example.cn/realms/a"))) == [
        "https://id.example.cn"
    ]


def test_only_the_security_administrator_writes_the_table(client: Client, centre) -> None:
    people = {}
    for role in (Role.SECURITY, Role.ADMINISTRATOR, Role.CLERK):
        people[role] = services.create_user(actor=SYSTEM, username=role, name=role, password=WORD, at=AT)
        services.grant_role(
            actor=SYSTEM, user=people[role], role=role, unit_id=centre.pk, unit_path=centre.path, at=AT
        )
    line = {"value": "clerks", "role": "clerk", "unit_id": centre.pk}
    for role in (Role.ADMINISTRATOR, Role.CLERK):
        client.force_login(people[role])
        assert client.post(reverse("accounts:mappings"), line).status_code == 403
        with pytest.raises(NotAllowed):
            services.map_group(actor=selectors.actor_of(people[role]), at=AT, **line)
    client.force_login(people[Role.SECURITY])
    assert client.post(reverse("accounts:mappings"), line).status_code == 302
    assert client.post(reverse("accounts:mappings"), line).status_code == 422
    page = client.get(reverse("accounts:mappings")).content.decode()
    assert "clerks" in page
    assert "西街街道" in page
    mapping = GroupMapping.objects.get()
    client.post(reverse("accounts:end-mapping", args=[mapping.pk]))
    assert not GroupMapping.objects.exists()
    acts = AccessLog.objects.filter(act__startswith="group_").order_by("id").values_list("act", flat=True)
    assert list(acts) == ["group_mapped", "group_unmapped"]


def test_bad_lines_are_refused_by_service_and_database(centre) -> None:
    with pytest.raises(NotFound):
        services.unmap_group(actor=SYSTEM, mapping_id=10**9, at=AT)
    for value, role, unit_id in (("", "clerk", centre.pk), ("a", "king", centre.pk), ("a", "clerk", 10**9)):
        with pytest.raises(Invalid):
            services.map_group(actor=SYSTEM, value=value, role=role, unit_id=unit_id, at=AT)
    services.map_group(actor=SYSTEM, value="a", role="clerk", unit_id=centre.pk, at=AT)
    for change in ({"value": ""}, {"role": "king"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            GroupMapping.objects.update(**change)


def test_the_table_costs_a_constant(client: Client, centre, django_assert_max_num_queries) -> None:
    keeper = services.create_user(actor=SYSTEM, username="keeper", name="安全", password=WORD, at=AT)
    services.grant_role(
        actor=SYSTEM, user=keeper, role=Role.SECURITY, unit_id=centre.pk, unit_path=centre.path, at=AT
    )
    client.force_login(keeper)
    client.get(reverse("accounts:mappings"))
    for n in range(30):
        services.map_group(actor=SYSTEM, value=f"g{n}", role="clerk", unit_id=centre.pk, at=AT)
        if n in {0, 29}:
            with django_assert_max_num_queries(7):
                client.get(reverse("accounts:mappings"))
