"""Signing on the screen or with a scan, and the papers of an agreement, through HTTP."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from unicodedata import normalize

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader

from liangdian.casework.models import Case
from liangdian.desks.mediation import services
from liangdian.desks.mediation.models import Agreement, Assignment, Signature
from liangdian.desks.mediation.services import Hand
from liangdian.foundation.refused import Invalid, NotAllowed, Stale
from liangdian.platform.audit.models import AccessLog
from tests.casework.conftest import NOW
from tests.desks.mediation.conftest import STROKES, Desk

FOUND, REFUSED, WRONG_STATE, NOT_ALLOWED, MISSING = 302, 422, 409, 403, 404


def scan() -> bytes:
    """A small picture of a paper."""
    kept = BytesIO()
    Image.new("RGB", (60, 80), "white").save(kept, "PNG")
    return kept.getvalue()


def words_of(pdf: bytes) -> str:
    """The words of a PDF, without the spaces that setting puts between them."""
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return normalize("NFKC", "".join(text.split()))


def post(desk: Desk, case: Case, who: str, by: str = "mediator", **typed: object):
    given = {"who": who, "how": "screen", "strokes": STROKES, **typed}
    return desk.client(by).post(f"/mediation/{case.reference}/sign/", given)


def test_all_sign_on_the_screen_and_on_paper_then_the_seal_makes_the_effect(desk: Desk) -> None:
    case = desk.to("signing")
    page = desk.client("mediator").get(f"/mediation/{case.reference}/sign/").text
    assert "王桂兰" in page and "李明" in page and "陈建军" not in page.replace("Mediator 陈建军", "")
    first, second = desk.party(case, 1).pk, desk.party(case, 2).pk
    assert post(desk, case, f"party:{first}").status_code == FOUND
    paper = SimpleUploadedFile("signed.png", scan(), "image/png")
    assert post(desk, case, f"party:{second}", how="paper", strokes="", scan=paper).status_code == FOUND
    row = Assignment.objects.get(dispute=case.pk)
    assert post(desk, case, f"mediator:{row.pk}").status_code == FOUND
    assert desk.state(case) == "signing"
    desk.seal(case)
    assert desk.state(case) == "effective"
    assert [s.how for s in Signature.objects.order_by("pk")] == ["screen", "paper", "screen"]


@pytest.mark.parametrize("typed", [
    {"strokes": ""}, {"strokes": "[[[1,1]]]"}, {"strokes": "[[[1,1],[9000,1]]]"}, {"strokes": "{"},
    {"strokes": "[[[10, 10], [\"x\", 3]]]"}, {"how": "paper", "strokes": ""}, {"how": "wax"},
    {"who": "party:0"}, {"who": "mediator:99"}, {"who": ""}, {"who": "x:²"},
])  # fmt: skip
def test_what_is_no_signature_is_refused_with_a_sentence(desk: Desk, typed: dict[str, str]) -> None:
    case = desk.to("signing")
    given = {"who": f"party:{desk.party(case, 1).pk}", **typed}
    answer = post(desk, case, given.pop("who"), **given)
    assert answer.status_code == REFUSED
    assert not Signature.objects.exists()


def test_nobody_signs_twice(desk: Desk) -> None:
    case = desk.to("signing")
    who = desk.party(case, 1).pk
    assert post(desk, case, f"party:{who}").status_code == FOUND
    assert post(desk, case, f"party:{who}").status_code == REFUSED, "no longer in the list"
    with pytest.raises(Stale):
        hand = Hand("screen", party_id=who, strokes=STROKES)
        services.sign(actor=desk.actor("mediator"), case_id=case.pk, hand=hand, at=NOW)


def test_a_scan_that_is_no_document_is_refused(desk: Desk) -> None:
    case = desk.to("signing")
    hand = Hand("paper", party_id=desk.party(case, 1).pk, scan=b"MZ\x90\x00", scan_name="x.exe")
    with pytest.raises(Invalid):
        services.sign(actor=desk.actor("mediator"), case_id=case.pk, hand=hand, at=NOW)


@pytest.mark.parametrize("who", ["mediator2", "secretary", "coordinator"])
def test_only_the_mediators_of_the_dispute_take_signatures(desk: Desk, who: str) -> None:
    case = desk.to("signing")
    assert post(desk, case, f"party:{desk.party(case, 1).pk}", by=who).status_code == NOT_ALLOWED
    hand = Hand("screen", party_id=desk.party(case, 1).pk, strokes=STROKES)
    with pytest.raises(NotAllowed):
        services.sign(actor=desk.actor(who), case_id=case.pk, hand=hand, at=NOW)


def test_nothing_is_signed_before_there_is_an_agreement(desk: Desk) -> None:
    case = desk.to("mediating")
    assert desk.client("mediator").get(f"/mediation/{case.reference}/sign/").status_code == WRONG_STATE


def test_every_party_has_a_numbered_copy_and_the_committee_one(desk: Desk) -> None:
    case = desk.to("effective")
    client = desk.client("mediator")
    page = client.get(f"/cases/{case.reference}/").text
    for number, whose in ((1, "王桂兰"), (2, "李明"), (3, "归档")):
        address = f"/mediation/{case.reference}/agreement/{number}.pdf"
        assert address in page
        pdf = client.get(address)
        assert pdf["Cache-Control"] == "private, no-store"
        words = words_of(pdf.content)
        assert f"第{number}份,共3份" in words.replace("，", ","), words
        assert whose in words
    assert f"{case.reference}-T1" in words and "4,000.00" in words and "2026年12月31日" in words
    assert "李小明(委托书)" in words and "西大街社区人民调解委员会" in words
    assert client.get(f"/mediation/{case.reference}/agreement/4.pdf").status_code == MISSING
    assert (
        client.get(f"/mediation/{case.reference}/agreement/1.pdf").content
        == client.get(f"/mediation/{case.reference}/agreement/1.pdf").content
    )


def test_a_copy_before_the_effect_says_so(desk: Desk) -> None:
    case = desk.to("signing")
    pdf = desk.client("mediator").get(f"/mediation/{case.reference}/agreement/1.pdf").content
    assert "尚未生效" in words_of(pdf)


def test_art_33_the_application_to_the_court_names_both_and_the_last_day(desk: Desk) -> None:
    case = desk.to("effective")
    until = Agreement.objects.get().confirm_until
    assert until is not None
    words = words_of(desk.client("mediator").get(f"/mediation/{case.reference}/court.pdf").content)
    assert "县人民法院" in words and "王桂兰" in words and "李明" in words
    assert f"{until.year}年{until.month}月{until.day}日" in words
    signing = desk.to("signing")
    answer = desk.client("mediator").get(f"/mediation/{signing.reference}/court.pdf")
    assert answer.status_code == WRONG_STATE


@pytest.mark.parametrize("paper", ["agreement/1.pdf", "court.pdf", "sign/", "signed/1/"])
def test_the_papers_with_whole_names_are_for_those_who_take_part(desk: Desk, paper: str) -> None:
    case = desk.to("effective")
    for who, status in (("leader", NOT_ALLOWED), ("inspector", NOT_ALLOWED), ("clerk", MISSING),
                        ("administrator", MISSING), ("stranger", MISSING)):  # fmt: skip
        answer = desk.client(who).get(f"/mediation/{case.reference}/{paper}")
        assert answer.status_code == status, who


def test_opening_a_scan_is_logged(desk: Desk) -> None:
    case = desk.to("signing")
    hand = Hand("paper", party_id=desk.party(case, 1).pk, scan=scan(), scan_name="signed.png")
    services.sign(actor=desk.actor("mediator"), case_id=case.pk, hand=hand, at=NOW + timedelta(hours=1))
    signature = Signature.objects.get()
    page = desk.client("mediator").get(f"/cases/{case.reference}/").text
    address = f"/mediation/{case.reference}/signed/{signature.pk}/"
    assert address in page
    answer = desk.client("mediator").get(address)
    assert answer["Content-Type"] == "image/png"
    logged = AccessLog.objects.get(act="document_opened")
    assert (logged.actor_id, logged.reason) == (desk.house.id("mediator"), case.reference)
    other = desk.to("signing")
    wrong = desk.client("mediator").get(f"/mediation/{other.reference}/signed/{signature.pk}/")
    assert wrong.status_code == MISSING
