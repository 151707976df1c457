"""Every component renders in the three languages; language and display are remembered; nothing is inline."""

import re
from pathlib import Path

import pytest

import liangdian
from liangdian.platform.ui import catalogues

pytestmark = [pytest.mark.urls("tests.platform.ui.urls"), pytest.mark.django_db]
PRODUCT = Path(liangdian.__file__).parent
INLINE = re.compile(
    r"<style|\sstyle=|<script(?![^>]*\bsrc=)(?![^>]*\bnonce=)|\son[a-z]+=[\"']|javascript:", re.I
)


@pytest.fixture(scope="module", autouse=True)
def compiled():
    catalogues.compile_all()


@pytest.mark.parametrize("layout", ["staff", "public"])
@pytest.mark.parametrize(
    ("language", "tag", "words"),
    [
        ("zh-hans", "zh-Hans", "还剩 3 个工作日"),
        ("zh-hant", "zh-Hant", "還剩 3 個工作日"),
        ("en", "en", "3 working"),
    ],
)
def test_all_components_render_in_each_language(client, layout, language, tag, words):
    client.cookies["language"] = language
    response = client.get(f"/ui/components/?layout={layout}")
    assert response.status_code == 200
    assert f'<html lang="{tag}"' in response.text
    assert words in response.text


def test_the_page_of_components_is_closed_in_a_real_installation(client, settings):
    settings.DEMONSTRATION = False
    assert client.get("/ui/components/").status_code == 404


def test_every_control_of_a_form_has_a_label_and_its_error_is_announced(client):
    page = client.get("/ui/components/").text
    for control in re.findall(r"<(?:input|select|textarea)[^>]*\bid=\"(id_[^\"]+)\"", page):
        assert f'for="{control}"' in page
    assert 'aria-describedby="id_phone_helptext"' in page
    assert 'id="id_name_error"' in page
    assert 'href="#id_name"' in page


def test_the_chosen_language_is_remembered_and_leads_back(client):
    response = client.post("/ui/language/", {"language": "zh-hant", "next": "/desk/?q=1"})
    assert response.headers["Location"] == "/desk/?q=1"
    assert response.cookies["language"].value == "zh-hant"
    assert response.cookies["language"]["httponly"]


@pytest.mark.parametrize("where", ["http://example.org/", "//example.org/", "javascript:alert(1)", ""])
def test_no_setting_leads_to_another_site(client, where):
    assert client.post("/ui/language/", {"language": "en", "next": where}).headers["Location"] == "/"


def test_an_unknown_language_changes_nothing(client):
    assert "language" not in client.post("/ui/language/", {"language": "tlh"}).cookies


def test_large_print_and_contrast_are_switched_one_by_one(client):
    client.post("/ui/display/", {"large": "on"})
    client.post("/ui/display/", {"contrast": "on"})
    page = client.get("/ui/components/").text
    assert 'data-print="large"' in page
    assert 'data-contrast="high"' in page
    client.post("/ui/display/", {"large": "off"})
    page = client.get("/ui/components/").text
    assert "data-print" not in page
    assert 'data-contrast="high"' in page


@pytest.mark.parametrize("path", ["/ui/language/", "/ui/display/"])
def test_settings_are_only_changed_by_sending_a_form(client, path):
    assert client.get(path).status_code == 405


def test_the_sign_in_page_is_ours(client):
    page = client.get("/sign-in/login/").text
    assert '<html lang="zh-Hans"' in page
    assert "供中心工作人员使用" in page


def test_an_empty_sign_in_names_its_fields_in_the_readers_language(client):
    page = client.post("/sign-in/login/", {"login": "", "password": ""}).text
    assert "有 2 处需要您看一下" in page
    assert '<a href="#id_login">用户名</a>：' in page
    assert '<a href="#id_password">密码</a>：' in page


@pytest.mark.parametrize("path", sorted(PRODUCT.rglob("templates/**/*.html")), ids=lambda path: path.name)
def test_no_template_carries_inline_style_or_script(path):
    assert not INLINE.findall(path.read_text(encoding="utf-8"))
