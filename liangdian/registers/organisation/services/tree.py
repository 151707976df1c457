"""Making, changing and moving units."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.foundation.text import clean
from liangdian.platform.accounts import services as accounts
from liangdian.platform.audit import services as audit
from liangdian.registers.organisation import policy, rules
from liangdian.registers.organisation.events import UnitMoved, unit_moved
from liangdian.registers.organisation.models import Unit
from liangdian.registers.organisation.wording import NO_SUCH_UNIT


@transaction.atomic
def create_unit(
    *,
    actor: Actor,
    name: str,
    code: str,
    level: str,
    at: datetime,
    parent: Unit | None = None,
    parent_id: int | None = None,
    names: Mapping[str, str] | None = None,
    seal: str = "",
    phone: str = "",
    address: str = "",
) -> Unit:
    """A new unit below ``parent`` (or the unit with ``parent_id``), at the top when there is none.

    Raises ``NotAllowed``, or ``Invalid`` for a code that is taken or a level that does not fit.
    """
    above_id = parent.pk if parent else parent_id
    above = locked(above_id) if above_id is not None else None
    policy.require_change(actor, above.path if above else "/")
    rules.check_level(level, above.level if above else None)
    unit_id = _next_id()
    unit = Unit(
        id=unit_id,
        name=clean(name),
        names=clean_names(names),
        code=clean(code),
        level=level,
        parent=above,
        path=f"{above.path if above else '/'}{unit_id}/",
        seal=clean(seal),
        phone=clean(phone),
        address=clean(address),
        created_at=at,
    )
    save_checked(unit, exclude=("parent", "path"))
    audit.record(actor, "unit_created", "organisation.unit", unit.pk, unit.name, at)
    return unit


@transaction.atomic
def update_unit(
    *,
    actor: Actor,
    unit_id: int,
    name: str,
    code: str,
    at: datetime,
    names: Mapping[str, str] | None = None,
    seal: str = "",
    phone: str = "",
    address: str = "",
    active: bool = True,
) -> Unit:
    """Change what is said about a unit, or close it; a unit with open units below it is not closed."""
    unit = locked(unit_id)
    policy.require_change(actor, unit.path)
    if unit.active and not active and Unit.objects.active().filter(parent=unit).exists():
        raise Invalid(
            _("There are units in use below this one. Please close or move them first."), field="active"
        )
    unit.name, unit.names, unit.code, unit.active = clean(name), clean_names(names), clean(code), active
    unit.seal, unit.phone, unit.address = clean(seal), clean(phone), clean(address)
    save_checked(unit, exclude=("parent", "path"))
    audit.record(actor, "unit_changed", "organisation.unit", unit.pk, unit.name, at)
    return unit


@transaction.atomic
def move_unit(*, actor: Actor, unit_id: int, parent: Unit | None, at: datetime) -> Unit:
    """Put a unit with everything below it under another unit; all paths and all roles follow.

    Raises ``Invalid`` when the new place lies inside the unit itself or the level does not fit.
    """
    _one_move_at_a_time()
    unit = locked(unit_id)
    above = locked(parent.pk) if parent else None
    policy.require_change(actor, unit.path)
    policy.require_change(actor, above.path if above else "/")
    if above and above.path.startswith(unit.path):
        raise Invalid(_("A unit cannot stand below itself. Please choose another unit."), field="parent")
    rules.check_level(unit.level, above.level if above else None)
    old, new = unit.path, f"{above.path if above else '/'}{unit.pk}/"
    if old == new:
        return unit
    unit.parent, unit.path = above, new
    unit.save(update_fields=["parent", "path"])
    _rewrite_below(old, new)
    accounts.rewrite_paths(old=old, new=new)
    unit_moved.send(sender=Unit, event=UnitMoved(unit.pk, old, new))
    audit.record(actor, "unit_moved", "organisation.unit", unit.pk, f"{old} → {new}", at)
    return unit


def _rewrite_below(old: str, new: str) -> None:
    """Level by level from the top, because the database checks each path against the one above it."""
    rows = Unit.objects.filter(path__startswith=old).annotate(length=models.functions.Length("path"))
    depths = sorted({path.count("/") for path in rows.values_list("path", flat=True)})
    for depth in depths:
        pattern = rf"^(/[0-9]+){{{depth - 1}}}/$"
        Unit.objects.filter(path__startswith=old, path__regex=pattern).update(
            path=Concat(Value(new), Substr(F("path"), len(old) + 1))
        )


def _one_move_at_a_time() -> None:
    """Two moves at once could put each unit below the other; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('organisation.move_unit'))")


def _next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('organisation_unit', 'id'))")
        return int(cursor.fetchone()[0])


def locked(unit_id: int) -> Unit:
    unit = Unit.objects.select_for_update().filter(pk=unit_id).first()
    if unit is None:
        raise NotFound(NO_SUCH_UNIT)
    return unit


def clean_names(names: Mapping[str, str] | None) -> dict[str, str]:
    """Only the offered languages, only those with text; a name is at most 200 characters."""
    kept = {
        code: clean(text)
        for code, text in (names or {}).items()
        if code in rules.NAME_LANGUAGES and clean(text)
    }
    if any(len(text) > 200 for text in kept.values()):
        raise Invalid(_("A name has at most 200 characters. Please shorten it."), field="names")
    return kept


def save_checked(row: models.Model, *, exclude: tuple[str, ...] = ()) -> None:
    """Save; what the fields or a unique rule refuse becomes a sentence at its field."""
    try:
        row.clean_fields(exclude=exclude)
        row.validate_unique(exclude=exclude)
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Invalid(messages[0], field=field) from error
    except IntegrityError as error:
        raise Invalid(_("Somebody saved the same thing at this moment. Please look at the list.")) from error
