"""The translation tool finds what a reader would stumble over."""

import gettext
from pathlib import Path

import pytest

from liangdian.platform.ui import catalogues, i18n

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: zh_Hans\\n"

msgid "Save"
msgstr "保存"

msgid "%(n)s day left"
msgid_plural "%(n)s days left"
msgstr[0] "还剩 %(n)s 天"

msgctxt "verb"
msgid "Rate"
msgstr "评价"
"""
PYTHON = """from django.utils.translation import gettext as _, ngettext, pgettext
TEXT = _("Save")
DAYS = ngettext("%(n)s day left", "%(n)s days left", 2)
"""
TEMPLATE = """{% translate "Save" %}{% translate "Rate" context "verb" %}
<p title="{{ x }}">
{% blocktranslate count n=n %}{{ n }} day left{% plural %}{{ n }} days left{% endblocktranslate %}</p>
"""


@pytest.fixture
def product(tmp_path: Path) -> Path:
    room = tmp_path / "desk"
    (room / "templates").mkdir(parents=True)
    (room / "locale/zh_Hans/LC_MESSAGES").mkdir(parents=True)
    (room / "apps.py").write_text("")
    (room / "words.py").write_text(PYTHON)
    (room / "templates/page.html").write_text(TEMPLATE)
    catalogues.po_path(room).write_text(PO)
    return tmp_path


def reasons(product: Path) -> list[tuple[str, str]]:
    return [(problem.text, problem.reason) for problem in catalogues.problems(product)]


def add(product: Path, msgid: str, msgstr: str, flag: str = "") -> None:
    path = catalogues.po_path(product / "desk")
    path.write_text(path.read_text() + f'\n{flag}msgid "{msgid}"\nmsgstr "{msgstr}"\n')
    source = product / "desk/words.py"
    source.write_text(source.read_text() + f'MORE = _("{msgid}")\n')


def test_a_complete_room_passes(product):
    assert reasons(product) == []
    assert i18n.main(["check", "--product", str(product)]) == 0


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("words.py", 'MORE = _("Planted")\n'),
        ("templates/page.html", '{% translate "Planted" %}'),
        ("templates/page.html", "{% blocktranslate %}Planted{% endblocktranslate %}"),
        ("templates/page.html", '{{ x|default:_("Planted") }}'),
    ],
)
def test_a_planted_missing_translation_is_found(product, file, text, capsys):
    path = product / "desk" / file
    path.write_text(path.read_text() + text)
    assert reasons(product) == [("Planted", "not translated")]
    assert i18n.main(["check", "--product", str(product)]) == 1
    assert "desk: not translated: 'Planted'" in capsys.readouterr().err


def test_a_sentence_with_another_context_is_another_sentence(product):
    (product / "desk/words.py").write_text(PYTHON + 'MORE = pgettext("noun", "Rate")\n')
    assert reasons(product) == [("Rate", "not translated")]


@pytest.mark.parametrize(
    ("msgid", "msgstr", "flag", "reason"),
    [
        ("Empty", "", "", "translation is empty"),
        ("Doubtful", "存疑", "#, fuzzy\n", "translation is marked fuzzy"),
        ("Hello %(name)s", "你好", "", "placeholders differ"),
        ("Untouched", "Untouched", "", "left in English"),
    ],
)
def test_a_bad_translation_is_found(product, msgid, msgstr, flag, reason):
    add(product, msgid, msgstr, flag)
    assert reasons(product) == [(msgid, reason)]


def test_two_rooms_may_not_translate_the_same_sentence_differently(product):
    other = product / "hall"
    (other / "locale/zh_Hans/LC_MESSAGES").mkdir(parents=True)
    (other / "apps.py").write_text("")
    catalogues.po_path(other).write_text(PO.replace("保存", "存盘"))
    ((text, reason),) = reasons(product)
    assert text == "Save"
    assert "give one of them a context" in reason


@pytest.mark.parametrize("text", ["<p>Hello there</p>", '<a aria-label="Close"></a>', "<p>中文</p>"])
def test_words_outside_of_translation_are_found(product, text):
    page = product / "desk/templates/page.html"
    page.write_text(page.read_text() + text)
    ((_words, reason),) = reasons(product)
    assert reason == "unmarked in page.html"


def test_compiled_catalogues_speak_simplified_and_traditional(product):
    assert catalogues.compile_all(product) == 2
    found = {}
    for locale in (catalogues.SIMPLIFIED, catalogues.TRADITIONAL):
        with catalogues.po_path(product / "desk", locale).with_suffix(".mo").open("rb") as file:
            found[locale] = gettext.GNUTranslations(file)
    assert found["zh_Hans"].ngettext("%(n)s day left", "%(n)s days left", 3) == "还剩 %(n)s 天"
    assert found["zh_Hant"].ngettext("%(n)s day left", "%(n)s days left", 3) == "還剩 %(n)s 天"
    assert found["zh_Hant"].pgettext("verb", "Rate") == "評價"
    assert catalogues.compile_all(product) == 0, "what is up to date is not written again"


def test_a_correction_by_hand_wins_over_the_conversion(product):
    path = catalogues.po_path(product / "desk", catalogues.TRADITIONAL)
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Save"\nmsgstr "儲存"\n'
    )
    found = catalogues.entries(catalogues.traditional(product / "desk"))
    assert found["", "Save"].string == "儲存"


def test_update_adds_what_is_new_and_drops_what_nobody_says(product):
    add(product, "New", "")
    source = product / "desk/words.py"
    source.write_text(source.read_text().replace('_("Save")', '"Save"'))
    page = product / "desk/templates/page.html"
    page.write_text(page.read_text().replace('{% translate "Save" %}', ""))
    assert catalogues.update(product) == {"desk": 1}
    found = catalogues.entries(catalogues.read(catalogues.po_path(product / "desk")))
    assert ("", "Save") not in found
    assert found["", "New"].string == ""
    assert found["verb", "Rate"].string == "评价"
    assert catalogues.translations(found["", "%(n)s day left"]) == ("还剩 %(n)s 天",)
