"""Who reads a dispute, and that a separate talk stays with its mediators: by every door."""

from __future__ import annotations

import pytest
from django.db import connection

from liangdian.casework import selectors, worklists
from liangdian.casework import services as casework
from liangdian.casework.links import link_token
from liangdian.casework.models import CaseSearch, Event
from liangdian.casework.worklists import Filters, Worklist
from liangdian.desks.mediation import services
from liangdian.desks.mediation.models import Caucus
from liangdian.foundation.refused import NotAllowed, NotFound
from tests.casework.conftest import NOW
from tests.desks.mediation.conftest import Desk

SECRET = "底线是八千元，不能告诉对方"
READ = {"mediator", "mediator2", "mediator3", "secretary", "coordinator", "leader", "inspector"}


def _caucus(desk: Desk):
    case = desk.to("mediating")
    services.note_caucus(
        actor=desk.actor("mediator"), case_id=case.pk, party_id=desk.party(case, 2).pk, text=SECRET, at=NOW
    )
    return case


def test_only_its_readers_read_a_dispute(desk: Desk) -> None:
    case = desk.dispute()
    for who in desk.house.staff:
        actor = desk.actor(who)
        listed = case in worklists.rows_of(Worklist.ALL, actor, Filters(), now=NOW)
        assert listed == (who in READ), who
        page = desk.client(who).get(f"/cases/{case.reference}/")
        assert page.status_code == (200 if who in READ else 404), who


def test_the_note_of_a_separate_talk_is_read_by_its_mediators_alone(desk: Desk) -> None:
    case = _caucus(desk)
    for who in desk.house.staff:
        page = desk.client(who).get(f"/cases/{case.reference}/")
        assert (SECRET in page.text) == (who == "mediator"), who
        listing = desk.client(who).get("/mediation/")
        assert SECRET not in listing.text


def test_the_note_is_on_no_page_of_the_resident_and_in_no_event_index_or_notice(desk: Desk) -> None:
    case = _caucus(desk)
    page = desk.client("clerk").get(f"/m/{link_token(case.reference)}/")
    assert page.status_code == 200
    assert SECRET not in page.text
    assert "separate talk" not in page.text.lower()
    assert all(SECRET not in str(event.data) for event in Event.objects.all())
    assert SECRET not in str(CaseSearch.objects.get(case=case).vector)
    desk.fail(case)
    assert all(SECRET not in str(notice.content) for notice in case.notices.all())
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM mediation_caucus")
        assert SECRET not in cursor.fetchone()[0]
    for who in desk.house.staff:
        found = worklists.rows_of(Worklist.ALL, desk.actor(who), Filters(text="底线是八千元"), now=NOW)
        assert not list(found)


def test_that_there_was_one_says_neither_with_whom_nor_what(desk: Desk) -> None:
    _caucus(desk)
    event = Event.objects.get(type="mediation.spoken_apart")
    assert (event.data, event.public) == ({}, False)


def test_who_no_longer_mediates_no_longer_reads_the_notes(desk: Desk) -> None:
    case = _caucus(desk)
    desk.assign(case, "mediator2")
    assert SECRET not in desk.client("mediator").get(f"/cases/{case.reference}/").text
    assert SECRET in desk.client("mediator2").get(f"/cases/{case.reference}/").text


@pytest.mark.parametrize("who", ["mediator2", "secretary", "coordinator", "leader", "inspector"])
def test_nobody_else_writes_one(desk: Desk, who: str) -> None:
    case = desk.to("mediating")
    with pytest.raises(NotAllowed):
        services.note_caucus(
            actor=desk.actor(who), case_id=case.pk, party_id=desk.party(case, 1).pk, text="x", at=NOW
        )
    refused = desk.client(who).post(
        f"/cases/{case.reference}/mediation.caucus/", {"party": desk.party(case, 1).pk, "text": "x"}
    )
    assert refused.status_code in {403, 409}
    assert Caucus.objects.count() == 0


@pytest.mark.parametrize("who", ["clerk", "handler", "petition_officer", "administrator", "stranger"])
def test_for_others_there_is_no_dispute_to_write_in(desk: Desk, who: str) -> None:
    case = desk.to("mediating")
    with pytest.raises(NotFound):
        desk_act = {"actor": desk.actor(who), "case_id": case.pk, "at": NOW}
        services.report_risk(**desk_act, risk="crime", words="x")
    assert desk.client(who).get("/mediation/").status_code == 404


def test_the_history_names_no_party(desk: Desk) -> None:
    desk.to("effective")
    for event in Event.objects.filter(type__startswith="mediation."):
        assert "李明" not in str(event.data)
        assert "王桂兰" not in str(event.data)


def test_a_report_to_the_police_is_for_colleagues_only(desk: Desk) -> None:
    """Art. 25: reported at once, whoever the resident of the page is."""
    case = desk.to("mediating")
    services.report_risk(
        actor=desk.actor("mediator"), case_id=case.pk, risk="violence", words="扬言带刀", at=NOW
    )
    page = desk.client("mediator").get(f"/m/{link_token(case.reference)}/")
    assert "扬言带刀" not in page.text
    assert "Art. 25" not in page.text
    colleagues = desk.client("secretary").get(f"/cases/{case.reference}/").text
    assert "西街派出所 赵警官" in colleagues


def test_the_acts_of_the_spine_do_not_go_around_the_desk(desk: Desk) -> None:
    case = desk.to("mediating")
    actor = desk.actor("mediator")
    for act in (
        lambda: casework.resolve(actor=actor, case_id=case.pk, answer="x", at=NOW),
        lambda: casework.withdraw(actor=actor, case_id=case.pk, reason="x", at=NOW),
        lambda: casework.reclassify(
            actor=actor, case_id=case.pk, kind="help", item_version_id=None, urgent=False, reason="x", at=NOW
        ),
    ):
        with pytest.raises(Exception, match=r"own procedure|自己的|程序"):
            act()
    assert selectors.case_for(actor=actor, reference=case.reference).state == "handling"
