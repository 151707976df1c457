"""Disputes from a JSON file of descriptions with a type and the parties; what has no counterpart is reported.

The file is a list of ``{"type", "description", "parties"}``. It says nothing of sides, so the first name is
written down as the applicant, the second as the other party, further ones as third parties, and every party
is still to be asked whether it wants mediation (Art. 17).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangdian.desks.mediation.models import Committee, Dispute
from liangdian.desks.mediation.services import DisputeIntake, NewParty, register_dispute
from liangdian.desks.mediation.services.registering import NAME_LIMIT
from liangdian.desks.mediation.states import Category, Side, Source, Subtype
from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import Invalid, NotFound, Refused
from liangdian.foundation.text import clean
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.documents.tables import RejectedRows
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit

LARGEST = 50_000_000  # bytes: the file is read as a whole
# The national categories that say the same. 治安刑事 is no matter for mediation, 校园教育 has no category of
# its own, and 房产土地 may be houses or land: these are decided by a person.
TYPES: dict[str, tuple[Category, str]] = {
    "家庭婚姻纠纷": (Category.MARRIAGE, ""), "遗产继承纠纷": (Category.MARRIAGE, Subtype.INHERITANCE),
    "社区邻里纠纷": (Category.NEIGHBOURS, ""), "经济债务纠纷": (Category.CONTRACT, Subtype.DEBT),
    "公司经营纠纷": (Category.BUSINESS, ""), "环境污染纠纷": (Category.POLLUTION, ""),
    "劳资劳动纠纷": (Category.LABOUR, ""), "消费旅游纠纷": (Category.CONSUMER, ""),
    "医疗健康纠纷": (Category.MEDICAL, ""), "交通事故纠纷": (Category.TRAFFIC, ""),
}  # fmt: skip
_NO_LIST = gettext_lazy("The file is no list of disputes (JSON with type, description and parties).")


class _RowRefused(Refused):
    """One dispute of the file cannot be taken over."""


@dataclass(slots=True)
class Imported:
    """What an import did. ``no_counterpart``: the types that no category stands for, with how many."""

    read: int = 0
    created: int = 0
    unchanged: int = 0
    rejected: int = 0
    no_counterpart: dict[str, int] = field(default_factory=dict)
    rejected_path: Path | None = None


def import_disputes(
    *, path: Path, actor: Actor, at: datetime, unit: str = "", first_handler: str = ""
) -> Imported:
    """Register the disputes of the file at ``path``; what is there already stays as it is.

    ``unit``: a code, that of the only committee when empty; ``first_handler``: a user name, the nearest
    mediator or coordinator when empty. Each dispute is one transaction, so an import can be run again.
    Raises Invalid and NotFound before the first dispute is written, WrongState without a committee in office.
    """
    rows = _read(path)
    unit_id, handler_id = _into(unit, first_handler, at=at)
    done = Imported()
    with RejectedRows(path) as rejected:
        for line, raw in enumerate(rows, start=1):
            done.read += 1
            row = {key: str(raw.get(key, "")) for key in ("type", "description", "parties")}
            try:
                intake = _intake(row, unit_id=unit_id, handler_id=handler_id, done=done)
                known = Dispute.objects.filter(case__detail__submission_key=intake.submission_key).exists()
                register_dispute(actor=actor, intake=intake, at=at)
            except (_RowRefused, Invalid) as refusal:
                done.rejected += 1
                rejected.add(line, row, refusal)
                continue
            done.unchanged += known
            done.created += not known
    done.rejected_path = rejected.path if done.rejected else None
    return done


def _read(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        raise NotFound(_("There is no file “%(name)s”.") % {"name": path.name})
    if path.stat().st_size > LARGEST:
        raise Invalid(_("The file is larger than 50 MB. Divide it."))
    try:
        rows = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise Invalid(_NO_LIST) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid(_NO_LIST)
    return iter(rows)


def _into(code: str, username: str, *, at: datetime) -> tuple[int, int]:
    unit = organisation.unit_by_code(code) if code else _only_unit()
    if unit is None:
        raise NotFound(_("There is no unit with the code “%(code)s”.") % {"code": code})
    if username:
        user = accounts.user_by_name(username)
        if user is None or not user.is_active:
            raise NotFound(_("There is no active account “%(name)s”.") % {"name": username})
        return unit.pk, user.pk
    for role in (Role.MEDIATOR, Role.COORDINATOR):
        if found := accounts.holders_reaching(role, unit.path, at):
            return unit.pk, found[0].pk
    raise Invalid(
        _("No mediator answers for %(unit)s. Name a first handler with --first-handler.")
        % {"unit": unit.label}
    )


def _only_unit() -> Unit:
    """The unit of the only committee. Raises Invalid."""
    found = list(Committee.objects.select_related("unit")[:2])
    if len(found) != 1:
        raise Invalid(_("Name the unit with --unit: there is not exactly one mediation committee."))
    return found[0].unit


def _intake(row: dict[str, str], *, unit_id: int, handler_id: int, done: Imported) -> DisputeIntake:
    """The dispute of one row. Raises _RowRefused with what is missing."""
    kind, words = clean(row["type"]), clean(row["description"])
    if kind not in TYPES:
        done.no_counterpart[kind] = done.no_counterpart.get(kind, 0) + 1
        raise _RowRefused(_("No category stands for the type “%(type)s”.") % {"type": kind[:60]})
    if not words:
        raise _RowRefused(_("The description is empty."))
    names = list(dict.fromkeys(filter(None, map(clean, row["parties"].replace("，", ",").split(",")))))
    if len(names) < 2:
        raise _RowRefused(_("Fewer than two parties are named."))
    sides = [Side.APPLICANT, Side.RESPONDENT]
    parties = tuple(
        NewParty(sides[n] if n < len(sides) else Side.THIRD, name[:NAME_LIMIT])
        for n, name in enumerate(names)
    )
    category, subtype = TYPES[kind]
    digest = hashlib.sha256("\n".join((kind, words, *names)).encode()).hexdigest()
    return DisputeIntake(
        unit_id=unit_id, words=words, category=category, subtype=subtype, parties=parties,
        source=Source.APPLICATION, first_handler_id=handler_id, submission_key=f"dispute:{digest[:50]}",
        consented=False,
    )  # fmt: skip
