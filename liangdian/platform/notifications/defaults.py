"""The messages to residents that the programme brings along. What is private stands behind the link."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liangdian.platform.notifications.templates import TEST, Texts, register

_MATTER = {
    "reference": "XD-2026-000123",
    "title": _("Card for the elderly"),
    "link": "https://centre.example.org/m/abcdef/",
}
_DAY = {"day": _("Fri 25 Sep 2026")}


def register_defaults() -> None:
    """Make the kinds known that every installation has."""
    for kind, texts in _KINDS.items():
        register(kind, texts)


_KINDS = {
    TEST: Texts(
        label=_("Test message"),
        subject=_("Test message of {centre}"),
        body=_("This is a test. You need not answer.\n\n{centre}"),
        short=_("[{centre}] This is a test. You need not answer."),
        samples={},
        urgent=True,
    ),
    "case_registered": Texts(
        label=_("Matter registered"),
        subject=_("Your matter {reference} is registered"),
        body=_(
            "Good day,\n\n"
            "your matter “{title}” is registered under the number {reference}. We promise an answer "
            "by {day}.\n\nHere you can see at any time how it stands:\n{link}\n\n{centre}"
        ),
        short=_("[{centre}] {title} is registered, number {reference}. Answer promised by {day}. {link}"),
        samples={**_MATTER, **_DAY},
    ),
    "promise_changed": Texts(
        label=_("Promise changed"),
        subject=_("New date for your matter {reference}"),
        body=_(
            "Good day,\n\n"
            "the date for your matter “{title}” ({reference}) has changed: we now promise an answer "
            "by {day}.\n\nWhy, and how it stands:\n{link}\n\n{centre}"
        ),
        short=_("[{centre}] {title} ({reference}): answer now promised by {day}. Why: {link}"),
        samples={**_MATTER, **_DAY},
    ),
    "notice_issued": Texts(
        label=_("Notice issued"),
        subject=_("{notice} for your matter {reference}"),
        body=_(
            "Good day,\n\n"
            "for your matter “{title}” ({reference}) there is a notice: {notice}.\n\n"
            "Read and print it here:\n{link}\n\n{centre}"
        ),
        short=_("[{centre}] {title} ({reference}): {notice}. Read it here: {link}"),
        samples={**_MATTER, "notice": _("Notice of acceptance")},
    ),
    "asked_for_more": Texts(
        label=_("Asked for more"),
        subject=_("We still need something for your matter {reference}"),
        body=_(
            "Good day,\n\n"
            "for your matter “{title}” ({reference}) something is still missing. What it is stands "
            "here:\n{link}\n\n{centre}"
        ),
        short=_("[{centre}] Something is still missing for {title} ({reference}). What it is: {link}"),
        samples=_MATTER,
    ),
    "answered": Texts(
        label=_("Answered"),
        subject=_("Your matter {reference} is answered"),
        body=_(
            "Good day,\n\n"
            "your matter “{title}” ({reference}) is answered. Read the answer and tell us until {day} "
            "whether you are satisfied:\n{link}\n\nIf you are not, the matter is opened again.\n\n{centre}"
        ),
        short=_("[{centre}] {title} ({reference}) is answered. Read and rate it until {day}: {link}"),
        samples={**_MATTER, **_DAY},
    ),
    "rating_reminder": Texts(
        label=_("Reminder to rate"),
        subject=_("Are you satisfied with the answer to {reference}?"),
        body=_(
            "Good day,\n\n"
            "your matter “{title}” ({reference}) was answered. Until {day} you can still tell us "
            "whether you are satisfied:\n{link}\n\n{centre}"
        ),
        short=_("[{centre}] Are you satisfied with {title} ({reference})? Rate it until {day}: {link}"),
        samples={**_MATTER, **_DAY},
    ),
    "overdue_apology": Texts(
        label=_("Apology for an overdue matter"),
        subject=_("We are late with your matter {reference}"),
        body=_(
            "Good day,\n\n"
            "we promised an answer to your matter “{title}” ({reference}) by {day} and did not keep "
            "it. We are sorry. The superior unit has been told.\n\nHow it stands:\n{link}\n\n{centre}"
        ),
        short=_("[{centre}] We are late with {title} ({reference}), promised by {day}. We are sorry. {link}"),
        samples={**_MATTER, **_DAY},
    ),
    "matters_joined": Texts(
        label=_("Handled together with another matter"),
        subject=_("Your matter {reference} is handled together with another one"),
        body=_(
            "Good day,\n\n"
            "your matter “{title}” ({reference}) and another one are about the same thing, so we handle both "
            "together. An answer is promised by {day}; you get it under your own number.\n\n"
            "How it stands:\n{link}\n\n{centre}"
        ),
        short=_(
            "[{centre}] {title} ({reference}) is handled together with another matter about the same thing. "
            "Answer promised by {day}. {link}"
        ),
        samples={**_MATTER, **_DAY},
    ),
    "matters_parted": Texts(
        label=_("Handled separately again"),
        subject=_("Your matter {reference} is handled separately again"),
        body=_(
            "Good day,\n\n"
            "your matter “{title}” ({reference}) is no longer handled together with another one. An answer "
            "is promised by {day}.\n\nHow it stands:\n{link}\n\n{centre}"
        ),
        short=_("[{centre}] {title} ({reference}) is handled separately again, promised by {day}. {link}"),
        samples={**_MATTER, **_DAY},
    ),
    "call_back_result": Texts(
        label=_("Result of a call-back"),
        subject=_("What we noted from our call about {reference}"),
        body=_(
            "Good day,\n\n"
            "in our call about your matter “{title}” ({reference}) we noted: {grade}.\n\nIf this is "
            "wrong, please tell us. How it stands:\n{link}\n\n{centre}"
        ),
        short=_("[{centre}] Our call about {title} ({reference}): noted as “{grade}”. Wrong? {link}"),
        samples={**_MATTER, "grade": _("Satisfied")},
    ),
    "rating_reviewed": Texts(
        label=_("Rating reviewed"),
        subject=_("Your rating of {reference} was reviewed"),
        body=_(
            "Good day,\n\n"
            "your rating of the matter “{title}” ({reference}) was reviewed by a second person and is not "
            "counted. It stays on record.\n\nWhy, and how it stands:\n{link}\n\n{centre}"
        ),
        short=_("[{centre}] Your rating of {title} ({reference}) was reviewed and is not counted: {link}"),
        samples={**_MATTER},
    ),
}  # fmt: skip
