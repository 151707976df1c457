"""Registering a matter: the resident found or made, a number, a first handler, a promise, a history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from liangdian.casework import policy, rules
from liangdian.casework.links import link_digest
from liangdian.casework.models import Case, CaseDetail, CaseSearch, Clock, LimitRule, Pledge, Promise
from liangdian.casework.procedures import is_discreet, is_taken, limits_of_desks
from liangdian.casework.services.clocks import limit_in_force
from liangdian.casework.services.messages import first_messages, reach_of
from liangdian.casework.services.pledging import first_pledges, pledged
from liangdian.casework.services.promising import make_promise, promise_data
from liangdian.casework.services.record import chained, current_rule
from liangdian.casework.stages import Stage
from liangdian.casework.states import Channel, ClockKind, EventType, Kind, PromiseReason, State
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.limits import Limit
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.foundation.text import clean
from liangdian.platform.database.inserting import insert_together
from liangdian.platform.search.vectors import vector_text
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.catalogue import selectors as catalogue
from liangdian.registers.catalogue.selectors import ItemVersion
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit
from liangdian.registers.people import services as people
from liangdian.registers.people.selectors import Resident

WORDS_LIMIT = 20_000
TITLE_LIMIT = 200
NAME_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Intake:
    """What the window, the phone, the website or an import knows of a new matter.

    ``submission_key`` makes a double press of the button harmless. ``documents_complete`` accepts a
    service matter at once: everything on the item's list is here.
    """

    kind: str
    channel: str
    unit_id: int
    words: str
    first_handler_id: int
    title: str = ""
    item_version_id: int | None = None
    resident_id: int | None = None
    resident_name: str = ""
    phone: str = ""
    identity: str = ""
    address: str = ""
    needs: tuple[str, ...] = ()
    place: str = ""
    urgent: bool = False
    documents_complete: bool = False
    about_user_id: int | None = None
    language: str = "zh-hans"
    submission_key: str | None = None


def register(*, actor: Actor, intake: Intake, at: datetime) -> Case:
    """Register a matter and give its first promise; returns the saved case.

    A second call with the same ``submission_key`` returns the case of the first.
    Raises Invalid (with the field) and NotAllowed.
    """
    words, title = _checked_texts(intake)
    try:
        with transaction.atomic():
            return _register(actor=actor, intake=intake, words=words, title=title, at=at)
    except IntegrityError:
        # A second press: the database let only the first one in, and nothing of the second was kept.
        earlier = _already_submitted(intake.submission_key)
        if earlier is None:
            raise
        return earlier


def _already_submitted(key: str | None) -> Case | None:
    if not key:
        return None
    return Case.objects.select_related("unit", "origin").filter(detail__submission_key=key).first()


def _checked_texts(intake: Intake) -> tuple[str, str]:
    words, title = clean(intake.words), " ".join(clean(intake.title).split())
    if not words:
        raise Invalid(_("Write down what the resident said."), field="words")
    if len(words) > WORDS_LIMIT:
        raise Invalid(
            _("The text has %(n)s characters; %(limit)s fit. Shorten it or attach it as a document.")
            % {"n": len(words), "limit": WORDS_LIMIT},
            field="words",
        )
    if len(title) > TITLE_LIMIT:
        raise Invalid(_("Shorten the title to %(limit)s characters.") % {"limit": TITLE_LIMIT}, field="title")
    if len(intake.resident_name) > NAME_LIMIT:
        raise Invalid(
            _("A name has at most %(limit)s characters.") % {"limit": NAME_LIMIT}, field="resident_name"
        )
    if not is_taken(intake.kind) or intake.channel not in Channel.values:
        raise Invalid(_("Choose the kind of matter from the list."), field="kind")
    return words, title


def _register(*, actor: Actor, intake: Intake, words: str, title: str, at: datetime) -> Case:
    unit = organisation.unit_by_id(intake.unit_id)
    policy.require_register(actor, path=unit.path)
    rules.check_not_about(actor_id=intake.first_handler_id, about_user_id=intake.about_user_id)
    item = catalogue.item_version(intake.item_version_id) if intake.item_version_id else None
    if intake.kind == Kind.SERVICE and item is None:
        raise Invalid(_("Choose the service item that the resident needs."), field="item")
    limit, code, version = limit_for(kind=intake.kind, urgent=intake.urgent, item=item, at=at)
    legal = item.legal_limit if item is not None and not intake.urgent else None
    before: list[Sequence[Model]] = []
    person, resident_name = _resident(actor=actor, intake=intake, unit=unit, at=at, later=before)
    case = _new_case(intake, unit=unit, title=title or (item.name if item else _first_line(words)), at=at)
    case.resident, case.item_version = person, item
    promise = make_promise(
        case, limit=limit, rule_code=code, rule_version=version, at=at, reason=PromiseReason.REGISTERED,
        legal=legal,
    )  # fmt: skip
    promise.seq = 1
    clocks = _first_clocks(case, at=at)
    case.next_due_at = min([case.next_due_at or promise.due_at, *(clock.due_at for clock in clocks)])
    needs = {*intake.needs, *(person.needs if person else ())}
    given = first_pledges(
        case, documents_complete=intake.documents_complete, needs=needs, urgent_until=promise.due_at, at=at
    )
    _save(
        actor=actor, intake=intake, case=case, promise=promise, pledges=given, clocks=clocks, words=words,
        name=resident_name, before=before, at=at,
    )  # fmt: skip
    return case


def _first_clocks(case: Case, *, at: datetime) -> list[Clock]:
    """What runs from the first minute: to be accepted or told what is missing, and to be spoken with."""
    clocks = []
    days = calendar.shown_days()  # read for the promise a moment ago
    if case.kind == Kind.SERVICE and case.stage == Stage.RECEIVED:
        due = limit_in_force(rules.ACCEPTANCE, at=at, days=days)
        clocks.append(Clock(kind=ClockKind.ACCEPTANCE, start_at=at, due_at=due.at))
    if case.first_contact_at is None:
        code = rules.FIRST_CONTACT_URGENT if case.urgent else rules.FIRST_CONTACT
        due = limit_in_force(code, at=at, days=days)
        clocks.append(Clock(kind=ClockKind.FIRST_CONTACT, start_at=at, due_at=due.at))
    return clocks


def _new_case(intake: Intake, *, unit: Unit, title: str, at: datetime) -> Case:
    accepted = intake.documents_complete and intake.kind == Kind.SERVICE
    return Case(
        kind=intake.kind, channel=intake.channel, state=State.RECEIVED, title=title,
        stage=Stage.ACCEPTED if accepted else Stage.RECEIVED,
        item_version_id=intake.item_version_id, origin=unit, unit=unit,
        first_handler_id=intake.first_handler_id, handler_id=intake.first_handler_id,
        about_user_id=intake.about_user_id, urgent=intake.urgent, registered_at=at,
        # A resident who stands or calls here has been spoken to; one who wrote has not.
        first_contact_at=at if intake.channel in {Channel.WINDOW, Channel.PHONE, Channel.VISIT} else None,
    )  # fmt: skip


def _save(
    *, actor: Actor, intake: Intake, case: Case, promise: Promise, pledges: list[Pledge],
    clocks: list[Clock], words: str, name: str, before: list[Sequence[Model]], at: datetime,
) -> None:  # fmt: skip
    """Write the rows that come ``before`` it, the case and all that belongs to it in one round trip.

    The lock of the number is held meanwhile.
    """
    reach = reach_of(case.resident, phone=intake.phone)
    case.pk, case.reference = _next_number(case.origin, year=business_date(at).year)
    registered = {"channel": case.channel, "unit": case.unit_id, "first_handler": case.first_handler_id}
    events = [
        chained(case, type=EventType.REGISTERED, actor=actor, at=at, data=registered),
        chained(case, type=EventType.PROMISED, actor=actor, at=at, data=promise_data(promise)),
    ]
    if case.stage == Stage.ACCEPTED:
        events.append(chained(case, type=EventType.ACCEPTED, actor=actor, at=at, data={"by": "documents"}))
    events += [pledged(case, pledge, actor=actor, at=at) for pledge in pledges]
    detail = CaseDetail(
        case=case, words=words, place=clean(intake.place)[:200], language=intake.language,
        link_digest=link_digest(case.reference), submission_key=intake.submission_key or None,
    )  # fmt: skip
    for row in (promise, *pledges, *events, *clocks):
        row.case = case  # type: ignore[attr-defined]
    found_by = "" if is_discreet(case.kind) else name
    vector = vector_text(case.reference, case.title, words, found_by, intake.place)
    search = CaseSearch(case=case, vector=vector)
    told = first_messages(events, reach=reach)
    insert_together(*before, [case], [detail], [promise], events, [search], clocks, pledges, told)
    case._state.adding = False


def _resident(
    *, actor: Actor, intake: Intake, unit: Unit, at: datetime, later: list[Sequence[Model]]
) -> tuple[Resident | None, str]:
    if intake.resident_id is not None:
        return _chosen_resident(actor=actor, intake=intake, at=at)
    name = clean(intake.resident_name)
    if not (name or intake.phone or intake.identity):
        return None, ""
    if not name:
        raise Invalid(_("Write the resident's name."), field="resident_name")
    person, _created = people.find_or_create(
        actor=actor, name=name, phone=intake.phone, identity=intake.identity, address=intake.address,
        unit_id=intake.unit_id, needs=intake.needs, unit=unit, at=at,
        later=later,
    )  # fmt: skip
    return person, name


def _chosen_resident(*, actor: Actor, intake: Intake, at: datetime) -> tuple[Resident, str]:
    """The resident picked from the register; one whom the actor may not see is refused at the field."""
    try:
        person = people.use_known(
            actor=actor, resident_id=intake.resident_id or 0, phone=intake.phone, identity=intake.identity,
            address=intake.address, needs=intake.needs, at=at,
        )  # fmt: skip
    except NotFound as refused:
        raise Invalid(refused.message, field="resident") from refused
    return person, person.name


def limit_for(*, kind: str, urgent: bool, item: ItemVersion | None, at: datetime) -> tuple[Limit, str, int]:
    """The promised limit and the rule it comes from: urgent first, then the item's, then the kind's."""
    if urgent or item is None:
        rule = current_rule(rules.promise_rule_code(kind=kind, urgent=urgent), on=at)
        return rule.limit, rule.code, rule.version
    return item.promised_limit, f"item.{item.item.code}"[:60], item.number


def _next_number(unit: Unit, *, year: int) -> tuple[int, str]:
    """A fresh key, and the next number of the unit's year from one locked row: no gaps, no duplicates."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_casenumber (unit_id, year, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (unit_id, year) DO UPDATE SET last = casework_casenumber.last + 1 RETURNING last, "
            "nextval(pg_get_serial_sequence('casework_case', 'id'))",
            [unit.pk, year],
        )
        number, key = cursor.fetchone()
    return key, f"{unit.code}-{year}-{number:06d}"


def _first_line(words: str) -> str:
    line = words.splitlines()[0]
    return line if len(line) <= 40 else f"{line[:39]}…"


def seed_limit_rules(*, valid_from: datetime) -> int:
    """Write version 1 of every built-in limit that is not there yet; returns how many were written."""
    have = set(LimitRule.objects.values_list("code", flat=True))
    defaults = [*rules.DEFAULT_LIMITS, *(desk.limit for desk in limits_of_desks())]
    rows = [
        LimitRule(code=d.code, version=1, amount=d.amount, unit=d.unit, source=d.source,
                  valid_from=business_date(valid_from))
        for d in defaults if d.code not in have
    ]  # fmt: skip
    LimitRule.objects.bulk_create(rows)
    return len(rows)
