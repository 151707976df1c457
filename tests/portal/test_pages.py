"""The resident's pages: tell us, follow, read, rate; and what they never show."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.test import Client
from django.utils import timezone

from liangdian.casework import services
from liangdian.casework.links import link_path, link_token, rating_path, rating_token
from liangdian.casework.models import Case, Rating
from liangdian.platform.notifications import selectors as bell
from tests.casework.conftest import NOW, House

NOTE = "内部备注：此人常来"


def _told(house: House, **changes: object) -> dict[str, object]:
    given: dict[str, object] = {
        "submission_key": "k1", "kind": "help", "unit": house.community.pk, "words": "楼道的灯坏了。",
        "place": "三号楼", "name": "王桂兰", "phone": "13812342211",
    }  # fmt: skip
    return {**given, **changes}


def _answered(house: House, **changes: object) -> Case:
    case = house.case(**changes)
    services.add_note(actor=house.actor("clerk"), case_id=case.pk, text=NOTE, at=NOW)
    return services.resolve(actor=house.actor("clerk"), case_id=case.pk, answer="灯已经换好。", at=NOW)


def test_a_resident_tells_gets_a_number_a_date_and_a_name(house: House) -> None:
    client = Client()
    assert client.get("/apply/").status_code == 200
    sent = client.post("/apply/", _told(house))
    assert sent.status_code == 302
    case = Case.objects.get()
    page = client.get(sent.url).content.decode()
    assert case.reference in page
    assert case.first_handler.name in page
    assert case.channel == "web"
    assert case.first_contact_at is None
    assert "13812342211" not in page
    # A second press leads to the same page and registers nothing.
    assert client.post("/apply/", _told(house)).url == sent.url
    assert Case.objects.count() == 1


def test_bad_input_is_told_and_what_was_typed_stays(house: House) -> None:
    client = Client()
    bad = [
        {"words": ""}, {"words": "\x00"}, {"words": "长" * 20_001}, {"name": ""}, {"name": "名" * 5_000},
        {"phone": ""}, {"phone": "12"}, {"phone": "1" * 5_000}, {"kind": "service"}, {"kind": "\x00"},
        {"unit": house.street.pk}, {"unit": "9" * 40}, {"place": "x" * 5_000}, {"submission_key": "\x00"},
        {"submission_key": "k" * 5_000},
    ]  # fmt: skip
    for changes in bad:
        answer = client.post("/apply/", _told(house, **changes))
        page = answer.content.decode()
        assert answer.status_code == 422, changes
        assert 'aria-invalid="true"' in page or 'role="alert"' in page, changes
        assert "words" in changes or "楼道的灯坏了。" in page, changes
    assert Case.objects.count() == 0
    odd = [
        {"words": "🙏\x00灯"},
        {"name": "𠮷野🙂"},
        {"phone": "＋８６ １３８１２３４２２１１"},
        {"place": ""},
    ]
    for number, changes in enumerate(odd):
        answer = client.post("/apply/", _told(house, submission_key=f"o{number}", **changes))
        assert answer.status_code == 302, changes
        assert client.get(answer.url).status_code == 200


def test_follow_needs_number_and_phone_of_the_same_matter(house: House) -> None:
    case = house.case()
    other = house.case(resident_name="李四", phone="13900001111")
    client = Client()
    assert client.get("/follow/").status_code == 200
    right = {"reference": case.reference.lower(), "phone": "138 1234 2211"}
    found = client.post("/follow/", right)
    assert found.status_code == 302
    assert urlsplit(found.url).path == link_path(case.reference)
    wrong = [
        {**right, "phone": "13900001111"}, {**right, "reference": other.reference}, {**right, "phone": "x"},
        {**right, "reference": "XD-2026-999999"}, {**right, "reference": "\x00"}, {**right, "phone": ""},
        {**right, "reference": "x" * 5_000}, {**right, "phone": "1" * 5_000}, {**right, "reference": "🙏"},
    ]  # fmt: skip
    sentences = set()
    for form in wrong[:2] + wrong[3:4]:
        answer = client.post("/follow/", form)
        sentences.add(tuple(map(str, answer.context["form"].non_field_errors())))
    # Whether the number exists is not told.
    assert len(sentences) == 1
    for form in wrong:
        assert client.post("/follow/", form).status_code == 422, form


def test_the_page_of_a_matter_shows_nothing_internal_and_nobody_else(house: House) -> None:
    case = _answered(house)
    house.case(resident_name="李四海", phone="13900001111")
    page = Client().get(link_path(case.reference)).content.decode()
    assert "灯已经换好。" in page
    assert NOTE not in page
    assert "李四海" not in page
    assert "13812342211" not in page
    assert Client().get(f"{link_path(case.reference)}receipt.pdf").status_code == 200


def test_a_complaint_does_not_tell_whom_it_is_about(house: House) -> None:
    case = house.case(
        by="secretary", first_handler_id=house.id("secretary"), kind="complaint", item_version_id=None,
        about_user_id=house.id("clerk2"),
    )  # fmt: skip
    assert "clerk2" not in Client().get(link_path(case.reference)).content.decode()


def test_a_wrong_link_is_not_found_whatever_it_looks_like(house: House) -> None:
    case = house.case()
    token = link_token(case.reference)
    for wrong in ("x", token[:-1], token + "a", token.upper(), "x" * 3_000, "%00", "%F0%9F%99%8F"):
        for tail in ("", "receipt.pdf"):
            assert Client().get(f"/m/{wrong}/{tail}").status_code == 404, wrong
        assert Client().post(f"/r/{wrong}/", {"grade": "5"}).status_code == 404, wrong


def test_rated_satisfied_it_closes_and_the_link_works_once(house: House) -> None:
    case = _answered(house)
    client, page = Client(), rating_path(case.reference, 1)
    assert page in client.get(link_path(case.reference)).content.decode()
    opened = client.get(page).content.decode()
    assert "checked" not in opened  # no hinting (rules §4)
    for bad in ({}, {"grade": "9"}, {"grade": "\x00"}, {"grade": "4", "comment": "长" * 2_001}):
        answer = client.post(page, bad)
        assert answer.status_code == 422, bad
        assert bad.get("comment", "") in answer.content.decode()
    assert Rating.objects.count() == 0
    done = client.post(page, {"grade": "4", "comment": "谢谢🙏\x00"})
    assert done.status_code == 302
    shown = client.get(done.url).content.decode()
    assert "谢谢🙏" in shown and 'name="grade"' not in shown
    again = client.post(page, {"grade": "1", "comment": "改主意了"})
    assert again.status_code == 409
    case.refresh_from_db()
    assert (case.state, case.ending, Rating.objects.get().grade) == ("closed", "satisfied", "4")


def test_rated_dissatisfied_it_opens_again_and_the_old_link_shows_what_was_rated(house: House) -> None:
    case = _answered(house)
    client, page = Client(), rating_path(case.reference, 1)
    assert client.post(page, {"grade": "2", "comment": "还是不亮"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.round, case.level, case.unit_id) == ("handling", 2, 1, house.street.pk)
    assert case.first_handler.name in client.get(link_path(case.reference)).content.decode()
    shown = client.get(page).content.decode()
    assert "还是不亮" in shown and 'name="grade"' not in shown
    # There is nothing to rate until it is answered anew, and then not with the old link.
    assert client.post(rating_path(case.reference, 2), {"grade": "5"}).status_code == 409
    house.put_right(case, by="coordinator", at=timezone.now())
    above, later = house.actor("coordinator"), timezone.now()
    services.resolve(actor=above, case_id=case.pk, answer="换了灯座。", at=later)
    assert client.post(page, {"grade": "5"}).status_code == 409
    assert client.post(rating_path(case.reference, 2), {"grade": "5"}).status_code == 302


def test_nothing_to_rate_before_the_answer(house: House) -> None:
    case = house.case()
    assert rating_path(case.reference, 1) not in Client().get(link_path(case.reference)).content.decode()
    page = rating_path(case.reference, 1)
    assert 'name="grade"' not in Client().get(page).content.decode()
    assert Client().post(page, {"grade": "5"}).status_code == 409
    assert Client().post(link_path(case.reference), {"grade": "5"}).status_code == 405
    # The link of one answer is not made from the link of the matter.
    assert Client().get(f"/r/{link_token(case.reference)}/").status_code == 404
    assert Client().get(f"/r/{rating_token(case.reference, 1)[:-1]}/").status_code == 404


def test_whoever_is_signed_in_as_staff_cannot_rate_in_the_residents_place(house: House) -> None:
    case = _answered(house)
    page = rating_path(case.reference, 1)
    for name in ("clerk", "clerk2", "inspector"):
        client = Client()
        client.force_login(house.staff[name])
        assert 'name="grade"' not in client.get(page).content.decode()
        assert client.post(page, {"grade": "5"}).status_code == 403
    assert not Rating.objects.exists()


def test_trying_the_rating_again_and_again_is_slowed_down(house: House) -> None:
    case = _answered(house)
    page = rating_path(case.reference, 1)
    codes = [Client().post(page, {"grade": "9"}).status_code for _ in range(12)]
    assert codes == [422] * 10 + [429] * 2
    assert Client().get(page).status_code == 429


def test_several_residents_on_one_device_are_told_to_the_inspector_and_count(house: House) -> None:
    people = (("王桂兰", "13812342211"), ("李四海", "13900001111"), ("张秀英", "13900002222"))
    matters = [_answered(house, resident_name=name, phone=phone) for name, phone in people]
    more = _answered(house, resident_name="王桂兰", phone="13812342211")
    for case in (matters[0], more, *matters[1:]):
        page = rating_path(case.reference, 1)
        sent = Client(headers={"user-agent": "tablet of the hall"}).post(page, {"grade": "5"})
        assert sent.status_code == 302
    assert Rating.objects.count() == 4
    flagged = [c for c in (*matters, more) if c.events.filter(type="rating_flagged").exists()]
    assert flagged == [matters[2]]
    event = matters[2].events.get(type="rating_flagged")
    assert not event.public and event.data["n"] == 3
    assert [n.kind for n in bell.latest(house.actor("inspector"))] == ["rating_flagged"]
    devices = set(Rating.objects.values_list("device", flat=True))
    assert len(devices) == 1 and all(len(device) == 64 for device in devices)
    assert "张秀英" not in str(event.data)


def test_home_and_commitments_are_open_to_everybody(house: House) -> None:
    _answered(house)
    for page in ("/", "/commitments/"):
        for language in ("zh-hans", "zh-hant", "en"):
            client = Client()
            client.cookies["language"] = language
            assert client.get(page).status_code == 200


def test_the_reasons_that_colleagues_write_to_each_other_stay_among_colleagues(house: House) -> None:
    case = house.case()
    services.refer(
        actor=house.actor("clerk"), case_id=case.pk, to_unit_id=house.street.pk, reason="此人催得紧", at=NOW
    )
    services.return_referral(
        actor=house.actor("coordinator"), case_id=case.pk, why="not_responsible", at=NOW,
        responsible_unit_id=house.section.pk, ground="三定方案", reason="不归我们管，找民政科",
    )  # fmt: skip
    services.escalate(actor=house.actor("clerk"), case_id=case.pk, reason="两边都推", at=NOW)
    page = Client().get(link_path(case.reference)).content.decode()
    assert house.street.label in page
    assert not any(words in page for words in ("此人催得紧", "不归我们管", "两边都推"))
