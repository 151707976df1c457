"""The rows of the hall. Private to this room: others use its services and selectors."""

from liangdian.desks.hall.models.device import Device, NumberBlock
from liangdian.desks.hall.models.hall import Hall, HallCounter, Pace, QueueGroup, TicketCounter
from liangdian.desks.hall.models.record import HallEvent, Segment, VisitRating
from liangdian.desks.hall.models.visit import Visit, VisitItem
from liangdian.desks.hall.models.window import WindowSession

__all__ = [
    "Device",
    "Hall",
    "HallCounter",
    "HallEvent",
    "NumberBlock",
    "Pace",
    "QueueGroup",
    "Segment",
    "TicketCounter",
    "Visit",
    "VisitItem",
    "VisitRating",
    "WindowSession",
]
