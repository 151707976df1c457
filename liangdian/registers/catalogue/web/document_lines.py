"""The document list as typed: one document per line, its parts between bars."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import override

from liangdian.foundation.refused import Invalid
from liangdian.platform.ui.languages import LANGUAGES
from liangdian.registers.catalogue.models import ItemDocument, Necessity
from liangdian.registers.catalogue.services import Document

PARTS = 6  # name | copies | source | necessity | in which case | sample form
MOST_COPIES = 99
LONGEST = 200  # characters of a name, a source or a case
MOST_LINES = 100


def necessity_words() -> dict[str, str]:
    """The short word of each necessity in the reader's language."""
    return {
        Necessity.REQUIRED.value: _("required"),
        Necessity.MINOR.value: _("minor"),
        Necessity.CONDITIONAL.value: _("conditional"),
    }


def _necessities() -> dict[str, str]:
    """Every word under which a necessity may be typed, in any of the languages."""
    found = {"": Necessity.REQUIRED.value, **{value: value for value in Necessity.values}}
    for language in LANGUAGES:
        with override(language.code):
            found |= {word.lower(): value for value, word in necessity_words().items()}
    return found


def written(documents: Iterable[ItemDocument]) -> str:
    """The list as lines that ``read`` understands."""
    words = necessity_words()
    lines = []
    for d in documents:
        parts = [d.name, str(d.copies), d.source, words[d.necessity], d.condition, d.sample]
        lines.append(" | ".join(part.replace("|", "/") for part in parts).rstrip(" |"))
    return "\n".join(lines)


def read(text: str, before: Iterable[ItemDocument] = ()) -> list[Document]:
    """The documents of the typed ``text``; one that was there ``before`` keeps its translated names.

    Raises Invalid with the line that cannot be read.
    """
    names = {d.name: d.names for d in before}
    lines = [line.strip() for line in text.replace("｜", "|").split("\n")]
    numbered = [(n, line) for n, line in enumerate(lines, 1) if line]
    if len(numbered) > MOST_LINES:
        raise Invalid(_("A list has at most %(n)s documents.") % {"n": MOST_LINES}, field="documents")
    necessities = _necessities()
    return [_document(n, line, necessities, names) for n, line in numbered]


def _document(n: int, line: str, necessities: dict[str, str], names: dict[str, dict[str, str]]) -> Document:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) > PARTS:
        raise _wrong(n, _("there are more than six parts"))
    name, copies, source, necessity, condition, sample = parts + [""] * (PARTS - len(parts))
    if not name:
        raise _wrong(n, _("the name is missing"))
    if max(map(len, (name, source, condition, sample))) > LONGEST:
        raise _wrong(n, _("a part is longer than %(n)s characters") % {"n": LONGEST})
    if copies and not (copies.isdecimal() and len(copies) < 3 and 1 <= int(copies) <= MOST_COPIES):
        raise _wrong(n, _("copies is a number from 1 to %(n)s") % {"n": MOST_COPIES})
    if necessity.lower() not in necessities:
        raise _wrong(n, _("write %(words)s") % {"words": " / ".join(necessity_words().values())})
    kind = necessities[necessity.lower()]
    if kind == Necessity.CONDITIONAL and not condition:
        raise _wrong(n, _("write in which case it is needed"))
    return Document(
        name=name, copies=int(copies or 1), source=source, necessity=kind, condition=condition,
        sample=sample, names=names.get(name, {}),
    )  # fmt: skip


def _wrong(n: int, what: str) -> Invalid:
    return Invalid(_("Line %(n)s: %(what)s.") % {"n": n, "what": what}, field="documents")
