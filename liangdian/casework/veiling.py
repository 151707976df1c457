"""Matters of discreet kinds as they are shown: who brought them is hidden in the row itself.

No template, answer or file has to remember it: the name is masked where the row is read.
"""

from __future__ import annotations

from liangdian.casework.models import Case
from liangdian.casework.procedures import is_discreet
from liangdian.platform.crypto import mask_name


def veiled(case: Case) -> Case:
    """The row for showing, never for saving; ``veiled`` says whether the resident is hidden."""
    case.veiled = is_discreet(case.kind)  # type: ignore[attr-defined]
    if case.veiled and case.resident is not None:  # type: ignore[attr-defined]
        case.resident.name, case.resident.address = mask_name(case.resident.name), ""
    return case
