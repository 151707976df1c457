"""Refusals that several examinations share."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liangdian.foundation.refused import Invalid

FIELD = "files"


class Damaged(Invalid):
    """The file cannot be read to its end."""

    code = "damaged"

    def __init__(self) -> None:
        super().__init__(
            _("The file is damaged or was cut off. Open it, save it again, then try once more."), field=FIELD
        )


class TooLargeInside(Invalid):
    """A small file that becomes a huge one when it is opened."""

    code = "too-large-inside"
