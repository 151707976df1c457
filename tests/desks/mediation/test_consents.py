"""Art. 17: nothing begins before every party wants it, and a clear no ends it; at every door."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from liangdian.desks.mediation import services
from liangdian.desks.mediation.models import Answer, Assignment, Dispute, Report, Session
from liangdian.desks.mediation.rules import WrongState
from liangdian.foundation.refused import Invalid, NotAllowed
from tests.casework.conftest import NOW
from tests.desks.mediation.conftest import Desk

REFUSED = {403, 409, 422}


def test_no_mediator_and_no_session_before_the_consent(desk: Desk) -> None:
    case = desk.to("registered")
    with pytest.raises(WrongState):
        desk.assign(case)
    typed = {"members": [desk.member("mediator").pk], "how": "by_parties", "openness": "closed"}
    answer = desk.client("secretary").post(f"/cases/{case.reference}/mediation.assign/", typed)
    assert answer.status_code in REFUSED
    with pytest.raises(DatabaseError), transaction.atomic():
        Dispute.objects.filter(pk=case.pk).update(state="mediating")
    with pytest.raises(DatabaseError), transaction.atomic():
        Session.objects.create(
            dispute_id=case.pk, number=1, held_at=NOW, place="x", openness="closed",
            by_id=desk.house.id("mediator"),
        )  # fmt: skip
    assert not Assignment.objects.exists()


def test_a_clear_no_ends_it_for_good(desk: Desk) -> None:
    case = desk.to("refused")
    party = desk.party(case, 2)
    with pytest.raises(WrongState):
        desk.consent(case)
    typed = {"party": party.pk, "wants": "yes", "how": "phone"}
    answer = desk.client("mediator").post(f"/cases/{case.reference}/mediation.consent/", typed)
    assert answer.status_code in REFUSED
    with pytest.raises(DatabaseError), transaction.atomic():
        Dispute.objects.filter(pk=case.pk).update(state="consented")
    assert list(Answer.objects.filter(party=party).values_list("given", flat=True)) == [False]


@pytest.mark.parametrize("typed", [{"party": 0}, {"how": "telepathy"}, {"wants": "maybe"}, {"wants": ""}])
def test_an_answer_is_of_a_party_of_this_dispute_and_says_how(desk: Desk, typed: dict[str, object]) -> None:
    case = desk.to("registered")
    given = {"party": desk.party(case, 2).pk, "wants": "yes", "how": "phone", **typed}
    address = f"/cases/{case.reference}/mediation.consent/"
    assert desk.client("mediator").post(address, given).status_code in REFUSED
    other = desk.party(desk.to("registered"), 2)
    with pytest.raises(Invalid):
        services.record_consent(
            actor=desk.actor("mediator"), case_id=case.pk, party_id=other.pk, given=True, how="phone", at=NOW
        )
    assert desk.state(case) == "registered"


def test_an_answer_is_never_changed_or_taken_away(desk: Desk) -> None:
    case = desk.to("consented")
    for change in (Answer.objects.filter(party__dispute=case.pk).delete,
                   lambda: Answer.objects.filter(party__dispute=case.pk).update(given=False)):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_art_25_a_report_to_the_police_is_whole_or_refused_and_stays(desk: Desk) -> None:
    case = desk.to("mediating")
    address, client = f"/cases/{case.reference}/mediation.report/", desk.client("mediator")
    for typed in ({"risk": "violence", "words": ""}, {"risk": "x", "words": "扬言动手"}):
        assert client.post(address, typed).status_code in REFUSED
        with pytest.raises(Invalid):
            services.report_risk(actor=desk.actor("mediator"), case_id=case.pk, at=NOW, **typed)
    for who in ("leader", "inspector"):
        with pytest.raises(NotAllowed):
            services.report_risk(
                actor=desk.actor(who), case_id=case.pk, risk="violence", words="扬言动手", at=NOW
            )
    assert not Report.objects.exists()
    assert client.post(address, {"risk": "violence", "words": "扬言动手"}).status_code == 302
    report = Report.objects.get()
    assert (report.told_name, report.told_phone) == (desk.committee.police_name, desk.committee.police_phone)
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.update(words="没事")
