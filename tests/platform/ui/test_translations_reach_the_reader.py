"""A room's own translation is what the reader sees, also where Django or allauth know the same sentence."""

from __future__ import annotations

import pytest
from django.utils.translation import gettext, ngettext, override, pgettext

from liangdian.platform.ui import catalogues, extraction


def shown(context: str, text: str, message_id: object) -> str:
    if isinstance(message_id, (list, tuple)):
        return ngettext(text, str(message_id[1]), 2)
    return pgettext(context, text) if context else gettext(text)


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_every_sentence_is_shown_as_its_room_translates_it(language: str) -> None:
    different = []
    with override(language):
        for room in extraction.rooms():
            if language == "zh-hans":
                catalogue = catalogues.read(catalogues.po_path(room))
            else:
                catalogue = catalogues.traditional(room)
            for (context, text), message in catalogues.entries(catalogue).items():
                wanted, got = catalogues.translations(message)[0], shown(context, text, message.id)
                if wanted and wanted != got:
                    different.append((room.name, text, wanted, got))
    assert different == [], "compile them: python -m liangdian.platform.ui.i18n compile"
