"""Signatures drawn on the screen: lines as numbers, nothing else, so that they can be drawn again."""

from __future__ import annotations

import json
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from liangdian.foundation.refused import Invalid

WIDTH, HEIGHT = 600, 200
MOST_POINTS = 6_000
LEAST_LENGTH = 60  # a dot or a slip of the finger is no signature
_EMPTY = _("Please sign in the box with a finger, a pen or the mouse.")


def read_strokes(text: str) -> str:
    """The path (``M10 20L11 22…``) of lines sent as JSON ``[[[x, y], …], …]`` in a box of 600 × 200.

    Raises Invalid for anything else, for a line outside the box, and for next to nothing.
    """
    try:
        given = json.loads(text) if text else []
        strokes = [[(int(x), int(y)) for x, y in stroke] for stroke in given]
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Invalid(_EMPTY, field="strokes") from error
    points = [point for stroke in strokes for point in stroke]
    if not points or len(points) > MOST_POINTS:
        raise Invalid(_EMPTY, field="strokes")
    if not all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points):
        raise Invalid(_("The signature goes beyond the box. Please sign again."), field="strokes")
    length = sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for stroke in strokes for a, b in pairwise(stroke))
    if length < LEAST_LENGTH:
        raise Invalid(_EMPTY, field="strokes")
    return "".join("M" + "L".join(f"{x} {y}" for x, y in stroke) for stroke in strokes if stroke)


def picture(path: str) -> str:
    """The signature as an SVG picture."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"><path d="{path}" '
        'fill="none" '
        'stroke="#123" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )
