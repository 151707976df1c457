"""A kiosk that is cut off: it gives out numbers that were set apart for it, and says so later, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from liangdian.desks.hall.models import Device, NumberBlock, QueueGroup, Visit
from liangdian.desks.hall.rules import KEPT_FROM, KEPT_TO
from liangdian.desks.hall.services.joining import Arrival, join, next_numbers
from liangdian.desks.hall.states import Channel
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Refused

BLOCK = 30
ENOUGH = 10


@dataclass(frozen=True, slots=True)
class Given:
    """A number that a kiosk gave out while it was cut off. ``at``: by its own clock."""

    press_key: str
    prefix: str
    number: int
    at: datetime
    reason: str = ""
    language: str = "zh-hans"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it: the same press sent twice is taken once. ``refused``: the sentence why not."""

    press_key: str
    refused: str = ""


@transaction.atomic
def blocks_for(*, device: Device, at: datetime) -> list[NumberBlock]:
    """The blocks of today that this kiosk may use; for each letter at least ten numbers are free.

    When all numbers that are kept for broken lines are set apart, a letter has none left.
    """
    day = business_date(at)
    Device.objects.select_for_update().get(pk=device.pk)
    found: list[NumberBlock] = []
    for group in QueueGroup.objects.filter(hall=device.hall_id, active=True):
        blocks = list(
            NumberBlock.objects.filter(device=device, day=day, prefix=group.prefix).order_by("first")
        )
        if sum(_free(block) for block in blocks) < ENOUGH:
            # A counter of its own: the small letter.
            counted = next_numbers(hall_id=device.hall_id, day=day, prefix=group.prefix.lower(), count=BLOCK)
            first = KEPT_FROM + counted - 1
            if first + BLOCK - 1 > KEPT_TO:
                continue
            blocks.append(
                NumberBlock.objects.create(
                    device=device, hall_id=device.hall_id, day=day, prefix=group.prefix, first=first,
                    last=first + BLOCK - 1, at=at,
                )
            )  # fmt: skip
        found += [block for block in blocks if _free(block)]
    return found


def first_free(block: NumberBlock) -> int:
    """The first number of the block that no visit has; beyond its end when all are given out."""
    used = _used(block).order_by("-number").values_list("number", flat=True).first()
    return block.first if used is None else used + 1


def _free(block: NumberBlock) -> int:
    return max(0, block.last - first_free(block) + 1)


def _used(block: NumberBlock) -> QuerySet[Visit]:
    return Visit.objects.filter(
        hall=block.hall_id, day=block.day, prefix=block.prefix, number__range=(block.first, block.last)
    )


def upload(*, device: Device, given: Sequence[Given], at: datetime) -> list[Taken]:
    """Take up what the kiosk gave out meanwhile, oldest first. A refused one does not stop the others."""
    return [_take(device, each, at=at) for each in sorted(given, key=lambda g: g.at)]


def _take(device: Device, each: Given, *, at: datetime) -> Taken:
    """The place counts from when the number was given out, by the kiosk's clock, but never from tomorrow."""
    when = min(each.at, at)
    block = NumberBlock.objects.filter(
        device=device, day=business_date(when), prefix=each.prefix, first__lte=each.number,
        last__gte=each.number,
    ).first()  # fmt: skip
    if block is None or business_date(when) != business_date(at):
        return Taken(each.press_key, "not-of-today")
    group = QueueGroup.objects.filter(hall=device.hall_id, prefix=each.prefix).first()
    arrival = Arrival(
        press_key=each.press_key, channel=Channel.KIOSK, group_id=group.pk if group else None,
        reason=each.reason, language=each.language, number=each.number,
    )  # fmt: skip
    try:
        join(actor=SYSTEM, hall_id=device.hall_id, arrival=arrival, at=when)
    except Refused as refused:
        return Taken(each.press_key, refused.code)
    except IntegrityError:
        # Two presses of one kiosk with the same number: the first has it.
        return Taken(each.press_key, "number-taken")
    return Taken(each.press_key)
