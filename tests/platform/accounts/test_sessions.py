"""My sign-ins, a screen that fell idle with something typed, and the last five passwords."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from liangdian.foundation.actor import SYSTEM, Role
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from liangdian.platform.accounts import selectors, services
from liangdian.platform.accounts.devices import coarse, describe
from liangdian.platform.accounts.models import FormerPassword, GroupMapping, User
from liangdian.platform.audit.models import AccessLog
from liangdian.registers.organisation.models import Level, Unit
from liangdian.registers.organisation.services import create_unit

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 18, 1, tzinfo=UTC)
WORD = "pine-lake-42-sky"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def centre() -> Unit:
    return create_unit(actor=SYSTEM, name="西街街道", code="hall", level=Level.SUB_DISTRICT, at=AT)


def person(username: str, role: Role | None = None, unit: Unit | None = None) -> User:
    user = services.create_user(actor=SYSTEM, username=username, name=f"人{username}", password=WORD, at=AT)
    if role and unit:
        services.grant_role(actor=SYSTEM, user=user, role=role, unit_id=unit.pk, unit_path=unit.path, at=AT)
    return user


def signed_in(username: str, **more: str) -> Client:
    client = Client(headers={"user-agent": more.pop("agent", EDGE)}, REMOTE_ADDR="10.20.30.40", **more)
    client.post(reverse("account_login"), {"login": username, "password": WORD})
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("accounts:mine")).status_code == 200


def test_my_sign_ins_show_browser_and_network_but_not_the_address() -> None:
    person("li")
    here = signed_in("li")
    signed_in("li", agent="Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1")
    page = here.get(reverse("accounts:sessions")).content.decode()
    assert "Edge · Windows" in page
    assert "Safari · iPhone" in page
    assert "10.20.*.*" in page
    assert "10.20.30.40" not in page


def test_one_is_ended_then_all_others() -> None:
    person("li")
    here, *there = (signed_in("li") for _n in range(4))
    first = UserSession.objects.get(session_key=there[0].session.session_key)
    here.post(reverse("accounts:end-session", args=[first.pk]))
    assert [is_in(client) for client in (here, *there)] == [True, False, True, True]
    here.post(reverse("accounts:end-other-sessions"))
    assert [is_in(client) for client in (here, *there)] == [True, False, False, False]
    assert AccessLog.objects.filter(act="session_ended").count() == 2


def test_nobody_sees_or_ends_the_sign_ins_of_another() -> None:
    person("li")
    other = person("wu")
    signed_in("li")
    row = UserSession.objects.get()
    intruder = signed_in("wu")
    assert intruder.post(reverse("accounts:end-session", args=[row.pk])).status_code == 404
    with pytest.raises(NotFound):
        services.end_session(actor=selectors.actor_of(other), session_id=row.pk, at=AT)
    assert UserSession.objects.filter(pk=row.pk).exists()
    assert Client().get(reverse("accounts:sessions")).status_code == 302


def test_the_security_administrator_signs_somebody_out_everywhere(centre: Unit) -> None:
    user = person("li")
    person("keeper", Role.SECURITY, centre)
    chief = person("chief", Role.ADMINISTRATOR, centre)
    there, keeper = signed_in("li"), signed_in("keeper")
    with pytest.raises(NotAllowed):
        services.end_sessions_of(actor=selectors.actor_of(chief), user_id=user.pk, at=AT)
    assert signed_in("chief").post(reverse("accounts:end-all-sessions", args=[user.pk])).status_code == 403
    keeper.post(reverse("accounts:end-all-sessions", args=[user.pk]))
    assert not is_in(there)


def test_a_new_password_ends_the_other_sign_ins_and_they_leave_the_list() -> None:
    user = person("li")
    here, there = signed_in("li"), signed_in("li")
    new = {"oldpassword": WORD, "password1": "river-stone-77", "password2": "river-stone-77"}
    here.post(reverse("account_change_password"), new)
    user.refresh_from_db()
    assert is_in(here)
    assert not is_in(there)
    assert len(here.get(reverse("accounts:sessions")).context["rows"]) == 1


def test_the_list_costs_a_constant(django_assert_num_queries) -> None:
    user = person("li")
    here = signed_in("li")
    here.get(reverse("accounts:sessions"))
    with django_assert_num_queries(5):
        here.get(reverse("accounts:sessions"))
    for n in range(30):
        copy = Session.objects.get(session_key=here.session.session_key)
        Session.objects.create(
            session_key=f"key{n}", session_data=copy.session_data, expire_date=copy.expire_date
        )
        UserSession.objects.create(user=user, session_key=f"key{n}", ip="10.0.0.1", user_agent=EDGE)
    with django_assert_num_queries(5):
        page = here.get(reverse("accounts:sessions"))
    assert len(page.context["rows"]) == 31


@pytest.mark.parametrize(
    ("address", "shown"),
    [("10.20.30.40", "10.20.*.*"), ("2001:db8:1:2::3", "2001:0db8:0001::*"), ("x", ""), ("", "")],
)
def test_an_address_is_shown_coarse(address: str, shown: str) -> None:
    assert coarse(address) == shown


def test_unknown_browsers_have_no_name() -> None:
    assert describe("curl/8") == ""
    assert describe("Mozilla/5.0 (Linux; Android 15; HarmonyOS) MicroMessenger/8.0") == "WeChat · HarmonyOS"


# --- a screen that fell idle -------------------------------------------------------------------


def fall_idle(client: Client, settings) -> None:
    session = client.session
    session["seen"] = session["seen"] - settings.IDLE_SECONDS - 1
    session.save()


def typed(unit: Unit) -> dict[str, object]:
    return {"value": "西大街窗口人员组", "role": "clerk", "unit_id": unit.pk}


def test_what_was_typed_while_the_screen_fell_idle_is_sent_after_signing_in(centre: Unit, settings) -> None:
    person("keeper", Role.SECURITY, centre)
    client = signed_in("keeper")
    is_in(client)
    fall_idle(client, settings)
    answer = client.post(reverse("accounts:mappings"), typed(centre))
    assert answer.url == f"{reverse('account_login')}?next={reverse('accounts:continue')}"
    assert not GroupMapping.objects.exists()
    assert not is_in(client)
    again = client.post(
        answer.url, {"login": "keeper", "password": WORD, "next": reverse("accounts:continue")}
    )
    page = client.get(again.url)
    assert "西大街窗口人员组" in page.content.decode()
    client.post(page.context["path"], dict(page.context["fields"]))
    assert GroupMapping.objects.get().value == "西大街窗口人员组"


def test_what_was_typed_is_sealed_and_only_for_the_same_person(centre: Unit, settings) -> None:
    person("keeper", Role.SECURITY, centre)
    person("other", Role.CLERK, centre)
    client = signed_in("keeper")
    is_in(client)
    fall_idle(client, settings)
    client.post(reverse("accounts:mappings"), typed(centre))
    assert "西大街" not in str(dict(client.session))
    client.post(reverse("account_login"), {"login": "other", "password": WORD})
    assert is_in(client)
    assert client.get(reverse("accounts:continue")).url == "/"
    assert "kept_form" not in client.session


def test_what_was_typed_is_forgotten_after_half_an_hour_or_when_not_wanted(
    centre: Unit, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("keeper", Role.SECURITY, centre)
    for seconds, wanted in ((1900, True), (0, False)):
        client = signed_in("keeper")
        is_in(client)
        fall_idle(client, settings)
        client.post(reverse("accounts:mappings"), typed(centre))
        client.post(reverse("account_login"), {"login": "keeper", "password": WORD})
        if not wanted:
            client.post(reverse("accounts:continue"))
        kept = client.session.get("kept_form")
        if kept:
            session = client.session
            session["kept_form"] = {**kept, "at": int(time.time()) - seconds}
            session.save()
        assert client.get(reverse("accounts:continue")).url == "/"


def test_passwords_are_not_kept_and_htmx_is_led_to_sign_in(centre: Unit, settings) -> None:
    person("keeper", Role.SECURITY, centre)
    client = signed_in("keeper")
    is_in(client)
    fall_idle(client, settings)
    client.post(reverse("account_change_password"), {"oldpassword": WORD, "password1": "x", "password2": "x"})
    assert "kept_form" not in client.session
    client = signed_in("keeper")
    is_in(client)
    fall_idle(client, settings)
    partial = client.post(reverse("accounts:mappings"), typed(centre), headers={"HX-Request": "true"})
    assert partial.status_code == 204
    assert reverse("accounts:continue") in partial["HX-Redirect"]


def test_a_form_from_elsewhere_is_not_kept(centre: Unit, settings) -> None:
    person("keeper", Role.SECURITY, centre)
    client = Client(enforce_csrf_checks=True)
    user = User.objects.get(username="keeper")
    client.force_login(user)
    is_in(client)
    fall_idle(client, settings)
    assert client.post(reverse("accounts:mappings"), typed(centre)).status_code == 403
    assert "kept_form" not in client.session


# --- passwords ---------------------------------------------------------------------------------


def test_none_of_the_last_five_passwords_is_taken_again() -> None:
    user = person("li")
    words = [WORD, *(f"river-stone-{n}0" for n in range(1, 6))]
    for word in words[1:]:
        services.set_password(actor=SYSTEM, user_id=user.pk, password=word, at=AT)
    for word in words[1:]:
        with pytest.raises(Invalid) as refused:
            services.set_password(actor=SYSTEM, user_id=user.pk, password=word, at=AT)
        assert refused.value.field == "password"
    assert FormerPassword.objects.filter(user=user).count() == 5
    services.set_password(actor=SYSTEM, user_id=user.pk, password=words[0], at=AT + timedelta(days=1))


@pytest.mark.parametrize(
    "word",
    ["short-1", "password123", "1234567890123", "人李明人李明人李明人", "li.ming@hall.cn"],
)
def test_weak_passwords_are_refused(word: str) -> None:
    with pytest.raises(Invalid):
        services.create_user(
            actor=SYSTEM, username="liming", name="人李明人李明人李明人", email="li.ming@hall.cn",
            password=word, at=AT,
        )  # fmt: skip


def test_the_page_says_why_a_password_is_not_taken() -> None:
    user = person("li")
    client = signed_in("li")
    client.cookies["language"] = "en"
    same = {"oldpassword": WORD, "password1": WORD, "password2": WORD}
    page = client.post(reverse("account_change_password"), same).content.decode()
    assert "one of the last five passwords" in page
    user.refresh_from_db()
    assert user.check_password(WORD)


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_the_list_opens_in_every_language(language: str) -> None:
    person("li")
    client = signed_in("li")
    client.cookies["language"] = language
    assert client.get(reverse("accounts:sessions")).status_code == 200
