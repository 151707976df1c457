"""Documents of a case: who adds, who sees, who takes back; and that nothing hidden shows its existence."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from liangdian.casework import attachments, chain, selectors, services
from liangdian.casework.links import link_path, link_token
from liangdian.casework.models import Case, CaseDocument
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound, Refused
from liangdian.platform.audit.models import AccessLog
from liangdian.platform.documents import retention
from liangdian.platform.documents.events import Infected, infected
from liangdian.platform.documents.models import Content, Document, Scan
from liangdian.platform.notifications.models import BellNotice
from tests.casework.conftest import NOW, House
from tests.platform.documents import files


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Settings) -> Path:
    settings.DOCUMENTS_ROOT = tmp_path / "documents"
    return settings.DOCUMENTS_ROOT


def client_of(house: House, name: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(house.staff[name], backend="liangdian.platform.accounts.backend.StaffBackend")
    return client


def added(
    house: House, case: Case, by: str = "clerk", *, public: bool = False, **changes: object
) -> CaseDocument:
    given: dict[str, object] = {"name": "证明.pdf", "content": files.PDF}
    return services.attach_document(
        actor=house.actor(by), case_id=case.pk, public=public, at=NOW, **{**given, **changes}
    )


def sent(case: Case, content: bytes = files.PDF, name: str = "我的.pdf") -> CaseDocument:
    return services.attach_by_link(token=link_token(case.reference), name=name, content=content, at=NOW)


def page(case: Case, row: CaseDocument | None = None, end: str = "") -> str:
    return f"/cases/{case.reference}/documents/" + (f"{row.pk}/{end}" if row else "")


def own_page(case: Case, row: CaseDocument | None = None, end: str = "") -> str:
    return f"{link_path(case.reference)}documents/" + (f"{row.pk}/{end}" if row else "")


def upload(name: str = "证明.pdf", content: bytes = files.PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/html")


# --- adding -------------------------------------------------------------------------------------


def test_a_document_is_added_with_its_line_in_the_history(house: House) -> None:
    case = house.case()
    row = added(house, case)
    event = case.events.last()
    assert (event.type, event.public, event.actor_name) == ("document_added", False, "clerk")
    assert event.data == {"document": row.pk, "name": "证明.pdf", "sha256": row.document.sha256}
    assert list(chain.verify()) == []
    assert (row.document.uploaded_by_id, row.document.kind) == (house.id("clerk"), "attachment")


def test_who_may_note_adds_for_colleagues_and_who_speaks_with_the_resident_for_him(house: House) -> None:
    case = house.case()
    for name in ("clerk", "clerk2", "secretary", "leader", "inspector"):
        assert added(house, case, name).public is False
    for name in ("leader", "inspector", "clerk2"):
        with pytest.raises(NotAllowed):
            added(house, case, name, public=True)
    assert added(house, case, public=True).public is True
    for name in ("stranger", "administrator", "auditor"):
        with pytest.raises(NotFound):
            added(house, case, name)
    assert CaseDocument.objects.count() == 6


def test_a_complaint_about_somebody_shows_him_no_document(house: House) -> None:
    case = house.case(
        by="clerk2", first_handler_id=house.id("clerk2"), kind="complaint", item_version_id=None,
        about_user_id=house.id("clerk"),
    )  # fmt: skip
    row = sent(case)
    assert client_of(house, "clerk").get(page(case, row)).status_code == 404
    with pytest.raises(NotFound):
        added(house, case)


def test_the_resident_sends_with_his_link_and_the_handler_hears_of_it(house: House) -> None:
    case = house.case()
    row = sent(case)
    assert (row.public, row.by_resident, row.document.kind) == (True, True, "from_resident")
    assert row.document.uploaded_by_id is None
    notice = BellNotice.objects.get(user_id=house.id("clerk"), kind="document_added")
    assert case.reference in notice.subject
    with pytest.raises(NotFound):
        services.attach_by_link(token="nonsense", name="x.pdf", content=files.PDF, at=NOW)


def test_nothing_is_sent_after_the_end(house: House) -> None:
    case = house.case()
    row = sent(case)
    services.withdraw(actor=house.actor("clerk"), case_id=case.pk, reason="不办了", at=NOW)
    with pytest.raises(Refused, match=r"ended|不再变动"):
        services.withdraw_by_link(token=link_token(case.reference), attachment_id=row.pk, at=NOW)
    with pytest.raises(Refused):
        sent(case)
    # The staff still may, for example the final certificate.
    added(house, case)


def test_the_number_of_documents_has_a_limit_that_withdrawing_does_not_lift(
    house: House, settings: Settings
) -> None:
    settings.DOCUMENTS_MAX_PER_CASE, settings.DOCUMENTS_MAX_FROM_RESIDENT = 3, 2
    case = house.case()
    for _ in range(2):
        row = sent(case)
        services.withdraw_by_link(token=link_token(case.reference), attachment_id=row.pk, at=NOW)
    with pytest.raises(Invalid):
        sent(case)
    added(house, case)
    with pytest.raises(Invalid):
        added(house, case)


def test_what_is_refused_leaves_no_trace(house: House, root: Path) -> None:
    case = house.case()
    before = case.last_seq
    with pytest.raises(Invalid):
        added(house, case, name="x.pdf", content=b"<html>")
    case.refresh_from_db()
    assert case.last_seq == before
    assert Document.objects.count() == 0
    assert not [path for path in root.rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_given_once_to_two_who_come_at_once(house: House, settings: Settings) -> None:
    settings.DOCUMENTS_MAX_FROM_RESIDENT = 1
    case, results = house.case(), []

    def send() -> None:
        try:
            results.append(sent(case))
        except Refused as refused:
            results.append(refused)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(result).__name__ for result in results) == ["CaseDocument"] + ["Invalid"] * 3
    assert Content.objects.count() == 1


# --- withdrawing --------------------------------------------------------------------------------


def test_who_added_it_and_who_works_there_withdraws_with_a_reason(house: House) -> None:
    case = house.case()
    row, act = added(house, case, "inspector"), services.withdraw_document
    with pytest.raises(NotAllowed):
        act(actor=house.actor("clerk2"), case_id=case.pk, attachment_id=row.pk, reason="x", at=NOW)
    with pytest.raises(Invalid):
        act(actor=house.actor("inspector"), case_id=case.pk, attachment_id=row.pk, reason=" ", at=NOW)
    act(actor=house.actor("inspector"), case_id=case.pk, attachment_id=row.pk, reason="传错了", at=NOW)
    with pytest.raises(NotFound):
        act(actor=house.actor("inspector"), case_id=case.pk, attachment_id=row.pk, reason="x", at=NOW)
    second = added(house, case, "inspector")
    act(actor=house.actor("clerk"), case_id=case.pk, attachment_id=second.pk, reason="无关", at=NOW)
    event = case.events.last()
    assert (event.type, event.data["text"], event.public) == ("document_withdrawn", "无关", False)
    assert list(chain.verify()) == []


def test_the_resident_takes_back_only_what_he_sent(house: House) -> None:
    case, other = house.case(), house.case()
    own, ours, token = sent(case), added(house, case, public=True), link_token(case.reference)
    for token_, row in ((token, ours), (link_token(other.reference), own), ("nonsense", own)):
        with pytest.raises(NotFound):
            services.withdraw_by_link(token=token_, attachment_id=row.pk, at=NOW)
    services.withdraw_by_link(token=token, attachment_id=own.pk, at=NOW)
    seen = selectors.case_by_link(token=token)
    assert [row.id for row in attachments.for_resident(case=seen)] == [ours.pk]


def test_an_infected_document_is_withdrawn_and_everybody_concerned_is_told(house: House) -> None:
    case = house.case()
    row = added(house, case, "inspector", public=False)
    Content.objects.update(scan=Scan.INFECTED, finding="Eicar")
    infected.send(Infected, event=Infected((row.document_id,), "Eicar", NOW))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args::text FROM jobs.procrastinate_jobs WHERE task_name = 'casework.withdraw_infected'"
        )
        assert cursor.fetchone() == (f'{{"document_ids": [{row.document_id}]}}',)
    assert services.withdraw_infected(document_ids=[row.document_id], at=NOW) == 1
    assert services.withdraw_infected(document_ids=[row.document_id], at=NOW) == 0
    told = set(BellNotice.objects.filter(kind="document_withdrawn").values_list("user_id", flat=True))
    assert told == {house.id("clerk"), house.id("inspector")}
    shown = client_of(house, "clerk").get(f"/cases/{case.reference}/").content.decode()
    assert "A virus was found in “证明.pdf”" in shown


# --- the database -------------------------------------------------------------------------------


def refused(sql: str, *values: object) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error.__cause__.sqlstate)
    return ""


def test_the_database_keeps_what_belongs_to_a_case(house: House) -> None:
    case, other = house.case(), house.case()
    row = sent(case)
    restrict, check, table = "23001", "23514", "casework_casedocument"
    for change in (f"case_id = {other.pk}", "added_at = now()", "public = false", "by_resident = false"):
        assert refused(f"UPDATE {table} SET {change}") == restrict, change
    assert refused(f"UPDATE {table} SET withdrawn_at = now()") == check
    assert refused(f"UPDATE {table} SET withdrawn_at = now(), withdrawn_by_name = 'x'") == check
    assert refused(f"UPDATE {table} SET reason = 'x'") == check
    assert refused(f"DELETE FROM {table}") == restrict
    assert refused(f"TRUNCATE {table}") == restrict
    columns = "case_id, document_id, added_at, public, by_resident, withdrawn_by_name, reason"
    insert = f"INSERT INTO {table} ({columns}) "
    assert (
        refused(insert + "VALUES (%s, %s, now(), true, false, '', '')", case.pk, row.document_id) == "23505"
    )
    assert refused(insert + "VALUES (%s, %s, now(), false, true, '', '')", other.pk, row.document_id) == check
    services.withdraw_by_link(token=link_token(case.reference), attachment_id=row.pk, at=NOW)
    undo = f"UPDATE {table} SET withdrawn_at = NULL, withdrawn_by_name = '', reason = ''"
    assert refused(undo) == restrict


# --- pages --------------------------------------------------------------------------------------


def test_the_clerk_adds_opens_and_withdraws(house: House) -> None:
    case, clerk = house.case(), client_of(house, "clerk")
    assert "Add documents" in clerk.get(f"/cases/{case.reference}/").content.decode()
    done = clerk.post(
        page(case), {"files": [upload(), upload("照片.jpg", files.photo_with_place())], "public": "on"}
    )
    assert done.status_code == 302
    first, second = CaseDocument.objects.order_by("pk")
    assert first.public
    opened = clerk.get(page(case, second))
    assert opened["Content-Type"] == "image/jpeg"
    assert b"Exif" not in b"".join(opened.streaming_content)
    part = clerk.get(page(case, first), headers={"range": "bytes=0-7"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, files.PDF[:8])
    assert part["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in part["Content-Security-Policy"]
    assert clerk.head(page(case, first))["Content-Length"] == str(len(files.PDF))
    assert clerk.get(page(case, first), headers={"range": "bytes=9999-"}).status_code == 416
    assert clerk.post(page(case, first)).status_code == 405
    assert clerk.get(page(case, first, "withdraw/")).status_code == 200
    assert clerk.post(page(case, first, "withdraw/"), {"reason": ""}).status_code == 422
    assert clerk.post(page(case, first, "withdraw/"), {"reason": "传错了"}).status_code == 302
    for end in ("", "withdraw/"):
        assert clerk.get(page(case, first, end)).status_code == 404
    shown = clerk.get(page(case)).content.decode()
    assert "Withdrawn by clerk: 传错了" in shown
    assert page(case, second) in shown
    assert page(case, first) not in shown


def test_refusals_are_said_file_by_file_and_good_files_are_kept(house: House) -> None:
    case, clerk = house.case(), client_of(house, "clerk")
    answer = clerk.post(page(case), {"files": [upload("../bad.html", b"<html>"), upload(), upload("x.jpg")]})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "“bad.html”: This kind of file is not taken." in shown
    assert "“x.jpg”: The name ends in “.jpg”" in shown
    assert CaseDocument.objects.get().document.name == "证明.pdf"
    for nothing in ({}, {"files": ""}, {"files": "text"}, {"public": "on"}):
        assert clerk.post(page(case), nothing).status_code == 422
    many = clerk.post(page(case), {"files": [upload() for _ in range(6)]})
    assert many.status_code == 422
    assert "5 files" in many.content.decode()
    assert clerk.post(page(case), {"files": upload("x.pdf", b"")}).status_code == 422
    assert CaseDocument.objects.count() == 1


def test_only_the_beginning_of_a_huge_upload_is_kept_anywhere(house: House, settings: Settings) -> None:
    settings.DOCUMENTS_MAX_BYTES = 2**20
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100_000
    case, clerk = house.case(), client_of(house, "clerk")
    answer = clerk.post(page(case), {"files": upload("x.txt", b"a" * 9 * 2**20)})
    assert answer.status_code == 422
    assert "1 MB at most" in answer.content.decode()
    form = answer.context["attach_form"]
    assert form.cleaned_data.get("files", form.files.getlist("files"))[0].size == 2**20 + 1


def test_a_request_larger_than_any_form_is_not_read(house: House, settings: Settings, root: Path) -> None:
    settings.DOCUMENTS_MAX_REQUEST_BYTES = 2**20
    case = house.case()
    clerk, visitor = client_of(house, "clerk"), Client()
    for client, address in ((clerk, page(case)), (visitor, own_page(case)), (visitor, "/follow/")):
        assert client.post(address, {"files": upload("x.txt", b"a" * 2**20)}).status_code == 400
    assert CaseDocument.objects.count() == 0


def test_hidden_and_missing_look_the_same_for_staff(house: House) -> None:
    case, other = house.case(), house.case()
    row = added(house, case)
    stranger, clerk = client_of(house, "stranger"), client_of(house, "clerk")
    for end in ("", "withdraw/"):
        assert stranger.get(page(case, row, end)).status_code == 404
        assert clerk.get(page(other, row, end)).status_code == 404
        assert clerk.get(f"/cases/{case.reference}/documents/{'9' * 30}/{end}").status_code == 404
        assert Client().get(page(case, row, end)).status_code == 302
    assert stranger.post(page(case), {"files": upload()}).status_code == 404
    assert (
        client_of(house, "inspector").post(page(case, row, "withdraw/"), {"reason": "x"}).status_code == 403
    )


def test_the_resident_sends_sees_and_takes_back(house: House) -> None:
    case, resident = house.case(), Client(headers={"accept-language": "en"})
    inside, ours = added(house, case, name="内部.pdf"), added(house, case, public=True, name="给您的.pdf")
    assert "Send documents" in resident.get(link_path(case.reference)).content.decode()
    assert resident.post(own_page(case), {"files": upload("我的.pdf")}).status_code == 302
    own = CaseDocument.objects.get(by_resident=True)
    shown = resident.get(own_page(case)).content.decode()
    assert "我的.pdf" in shown
    assert "给您的.pdf" in shown
    assert "内部.pdf" not in shown + resident.get(link_path(case.reference)).content.decode()
    for row in (own, ours):
        answer = resident.get(own_page(case, row), headers={"range": "bytes=-6"})
        assert (answer.status_code, b"".join(answer.streaming_content)) == (206, b"%%EOF\n")
    assert resident.get(own_page(case, inside)).status_code == 404
    assert resident.post(own_page(case, ours, "withdraw/")).status_code == 404
    assert resident.get(own_page(case, own, "withdraw/")).status_code == 200
    assert resident.post(own_page(case, own, "withdraw/")).status_code == 302
    assert resident.get(own_page(case, own)).status_code == 404
    bad = resident.post(own_page(case), {"files": upload("x.svg", b"<svg/>")})
    assert bad.status_code == 422
    assert "not taken" in bad.content.decode()
    assert resident.post(own_page(case), {}).status_code == 422


def test_another_link_opens_nothing(house: House) -> None:
    case, other = house.case(), house.case()
    row, resident = sent(case), Client()
    for address in (
        own_page(other, row),
        own_page(other, row, "withdraw/"),
        f"/m/nonsense/documents/{row.pk}/",
    ):
        assert resident.get(address).status_code == 404
    assert resident.post("/m/nonsense/documents/", {"files": upload()}).status_code == 404


def test_every_opening_by_staff_is_logged_once(house: House) -> None:
    case, clerk = house.case(), client_of(house, "clerk")
    row = sent(case)
    clerk.get(page(case, row))
    clerk.get(page(case, row), headers={"range": "bytes=0-"})
    clerk.get(page(case, row), headers={"range": "bytes=20-"})
    clerk.get(page(case, row), headers={"range": "bytes=99999-"})
    looks = AccessLog.objects.filter(subject_type="people.resident", subject_id=case.resident_id)
    assert (
        list(looks.values_list("act", "actor_name", "reason"))
        == [("document_opened", "clerk", case.reference)] * 2
    )
    # Who begins in the middle has opened it too.
    other = client_of(house, "secretary")
    other.get(page(case, row), headers={"range": "bytes=1-"})
    assert looks.filter(actor_name="secretary").count() == 1
    assert "clerk" in Client().get(f"{link_path(case.reference)}looked/").content.decode()


def test_what_is_being_checked_or_gone_is_said_on_the_page(house: House) -> None:
    case, clerk = house.case(), client_of(house, "clerk")
    row = sent(case)
    Content.objects.update(scan=Scan.PENDING)
    assert "Being checked for viruses." in clerk.get(page(case)).content.decode()
    assert clerk.get(page(case, row)).status_code == 409
    Content.objects.update(scan=Scan.CLEAN)
    Document.objects.update(keep_until="2026-09-01")
    retention.purge(at=NOW)
    assert "Deleted when its time was over." in clerk.get(page(case)).content.decode()
    assert clerk.get(page(case, row)).status_code == 404


@pytest.mark.parametrize("where", ["staff", "case", "resident"])
def test_the_list_costs_the_same_with_one_document_and_with_thirty(
    house: House, where: str, settings: Settings
) -> None:
    settings.DOCUMENTS_MAX_FROM_RESIDENT = 40
    case = house.case()
    sent(case)
    client = client_of(house, "clerk")
    address = {"staff": page(case), "case": f"/cases/{case.reference}/", "resident": own_page(case)}[where]
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for number in range(29):
        sent(case, files.PDF.replace(b"Catalog", b"Catalog%d" % number))
    with CaptureQueriesContext(connection) as thirty:
        client.get(address)
    assert len(thirty) == len(one) <= 9


def test_the_system_may_add_what_it_made(house: House) -> None:
    assert added(house, house.case(), content=files.PDF).document.name == "证明.pdf"
    row = services.attach_document(
        actor=SYSTEM, case_id=house.case().pk, name="x.pdf", content=files.PDF, public=True, at=NOW
    )
    assert row.document.uploaded_by_name == "system"
