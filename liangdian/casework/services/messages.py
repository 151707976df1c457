"""What the resident is told by message when something happens to his matter. Staff have the bell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import translation

from liangdian.casework.links import link_path, message_key, rating_path
from liangdian.casework.models import Case, Clock, Event
from liangdian.casework.notices.content import notice_label
from liangdian.casework.states import ClockKind, EventType, Grade, Kind, RatedBy, State
from liangdian.platform.notifications.services import Address, Draft, Message, rows_of, send_many
from liangdian.platform.ui.dates import day_words
from liangdian.registers.people import selectors as people
from liangdian.registers.people.selectors import Reach, Resident

CHANNELS = {"phone": "sms", "email": "email"}
REMINDED_BEFORE = timedelta(hours=24)
REMINDED_WITHIN = timedelta(hours=1)  # a worker that stood still for less than this misses nobody


def tell_residents(events: Iterable[Event]) -> None:
    """Put into the outbox what the residents have to know of these saved events, in this transaction.

    Of several events of one case the last one is told that residents are told of. Nobody is told of a
    matter without a named resident. At most three statements.
    """
    told = {event.case_id: event for event in events if _kind_of(event)}
    if not told:
        return
    cases = [case for case in _cases([event.case for event in told.values()]) if case.resident_id is not None]
    known = people.reach_of(_residents(cases)) if cases else {}
    send_many(_draft(case, told[case.pk], known[_resident_of(case)]) for case in cases)


def tell_of_notice(case: Case, notice: str, event: Event) -> None:
    """Tell the resident that there is a notice, unless the event that it belongs to was told already."""
    if _kind_of(event) or case.resident_id is None:
        return
    (case,) = _cases([case])
    known = people.reach_of([_resident_of(case)])[_resident_of(case)]
    key = message_key(case.reference, event.seq)
    send_many([_filled(case, "notice_issued", key, known, {"notice": str(notice)}, at=event.at)])


def first_messages(events: Iterable[Event], *, reach: Reach | None) -> list[Message]:
    """What the resident of a new matter is told, as rows to be written together with it."""
    return rows_of(
        _draft(event.case, event, reach) for event in events if reach is not None and _kind_of(event)
    )


def reach_of(resident: Resident | None, *, phone: str) -> Reach | None:
    """How a resident is reached who just gave this phone (empty: none); None when nobody is named."""
    if resident is None:
        return None
    # A resident who is only now being written is known by nothing but what he gave.
    nothing = Reach(resident.language, False, ())
    return people.reach_by_phone(resident, phone) or people.reach_of([resident.pk]).get(resident.pk, nothing)


def remind_to_rate(*, at: datetime) -> int:
    """Ask once more, a day before the time to rate runs out. Returns how many were reminded."""
    end = at + REMINDED_BEFORE
    ends = Clock.objects.filter(
        kind=ClockKind.RATING, ended_at__isnull=True, due_at__gt=end - REMINDED_WITHIN, due_at__lte=end,
        start_at__lt=at - REMINDED_BEFORE, case__state=State.RESOLVED, case__resident__isnull=False,
    ).select_related("case__item_version", "case__detail")  # fmt: skip
    until = {clock.case: clock.due_at for clock in ends}
    cases = list(until)
    known = people.reach_of(_residents(cases)) if cases else {}
    return len(
        send_many(
            _filled(
                case, "rating_reminder", f"case:{case.reference}:rate:{case.round}",
                known[_resident_of(case)], {"day": until[case]}, at=at,
            )
            for case in cases
        )
    )  # fmt: skip


_KINDS: dict[str, str] = {
    EventType.REGISTERED: "case_registered",
    EventType.ASKED: "asked_for_more",
    EventType.CORRECTION_ASKED: "asked_for_more",
    EventType.RESOLVED: "answered",
    EventType.PROMISED: "promise_changed",
    EventType.OVERDUE: "overdue_apology",
    EventType.RATED: "call_back_result",
    EventType.APPEAL_DECIDED: "rating_reviewed",
    EventType.MERGED: "matters_joined",
    EventType.UNMERGED: "matters_parted",
}


def _kind_of(event: Event) -> str:
    """The kind of message about this event, empty when the resident is not told of it."""
    kind = _KINDS.get(event.type, "") if event.public else ""
    if event.type == EventType.PROMISED and event.data["seq"] == 1:
        return ""  # the first promise is told with the number
    if event.type == EventType.OVERDUE and event.data.get("clock") != "promise":
        return ""
    if event.type == EventType.RATED and event.data["source"] != RatedBy.CALL_BACK:
        return ""  # he rated himself
    return kind


def _resident_of(case: Case) -> int:
    assert case.resident_id is not None
    return case.resident_id


def _residents(cases: Iterable[Case]) -> set[int]:
    return {_resident_of(case) for case in cases}


def _cases(cases: Sequence[Case]) -> list[Case]:
    """The same cases with item and language at hand; asked of the database only where they are not."""
    lacking = [
        case.pk
        for case in cases
        if "detail" not in case._state.fields_cache
        or (case.item_version_id is not None and "item_version" not in case._state.fields_cache)
    ]
    full = Case.objects.select_related("item_version", "detail").in_bulk(lacking) if lacking else {}
    return [full.get(case.pk, case) for case in cases]


def _draft(case: Case, event: Event, reach: Reach) -> Draft:
    kind, at = _kind_of(event), event.at
    values: dict[str, date | datetime | str] = {}
    match event.type:
        case EventType.REGISTERED:
            values["day"] = case.due_at or at
        case EventType.PROMISED | EventType.OVERDUE | EventType.MERGED | EventType.UNMERGED:
            values["day"] = date.fromisoformat(event.data["day"])
        case EventType.RESOLVED:
            until = event.data.get("until")
            values["day"] = datetime.fromisoformat(until) if until else case.next_due_at or at
        case EventType.RATED:
            values["grade"] = str(event.data["grade"])
    return _filled(case, kind, message_key(case.reference, event.seq), reach, values, at=at)


def _filled(
    case: Case, kind: str, key: str, reach: Reach, values: dict[str, date | datetime | str], *, at: datetime
) -> Draft:
    """The draft in the language in which the resident was received.

    The title is the item's or only the kind of matter: what he wrote himself is not for a text message.
    """
    language = case.detail.language
    with translation.override(language):
        words = {name: _words(name, value) for name, value in values.items()}
        item = case.item_version
        words["title"] = item.label if item is not None else str(Kind(case.kind).label)
    rates = kind in {"answered", "rating_reminder"}
    path = rating_path(case.reference, case.round) if rates else link_path(case.reference)
    words |= {"reference": case.reference, "link": settings.PUBLIC_ADDRESS + path}
    return Draft(
        kind=kind, key=key, language=language, params=words, at=at, opted_out=reach.opted_out,
        channels=[Address(CHANNELS[way.kind], way.to) for way in reach.ways],
        url=f"/cases/{case.reference}/", answerable_id=case.first_handler_id,
    )  # fmt: skip


def _words(name: str, value: date | datetime | str) -> str:
    if isinstance(value, date):  # a moment is one too
        return day_words(value)
    return str(Grade(value).label) if name == "grade" else notice_label(value)
