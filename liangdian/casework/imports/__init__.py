"""Matters from CSV or xlsx: streaming, in chunks, resumable; a bad row is reported and the rest goes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from liangdian.casework import policy
from liangdian.casework.imports.mapping import BadMapping, Mapping, load_mapping, shipped_names
from liangdian.casework.imports.rows import Row, RowRefused, read_row
from liangdian.casework.imports.writing import Writer
from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.documents.tables import RejectedRows, read_rows
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit

__all__ = ["BadMapping", "Imported", "import_cases", "load_mapping", "shipped_names"]

CHUNK = 500


@dataclass(slots=True)
class Imported:
    """What an import did, in rows. ``rejected_path`` holds the rejected ones; None when there are none."""

    read: int = 0
    created: int = 0
    unchanged: int = 0
    rejected: int = 0
    rejected_path: Path | None = None


def import_cases(
    *,
    path: Path,
    mapping: str,
    actor: Actor,
    at: datetime,
    unit: str = "",
    first_handler: str = "",
    chunk: int = CHUNK,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Import the matters of the table at ``path``; what is there already stays as it is.

    ``mapping`` is a shipped name or a path; ``unit`` a code (the oldest root unit when empty);
    ``first_handler`` a user name (the nearest coordinator of the unit when empty). Every chunk of rows is
    one transaction, so an interrupted import is continued by running it again.
    Raises BadMapping, Invalid, NotFound and NotAllowed before the first row is written.
    """
    rules = load_mapping(mapping)
    into = _unit(unit)
    policy.require_register(actor, path=into.path)
    handler_id = _first_handler(first_handler, into, at)
    writer = Writer(
        mapping=rules, unit=into, first_handler_id=handler_id, actor=actor, source=path.name, at=at
    )
    done = Imported()
    with RejectedRows(path) as rejected:
        rows = _checked_rows(rules, path, rejected, done, now=at)
        while part := list(islice(rows, chunk)):
            created = writer.write(part)
            done.created += created
            done.unchanged += len(part) - created
            if progress is not None:
                progress(done.read, done.rejected)
    done.rejected_path = rejected.path if done.rejected else None
    return done


def _checked_rows(
    mapping: Mapping, path: Path, rejected: RejectedRows, done: Imported, *, now: datetime
) -> Iterator[Row]:
    """The usable rows of the table, one by one; the others go to ``rejected`` with their reason."""
    seen: set[int] = set()
    for line, raw in read_rows(path):
        if not done.read:
            _check_columns(mapping, raw)
        done.read += 1
        try:
            row = read_row(mapping, line, raw, now=now)
            if hash(row.key) in seen:
                raise RowRefused(_("The key “%(key)s” stands in the file twice.") % {"key": row.key})
        except RowRefused as refusal:
            done.rejected += 1
            rejected.add(line, raw, refusal)
            continue
        seen.add(hash(row.key))
        yield row


def _check_columns(mapping: Mapping, raw: dict[str, str]) -> None:
    missing = [column for column in mapping.needed if column not in raw]
    if missing:
        raise Invalid(
            _("The file lacks columns that the mapping names: %(columns)s. Is it the right mapping?")
            % {"columns": ", ".join(missing)}
        )


def _unit(code: str) -> Unit:
    if code:
        found = organisation.unit_by_code(code)
    else:
        found = next(iter(organisation.root_units()), None)
    if found is None:
        raise NotFound(_("There is no unit with the code “%(code)s”.") % {"code": code})
    return found


def _first_handler(username: str, unit: Unit, at: datetime) -> int:
    """Who answers for the imported matters from now on: never empty, always somebody who may answer."""
    if username:
        user = accounts.user_by_name(username)
        if user is None or not user.is_active:
            raise NotFound(_("There is no active account “%(name)s”.") % {"name": username})
        if not accounts.actor_of(user, at).holds(*_answering()):
            raise Invalid(_("“%(name)s” has no role that handles matters.") % {"name": username})
        return user.pk
    found = accounts.holders_reaching(Role.COORDINATOR, unit.path, at)
    if not found:
        raise Invalid(
            _("No coordinator answers for %(unit)s. Name a first handler with --first-handler.")
            % {"unit": unit.label}
        )
    return found[0].pk


def _answering() -> tuple[Role, ...]:
    return (
        *policy.roles_for(policy.Act.RESOLVE, policy.Reach.OWN),
        *policy.roles_for(policy.Act.RESOLVE, policy.Reach.UNIT),
    )
