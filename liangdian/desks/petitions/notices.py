"""What the papers of the petition desk say, in the petitioner's language."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from liangdian.casework.procedures import DeskNotice, NoticeWords
from liangdian.casework.selectors import Case, Event
from liangdian.desks.petitions.models import Opinion, Petition
from liangdian.desks.petitions.states import Ground, Outcome, Sort
from liangdian.platform.ui.dates import day_words


def _rows(case: Case) -> list[tuple[str, str]]:
    rows = [(gettext("What it asks for"), str(Sort(_petition(case).sort).label))]
    if case.due_at is not None:
        rows.append((gettext("Answered by"), day_words(case.due_at)))
    return rows


def _petition(case: Case) -> Petition:
    return Petition.objects.get(pk=case.pk)


def _accepted(case: Case, event: Event, extra: dict[str, str]) -> NoticeWords:
    return NoticeWords(
        gettext("We have accepted your petition and will answer it by the day named below (Art. 23, 34)."),
        _rows(case),
        next=gettext("You can see where it stands and say whether you are satisfied (Art. 21)."),
    )


def _not_accepted(case: Case, event: Event, extra: dict[str, str]) -> NoticeWords:
    rows = [
        (gettext("Ground"), str(Ground(event.data["ground"]).label)),
        (gettext("Reason"), str(event.data["text"])),
    ]
    if event.data.get("where"):
        rows.append((gettext("Who is responsible"), str(event.data["where"])))
    return NoticeWords(gettext("We do not accept your petition (Art. 19, 23)."), rows)


def _transferred(case: Case, event: Event, extra: dict[str, str]) -> NoticeWords:
    rows = [
        (gettext("From"), extra["from"]),
        (gettext("To"), extra["to"]),
        (gettext("What is asked"), str(event.data["text"])),
        (gettext("The petitioner is told by"), day_words(case.due_at) if case.due_at else ""),
        (gettext("Objection at the latest on"), _day(event.data["object_by"])),
    ]
    if event.data.get("report_by"):
        rows.append((gettext("Report by"), _day(event.data["report_by"])))
    return NoticeWords(
        gettext("This petition lies within your responsibility and goes to you (Art. 22)."),
        rows,
        next=gettext(
            "It is returned only when we agree. Keep secret who petitions and about what (Art. 30)."
        ),
    )


def _extended(case: Case, event: Event, extra: dict[str, str]) -> NoticeWords:
    rows = [
        (gettext("Promised until now"), _day(event.data["was"])),
        (gettext("Now at the latest"), day_words(case.due_at) if case.due_at else ""),
        (gettext("Reason"), str(event.data["text"])),
    ]
    return NoticeWords(
        gettext("We need more time. The head of the unit approved the one extension (Art. 34)."), rows
    )


def _opinion(case: Case, event: Event, extra: dict[str, str]) -> NoticeWords:
    return _of_opinion(case, event, gettext("We investigated your petition and give this opinion (Art. 32)."))


def _review(case: Case, event: Event, extra: dict[str, str]) -> NoticeWords:
    return _of_opinion(case, event, gettext("We reviewed the opinion that you do not agree with (Art. 35)."))


def _rereview(case: Case, event: Event, extra: dict[str, str]) -> NoticeWords:
    return _of_opinion(
        case, event, gettext("We reviewed the opinion a second time. This opinion is final (Art. 36).")
    )


def _of_opinion(case: Case, event: Event, lead: str) -> NoticeWords:
    """The four parts and the outcome (Art. 32), and what the petitioner can still do."""
    found = Opinion.objects.get(petition=case.pk)
    rows = [
        (gettext("What you ask for"), found.request),
        (pgettext("petition", "Facts and reasons"), found.facts),
        (gettext("Opinion"), found.opinion),
        (gettext("Laws and rules"), found.basis),
        (gettext("Outcome"), str(Outcome(found.outcome).label)),
    ]
    until = event.data.get("review_until")
    if until:
        next_step = gettext(
            "If you do not agree, you can ask for a review until %(day)s. Bring this paper (Art. 35, 36)."
        ) % {"day": _day(until)}
    else:
        next_step = gettext("The same facts and reasons are not taken up again (Art. 36).")
    return NoticeWords(lead, rows, next=next_step)


def _day(text: object) -> str:
    return day_words(date.fromisoformat(str(text)[:10]))


NOTICES = {
    "petitions.accepted": DeskNotice(_("Notice of acceptance of a petition"), _accepted),
    "petitions.not_accepted": DeskNotice(_("Notice of non-acceptance of a petition"), _not_accepted),
    "petitions.transferred": DeskNotice(_("Letter of transfer"), _transferred),
    "petitions.extended": DeskNotice(_("Notice of extension of a petition"), _extended),
    "petitions.opinion": DeskNotice(_("Written opinion on a petition"), _opinion),
    "petitions.review": DeskNotice(_("Opinion of the review"), _review),
    "petitions.rereview": DeskNotice(_("Opinion of the re-review"), _rereview),
}
