"""The pages of casework through HTTP: every act, every refusal, every bad input."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from liangdian.casework import found, services
from liangdian.casework.links import rating_token
from liangdian.casework.models import Case, CaseSearch
from liangdian.casework.policy import Act
from liangdian.casework.web.acts import PAGES
from liangdian.foundation.actor import SYSTEM
from liangdian.platform.notifications import selectors as bell
from liangdian.platform.search.vectors import query_of
from liangdian.registers.organisation import services as services_of_units
from tests.casework.conftest import NOW, House

BACKEND = "liangdian.platform.accounts.backend.StaffBackend"


def client_of(house: House, name: str) -> Client:
    client = Client()
    client.force_login(house.staff[name], backend=BACKEND)
    return client


def address(case: Case, act: str = "") -> str:
    return f"/cases/{case.reference}/{act}/" if act else f"/cases/{case.reference}/"


def typed(house: House, **changes: object) -> dict[str, object]:
    """What the clerk types into the form of a new matter."""
    given: dict[str, object] = {
        "submission_key": "k1", "kind": "service", "channel": "window", "unit": house.community.pk,
        "item": "MZ-001", "resident_name": "王桂兰", "phone": "13812342211", "identity": "", "address": "",
        "words": "想办优待证。", "about": "",
    }  # fmt: skip
    return {**given, **changes}


FORMS: dict[Act, dict[str, object]] = {
    Act.ACCEPT: {}, Act.START: {}, Act.RESOLVE: {"answer": "已办好。"}, Act.REFER: {"reason": "请核对"},
    Act.RETURN: {
        "why": "not_responsible", "responsible_body": "城管局", "ground": "三定方案",
        "reason": "非我单位职责",
    },
    Act.CONTACT: {"text": "已告知"}, Act.ASK: {"text": "缺照片"},
    Act.SUPPLY: {"text": "照片"}, Act.TRANSFER: {"reason": "休假"}, Act.ESCALATE: {"reason": "要协调"},
    Act.NOTE: {"text": "记"}, Act.CALL_BACK: {"grade": "5", "comment": "好"},
    Act.WITHDRAW: {"reason": "不办了"},
    Act.ADMIT: {}, Act.CORRECT: {"papers": "一寸照片"}, Act.SUPPLY_LATE: {}, Act.RESUME: {"text": "鉴定完成"},
    Act.REFUSE: {"ground": "not_competent", "where": "医保局大厅3号窗口", "text": "不属于本中心职责"},
    Act.PAUSE: {"reason": "appraisal", "until": "2026-11-30", "text": "需要鉴定"},
    Act.EXTEND: {"amount": "5", "reason": "需要核实"},
    Act.DECIDE_EXTENSION: {"approved": "yes", "words": "同意"},
    Act.RECLASSIFY: {"kind": "help", "reason": "归类有误"},
    Act.DECIDE: {"granted": "no", "reasons": "不符合条件", "remedies": "六十日内可以申请复议"},
    Act.DELIVER: {"how": "当面交给本人"}, Act.END: {"reason": "事项已不存在"},
    Act.NEEDS: {"needs": "cannot_walk"}, Act.VISIT: {"text": "上门办理"},
    Act.GREEN: {"reason": "over_80"}, Act.NOT_GREEN: {"reason": "情况有变"},
    Act.MERGE: {"reason": "同一件事"}, Act.UNMERGE: {"reason": "不是一件事"},
    Act.LINK: {"how": "related", "reason": "同一家"}, Act.UNLINK: {"reason": "弄错了"},
    Act.CALL_RATED: {"text": "取证日期没讲清楚"}, Act.CALL_MISSED: {"text": "无人接听"},
    Act.REPAIR: {"way": "explain", "text": "按规定须本人领取", "until": ""},
    Act.APPEAL: {"ground": "mistaken", "reason": "说的是另一件事"},
    Act.DECIDE_APPEAL: {"excluded": "yes", "words": "评的是另一件事"},
    Act.SUPERVISE: {"text": "为何未联系"}, Act.ANSWER_SUPERVISION: {"text": "已联系"},
    Act.DECIDE_SUPERVISION: {"accepted": "yes", "words": "属实"},
    Act.MEET: {"held_on": "2026-09-18", "decision": "民政科牵头", "people": "张主任"},
    Act.ASK_ASSIST: {"text": "请核实户籍"}, Act.ACCEPT_ASSIST: {}, Act.ANSWER_ASSIST: {"text": "户籍属实"},
    Act.USE_ASSIST: {}, Act.REMIND_ASSIST: {"text": "请尽快"}, Act.WITHDRAW_ASSIST: {"reason": "不用了"},
}  # fmt: skip


# Refused once the promise has run out, so these matters are registered now.
OF_THE_PROMISE = {Act.PAUSE, Act.RESUME, Act.EXTEND, Act.DECIDE_EXTENSION}
CAN_BE_EMPTY = {Act.CALL_BACK, Act.ADMIT, Act.CALL_MISSED}
OF_A_BAD_RATING = {Act.CALL_RATED, Act.CALL_MISSED, Act.REPAIR, Act.APPEAL, Act.DECIDE_APPEAL}
OF_HELP = {
    Act.ACCEPT_ASSIST, Act.ANSWER_ASSIST, Act.USE_ASSIST, Act.REMIND_ASSIST, Act.WITHDRAW_ASSIST,
}  # fmt: skip
OF_SUPERVISION = {Act.SUPERVISE, Act.ANSWER_SUPERVISION, Act.DECIDE_SUPERVISION}
INSPECTORS = {
    Act.SUPERVISE,
    Act.DECIDE_SUPERVISION,
    Act.NOTE,
    Act.CALL_BACK,
    Act.CALL_RATED,
    Act.CALL_MISSED,
    Act.DECIDE_APPEAL,
}


def _prepared(house: House, act: Act) -> tuple[Case, dict[str, object], str]:
    """A matter in a state that allows ``act``, the form that the clerk sends, and who he is."""
    waits = act in {Act.ADMIT, Act.CORRECT, Act.REFUSE}
    at = timezone.now() if act in OF_THE_PROMISE else NOW
    case, clerk = house.case(documents_complete=not waits, at=at), house.actor("clerk")
    form, who = dict(FORMS[act]), "clerk"
    if act in OF_A_BAD_RATING:
        services.resolve(actor=clerk, case_id=case.pk, answer="好", at=NOW)
        services.rate_by_link(
            token=rating_token(case.reference, case.round), grade="1", comment="没办好", at=NOW
        )
        who = "clerk2"
    match act:
        case Act.SUPPLY:
            services.ask_resident(actor=clerk, case_id=case.pk, text="缺", at=NOW)
        case Act.ACCEPT | Act.RETURN:
            services.refer(actor=clerk, case_id=case.pk, to_unit_id=house.section.pk, reason="r", at=NOW)
            who = "handler"
        case Act.CALL_BACK:
            services.resolve(actor=clerk, case_id=case.pk, answer="好", at=NOW)
            who = "clerk2"
        case Act.DELIVER:
            services.resolve(actor=clerk, case_id=case.pk, answer="好", at=NOW)
        case Act.PAUSE:
            form["until"] = (timezone.localdate() + timedelta(days=7)).isoformat()
        case Act.RESUME:
            until = timezone.localdate() + timedelta(days=7)
            services.pause(
                actor=clerk, case_id=case.pk, reason="appraisal", text="需要鉴定", until=until, at=at
            )
        case Act.DECIDE_EXTENSION:
            services.ask_extension(actor=clerk, case_id=case.pk, amount=5, reason="需要核实", at=at)
            who = "secretary"
        case Act.SUPPLY_LATE:
            case = house.case(documents_complete=False)
            services.admit(actor=clerk, case_id=case.pk, late_papers=["照片"], signed=True, at=NOW)
        case Act.NOT_GREEN:
            services.put_first(actor=clerk, case_id=case.pk, reason="ill", text="", at=NOW)
        case Act.REPAIR:
            services.call_rated(actor=house.actor("clerk2"), case_id=case.pk, text="没办好", at=NOW)
            who = "coordinator"
        case Act.APPEAL:
            who = "clerk"
        case Act.DECIDE_APPEAL:
            services.appeal_rating(actor=clerk, case_id=case.pk, ground="mistaken", reason="评错了", at=NOW)
            who = "inspector"
        case Act.MERGE | Act.UNMERGE | Act.LINK | Act.UNLINK:
            form["other"] = house.case(at=at).reference
            given = {"actor": clerk, "case_id": case.pk, "other": form["other"], "reason": "同", "at": NOW}
            if act is Act.UNMERGE:
                services.merge(**given)
            elif act is Act.UNLINK:
                services.link(**given, how="related")
        case _ if act in OF_SUPERVISION:
            inspector, given = house.actor("inspector"), {"case_id": case.pk, "text": "为何", "at": NOW}
            if act is not Act.SUPERVISE:
                services.supervise(actor=inspector, **given)
            if act is Act.DECIDE_SUPERVISION:
                services.answer_supervision(actor=clerk, **given)
            who = "clerk" if act is Act.ANSWER_SUPERVISION else "inspector"
        case Act.MEET:
            form |= {"units": [house.street.pk, house.section.pk], "lead": house.section.pk}
            form["until"] = (timezone.localdate() + timedelta(days=7)).isoformat()
            who = "secretary"
        case Act.REFER | Act.ASK_ASSIST:
            form["to_unit"] = house.street.pk
        case _ if act in OF_HELP:
            services.ask_assist(
                actor=clerk, case_id=case.pk, to_unit_id=house.section.pk, text="请核实", at=NOW
            )
            form["assist"] = case.assists.get().pk
            if act is Act.USE_ASSIST:
                services.answer_assist(actor=house.actor("handler"), case_id=case.pk, text="属实", at=NOW)
            who = "handler" if act in {Act.ACCEPT_ASSIST, Act.ANSWER_ASSIST} else "clerk"
        case Act.TRANSFER:
            form["to_user"] = house.id("clerk2")
    case.refresh_from_db()
    return case, {**form, "seen": case.last_seq}, who


@pytest.mark.parametrize("act", list(PAGES))
def test_every_act_has_a_page_does_its_work_and_keeps_others_out(house: House, act: Act) -> None:
    case, form, who = _prepared(house, act)
    events, page = case.last_seq, address(case, act.value)
    # Not signed in: to the door. Another unit, the administrator: there is no such matter.
    assert Client().get(page).status_code == 302
    for name in ("stranger", "administrator", "security"):
        outsider = client_of(house, name)
        assert outsider.get(page).status_code == outsider.post(page, form).status_code == 404
    # The inspector sees the matter and may note and call back, nothing else.
    if act not in INSPECTORS:
        inspector = client_of(house, "inspector")
        assert inspector.get(page).status_code == inspector.post(page, form).status_code == 403
    case.refresh_from_db()
    assert case.last_seq == events
    client = client_of(house, who)
    opened = client.get(page)
    assert opened.status_code == (200 if PAGES[act].form else 302)
    if PAGES[act].form and act not in CAN_BE_EMPTY:
        empty = client.post(page, {"seen": events})
        assert empty.status_code == 422
        assert "<form" in empty.content.decode()
    done = client.post(page, form)
    assert done.status_code == 302, done.content.decode()[:2000]
    case.refresh_from_db()
    assert case.last_seq > events
    assert client.get(done.url).status_code == 200


def test_hidden_and_missing_look_the_same(house: House) -> None:
    case, stranger = house.case(), client_of(house, "stranger")
    for page in (address(case), address(case, "note"), f"{address(case)}receipt.pdf"):
        hidden, missing = stranger.get(page), stranger.get(page.replace(case.reference, "XD-2026-999999"))
        assert hidden.status_code == missing.status_code == 404
    assert client_of(house, "clerk").get(address(case, "nonsense")).status_code == 404
    assert client_of(house, "clerk").get(address(case, "see")).status_code == 404
    assert client_of(house, "clerk").get(f"{address(case)}receipt.pdf").status_code == 200


def test_a_complaint_about_the_reader_does_not_exist_for_him(house: House) -> None:
    case = house.case(
        by="clerk2", first_handler_id=house.id("clerk2"), kind="complaint", item_version_id=None,
        about_user_id=house.id("secretary"),
    )  # fmt: skip
    assert client_of(house, "clerk").get(address(case)).status_code == 200
    reader = client_of(house, "secretary")
    assert reader.get(address(case)).status_code == 404
    for name in ("unit", "all"):
        assert case.reference not in reader.get(f"/cases/?list={name}").content.decode()


def test_a_stale_form_shows_what_changed_and_keeps_what_was_typed(house: House) -> None:
    case, client = house.case(), client_of(house, "clerk")
    form = {"answer": "优待证已办好，请来取。", "seen": case.last_seq}
    services.add_note(actor=house.actor("clerk2"), case_id=case.pk, text="刚打过电话", at=NOW)
    answer = client.post(address(case, "resolve"), form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "刚打过电话" in page
    assert "优待证已办好，请来取。" in page
    assert f'value="{case.last_seq + 1}"' in page
    assert client.post(address(case, "resolve"), {**form, "seen": case.last_seq + 1}).status_code == 302


def test_stale_because_the_work_went_elsewhere_still_keeps_what_was_typed(house: House) -> None:
    case, client = house.case(), client_of(house, "clerk")
    services.refer(
        actor=house.actor("secretary"),
        case_id=case.pk,
        to_unit_id=house.street.pk,
        reason="请街道核对",
        at=NOW,
    )
    answer = client.post(address(case, "resolve"), {"answer": "写了很久的答复", "seen": case.last_seq})
    assert answer.status_code == 409
    assert "写了很久的答复" in answer.content.decode()
    assert "请街道核对" in answer.content.decode()


def test_a_stale_button_without_a_form_is_refused_with_a_sentence(house: House) -> None:
    case = house.case()
    services.add_note(actor=house.actor("clerk2"), case_id=case.pk, text="记", at=NOW)
    assert client_of(house, "clerk").post(address(case, "start"), {"seen": case.last_seq}).status_code == 409


def test_a_forged_number_of_what_was_seen_is_never_an_error_of_ours(house: House) -> None:
    case, client = house.case(), client_of(house, "clerk")
    for seen in ("9" * 30, "-1", "x", "", "٣", "1.5", "\x00"):
        for act in ("note", "contact", "start"):
            answer = client.post(address(case, act), {"text": "记", "seen": seen})
            assert answer.status_code in {302, 409, 422}, (seen, act)
    answer = client.post(address(case, "contact"), {"text": "写了很久", "seen": "999"})
    assert answer.status_code == 409
    assert "写了很久" in answer.content.decode()


def test_an_act_that_the_state_does_not_allow_is_refused_with_a_sentence(house: House) -> None:
    case, client = house.case(), client_of(house, "clerk")
    services.withdraw(actor=house.actor("clerk"), case_id=case.pk, reason="不办了", at=NOW)
    for act in set(PAGES) - {Act.NOTE, Act.UNLINK}:
        form = {**FORMS[act], "to_unit": house.street.pk, "to_user": house.id("clerk2")}
        if act is Act.MEET:
            form |= {"units": [house.street.pk, house.section.pk], "lead": house.section.pk}
            form["until"] = (timezone.localdate() + timedelta(days=7)).isoformat()
        answer = client.post(address(case, act.value), form)
        assert answer.status_code in {403, 409}, act
        assert len(answer.content.decode()) > 200
    case.refresh_from_db()
    assert case.state == "withdrawn"


BAD_ACTS = [
    ("resolve", {"answer": "长" * 5_001}, "长" * 5_001),
    ("refer", {"to_unit": "999999", "reason": "写好的理由"}, "写好的理由"),
    ("refer", {"to_unit": "", "reason": "写好的理由"}, "写好的理由"),
    ("transfer", {"to_user": "0", "reason": "写好的理由"}, "写好的理由"),
    ("transfer", {"to_user": "9" * 40, "reason": "写好的理由"}, "写好的理由"),
    ("contact", {"text": "\x00\x07"}, ""),
]


def test_bad_input_is_told_at_its_field_and_what_was_typed_stays(house: House) -> None:
    case, client = house.case(), client_of(house, "clerk")
    for act, form, kept in BAD_ACTS:
        answer = client.post(address(case, act), {**form, "seen": case.last_seq})
        assert answer.status_code == 422, (act, form)
        assert kept in answer.content.decode(), (act, form)


def test_a_new_matter_is_registered_and_a_second_press_registers_nothing(house: House) -> None:
    client = client_of(house, "clerk")
    assert client.get("/cases/new/").status_code == 200
    first, again = client.post("/cases/new/", typed(house)), client.post("/cases/new/", typed(house))
    assert first.status_code == again.status_code == 302
    assert first.url == again.url
    assert Case.objects.get().first_handler_id == house.id("clerk")
    page = client.get(first.url).content.decode()
    assert "王桂兰" in page
    assert "13812342211" not in page


def test_who_does_not_register_finds_no_form(house: House) -> None:
    for name in ("leader", "inspector", "auditor", "administrator", "security"):
        client = client_of(house, name)
        assert client.get("/cases/new/").status_code == 404
        assert client.post("/cases/new/", typed(house)).status_code == 404
    assert Case.objects.count() == 0


BAD = [
    {"resident_name": "名" * 5_000},
    {"phone": "1" * 5_000},
    {"identity": "1" * 5_000},
    {"identity": "11010519491231002A"},
    {"identity": "110105194902310021"},
    {"words": ""},
    {"words": "\x00"},
    {"words": "长" * 20_001},
    {"item": "没有这个事项"},
    {"item": "项" * 5_000},
    {"item": "\x00" * 3},
    {"item": ""},
    {"kind": "nonsense"},
    {"kind": "\x00"},
    {"channel": ""},
    {"unit": "9" * 40},
    {"unit": "other"},
    {"needs": ["nonsense"]},
    {"about": "9" * 40},
    {"submission_key": "k" * 5_000},
    {"submission_key": "\x00"},
    {"address": "址" * 5_000},
]


def test_bad_input_at_the_window_is_told_and_nothing_is_lost(house: House) -> None:
    client = client_of(house, "clerk")
    for changes in BAD:
        answer = client.post("/cases/new/", typed(house, **changes))
        page = answer.content.decode()
        assert answer.status_code == 422, changes
        assert 'aria-invalid="true"' in page or 'role="alert"' in page, changes
        assert "words" in changes or "想办优待证。" in page, changes
        assert "phone" in changes or "13812342211" in page, changes
    assert Case.objects.count() == 0


ODD = [
    {"words": "谢谢🙏\x00 再见", "resident_name": "阿🙂\x00福"},
    {"words": "\u202e倒着的字\u200b", "resident_name": "𠮷野家"},
    {"address": "址" * 200},
    {"phone": "１３８ １２３４ ２２１１"},
    {"phone": "+86 138-1234-2211"},
    {"words": "x" * 20_000},
    {"resident_name": "", "phone": ""},
    {"resident_name": "<script>alert(1)</script>", "words": "<script>alert(1)</script>"},
    {"about": "", "urgent": "on", "needs": ["cannot_walk"]},
]


def test_odd_input_is_welcome(house: House) -> None:
    client = client_of(house, "clerk")
    for number, changes in enumerate(ODD):
        answer = client.post("/cases/new/", typed(house, **{"submission_key": f"k{number}", **changes}))
        assert answer.status_code == 302, changes
        page = client.get(answer.url)
        assert page.status_code == 200, changes
        assert "\x00" not in page.content.decode(), changes
        assert "<script>alert" not in page.content.decode()
    assert client.get("/cases/?list=all").status_code == 200
    assert Case.objects.count() == len(ODD)


TYPED_ADDRESSES = [
    "/cases/?after=x_1", "/cases/?after=2026-13-01T00:00:00+00:00_1", "/cases/?list=%00", "/cases/?q=%00",
    "/cases/?after=0001-01-01T00:00:00%2B23:59_1", "/cases/?after=9999-12-31T23:59:59-23:59_1",
    "/cases/?kind=nonsense&state=%00", "/cases/?q=" + "x" * 5_000, "/cases/?q='%20OR%201=1--&list=all",
    "/cases/?after=2026-09-18T00:00:00%2B00:00_999999999999999999", "/cases/items/?item=%00",
    "/cases/items/?item=" + "项" * 500, "/cases/search/?q=%F0%9F%99%8F", "/cases/search/?q=%26|!():*<->",
    "/cases/new/?kind=nonsense", "/cases/?q=%00%00&after=%00",
]  # fmt: skip
IMPOSSIBLE = ["%00", "x" * 3_000, "XD-2026-999999%00", "%F0%9F%99%8F", "'--"]


def test_a_typed_address_is_never_an_error_of_ours(house: House) -> None:
    house.case()
    client = client_of(house, "clerk")
    for address_ in TYPED_ADDRESSES:
        assert client.get(address_).status_code == 200, address_
    for reference in IMPOSSIBLE:
        for tail in ("", "receipt.pdf", "note/"):
            assert client.get(f"/cases/{reference}/{tail}").status_code == 404, (reference, tail)


def test_lists_show_what_they_say_and_page_without_losing_a_row(house: House) -> None:
    for number in range(27):
        house.case(words=f"第{number}件", item_version_id=None, kind="help")
    client, seen, page = client_of(house, "clerk"), set(), "/cases/?list=todo"
    for _each in range(2):
        response = client.get(page)
        rows = [case.reference for case, _light in response.context["rows"]]
        assert not seen & set(rows)
        seen |= set(rows)
        page = "/cases/" + (response.context["pager"]["next_url"] or "")
    assert len(seen) == 27
    assert client.get("/cases/?list=todo&kind=complaint").context["rows"] == []
    for name in ("answer", "todo", "unit", "late", "returned", "waiting", "no_superior", "all", "nonsense"):
        assert client.get(f"/cases/?list={name}").status_code == 200


def test_a_matter_is_found_by_number_name_and_words_in_two_languages(house: House) -> None:
    case = house.case(words="腿脚不好，想办优待证。 The elevator is broken.")
    house.case(words="别的", resident_name="李四", phone="13900001111", kind="help", item_version_id=None)
    clerk, stranger = client_of(house, "clerk"), client_of(house, "stranger")
    for words in ("XD-2026-000001", "王桂兰", "优待证", "腿脚", "elevator"):
        rows = clerk.get("/cases/search/", {"q": words}).context["rows"]
        assert [row.reference for row, _light in rows] == [case.reference], words
        assert stranger.get("/cases/search/", {"q": words}).context["rows"] == []


def test_a_page_with_a_long_history_costs_no_more(house: House) -> None:
    case, clerk, client = house.case(), house.actor("clerk"), client_of(house, "clerk")
    services.refer(actor=clerk, case_id=case.pk, to_unit_id=house.street.pk, reason="r", at=NOW)
    services.return_referral(
        actor=house.actor("coordinator"), case_id=case.pk, why="unclear", reason="非", at=NOW
    )
    for number in range(20):
        services.add_note(actor=clerk, case_id=case.pk, text=f"第{number}", at=NOW)
    services.refer(actor=clerk, case_id=case.pk, to_unit_id=house.street.pk, reason="r", at=NOW)
    client.get(address(case))
    with CaptureQueriesContext(connection) as asked:
        client.get(address(case))
    assert len(asked) <= 9


@pytest.mark.parametrize("number", ["13812342211", "138 1234 2211", "+86 13812342211"])
def test_a_phone_number_finds_by_keyed_hash_and_never_stands_in_an_address(house: House, number: str) -> None:
    case = house.case()
    wanted = query_of("13812342211")
    assert not CaseSearch.objects.filter(vector=wanted).exists()
    clerk = client_of(house, "clerk")
    found = clerk.post("/cases/search/", {"q": number})
    assert found.status_code == 200
    assert [row.reference for row, _light in found.context["rows"]] == [case.reference]
    assert number not in found.content.decode()
    assert client_of(house, "stranger").post("/cases/search/", {"q": number}).context["rows"] == []
    led_away = clerk.get("/cases/search/", {"q": number}, follow=True)
    assert led_away.redirect_chain == [("/cases/search/", 302)]
    assert number not in led_away.content.decode()


def test_words_go_on_into_the_address_and_are_marked_where_they_were_found(house: House) -> None:
    case = house.case(words="楼道的灯坏了，<b>老人</b>上下楼不安全。")
    clerk = client_of(house, "clerk")
    sent = clerk.post("/cases/search/", {"q": "灯坏"}, follow=True)
    page = sent.content.decode()
    assert "q=%E7%81%AF%E5%9D%8F" in sent.redirect_chain[0][0]
    assert "<mark>灯坏</mark>" in page and "<b>老人" not in page
    assert (
        f"<mark>{case.reference.split('-')[0]}</mark>-" in clerk.get("/cases/search/?q=xd").content.decode()
    )
    assert "<mark>" not in clerk.get("/cases/?list=todo").content.decode()


def test_a_frequent_and_a_rare_word_find_the_same_rows(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        house.case(words=f"第{number}盏灯坏了")
    asked = {}
    for rare in (2_000, 2):  # as a rare word, and as one that stands in more matters than that
        monkeypatch.setattr(found, "RARE", rare)
        rows = client_of(house, "clerk").get("/cases/search/", {"q": "灯坏"}).context["rows"]
        asked[rare] = [row.reference for row, _light in rows]
    assert len(asked[2]) == 4 and asked[2] == asked[2_000]
    monkeypatch.setattr(found, "RARE", 2)
    assert client_of(house, "stranger").get("/cases/search/", {"q": "灯坏"}).context["rows"] == []


def test_pages_speak_three_languages(house: House) -> None:
    case, client = house.case(), client_of(house, "clerk")
    services.resolve(actor=house.actor("clerk"), case_id=case.pk, answer="好", at=NOW)
    services.rate_by_link(token=rating_token(case.reference, case.round), grade="1", comment="", at=NOW)
    pages = set()
    for language in ("zh-hans", "zh-hant", "en"):
        client.cookies["language"] = language
        response = client.get(reverse("casework:case", args=[case.reference]))
        assert response.status_code == 200
        pages.add(response.content)
    assert len(pages) == 3


def test_a_referral_to_a_post_tells_its_holder_and_a_post_elsewhere_is_told_at_its_field(
    house: House,
) -> None:
    case = house.case()
    services_of_units.appoint(
        actor=SYSTEM, post_id=house.post.pk, user_id=house.id("handler"), since=NOW.date(), at=NOW
    )
    client = client_of(house, "clerk")
    form = {"to_unit": house.street.pk, "to_post": house.post.pk, "reason": "请办理", "seen": case.last_seq}
    wrong = client.post(f"/cases/{case.reference}/refer/", form)
    assert wrong.status_code == 422
    assert "请办理" in wrong.content.decode()
    right = client.post(f"/cases/{case.reference}/refer/", {**form, "to_unit": house.section.pk})
    assert right.status_code == 302
    assert case.referrals.get().to_post == house.post
    assert bell.unread_count(house.actor("handler")) == 1
