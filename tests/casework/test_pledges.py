"""The four promises of how (S4): which apply, what keeps and what breaks them; none is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from liangdian.casework import pledge_lines, pledges, selectors, services
from liangdian.casework.figures import Period
from liangdian.casework.links import link_path
from liangdian.casework.models import Case, Event, Pledge
from liangdian.casework.pledges import Facts, Standing
from liangdian.casework.states import EventType, Kind, PledgeKind
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.limits import Limit, LimitUnit
from liangdian.foundation.refused import Invalid, NotAllowed
from liangdian.registers.catalogue import services as catalogue
from tests.casework.conftest import NOW, House
from tests.casework.test_guards import CHECK, RESTRICT, UNIQUE, refused

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEEDS = ("cannot_walk", "cannot_read", "needs_helper", "low_vision")
ALL_FOUR = {"needs": ("cannot_walk", "needs_helper"), "urgent": True}


@given(
    kind=st.sampled_from(Kind.values), urgent=st.booleans(), at_once=st.booleans(), complete=st.booleans(),
    needs=st.sets(st.sampled_from(NEEDS)),
)  # fmt: skip
def test_each_promise_applies_exactly_for_its_reason(
    kind: str, urgent: bool, at_once: bool, complete: bool, needs: set[str]
) -> None:
    found = pledges.pledges_for(
        kind=kind, urgent=urgent, item_at_once=at_once, papers_complete=complete, needs=needs
    )
    assert (PledgeKind.AT_ONCE in found) == (kind == Kind.SERVICE and at_once and complete)
    assert (PledgeKind.OUT_OF_HOURS in found) == urgent
    assert (PledgeKind.AT_HOME in found) == ("cannot_walk" in needs)
    assert (PledgeKind.HELPED in found) == bool(needs & {"cannot_read", "needs_helper"})
    assert set(found.values()) <= set(pledges.WHY)


_times = st.none() | st.integers(0, 100).map(lambda h: NOW + h * HOUR)


@given(
    kind=st.sampled_from(list(PledgeKind)), answered=_times, worked=_times, visited=_times, helped=_times,
    withdrawn=_times, now=st.integers(0, 200),
)  # fmt: skip
def test_a_promise_that_was_decided_stays_decided(
    kind: PledgeKind, answered: datetime | None, worked: datetime | None, visited: datetime | None,
    helped: datetime | None, withdrawn: datetime | None, now: int,
) -> None:  # fmt: skip
    """Kept or broken at one moment, it is the same at every later one, whatever happens meanwhile."""
    due_at = pledges.end_of_pledge(kind, at=NOW, urgent_until=NOW + 2 * HOUR)

    def seen(at: datetime) -> Standing:
        known = [t if t is not None and t <= at else None for t in (answered, worked, visited, helped)]
        ended = withdrawn if withdrawn is not None and withdrawn <= at else None
        # After a withdrawal nothing happens any more.
        if ended is not None:
            known = [t if t is not None and t <= ended else None for t in known]
        return pledges.standing_of(kind, due_at=due_at, facts=Facts(*known, ended), now=at)

    first, later = seen(NOW + now * HOUR), seen(NOW + 300 * HOUR)
    if first is not Standing.OPEN:
        assert later is first


@dataclass
class Line:
    type: str
    at: datetime
    actor_id: int | None


_events = st.lists(
    st.builds(
        Line, type=st.sampled_from(EventType.values), at=st.integers(-5, 50).map(lambda h: NOW + h * HOUR),
        actor_id=st.none() | st.integers(1, 3),
    )
)  # fmt: skip


@given(events=_events, helper=st.none() | st.integers(1, 3))
def test_facts_are_the_first_times_since_the_promise(events: list[Line], helper: int | None) -> None:
    facts = pledges.facts_of(events, given_at=NOW, helper_id=helper)
    answers = sorted(e.at for e in events if e.type == EventType.RESOLVED and e.at >= NOW)
    assert facts.answered_at == (answers[0] if answers else None)
    helps = [e.at for e in events if e.type in pledges.HELP and e.actor_id == helper and e.at >= NOW]
    assert facts.helped_at == (min(helps, default=None) if helper else None)


def at_once_item(house: House) -> int:
    content = catalogue.Content(name="居住证明", promised=Limit(0, LimitUnit.AT_ONCE))
    category = catalogue.category(code="ZM", name="证明")
    return catalogue.publish_version(
        actor=SYSTEM, code="ZM-001", category=category, content=content, at=NOW
    ).pk


def standings(house: House, case: Case, *, now: datetime = NOW) -> dict[str, str]:
    page = selectors.case_page(actor=house.actor("secretary"), reference=case.reference, now=now)
    return {line.kind: line.standing.value for line in page.pledges}


def test_intake_gives_every_promise_that_applies_and_says_why(house: House) -> None:
    case = house.case(item_version_id=at_once_item(house), **ALL_FOUR)
    rows = {p.kind: p for p in Pledge.objects.filter(case=case)}
    assert {k: p.why for k, p in rows.items()} == {
        "at_once": "papers_complete", "out_of_hours": "urgent", "at_home": "cannot_walk",
        "helped": "needs_helper",
    }  # fmt: skip
    assert rows["helped"].helper_id == house.id("clerk"), "the first handler helps unless another is named"
    assert rows["out_of_hours"].due_at == case.due_at == NOW + 2 * HOUR
    assert Event.objects.filter(case=case, type=EventType.PLEDGED, public=True).count() == 4
    assert standings(house, case) == dict.fromkeys(rows, "open")
    page = Client().get(link_path(case.reference)).content.decode()
    assert "clerk" in page


def test_all_four_are_kept_by_what_was_done(house: House) -> None:
    case, clerk = house.case(item_version_id=at_once_item(house), **ALL_FOUR), house.actor("clerk")
    services.contact_resident(actor=clerk, case_id=case.pk, text="一起填表", at=NOW + HOUR)
    services.visit_home(actor=clerk, case_id=case.pk, text="上门核对", at=NOW + 2 * HOUR)
    services.resolve(actor=clerk, case_id=case.pk, answer="办好了", at=NOW + 3 * HOUR)
    assert set(standings(house, case, now=NOW + 30 * DAY).values()) == {"kept"}


def test_all_four_are_broken_by_what_was_left_undone(house: House) -> None:
    case, clerk = house.case(item_version_id=at_once_item(house), **ALL_FOUR), house.actor("clerk")
    services.resolve(actor=clerk, case_id=case.pk, answer="办好了", at=NOW + DAY)
    assert set(standings(house, case, now=NOW + DAY).values()) == {"broken"}
    assert set(standings(house, case, now=NOW + 2 * DAY).values()) == {"broken"}


def test_only_the_named_helper_keeps_the_promise_of_help(house: House) -> None:
    case, clerk = house.case(needs=("cannot_read",)), house.actor("clerk")
    services.note_needs(actor=clerk, case_id=case.pk, needs=[], helper_id=house.id("clerk2"), at=NOW)
    services.contact_resident(actor=clerk, case_id=case.pk, text="告知进度", at=NOW + HOUR)
    assert standings(house, case) == {"helped": "open"}
    services.contact_resident(actor=house.actor("secretary"), case_id=case.pk, text="秘书联系", at=NOW + HOUR)
    assert standings(house, case) == {"helped": "open"}
    services.transfer(actor=clerk, case_id=case.pk, to_user_id=house.id("clerk2"), reason="r", at=NOW + HOUR)
    services.contact_resident(
        actor=house.actor("clerk2"), case_id=case.pk, text="一步步填写", at=NOW + 2 * HOUR
    )
    assert standings(house, case) == {"helped": "kept"}


def test_a_withdrawn_matter_neither_keeps_nor_breaks(house: House) -> None:
    case = house.case(needs=("cannot_walk",))
    services.withdraw(actor=house.actor("clerk"), case_id=case.pk, reason="不办了", at=NOW + HOUR)
    assert standings(house, case, now=NOW + 9 * DAY) == {"at_home": "lapsed"}


def test_later_knowledge_adds_promises_and_takes_none_back(house: House) -> None:
    case, clerk = (
        house.case(documents_complete=False, item_version_id=at_once_item(house)),
        house.actor("clerk"),
    )
    assert standings(house, case) == {}
    services.admit(actor=clerk, case_id=case.pk, at=NOW)
    assert standings(house, case) == {"at_once": "open"}
    services.note_needs(actor=clerk, case_id=case.pk, needs=["cannot_walk"], helper_id=None, at=NOW)
    services.reclassify(
        actor=clerk, case_id=case.pk, kind="help", item_version_id=None, urgent=True, reason="有危险", at=NOW
    )
    assert standings(house, case) == {"at_once": "open", "at_home": "open", "out_of_hours": "open"}
    with pytest.raises(Invalid):
        services.note_needs(actor=clerk, case_id=case.pk, needs=["cannot_walk"], helper_id=None, at=NOW)
    with pytest.raises(Invalid):
        services.note_needs(actor=clerk, case_id=case.pk, needs=[], helper_id=house.id("clerk2"), at=NOW)
    with pytest.raises(NotAllowed):
        services.note_needs(
            actor=clerk, case_id=case.pk, needs=["cannot_read"], helper_id=house.id("stranger"), at=NOW
        )


def test_the_database_keeps_promises_of_how(house: House) -> None:
    case = house.case(needs=("cannot_walk", "needs_helper"))
    home = Pledge.objects.filter(case=case, kind="at_home")
    helped = Pledge.objects.filter(case=case, kind="helped")
    assert refused(lambda: home.update(why="urgent")) == RESTRICT
    assert refused(lambda: home.update(given_at=NOW + DAY)) == RESTRICT
    assert refused(lambda: helped.update(helper=house.id("clerk2"))) == ""
    assert refused(lambda: helped.update(helper=None)) == CHECK
    assert refused(lambda: home._raw_delete(home.db)) == RESTRICT
    again = Pledge(case=case, kind="at_home", why="cannot_walk", given_at=NOW)
    assert refused(again.save) == UNIQUE
    for wrong in ({"kind": "at_once"}, {"kind": "tea"}, {"why": ""}, {"helper_id": house.id("clerk")}):
        given_ = {"case": house.case(), "kind": "at_home", "why": "cannot_walk", "given_at": NOW, **wrong}
        assert refused(Pledge(**given_).save) == CHECK, wrong


def test_figures_agree_with_the_pages_and_say_no_data_for_nothing(house: House) -> None:
    clerk = house.actor("clerk")
    kept, broken, open_, gone = (house.case(needs=("cannot_walk", "needs_helper")) for _ in range(4))
    services.visit_home(actor=clerk, case_id=kept.pk, text="上门", at=NOW + HOUR)
    for case in (kept, broken):
        services.resolve(actor=clerk, case_id=case.pk, answer="好", at=NOW + 2 * HOUR)
    services.withdraw(actor=clerk, case_id=gone.pk, reason="不办", at=NOW + HOUR)
    period = Period(first=NOW.date(), last=NOW.date())
    found = pledge_lines.kept_by_kind(clerk, period, now=NOW + DAY)
    assert (found[PledgeKind.AT_HOME].numerator, found[PledgeKind.AT_HOME].denominator) == (1, 2)
    assert (found[PledgeKind.HELPED].numerator, found[PledgeKind.HELPED].denominator) == (1, 2)
    assert found[PledgeKind.AT_ONCE].percent is None
    pages = [standings(house, case, now=NOW + DAY) for case in (kept, broken, open_, gone)]
    assert [page["at_home"] for page in pages] == ["kept", "broken", "open", "lapsed"]
    assert Client().get("/commitments/").status_code == 200


def test_intake_with_a_promise_of_how_costs_no_statement_more(house: House) -> None:
    def cost(**changes: object) -> int:
        actor, intake = house.actor("clerk"), house.intake(**changes)
        with CaptureQueriesContext(connection) as asked:
            services.register(actor=actor, intake=intake, at=NOW)
        return len(asked)

    cost()
    plain = cost()
    house.case(needs=("cannot_walk", "needs_helper"))
    assert cost() == plain, "the resident's needs are known by now"
