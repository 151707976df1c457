"""Opening a hall for a unit, its rules, and its queues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from liangdian.desks.hall import policy, rules
from liangdian.desks.hall.models import Hall, HallCounter, QueueGroup
from liangdian.desks.hall.wording import NO_SUCH_HALL
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.foundation.text import clean
from liangdian.platform.audit import services as audit
from liangdian.registers.organisation import selectors as organisation


@transaction.atomic
def open_hall(*, actor: Actor, unit_id: int, at: datetime) -> Hall:
    """The hall of a unit; one for each. Raises NotAllowed, Invalid when there is one."""
    unit = organisation.unit_by_id(unit_id)
    policy.require_set_up(actor, unit.path)
    if Hall.objects.filter(unit=unit_id).exists():
        raise Invalid(_("This unit has a hall already."), field="unit")
    hall = Hall.objects.create(unit=unit, created_at=at)
    HallCounter.objects.create(hall=hall)
    audit.record(actor, "hall_opened", "hall.hall", hall.pk, at=at)
    return hall


@dataclass(frozen=True, slots=True)
class Queueing:
    """How a hall keeps its queue: see the fields of ``Hall``; times in minutes."""

    ratio: int = 3
    cap_minutes: int = 40
    grace_minutes: int = 15
    return_minutes: int = 60
    return_behind: int = 3
    unattended_minutes: int = 15
    target_minutes: int = 20
    quick_items: tuple[str, ...] = ()
    active: bool = True


@transaction.atomic
def set_queueing(*, actor: Actor, hall_id: int, queueing: Queueing, at: datetime) -> Hall:
    """Change how the queue is kept, from now on. Raises NotFound, NotAllowed, Invalid."""
    hall = _locked(actor, hall_id)
    rules.check_queueing(
        ratio=queueing.ratio, cap=queueing.cap_minutes,
        minutes=(
            queueing.grace_minutes, queueing.return_minutes, queueing.unattended_minutes,
            queueing.target_minutes,
        ),
        behind=queueing.return_behind,
    )  # fmt: skip
    for name in Queueing.__slots__:
        setattr(hall, name, getattr(queueing, name))
    hall.quick_items = sorted({code.strip() for code in queueing.quick_items if code.strip()})
    hall.save()
    audit.record(actor, "hall_changed", "hall.hall", hall.pk, at=at)
    return hall


def _locked(actor: Actor, hall_id: int) -> Hall:
    hall = Hall.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=hall_id).first()
    if hall is None:
        raise NotFound(NO_SUCH_HALL)
    policy.require_set_up(actor, hall.unit.path)
    return hall


@transaction.atomic
def set_group(
    *, actor: Actor, hall_id: int, prefix: str, name: str, at: datetime, categories: Iterable[str] = (),
    names: Mapping[str, str] | None = None, order: int = 0, active: bool = True, group_id: int | None = None,
) -> QueueGroup:  # fmt: skip
    """Make or change a queue with its letter. A category is in one queue. Raises NotFound, Invalid."""
    hall = _locked(actor, hall_id)
    group = QueueGroup(hall=hall)
    others = [each for each in QueueGroup.objects.filter(hall=hall) if each.pk != group_id]
    if group_id is not None:
        found = QueueGroup.objects.filter(hall=hall, pk=group_id).first()
        if found is None:
            raise NotFound(_("There is no such queue."))
        group = found
    prefix, name = prefix.strip().upper(), " ".join(clean(name).split())
    rules.check_prefix(prefix)
    if not name or len(name) > 100:
        raise Invalid(_("Give the queue a name of at most 100 characters."), field="name")
    wanted = sorted({code.strip() for code in categories if code.strip()})
    _check_against(others, prefix=prefix, categories=wanted, active=active)
    group.prefix, group.name, group.names = prefix, name, dict(names or {})
    group.categories, group.order, group.active = wanted, order, active
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as taken:
        raise Invalid(_("Another queue has this letter."), field="letter") from taken
    audit.record(actor, "hall_queue_set", "hall.hall", hall.pk, reason=prefix, at=at)
    return group


def _check_against(others: list[QueueGroup], *, prefix: str, categories: list[str], active: bool) -> None:
    """Raises Invalid for a letter or a category that another queue has, and a second one for all else."""
    if any(other.prefix == prefix for other in others):
        raise Invalid(_("Another queue has this letter."), field="letter")
    used = [other for other in others if other.active and active]
    for other in used:
        if set(other.categories) & set(categories):
            raise Invalid(
                _("The queue %(letter)s has one of these categories already.") % {"letter": other.prefix},
                field="categories",
            )
        if not categories and not other.categories:
            raise Invalid(
                _("The queue %(letter)s already takes everything else. Choose categories.")
                % {"letter": other.prefix},
                field="categories",
            )
