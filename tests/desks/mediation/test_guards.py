"""What the database refuses, whoever asks: each guard of the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from liangdian.desks.mediation.models import (
    Agreement,
    Answer,
    Assignment,
    Caucus,
    Dispute,
    Member,
    Obligation,
    Offer,
    Recusal,
    Report,
    Session,
    Signature,
    Term,
)
from tests.casework.conftest import NOW
from tests.desks.mediation.conftest import Desk, refused_by_the_database


def test_art_8_a_committee_of_two_or_ten_or_without_women_is_refused(desk: Desk) -> None:
    term = Term.objects.get()
    refused_by_the_database('UPDATE mediation_member SET "left" = joined WHERE NOT head')
    refused_by_the_database('UPDATE mediation_member SET "left" = joined WHERE woman')
    refused_by_the_database("UPDATE mediation_member SET woman = false")
    refused_by_the_database("UPDATE mediation_term SET members = 2")
    refused_by_the_database("UPDATE mediation_term SET members = 10")
    rest = [name for name in desk.house.staff if not name.startswith("mediator")][:7]
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.bulk_create(
            Member(term=term, user_id=desk.house.id(name), woman=True, joined=term.starts) for name in rest
        )
    assert Member.objects.count() == 3


def test_art_9_a_term_longer_than_three_years_is_refused(desk: Desk) -> None:
    refused_by_the_database("UPDATE mediation_term SET ends = starts + 1097")


def test_art_17_no_talks_before_every_party_consented(desk: Desk) -> None:
    case = desk.to("registered")
    party = desk.party(case, 1)
    by = desk.house.id("mediator")
    for row in (
        Session(dispute_id=case.pk, number=1, held_at=NOW, place="x", openness="closed", by_id=by),
        Caucus(dispute_id=case.pk, party=party, held_at=NOW, note="x", by_id=by),
        Offer(dispute_id=case.pk, party=party, words="x", at=NOW, by_id=by),
        Agreement(dispute_id=case.pk, version=1, form="oral", facts="x", content="x", drafted_at=NOW,
                  drafted_by_id=by),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
    refused_by_the_database("UPDATE mediation_dispute SET state = 'consented'")


def test_art_17_a_later_no_keeps_the_talks_closed(desk: Desk) -> None:
    case = desk.to("consented")
    Answer.objects.create(
        party=desk.party(case, 2), subject="mediation", given=False, how="phone", at=NOW,
        by_id=desk.house.id("mediator"),
    )  # fmt: skip
    desk_row = Dispute.objects.get(pk=case.pk)
    Assignment.objects.create(
        dispute=desk_row,
        member=desk.member("mediator"),
        how="assigned",
        at=NOW,
        by_id=desk.house.id("mediator"),
    )
    refused_by_the_database("UPDATE mediation_dispute SET state = 'mediating'")


def test_art_19_no_mediation_without_a_mediator(desk: Desk) -> None:
    desk.to("consented")
    refused_by_the_database("UPDATE mediation_dispute SET state = 'mediating'")


def test_a_recused_mediator_is_never_assigned(desk: Desk) -> None:
    case = desk.to("consented")
    by = desk.house.id("secretary")
    member = desk.member("mediator2")
    Recusal.objects.create(dispute_id=case.pk, member=member, reason="亲属", at=NOW, by_id=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(dispute_id=case.pk, member=member, how="assigned", at=NOW, by_id=by)


def test_art_30_no_effect_before_all_signed_and_the_committee_sealed(desk: Desk) -> None:
    case = desk.to("signing")
    effect = "UPDATE mediation_agreement SET effective_at = %s, confirm_until = %s"
    refused_by_the_database(effect, NOW, NOW.date())
    desk.sign_all(case)
    refused_by_the_database(effect, NOW, NOW.date())
    refused_by_the_database("UPDATE mediation_dispute SET state = 'effective'")
    desk.seal(case, at=NOW + timedelta(hours=1))
    agreement = Agreement.objects.get()
    assert agreement.effective_at == NOW + timedelta(hours=1)
    refused_by_the_database(effect, NOW, NOW.date())
    refused_by_the_database("UPDATE mediation_agreement SET dropped_at = now()")


def test_what_was_agreed_is_never_changed(desk: Desk) -> None:
    desk.to("effective")
    refused_by_the_database("UPDATE mediation_agreement SET content = 'x'")
    refused_by_the_database("UPDATE mediation_obligation SET amount_fen = 1")
    refused_by_the_database("UPDATE mediation_obligation SET due_on = due_on + 30")
    owed = Obligation.objects.first()
    assert owed is not None
    owed.pk, owed.number = None, 9
    with pytest.raises(IntegrityError), transaction.atomic():
        owed.save(force_insert=True)


def test_what_became_of_an_obligation_is_not_undone(desk: Desk) -> None:
    desk.to("fulfilled")
    for state in ("due", "broken", "excused"):
        refused_by_the_database("UPDATE mediation_obligation SET state = %s", state)


@pytest.mark.parametrize("form", ["facts", "content", "responsibilities", "manner"])
def test_art_29_a_written_agreement_without_an_element_is_refused(desk: Desk, form: str) -> None:
    case = desk.to("mediating")
    given = {"facts": "x", "content": "x", "responsibilities": "x", "manner": "x", form: ""}
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(
            dispute_id=case.pk, version=1, form="written", drafted_at=NOW,
            drafted_by_id=desk.house.id("mediator"), **given,
        )  # fmt: skip


def test_records_are_only_added(desk: Desk) -> None:
    case = desk.to("effective")
    by = desk.house.id("mediator")
    Report.objects.create(
        dispute_id=case.pk, risk="violence", words="x", told_name="x", told_phone="110", at=NOW, by_id=by
    )
    assert Signature.objects.count() == 3
    for table in ("answer", "signature", "report", "recusal", "caucus", "attendance"):
        refused_by_the_database(f"DELETE FROM mediation_{table}")
        refused_by_the_database(f"UPDATE mediation_{table} SET id = id")
    for table in ("dispute", "party", "agreement", "obligation", "session", "offer", "assignment"):
        refused_by_the_database(f"DELETE FROM mediation_{table}")


@pytest.mark.parametrize("statement", [
    "UPDATE mediation_party SET name = ''", "UPDATE mediation_dispute SET category = 'x'",
    "UPDATE mediation_dispute SET source = 'transfer', transferred_by = ''",
    "UPDATE mediation_dispute SET state = 'x'", "UPDATE mediation_party SET side = 'x'",
    "UPDATE mediation_party SET resident_id = NULL, number = 1",
    "UPDATE mediation_committee SET police_phone = ''",
])  # fmt: skip
def test_what_no_row_can_hold(desk: Desk, statement: str) -> None:
    desk.to("registered")
    refused_by_the_database(statement)


def test_names_phones_and_identities_are_sealed(desk: Desk) -> None:
    case = desk.dispute()
    from_database = Dispute.objects.raw(
        "SELECT case_id, (SELECT string_agg(name || phone, '') FROM mediation_party) AS sealed "
        "FROM mediation_dispute"
    )[0]
    assert "王桂兰" not in from_database.sealed
    assert "13900001111" not in from_database.sealed
    assert desk.party(case, 2).name == "李明"
