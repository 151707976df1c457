"""What a desk adds to the spine works as the spine's own does, and nothing of it gets past the spine."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from liangdian.casework import policy, procedures, selectors, services, worklists
from liangdian.casework.act_pages import ActPage, text_form
from liangdian.casework.limits import page_of
from liangdian.casework.links import link_token
from liangdian.casework.models import Case, Clock, Event
from liangdian.casework.policy import Act
from liangdian.casework.procedures import (
    DeskClock,
    DeskNotice,
    DeskPart,
    LimitOfDesk,
    NoticeWords,
    Procedure,
    Told,
)
from liangdian.casework.rules import DefaultLimit, WrongState
from liangdian.casework.services.clocks import limit_in_force, refresh_clock, start_clock
from liangdian.casework.services.notices import issue
from liangdian.casework.services.record import chained, locked_case, save_with, tell
from liangdian.casework.states import EventType, Kind
from liangdian.casework.worklists import Filters, Worklist
from liangdian.foundation.actor import SYSTEM, Actor, Grant, Role
from liangdian.foundation.limits import Limit, LimitUnit
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from liangdian.platform.audit import selectors as audit
from liangdian.platform.audit.selectors import Wanted
from liangdian.platform.notifications import selectors as bell
from liangdian.registers.people import selectors as people
from tests.casework.conftest import NOW, House
from tests.casework.web.test_pages import client_of


@transaction.atomic
def _greet(*, actor: Actor, case_id: int, text: str, at: datetime, seen: int | None = None) -> Case:
    case = locked_case(actor=actor, case_id=case_id, act=None, seen=seen)
    if not text:
        raise Invalid("Write the greeting.", field="text")
    event = chained(case, type="planted.greeted", actor=actor, at=at, data={"text": text})
    case.next_due_at = start_clock(
        case, "planted.thanks", at=at, due_at=limit_in_force("planted.thanks", at=at).at
    ).due_at
    save_with(case, [event], "next_due_at")
    issue(case, "planted.card", event)
    return case


@transaction.atomic
def _thank(case: Case, clock: Clock, *, at: datetime) -> None:
    Clock.objects.filter(pk=clock.pk).update(ended_at=at)
    event = chained(case, type="planted.thanked", actor=SYSTEM, at=at)
    refresh_clock(case, now=at)
    save_with(case, [event], "next_due_at")


def _part(actor: Actor, case: Case, now: datetime) -> DeskPart:
    return DeskPart(acts=["planted.greet"] if actor.holds(Role.MEDIATOR) else [])


def _planted(**changes: object) -> Procedure:
    given: dict[str, object] = {
        "kind": Kind.LIVELIHOOD,
        "acts": (
            ActPage(
                "planted.greet", "Greet", "check", _greet, text_form("text", "Greeting"), {"text": "text"}
            ),
        ),
        "part": _part,
        "keeps": frozenset({Act.NOTE, Act.WITHDRAW}),
        "told": {
            "planted.greeted": Told("Greeted", lambda data, names: "Greeted them", "check", said=True),
            "planted.thanked": Told("Thanked", lambda data, names: "Thanked them", "check"),
        },
        "clocks": {"planted.thanks": DeskClock("Thanks", "Nobody said thanks", _thank)},
        "notices": {
            "planted.card": DeskNotice(
                "Greeting card", lambda case, event, extra: NoticeWords(f"Dear all: {event.data['text']}")
            )
        },
        "limits": (
            LimitOfDesk(
                DefaultLimit("promise.livelihood", 30, LimitUnit.CALENDAR_DAYS, "Planted"), "Planted promise"
            ),
            LimitOfDesk(
                DefaultLimit("planted.thanks", 3, LimitUnit.CALENDAR_DAYS, "Planted"), "Say thanks",
                Limit(3, LimitUnit.CALENDAR_DAYS),
            ),
        ),
        "readers": (Role.MEDIATOR,),
    }  # fmt: skip
    return Procedure(**{**given, **changes})


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No desk at all."""
    monkeypatch.setattr(procedures, "_BY_KIND", {})


@pytest.fixture
def desk(bare: None, house: House) -> House:
    procedures.register(_planted())
    services.seed_limit_rules(valid_from=NOW - timedelta(days=9))
    return house


def _case(house: House) -> Case:
    return house.case(
        by="mediator", kind="livelihood", item_version_id=None, documents_complete=False,
        first_handler_id=house.id("mediator"),
    )  # fmt: skip


def test_a_kind_without_its_desk_is_not_taken(bare: None, house: House) -> None:
    with pytest.raises(Invalid) as refused:
        _case(house)
    assert refused.value.field == "kind"


def test_one_desk_a_kind_and_codes_with_its_name(bare: None) -> None:
    procedures.register(_planted())
    with pytest.raises(ValueError, match="already"):
        procedures.register(_planted())
    with pytest.raises(ValueError, match="dot"):
        procedures.register(_planted(kind=Kind.DISPUTE, clocks={"thanks": DeskClock("Thanks", "Late")}))
    with pytest.raises(ValueError, match="dot"):
        procedures.register(_planted(kind=Kind.DISPUTE, clocks={"other.thanks": DeskClock("Thanks", "Late")}))


def test_its_limits_are_seeded_named_and_held_to_the_law(desk: House) -> None:
    administrator = desk.actor("administrator")
    page = page_of(actor=administrator, code="planted.thanks", today=NOW.date())
    assert (page.label, page.law_most) == ("Say thanks", "3 个自然日")
    with pytest.raises(Invalid) as refused:
        services.add_limit_version(
            actor=administrator, code="planted.thanks", amount=4, unit="calendar_days", source="x",
            valid_from=NOW.date() + timedelta(days=1), seen=1, at=NOW,
        )  # fmt: skip
    assert refused.value.field == "amount"


def test_the_case_has_the_desks_promise_and_keeps_only_some_acts_of_the_spine(desk: House) -> None:
    case = _case(desk)
    assert case.promises.get().due_day.isoformat() == "2026-10-19"  # the 18th is a Sunday
    mediator = desk.actor("mediator")
    page = selectors.case_page(actor=mediator, reference=case.reference, now=NOW)
    assert page.acts <= {Act.SEE, Act.NOTE, Act.WITHDRAW}
    assert page.part.acts == ["planted.greet"]
    with pytest.raises(WrongState):
        services.resolve(actor=mediator, case_id=case.pk, answer="好了", at=NOW)
    refused = client_of(desk, "mediator").post(f"/cases/{case.reference}/resolve/", {"answer": "好了"})
    assert refused.status_code == 409
    assert Case.objects.get().state == "received"
    services.add_note(actor=mediator, case_id=case.pk, text="已电话联系", at=NOW)


def test_its_act_is_a_page_its_event_reads_and_its_notice_is_printed(desk: House) -> None:
    case = _case(desk)
    client = client_of(desk, "mediator")
    address = f"/cases/{case.reference}/planted.greet/"
    assert address in client.get(f"/cases/{case.reference}/").text
    assert client.get(address).status_code == 200
    empty = client.post(address, {"seen": case.last_seq, "text": ""})
    assert (empty.status_code, Event.objects.filter(type="planted.greeted").count()) == (422, 0)
    assert client.post(address, {"seen": case.last_seq, "text": "春风"}).status_code == 302
    assert client.post(address, {"seen": case.last_seq, "text": "又"}).status_code == 409
    page = client.get(f"/cases/{case.reference}/")
    assert "Greeted them" in page.text
    assert "Greeting card" in page.text
    assert "Dear all: 春风" in case.notices.get().content["lead"]
    other = desk.case()
    assert client_of(desk, "clerk").get(f"/cases/{other.reference}/planted.greet/").status_code == 404


def test_its_clock_does_its_act_by_itself_in_the_sweep(desk: House) -> None:
    case = _case(desk)
    _greet(actor=desk.actor("mediator"), case_id=case.pk, text="春风", at=NOW)
    assert services.sweep(at=NOW + timedelta(days=2)).counts.get("planted.thanks") is None
    swept = services.sweep(at=NOW + timedelta(days=4))
    assert swept.counts["planted.thanks"] == 1
    assert Event.objects.filter(type="planted.thanked").count() == 1
    assert services.sweep(at=NOW + timedelta(days=4)).counts.get("planted.thanks") is None


def _exists(house: House, who: str, case: Case) -> bool:
    """Whether a case exists for somebody, by every door at once."""
    actor = house.actor(who)
    listed = case in worklists.rows_of(Worklist.ALL, actor, Filters(), now=NOW)
    found = worklists.rows_of(Worklist.ALL, actor, Filters(text=case.reference), now=NOW).count() == 1
    try:
        selectors.case_for(actor=actor, reference=case.reference)
        read = True
    except NotFound:
        read = False
    assert listed == found == read
    return read


def test_only_its_readers_read_it_in_their_units(desk: House) -> None:
    case = _case(desk)
    assert _exists(desk, "mediator", case)
    for who in ("clerk", "secretary", "coordinator", "leader", "inspector", "petition_officer", "stranger"):
        assert not _exists(desk, who, case), who
        with pytest.raises(NotFound):
            services.add_note(actor=desk.actor(who), case_id=case.pk, text="x", at=NOW)


def test_what_a_desk_hides_does_not_exist_even_for_the_handler(bare: None, house: House) -> None:
    secretary = house.id("secretary")

    def hidden(actor: Actor) -> Q:
        return Q(first_handler=secretary) if actor.user_id == secretary else Q()

    procedures.register(_planted(readers=None, hidden_from=hidden))
    services.seed_limit_rules(valid_from=NOW - timedelta(days=9))
    case = house.case(
        by="secretary", kind="livelihood", item_version_id=None, documents_complete=False,
        first_handler_id=secretary,
    )  # fmt: skip
    assert not _exists(house, "secretary", case)
    assert _exists(house, "clerk", case)
    assert Case.objects.filter(policy.visible_to(house.actor("secretary"))).count() == 0


@pytest.fixture
def discreet(bare: None, house: House) -> House:
    """A desk that hides who brought its matters, and all of them from the secretary."""
    secretary = house.id("secretary")

    def hidden(actor: Actor) -> Q:
        return Q(kind=Kind.LIVELIHOOD) if actor.user_id == secretary else Q()

    procedures.register(_planted(discreet=True, hidden_from=hidden, readers=(Role.MEDIATOR, Role.SECRETARY)))
    services.seed_limit_rules(valid_from=NOW - timedelta(days=9))
    return house


def test_who_brought_a_discreet_matter_is_hidden_on_every_page_and_in_every_list(discreet: House) -> None:
    case = _case(discreet)
    client = client_of(discreet, "mediator")
    for address in (f"/cases/{case.reference}/", "/cases/?list=all", "/cases/?list=all&q=优待证"):
        page = client.get(address).text
        assert case.reference in page
        assert "王桂兰" not in page
        assert "王*兰" in page
    assert f"/people/{case.resident_id}/" not in client.get(f"/cases/{case.reference}/").text


def test_a_discreet_matter_is_not_found_by_name_or_number_nor_on_the_residents_file(discreet: House) -> None:
    case = _case(discreet)
    mediator = discreet.actor("mediator")
    for text in ("王桂兰", "13812342211"):
        assert not worklists.rows_of(Worklist.ALL, mediator, Filters(text=text), now=NOW).exists()
    assert case.resident_id is not None
    assert worklists.page_of_resident(mediator, case.resident_id).rows == []


def test_looking_at_who_brought_it_is_logged_and_the_resident_reads_it(discreet: House) -> None:
    case = _case(discreet)
    mediator = discreet.actor("mediator")
    with pytest.raises(NotAllowed):
        services.reveal_phone(actor=mediator, case_id=case.pk, reason="x", at=NOW)
    with pytest.raises(Invalid):
        services.reveal_resident(actor=mediator, case_id=case.pk, reason=" ", at=NOW)
    with pytest.raises(NotFound):
        services.reveal_resident(actor=discreet.actor("secretary"), case_id=case.pk, reason="x", at=NOW)
    found = services.reveal_resident(actor=mediator, case_id=case.pk, reason="送达告知书", at=NOW)
    assert (found.name, found.phone) == ("王桂兰", "13812342211")
    _case_read, lines = selectors.looks_at(token=link_token(case.reference))
    assert [(line.name, line.reason) for line in lines] == [("mediator", "送达告知书")]
    assert people.looks_at(resident_id=case.resident_id or 0) == []


def test_the_access_log_says_nothing_of_it_to_those_from_whom_it_is_hidden(discreet: House) -> None:
    case = _case(discreet)
    services.reveal_resident(actor=discreet.actor("mediator"), case_id=case.pk, reason="送达", at=NOW)
    with_log = replace(
        discreet.actor("secretary"), grants=(Grant(Role.AUDITOR, discreet.street.pk, discreet.street.path),)
    )
    wanted = Wanted(act="brought_by_revealed")
    assert len(audit.entries(discreet.actor("auditor"), wanted)) == 1
    assert audit.entries(with_log, wanted) == []
    assert audit.exported(with_log, wanted) == []


def test_a_bell_rings_only_for_those_for_whom_the_matter_exists(discreet: House) -> None:
    case = _case(discreet)
    event = case.events.order_by("-seq").first()
    assert event is not None
    told = [discreet.id(who) for who in ("mediator", "secretary", "clerk")]
    tell(told, case=case, event=event, but=SYSTEM)
    subjects = [notice.subject for notice in bell.latest(discreet.actor("mediator"))]
    assert [subject.partition(" · ")[2] for subject in subjects] == [case.reference]
    assert case.title not in subjects[0]
    assert not bell.latest(discreet.actor("secretary"))
    assert not bell.latest(discreet.actor("clerk"))


@pytest.mark.parametrize(
    ("table", "column"),
    [("casework_event", "type"), ("casework_clock", "kind"), ("casework_casenotice", "kind")],
)
def test_the_database_takes_no_code_that_is_neither_the_spines_nor_a_desks(
    desk: House, table: str, column: str
) -> None:
    case = _case(desk)
    _greet(actor=desk.actor("mediator"), case_id=case.pk, text="春风", at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # the triggers against any change
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(f"UPDATE {table} SET {column} = 'invented'")
        cursor.execute(f"UPDATE {table} SET {column} = 'planted.other'")
        cursor.execute("SET session_replication_role = DEFAULT")


def test_every_event_of_the_spine_is_known_to_the_database(desk: House) -> None:
    constraint = next(c for c in Event._meta.constraints if c.name == "event_type_known")
    assert all(str(type) in str(constraint.condition) for type in EventType)
