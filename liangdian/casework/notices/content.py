"""What each notice says, in the resident's language, from the case and the event that it tells of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from liangdian.casework.models import Case, Event, NoticeKind
from liangdian.casework.notices.marks import code_of, typst_language
from liangdian.casework.procedures import NoticeWords, notice_of
from liangdian.casework.states import PauseReason
from liangdian.platform.crypto import mask_name
from liangdian.platform.ui.dates import day_words

Rows = list[tuple[str, str]]


def notice_label(kind: str) -> str:
    """What a kind of notice is called, the spine's or a desk's."""
    notice = notice_of(kind)
    return str(notice.label if notice else NoticeKind(kind).label)


def content_of(case: Case, kind: str, event: Event, extra: dict[str, str]) -> dict[str, object]:
    """The content of a notice as words. No phone and no identity number: paper gets lost."""
    with translation.override(case.detail.language):
        notice = notice_of(kind)
        told = (notice.words if notice else _WORDS[kind])(case, event, extra)
        rows = [
            (_("Matter"), case.shown_title),
            (_("Brought by"), mask_name(case.resident.name) if case.resident else _("not named")),
            *told.rows,
            (_("Answers for it"), f"{case.first_handler.name} · {case.origin.label}"),
        ]
        return {
            "language": typst_language(case.detail.language),
            "centre": case.origin.label,
            "title": notice_label(kind),
            "number": f"{case.reference}-{event.seq:02d}",
            "lead": told.lead,
            "rows": rows,
            "papers_title": told.papers_title,
            "papers": told.papers,
            "next": told.next,
            "signature": told.signature,
            "issued": day_words(event.at),
            "seal": _("Seal"),
            "sealed_by": case.origin.seal or case.origin.label,
            "seal_document": case.origin.seal_picture_id,
            "scan": _("Scan to see where your matter stands and to say whether you are satisfied."),
            "qr": code_of(case),
        }


def _day(event: Event, key: str) -> str:
    return day_words(date.fromisoformat(str(event.data[key])))


def _promise_rows(case: Case) -> Rows:
    promise = case.promises.order_by("-seq")[:1].get()
    rows = [(_("Our promise"), _("%(day)s at the latest") % {"day": day_words(promise.due_day)})]
    if promise.legal_due_day is not None:
        rows.append((_("The law gives us until"), day_words(promise.legal_due_day)))
    return rows


def _accepted(case: Case, event: Event, extra: dict[str, str]) -> NoticeWords:
    lead = _("We have accepted your application.")
    if event.data.get("by") == "deemed":
        lead = _(
            "We did not tell you in time whether anything is missing. By law your application therefore "
            "counts as accepted from the day on which we received it, %(day)s."
        ) % {"day": _day(event, "day")}
    return NoticeWords(
        lead, _promise_rows(case), next=_("You need not do anything now. We will tell you the result.")
    )


def _correction(case: Case, event: Event, extra: dict[str, str]) -> NoticeWords:
    return NoticeWords(
        _("Some papers are missing. This is the complete list; we will not ask for anything else."),
        [(_("Please bring them by"), _day(event, "supply_by"))],
        papers=[str(paper) for paper in event.data["papers"]],
        papers_title=_("Please bring"),
        next=_(
            "The promised time starts on the day on which the papers are here. If you need help, call us."
        ),
    )


def _shortfall(case: Case, event: Event, extra: dict[str, str]) -> NoticeWords:
    return NoticeWords(
        _("We have accepted your application although some minor papers are still missing."),
        [*_promise_rows(case), (_("Please bring them by"), _day(event, "supply_by"))],
        papers=[str(paper) for paper in event.data["papers"]],
        papers_title=_("To be brought later"),
        next=_("If they do not come by that day, we give the matter back and you can bring it again."),
        signature=_("I promise to bring these papers by the day named above. Signature of the resident:"),
    )


def _refused(case: Case, event: Event, extra: dict[str, str]) -> NoticeWords:
    rows = [(_("Reason"), extra["reason"])]
    if extra.get("where"):
        rows.append((_("Who is responsible"), extra["where"]))
    needed = event.data["ground"] == "not_competent"
    lead = _("We cannot accept your application.") if needed else _("You need not apply for this.")
    return NoticeWords(lead, rows, next=_remedies(case))


def _remedies(case: Case) -> str:
    item = case.item_version
    if item is not None and item.remedies:
        return item.remedies
    return _("If you do not agree, you can ask for reconsideration or bring an action before the court.")


def _extended(case: Case, event: Event, extra: dict[str, str]) -> NoticeWords:
    rows = [(_("Promised until now"), _day(event, "was")), *_promise_rows(case)]
    lead = _("We need more time for your matter. This is the only extension.")
    return NoticeWords(lead, [*rows, (_("Reason"), str(event.data.get("text", "")))])


def _paused(case: Case, event: Event, extra: dict[str, str]) -> NoticeWords:
    rows = [
        (_("Why"), str(PauseReason(event.data["reason"]).label)),
        (_("In words"), str(event.data["text"])),
        (_("At the latest until"), _day(event, "until")),
    ]
    lead = _("Something has to be done that does not count into the promised time.")
    return NoticeWords(
        lead, rows, next=_("Afterwards the rest of the promised time goes on; we will tell you.")
    )


def _resumed(case: Case, event: Event, extra: dict[str, str]) -> NoticeWords:
    rows = [(_("Promised before"), _day(event, "was")), *_promise_rows(case)]
    return NoticeWords(_("Your matter goes on. The time in which it stood still does not count."), rows)


def _completed(case: Case, event: Event, extra: dict[str, str]) -> NoticeWords:
    rows = [(_("Our answer"), str(event.data["text"]))]
    decision = case.decisions.filter(round=case.round).first()
    if decision is not None:
        rows.insert(0, (_("Decision"), _("Granted") if decision.granted else _("Not granted")))
        if not decision.granted:
            rows += [(_("Reasons"), decision.reasons), (_("Remedies"), decision.remedies)]
    return NoticeWords(
        _("Your matter has been dealt with."), rows,
        next=_("It ends only when you say so. Scan the code and tell us whether you are satisfied."),
    )  # fmt: skip


def _delivered(case: Case, event: Event, extra: dict[str, str]) -> NoticeWords:
    return NoticeWords(
        _("The result was handed over."),
        [(_("How and to whom"), str(event.data["text"]))],
        signature=_("Received. Signature:"),
    )


_WORDS: dict[str, Callable[[Case, Event, dict[str, str]], NoticeWords]] = {
    NoticeKind.ACCEPTED: _accepted,
    NoticeKind.CORRECTION: _correction,
    NoticeKind.SHORTFALL: _shortfall,
    NoticeKind.REFUSED: _refused,
    NoticeKind.EXTENDED: _extended,
    NoticeKind.PAUSED: _paused,
    NoticeKind.RESUMED: _resumed,
    NoticeKind.COMPLETED: _completed,
    NoticeKind.DELIVERED: _delivered,
}
