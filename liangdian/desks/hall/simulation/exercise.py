"""The exercise hall: a copy of a hall's queues, windows and rules, so that its own figures stay its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from liangdian.desks.hall import selectors, services
from liangdian.desks.hall.models import Hall, Pace, QueueGroup
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.refused import Invalid
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.accounts import services as account_services
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation import services as organisation_services
from liangdian.registers.organisation.selectors import Unit, Window

WINDOWS_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Exercise:
    """The exercise hall with who sits at which of its windows (window id, actor)."""

    hall: Hall
    seats: tuple[tuple[int, Actor], ...]


@transaction.atomic
def prepare(model: Hall, *, windows: int | None, at: datetime) -> Exercise:
    """The exercise hall of ``model``, made at the first use and brought up to date; ``windows`` of it are
    staffed (default: as many as the hall has). One that the hall does not have serves everything.

    Raises Invalid (no windows, more than 50).
    """
    own = organisation.windows_of(model.unit)
    count = len(own) if windows is None else windows
    if not 1 <= count <= WINDOWS_LIMIT:
        raise Invalid(f"Choose between 1 and {WINDOWS_LIMIT} windows.", field="windows")
    unit = _unit(model.unit, at)
    hall = selectors.hall_of_unit(unit.pk) or services.open_hall(actor=SYSTEM, unit_id=unit.pk, at=at)
    hall = _copy_rules(model, hall, at)
    everything = sorted({code for window in own for code in window.serves})
    serves = [window.serves for window in own][:count]
    serves += [everything] * (count - len(serves))
    seats = tuple(
        (_window(unit, number, categories, at).pk, _clerk(unit, number, at))
        for number, categories in enumerate(serves, start=1)
    )
    return Exercise(hall, seats)


def _unit(model: Unit, at: datetime) -> Unit:
    """Out of use in the tree, so that it is offered to nobody; its hall works all the same."""
    code = f"EXERCISE-{model.pk}"
    unit = organisation.unit_by_code(code)
    if unit is not None:
        return unit
    name = f"{model.name}演练大厅"
    names = {
        "zh-hant": f"{model.names.get('zh-hant', model.name)}演練大廳",
        "en": f"Exercise hall of {model.names.get('en', model.name)}",
    }
    unit = organisation_services.create_unit(
        actor=SYSTEM, name=name, names=names, code=code, level=model.level, parent=model.parent, at=at
    )
    return organisation_services.update_unit(
        actor=SYSTEM, unit_id=unit.pk, name=name, names=names, code=code, active=False, at=at
    )


def _copy_rules(model: Hall, hall: Hall, at: datetime) -> Hall:
    names = (
        "ratio", "cap_minutes", "grace_minutes", "return_minutes", "return_behind", "unattended_minutes",
        "target_minutes",
    )  # fmt: skip
    queueing = services.Queueing(
        quick_items=tuple(model.quick_items), **{name: getattr(model, name) for name in names}
    )
    changed = services.set_queueing(actor=SYSTEM, hall_id=hall.pk, queueing=queueing, at=at)
    known = {group.prefix: group for group in selectors.groups_of(hall.pk, active=False)}
    # All out of use first: a category may have gone from one queue to another.
    for group in known.values():
        _set_queue(hall, group, group.pk, at, active=False)
    for group in selectors.groups_of(model.pk):
        _set_queue(hall, group, known[group.prefix].pk if group.prefix in known else None, at)
    # The same expectations as in the hall itself: what is tried is its promised range.
    Pace.objects.filter(hall=hall).delete()
    Pace.objects.bulk_create(
        Pace(hall=hall, key=p.key, quick=p.quick, usual=p.usual, slow=p.slow, count=p.count, at=p.at)
        for p in Pace.objects.filter(hall=model)
    )
    return changed


def _set_queue(hall: Hall, like: QueueGroup, group_id: int | None, at: datetime, active: bool = True) -> None:
    services.set_group(
        actor=SYSTEM, hall_id=hall.pk, prefix=like.prefix, name=like.name, names=like.names, active=active,
        categories=like.categories, order=like.order, group_id=group_id, at=at,
    )  # fmt: skip


def _window(unit: Unit, number: int, serves: list[str], at: datetime) -> Window:
    found = next((w for w in organisation.windows_of(unit) if w.number == number), None)
    if found is None:
        return organisation_services.create_window(
            actor=SYSTEM, unit=unit, number=number, name=f"演练{number}号窗口", serves=serves, at=at
        )
    if sorted(found.serves) == sorted(serves):
        return found
    return organisation_services.update_window(
        actor=SYSTEM, window_id=found.pk, number=number, name=found.name, serves=serves, at=at
    )


def _clerk(unit: Unit, number: int, at: datetime) -> Actor:
    """An account without a password, that can sit at windows of the exercise hall only."""
    username = f"exercise-{unit.pk}-{number}"
    user = accounts.user_by_name(username)
    if user is None:
        user = account_services.create_user(
            actor=SYSTEM, username=username, name=f"演练员{number}", password=None, at=at
        )
        account_services.grant_role(
            actor=SYSTEM, user=user, role="clerk", unit_id=unit.pk, unit_path=unit.path, at=at
        )
    return accounts.actor_of(user, at)
