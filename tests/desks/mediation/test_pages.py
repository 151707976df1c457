"""The desk's own pages through HTTP: register, list, fulfilment, figures, committee."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liangdian.casework.models import Event
from liangdian.desks.mediation import figures, selectors, services
from liangdian.desks.mediation.models import Committee, Dispute, Member, Obligation, Term
from liangdian.foundation.refused import Invalid, NotAllowed
from tests.casework.conftest import NOW
from tests.desks.mediation.conftest import Desk

FOUND, REFUSED, WRONG_STATE, NOT_ALLOWED, MISSING, FINE = 302, 422, 409, 403, 404, 200
PAGES = ("", "fulfilment/", "figures/", "committee/")
LATER = NOW + timedelta(days=120)
FORM = {
    "source": "application", "channel": "window", "category": "contract", "subtype": "debt",
    "words": "借款未还。", "submission_key": "k1", "p-TOTAL_FORMS": "2", "p-INITIAL_FORMS": "0",
    "p-0-side": "applicant", "p-0-kind": "person", "p-0-name": "王桂兰", "p-1-side": "respondent",
    "p-1-kind": "person", "p-1-name": "李明",
}  # fmt: skip


def typed(desk: Desk, **changes: object) -> dict[str, object]:
    return {**FORM, "unit": desk.house.community.pk, **changes}


def queries(desk: Desk, path: str) -> int:
    client = desk.client("mediator")
    client.get(path)  # names of units are kept from here on
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path).status_code == FINE
    return len(asked)


def test_a_dispute_is_registered_once_whatever_is_pressed(desk: Desk) -> None:
    client = desk.client("mediator")
    for _press in range(2):
        assert client.post("/mediation/new/", typed(desk)).status_code == FOUND
    assert Dispute.objects.count() == 1
    more = client.post("/mediation/new/", typed(desk, more="1", **{"p-0-name": "赵大爷"}))
    assert more.status_code == FINE and "p-2-name" in more.text and "赵大爷" in more.text


@pytest.mark.parametrize("changes", [
    {"p-0-name": ""}, {"p-1-side": "applicant"}, {"category": "x"}, {"category": "labour"},
    {"source": "transfer"}, {"words": ""}, {"p-TOTAL_FORMS": "x"}, {"p-1-agent": "某", "p-1-agent_basis": ""},
    {"p-0-identity": "123"}, {"p-0-phone": "abc"}, {"unit": "99999"},
])  # fmt: skip
def test_what_is_wrong_is_refused_with_a_sentence(desk: Desk, changes: dict[str, str]) -> None:
    answer = desk.client("mediator").post("/mediation/new/", typed(desk, **changes))
    assert answer.status_code == REFUSED
    assert not Dispute.objects.exists()


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_are_for_the_readers_of_the_desk(desk: Desk, page: str) -> None:
    desk.to("effective")
    for who in ("mediator", "secretary", "coordinator", "leader", "inspector"):
        assert desk.client(who).get(f"/mediation/{page}").status_code == FINE, who
    for who in ("clerk", "handler", "petition_officer", "administrator", "stranger"):
        assert desk.client(who).get(f"/mediation/{page}").status_code == MISSING, who


@pytest.mark.parametrize("page", [
    "", "?after=x", "?after=2026-01-01T00:00:00~1", "?state=x&category=y&mine=on", "fulfilment/?mine",
    "figures/?first=x", "figures/?first=2026-02-01&last=2026-01-01",
])  # fmt: skip
def test_no_typed_address_breaks_a_page(desk: Desk, page: str) -> None:
    desk.to("effective")
    assert desk.client("mediator").get(f"/mediation/{page}").status_code == FINE


@pytest.mark.parametrize("page", ["", "fulfilment/"])
def test_one_or_thirty_rows_cost_the_same_statements(desk: Desk, page: str) -> None:
    desk.to("effective")
    Obligation.objects.filter(number__gt=1).update(reminded_at=NOW)
    before = queries(desk, f"/mediation/{page}")
    for _more in range(4):
        desk.to("effective")
    assert queries(desk, f"/mediation/{page}") == before


def test_the_list_pages_by_keyset_and_filters(desk: Desk) -> None:
    for n in range(27):
        desk.dispute(at=NOW + timedelta(minutes=n))
    client = desk.client("mediator")
    page = client.get("/mediation/").text
    assert page.count("<tr><td") == 25
    following = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert client.get(f"/mediation/{following}").text.count("<tr><td") == 2
    assert "<tr><td" not in client.get("/mediation/?state=failed").text


def test_fulfilment_shows_what_is_past_its_day_broken_and_soon(desk: Desk) -> None:
    case = desk.to("effective")
    first = Obligation.objects.filter(agreement__dispute=case.pk).first()
    assert first is not None
    actor = desk.actor("secretary")
    soon = selectors.watched(actor, today=first.due_on - timedelta(days=1))
    assert [line.obligation.pk for line in soon.soon] == [first.pk]
    late = selectors.watched(actor, today=first.due_on + timedelta(days=1))
    assert [line.obligation.pk for line in late.unknown] == [first.pk]
    assert selectors.watched(actor, today=first.due_on, mine=True).soon == []
    services.record_fulfilment(
        actor=desk.actor("mediator"), case_id=case.pk, obligation_id=first.pk, state="broken", done_on=None,
        words="没有钱", at=LATER,
    )  # fmt: skip
    broken = selectors.watched(actor, today=first.due_on + timedelta(days=1))
    assert [line.obligation.pk for line in broken.broken] == [first.pk]
    assert selectors.watched(desk.actor("clerk"), today=first.due_on).soon == []


def test_art_31_the_clock_reminds_before_the_day_and_asks_for_the_call_after_it_once(desk: Desk) -> None:
    case = desk.to("effective")
    first = Obligation.objects.filter(agreement__dispute=case.pk).first()
    assert first is not None
    day = NOW + (first.due_on - NOW.date()) - timedelta(days=3)
    closing = NOW + timedelta(days=27)
    assert (services.watch(at=closing), services.watch(at=closing)) == (1, 0), "the court's window closes"
    assert (services.watch(at=day), services.watch(at=day)) == (1, 0)
    call = day + timedelta(days=6)
    assert (services.watch(at=call), services.watch(at=call)) == (1, 0)
    types = Event.objects.filter(case=case, type__startswith="mediation.").values_list("type", flat=True)
    assert {"mediation.reminder", "mediation.call_due", "mediation.window_closing"} <= set(types)


def test_a_follow_up_call_is_for_colleagues_and_stands_beside_the_obligation(desk: Desk) -> None:
    case = desk.to("effective")
    first = Obligation.objects.filter(agreement__dispute=case.pk).first()
    assert first is not None
    answer = desk.client("mediator").post(
        f"/cases/{case.reference}/mediation.call/", {"obligation": first.pk, "text": "对方说下周付。"}
    )
    assert answer.status_code == FOUND
    first.refresh_from_db()
    assert first.called_at is not None
    assert not Event.objects.get(type="mediation.called").public
    assert "Last call" in desk.client("mediator").get(f"/cases/{case.reference}/").text


def test_excused_and_made_good_obligations_fulfil_the_agreement(desk: Desk) -> None:
    case = desk.to("unfulfilled")
    rows = Obligation.objects.filter(agreement__dispute=case.pk, state="broken")
    for n, row in enumerate(rows):
        state = "kept" if n else "excused"
        services.record_fulfilment(
            actor=desk.actor("mediator"), case_id=case.pk, obligation_id=row.pk, state=state, at=LATER,
            done_on=row.due_on if n else None, words="对方谅解",
        )  # fmt: skip
    assert desk.state(case) == "fulfilled"


def test_the_figures_have_their_denominators(desk: Desk) -> None:
    actor, whole = desk.actor("secretary"), {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
    empty = figures.fulfilment(actor, **whole, today=date(2027, 2, 1))
    assert figures.total_of(figures.by_category(actor, **whole)).success.percent is None, "never 0 %"
    assert empty.share.percent is None
    for state in ("fulfilled", "unfulfilled", "failed", "refused", "mediating"):
        desk.to(state)
    total = figures.total_of(figures.by_category(actor, **whole))
    assert (total.registered, total.agreed, total.failed, total.refused) == (5, 2, 1, 1)
    assert (total.success.numerator, total.success.denominator) == (2, 3)
    kept = figures.fulfilment(actor, **whole, today=date(2027, 2, 1))
    assert (kept.kept, kept.broken, kept.share.denominator) == (3, 3, 6)
    before = figures.fulfilment(actor, first=date(2026, 1, 1), last=date(2026, 9, 30), today=date(2027, 2, 1))
    assert before.share.denominator == 0
    page = desk.client("secretary").get("/mediation/figures/?first=2026-01-01&last=2026-12-31").text
    assert "66.7" in page and "2 agreements of 3 mediations" in page
    stranger = figures.by_category(desk.actor("stranger"), **whole)
    assert stranger == [], "the permission is part of the count"


def test_the_secretary_sets_up_a_committee_by_its_pages(desk: Desk) -> None:
    client, unit = desk.client("coordinator"), desk.house.street
    about = {"unit": unit.pk, "name": "城关街道人民调解委员会", "police_name": "赵警官",
             "police_phone": "110", "court": "县人民法院"}  # fmt: skip
    assert client.post("/mediation/committee/edit/", {**about, "court": ""}).status_code == REFUSED
    assert client.post("/mediation/committee/edit/", about).status_code == FOUND
    made = Committee.objects.get(unit=unit)
    assert made.name in client.get("/mediation/committee/").text
    assert "赵警官" in client.get(f"/mediation/committee/edit/?committee={made.pk}").text
    assert client.get("/mediation/committee/edit/?committee=999999").status_code == MISSING
    assert (
        client.post(f"/mediation/committee/{made.pk}/elect/", {"starts": "2026-01-01"}).status_code == REFUSED
    )


def test_art_8_members_join_and_leave_only_as_the_law_allows(desk: Desk) -> None:
    client = desk.client("secretary")
    woman = desk.member("mediator2")
    assert client.post(f"/mediation/committee/members/{woman.pk}/leave/").status_code in {
        REFUSED,
        WRONG_STATE,
    }
    with pytest.raises(Invalid):
        services.leave(actor=desk.actor("secretary"), member_id=woman.pk, at=NOW)
    join = f"/mediation/committee/{desk.committee.pk}/join/"
    assert client.post(join, {"user": desk.house.id("secretary"), "woman": "on"}).status_code == FOUND
    assert client.post(join, {"user": desk.house.id("secretary")}).status_code == REFUSED, (
        "sits there already"
    )
    assert client.post(join, {"user": desk.house.id("clerk")}).status_code == REFUSED
    assert client.post(f"/mediation/committee/members/{woman.pk}/leave/").status_code == FOUND
    assert Member.objects.filter(left__isnull=True).count() == 3
    assert Term.objects.count() == 1


@pytest.mark.parametrize("who", ["mediator", "leader", "inspector"])
def test_only_those_in_charge_change_the_committee(desk: Desk, who: str) -> None:
    client, member = desk.client(who), desk.member("mediator3")
    assert client.post("/mediation/committee/edit/", {}).status_code == MISSING
    for path in (f"{desk.committee.pk}/elect/", f"{desk.committee.pk}/join/", f"members/{member.pk}/leave/"):
        assert client.post(f"/mediation/committee/{path}", {}).status_code == NOT_ALLOWED, path
    with pytest.raises(NotAllowed):
        services.leave(actor=desk.actor(who), member_id=member.pk, at=NOW)
