"""Refusals and failures are pages that say what to do, in the reader's language, and never a stack trace."""

import pytest
from django.test import Client

from liangdian.foundation.refused import Invalid
from liangdian.platform.ui import catalogues
from liangdian.platform.ui.forms import show_refusal
from liangdian.platform.ui.web.samples import SampleForm

pytestmark = [pytest.mark.urls("tests.platform.ui.urls"), pytest.mark.django_db]


@pytest.fixture(scope="module", autouse=True)
def compiled():
    catalogues.compile_all()


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("path", "status"),
    [("refused", 409), ("not-found", 404), ("not-allowed", 403), ("invalid", 422), ("stale", 409)],
)
def test_a_refusal_is_a_page_with_its_status_and_its_sentence(visitor, path, status):
    response = visitor.get(f"/refuse/{path}/", headers={"Accept-Language": "en"})
    assert response.status_code == status
    assert "This form waited too long" in response.text
    assert 'role="alert"' in response.text
    assert "<h1>" in response.text


def test_a_refusal_for_htmx_is_only_the_sentence_at_the_notices(visitor):
    response = visitor.get("/refuse/stale/", headers={"HX-Request": "true"})
    assert response.status_code == 409
    assert response["HX-Retarget"] == "#notices"
    assert "<html" not in response.text
    assert "这张表单放得太久了" in response.text


@pytest.mark.parametrize(
    ("language", "tag", "words"),
    [("zh-hans", "zh-Hans", "这张表单放得太久了"), ("zh-hant", "zh-Hant", "這張表單放得太久了")],
)
def test_a_refusal_speaks_the_language_of_the_cookie(visitor, language, tag, words):
    visitor.cookies["language"] = language
    response = visitor.get("/refuse/refused/")
    assert f'<html lang="{tag}"' in response.text
    assert words in response.text


def test_the_way_back_leads_to_a_page_of_this_site_only(visitor):
    own = visitor.get("/refuse/refused/", headers={"Referer": "http://testserver/desk/?q=1"})
    assert 'href="/desk/?q=1"' in own.text
    foreign = visitor.get("/refuse/refused/", headers={"Referer": "http://example.org/desk/"})
    assert "example.org" not in foreign.text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/fail/400/", 400, "无法读懂这次请求"),
        ("/fail/403/", 403, "您不能打开这个页面"),
        ("/fail/500/", 500, "我们这边出了问题"),
        ("/no/such/page/", 404, "这里没有内容"),
    ],
)
def test_failures_have_a_page_in_words(visitor, path, status, words):
    response = visitor.get(path)
    assert response.status_code == status
    assert words in response.text
    assert "planted" not in response.text
    assert 'href="/"' in response.text


def test_a_form_sent_without_its_token_says_what_to_do():
    response = Client(enforce_csrf_checks=True).post("/ui/language/", {"language": "en"})
    assert response.status_code == 403
    assert "这张表单放得太久了" in response.text


def test_a_refusal_is_shown_at_its_field_and_keeps_what_was_typed():
    form = SampleForm({"name": "王秀英", "phone": "123", "channel": "window"})
    show_refusal(form, Invalid("Too short", field="phone"))
    assert form.errors["phone"] == ["Too short"]
    assert form["name"].value() == "王秀英"


def test_a_refusal_without_a_field_of_the_form_stands_above_it():
    form = SampleForm({"name": "王秀英"})
    show_refusal(form, Invalid("Not now", field="elsewhere"))
    assert form.non_field_errors() == ["Not now"]
