"""Who is complained about, and his unit, see neither petitioner nor text (Art. 28, 30): every door."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import get_resolver

from liangdian.casework import figures, selectors, worklists
from liangdian.casework import services as casework
from liangdian.casework.figures import Period
from liangdian.casework.links import link_path
from liangdian.casework.models import Case
from liangdian.casework.worklists import Filters, Worklist
from liangdian.desks.petitions import services
from liangdian.desks.petitions.models import Accused, Petition
from liangdian.desks.petitions.selectors import Filters as ListFilters
from liangdian.desks.petitions.selectors import page_of
from liangdian.foundation.actor import Grant, Role
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from liangdian.platform.audit import selectors as audit
from liangdian.platform.audit.selectors import Wanted
from liangdian.platform.notifications import selectors as bell
from tests.casework.conftest import NOW
from tests.casework.web.test_pages import client_of
from tests.desks.petitions.conftest import Office

FORBIDDEN = ("score", "risk", "count", "watch", "rank")
PERIOD = Period(first=NOW.date(), last=NOW.date())


def _about_bureau(office: Office) -> Case:
    return office.petition(about_unit_ids=(office.bureau.pk,))


def _about_clerk(office: Office) -> Case:
    """About a petition officer of the bureau, received by the sub-district."""
    return office.petition(about_user_ids=(office.id("clerk_of_bureau"),))


HIDDEN_OF_UNIT = ("clerk_of_bureau", "head_of_bureau")
SEEING = ("petition_officer", "officer2", "coordinator", "leader")
NEVER_READING = (
    "clerk",
    "secretary",
    "inspector",
    "auditor",
    "administrator",
    "security",
    "mediator",
    "local",
)


def test_only_petition_officer_coordinator_and_head_read_petitions(office: Office) -> None:
    case = office.petition()
    assert all(office.exists(who, case) for who in SEEING)
    assert not any(office.exists(who, case) for who in (*NEVER_READING, *HIDDEN_OF_UNIT))


def test_the_unit_complained_about_never_sees_it_and_its_superiors_do(office: Office) -> None:
    case = _about_bureau(office)
    assert all(office.exists(who, case) for who in SEEING)
    assert not any(office.exists(who, case) for who in HIDDEN_OF_UNIT)


def test_a_role_above_does_not_help_a_member_of_the_unit_complained_about(office: Office) -> None:
    """Whoever belongs to the unit stays hidden from it, even when he holds a role at the sub-district too."""
    case = _about_bureau(office)
    member = office.actor("clerk_of_bureau")
    street = office.house.street
    both = replace(member, grants=(*member.grants, Grant(Role.COORDINATOR, street.pk, street.path)))
    assert not office.exists(both, case)
    assert office.exists(replace(member, grants=(both.grants[1],)), case)


def test_the_person_complained_about_never_sees_it_whatever_his_role(office: Office) -> None:
    for who in ("leader", "coordinator", "officer2"):
        case = office.petition(words=f"反映{who}", about_user_ids=(office.id(who),))
        assert not office.exists(who, case), who


def test_of_several_people_complained_about_nobody_sees_it(office: Office) -> None:
    case = office.petition(about_user_ids=(office.id("officer2"), office.id("clerk_of_bureau")))
    assert not office.exists("officer2", case)
    assert not office.exists("clerk_of_bureau", case)


def test_the_unit_of_a_person_complained_about_sees_it_only_as_handler_or_head(office: Office) -> None:
    case = _about_clerk(office)
    assert Accused.objects.get(petition=case.pk, unit__isnull=False).through_user
    assert not office.exists("clerk_of_bureau", case)
    bureau = office.bureau
    colleague = replace(office.actor("local"), grants=(Grant(Role.PETITION_OFFICER, bureau.pk, bureau.path),))
    assert not office.exists(colleague, case)
    about_officer = office.petition(words="反映信访干部", about_user_ids=(office.id("officer2"),))
    assert office.exists("petition_officer", about_officer)  # who received it handles it
    assert office.exists("leader", about_officer)  # the head decides on extensions
    assert not office.exists("officer3", about_officer)
    assert not office.exists("coordinator", about_officer)


def test_whoever_is_complained_about_cannot_receive_it_and_nothing_is_kept(office: Office) -> None:
    for changes in (
        {"about_user_ids": (office.id("petition_officer"),)},
        {"about_unit_ids": (office.house.street.pk,)},
    ):
        with pytest.raises(NotAllowed):
            office.petition(**changes)
    assert not Petition.objects.exists()
    assert not Case.objects.filter(kind="petition").exists()


def _no_door_opens(office: Office, who: str, case: Case) -> None:
    actor = office.actor(who)
    assert case not in worklists.rows_of(Worklist.ALL, actor, Filters(), now=NOW)
    for text in (case.reference, "排水沟", "赵秀英", "13900001111"):
        assert case not in worklists.rows_of(Worklist.ALL, actor, Filters(text=text), now=NOW)
    assert sum(worklists.counts(actor, now=NOW).values()) == 0
    assert figures.registered(actor, PERIOD).count() == 0
    assert page_of(actor, ListFilters()).rows == []
    for read in (selectors.case_page, _changes):
        with pytest.raises(NotFound):
            read(actor=actor, reference=case.reference, now=NOW)
    assert bell.latest(actor) == []


def _changes(*, actor: object, reference: str, now: object) -> object:
    return selectors.changes_since(actor=actor, reference=reference, seen=0)


def _no_page_opens(client: Client, case: Case) -> None:
    base = f"/cases/{case.reference}/"
    pages = ("", "receipt.pdf", "documents/", "petitions.accept/", f"notices/{case.reference}-04.pdf")
    for address in (*(base + page for page in pages), f"/petitions/{case.reference}/who/"):
        assert client.get(address).status_code == 404, address
    posted = client.post(f"/petitions/{case.reference}/who/", {"reason": "想看"})
    assert posted.status_code == 404
    for listed in ("/petitions/", "/cases/?list=all", f"/cases/?list=all&q={case.reference}"):
        assert "排水沟堵塞" not in client.get(listed).text


@pytest.mark.parametrize("who", HIDDEN_OF_UNIT)
def test_no_door_opens_for_the_unit_complained_about(office: Office, who: str) -> None:
    case = _about_bureau(office)
    services.accept(actor=office.actor("petition_officer"), case_id=case.pk, at=NOW)
    _no_door_opens(office, who, case)
    _no_page_opens(client_of(office.house, who), case)


def test_no_service_takes_an_act_of_who_is_complained_about(office: Office) -> None:
    case = _about_clerk(office)
    actor = office.actor("clerk_of_bureau")
    for call in (
        lambda: services.accept(actor=actor, case_id=case.pk, at=NOW),
        lambda: services.recuse(actor=actor, case_id=case.pk, user_id=None, ground="other", text="", at=NOW),
        lambda: services.look_at_petitioner(actor=actor, case_id=case.pk, reason="x", at=NOW),
        lambda: casework.add_note(actor=actor, case_id=case.pk, text="x", at=NOW),
        lambda: casework.reveal_resident(actor=actor, case_id=case.pk, reason="x", at=NOW),
        lambda: casework.attach_document(
            actor=actor, case_id=case.pk, name="a.txt", content=b"x", public=False, at=NOW
        ),
    ):
        with pytest.raises(NotFound):
            call()


def test_it_is_never_transferred_or_given_to_who_is_complained_about(office: Office) -> None:
    case = _about_bureau(office)
    officer = office.actor("petition_officer")
    with pytest.raises(Invalid) as refused:
        services.transfer(
            actor=officer, case_id=case.pk, to_unit_id=office.bureau.pk, text="请办理", report_by=None, at=NOW
        )
    assert refused.value.field == "to_unit"
    for who in (*HIDDEN_OF_UNIT,):
        with pytest.raises(Invalid) as refused:
            services.assign(
                actor=officer, case_id=case.pk, to_user_id=office.id(who), text="办", free=True, at=NOW
            )
        assert refused.value.field == "to_user"
    answered = office.answered(words="另一件", about_unit_ids=(office.bureau.pk,))
    with pytest.raises(Invalid):
        services.ask_review(
            actor=officer, case_id=answered.pk, words="不服", to_unit_id=office.bureau.pk, at=NOW
        )
    review = services.ask_review(
        actor=officer, case_id=answered.pk, words="不服", to_unit_id=office.house.street.pk, at=NOW
    )
    assert not office.exists("clerk_of_bureau", review)


def test_no_bell_rings_for_who_is_complained_about_even_when_the_head_is_told(office: Office) -> None:
    office.petition(major=True, about_user_ids=(office.id("leader"),))
    assert bell.latest(office.actor("leader")) == []
    office.petition(words="另一件", major=True)
    told = bell.latest(office.actor("leader"))
    assert len(told) == 1
    assert "排水沟" not in told[0].subject
    assert "赵" not in told[0].subject


def test_the_sweep_tells_only_those_who_read_petitions(office: Office) -> None:
    case = _about_bureau(office)
    casework.sweep(at=NOW.replace(month=12))
    assert case.events.filter(type="overdue").exists()
    for who in ("secretary", "clerk", "inspector", *HIDDEN_OF_UNIT):
        assert bell.latest(office.actor(who)) == [], who
    assert bell.latest(office.actor("petition_officer"))


def test_a_relative_and_whoever_has_an_interest_sees_it_no_more(office: Office) -> None:
    case = office.petition()
    for who, ground in (("officer2", "relative"), ("officer3", "party")):
        assert office.exists(who, case)
        services.recuse(
            actor=office.actor("petition_officer"), case_id=case.pk, user_id=office.id(who), ground=ground,
            text="", at=NOW,
        )  # fmt: skip
        assert not office.exists(who, case)


def test_a_look_at_the_petitioner_is_logged_and_the_petitioner_reads_it(office: Office) -> None:
    case = office.petition(people=6, representatives=(("钱大海", "13800002222"),))
    client = client_of(office.house, "petition_officer")
    assert "赵秀英" not in client.get(f"/cases/{case.reference}/").text
    assert "钱大海" not in client.get(f"/cases/{case.reference}/").text
    assert client.post(f"/petitions/{case.reference}/who/", {"reason": ""}).status_code == 422
    shown = client.post(f"/petitions/{case.reference}/who/", {"reason": "送达告知书"}).text
    assert "赵秀英" in shown
    assert "钱大海" in shown
    page = Client().get(link_path(case.reference) + "looked/").text
    assert "petition_officer" in page
    assert "送达告知书" in page
    assert audit.entries(office.actor("auditor"), Wanted(act="brought_by_revealed"))[0].reason == "送达告知书"


def test_nobody_looks_who_does_not_work_on_it(office: Office) -> None:
    case = office.petition()
    services.transfer(
        actor=office.actor("petition_officer"), case_id=case.pk, to_unit_id=office.bureau.pk, text="请办理",
        report_by=None, at=NOW,
    )  # fmt: skip
    services.recuse(
        actor=office.actor("officer2"), case_id=case.pk, user_id=None, ground="other", text="", at=NOW
    )
    with pytest.raises(NotAllowed):
        services.look_at_petitioner(actor=office.actor("officer2"), case_id=case.pk, reason="x", at=NOW)


def test_the_paper_of_a_transfer_carries_neither_name_nor_phone(office: Office) -> None:
    case = office.petition()
    services.transfer(
        actor=office.actor("petition_officer"), case_id=case.pk, to_unit_id=office.bureau.pk, text="请办理",
        report_by=None, at=NOW,
    )  # fmt: skip
    content = str(case.notices.get().content)
    assert "赵秀英" not in content
    assert "13900001111" not in content


def test_there_is_no_list_of_people_no_score_and_no_export_of_petitioners(office: Office) -> None:
    """No table counts or scores people, and no address of the desk lists or exports them."""
    fields = {field.name for model in (Petition, Accused) for field in model._meta.get_fields()}
    assert not {name for name in fields if any(w in name for w in FORBIDDEN)}
    room = next(p for p in get_resolver().url_patterns if str(p.pattern) == "petitions/")
    names = {pattern.name for pattern in room.url_patterns}
    assert not {n for n in names if n and any(w in n for w in ("export", "people", "petitioner", "csv"))}
    for address in ("/petitions/?sort_by=resident", "/petitions/?format=csv"):
        response = client_of(office.house, "petition_officer").get(address)
        assert response["Content-Type"].startswith("text/html")
