"""What residents are told about their appointments, and the words for it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangdian.bookings import codes
from liangdian.bookings.models import Booking
from liangdian.platform.notifications.services import Address, Draft
from liangdian.platform.notifications.templates import Texts, register
from liangdian.platform.ui.dates import moment_words
from liangdian.registers.catalogue import selectors as catalogue
from liangdian.registers.people import selectors as people
from liangdian.registers.people.selectors import Reach

_CHANNELS = {"phone": "sms", "email": "email"}
_SAMPLES: dict[str, object] = {
    "title": gettext_lazy("Card for the elderly"),
    "time": gettext_lazy("Fri 25 Sep 2026, 09:30"),
    "place": gettext_lazy("Window 2"),
    "link": "https://centre.example.org/b/abcdef/",
}
_BRING: dict[str, object] = {"bring": gettext_lazy("Please bring: identity card, photo.")}
_CODE: dict[str, object] = {"code": "K7QM2-XRDPA"}


def register_kinds() -> None:
    """Make the messages of this room known."""
    for kind, texts in _KINDS.items():
        register(kind, texts)


_KINDS = {
    "appointment_confirmed": Texts(
        label=gettext_lazy("Appointment confirmed"),
        subject=gettext_lazy("Your appointment: {time}"),
        body=gettext_lazy(
            "Good day,\n\n"
            "your appointment for “{title}” is on {time}, {place}. Your code is {code}; type it at the "
            "kiosk when you come. {bring}\n\nMove or cancel it here:\n{link}\n\n{centre}"
        ),
        short=gettext_lazy("[{centre}] {title}: {time}, {place}. Code {code}. {bring} Change: {link}"),
        samples={**_SAMPLES, **_BRING, **_CODE},
    ),
    "appointment_moved": Texts(
        label=gettext_lazy("Appointment moved"),
        subject=gettext_lazy("Your appointment is now: {time}"),
        body=gettext_lazy(
            "Good day,\n\n"
            "your appointment for “{title}” was moved. It is now on {time}, {place}. {bring}\n\n"
            "Does it not suit you? Change it here:\n{link}\n\n{centre}"
        ),
        short=gettext_lazy("[{centre}] {title} was moved: now {time}, {place}. {bring} Change: {link}"),
        samples={**_SAMPLES, **_BRING},
    ),
    "appointment_cancelled": Texts(
        label=gettext_lazy("Appointment cancelled"),
        subject=gettext_lazy("Your appointment on {time} is cancelled"),
        body=gettext_lazy(
            "Good day,\n\n"
            "your appointment for “{title}” on {time} is cancelled. Reason: {reason}\n\n"
            "You can make another one:\n{link}\n\n{centre}"
        ),
        short=gettext_lazy("[{centre}] {title} on {time} is cancelled: {reason} New: {link}"),
        samples={
            **{name: _SAMPLES[name] for name in ("title", "time", "link")},
            "reason": gettext_lazy("The colleague is ill."),
        },
    ),
    "appointment_reminder": Texts(
        label=gettext_lazy("Reminder of an appointment"),
        subject=gettext_lazy("Your appointment: {time}"),
        body=gettext_lazy(
            "Good day,\n\n"
            "we expect you on {time} for “{title}”, {place}. {bring}\n\n"
            "If you cannot come, please tell us:\n{link}\n\n{centre}"
        ),
        short=gettext_lazy("[{centre}] {title}: {time}, {place}. {bring} Cannot come? {link}"),
        samples={**_SAMPLES, **_BRING},
    ),
    "appointment_offer": Texts(
        label=gettext_lazy("A time from the waiting list"),
        subject=gettext_lazy("A time has become free: {time}"),
        body=gettext_lazy(
            "Good day,\n\n"
            "you wait for a time for “{title}”. {time} has become free, {place}. We keep it for you "
            "until {until}. Take it here:\n{link}\n\n{centre}"
        ),
        short=gettext_lazy("[{centre}] {title}: {time} is free. Kept for you until {until}: {link}"),
        samples={**_SAMPLES, "until": gettext_lazy("Thu 24 Sep 2026, 15:00")},
        urgent=True,
    ),
}  # fmt: skip


def title_of(booking: Booking) -> str:
    """What the appointment is for, without what the resident said: it stands in a text message."""
    if booking.item_version is not None:
        return booking.item_version.label
    return booking.resource.label


def place_of(booking: Booking) -> str:
    """Where it is."""
    return booking.resource.place or booking.unit.label


def bring_of(booking: Booking) -> str:
    """Which documents to bring, in one sentence; empty when the item has none."""
    if booking.item_version_id is None:
        return ""
    names = [paper.label for paper in catalogue.papers_of(booking.item_version_id)]
    if not names:
        return ""
    comma = ", " if (translation.get_language() or "").startswith("en") else "、"
    return _("Please bring: %(papers)s.") % {"papers": comma.join(names)[:300]}


def draft(
    booking: Booking, kind: str, key: str, *, reach: Reach, at: datetime,
    **more: str | datetime,
) -> Draft:  # fmt: skip
    """A message about the appointment in the resident's language; ``key`` tells it once."""
    with translation.override(booking.language):
        words = {
            "title": title_of(booking), "time": moment_words(booking.starts_at), "place": place_of(booking),
            "bring": bring_of(booking), "code": codes.code_of(booking.key),
        }  # fmt: skip
        words |= {
            name: moment_words(value) if isinstance(value, datetime) else value
            for name, value in more.items()
        }
    words["link"] = settings.PUBLIC_ADDRESS + codes.link_path(booking.key)
    return Draft(
        kind=kind, key=f"booking:{booking.pk}:{key}", language=booking.language, params=words, at=at,
        opted_out=reach.opted_out, url=f"/bookings/{booking.pk}/",
        channels=[Address(_CHANNELS[way.kind], way.to) for way in reach.ways],
        answerable_id=booking.created_by_id,
    )  # fmt: skip


def reach_of(booking: Booking) -> Reach | None:
    """How the resident is reached; None when the appointment is for nobody by name."""
    if booking.resident_id is None:
        return None
    return people.reach_of([booking.resident_id]).get(booking.resident_id)
