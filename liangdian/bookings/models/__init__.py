"""The tables of appointments. Private to this room."""

from liangdian.bookings.models.booking import Booking, BookingEvent, Place, WaitingEntry
from liangdian.bookings.models.resource import Closure, Opening, Resource, RuleVersion, Slot

__all__ = [
    "Booking",
    "BookingEvent",
    "Closure",
    "Opening",
    "Place",
    "Resource",
    "RuleVersion",
    "Slot",
    "WaitingEntry",
]
