"""A list leaves the house as a file: what one may see and no more, safe to open, and in the access log."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from liangdian.casework import services, worklists
from liangdian.casework.worklists import Filters, Worklist
from liangdian.foundation.refused import Invalid, NotAllowed
from liangdian.platform.audit.models import AccessLog
from tests.casework.conftest import NOW, House


def client_of(house: House, name: str) -> Client:
    client = Client()
    client.force_login(house.staff[name])
    return client


def lines_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def exports() -> list[tuple[str, str]]:
    return list(AccessLog.objects.filter(act="list_exported").values_list("actor_name", "reason"))


def test_the_file_holds_what_the_list_holds_in_its_order(house: House) -> None:
    soon, green = house.case(), house.case(resident_name="赵大爷", phone="13812342299")
    services.put_first(actor=house.actor("clerk"), case_id=green.pk, reason="over_80", text="", at=NOW)
    services.resolve(actor=house.actor("clerk"), case_id=house.case(by="clerk2").pk, answer="好", at=NOW)
    client = client_of(house, "clerk")
    answer = client.get("/cases/export.csv?list=todo")
    assert answer["Content-Type"].startswith("text/csv")
    assert "no-cache" in answer["Cache-Control"]
    titles, *rows = lines_of(answer.content)
    assert [row[0] for row in rows] == [green.reference, soon.reference]
    named = dict(zip(titles, rows[0], strict=True))
    assert "赵大爷" in named.values()
    assert "13812342299" not in answer.content.decode(), "a phone is not on the list and not in the file"
    book = load_workbook(io.BytesIO(client.get("/cases/export.xlsx?list=todo").content))
    assert [[cell.value or "" for cell in row] for row in book.active.iter_rows()] == [titles, *rows]
    assert len(lines_of(client.get("/cases/export.csv?list=todo&kind=complaint").content)) == 1


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1+cmd", "-2+3", "@SUM(1)", "＝1+1", "  =1"])
def test_no_cell_is_a_formula_for_the_program_that_opens_it(house: House, name: str) -> None:
    house.case(resident_name=name, words=f"{name} 请办", kind="complaint", item_version_id=None)
    client = client_of(house, "clerk")
    cells = [cell for row in lines_of(client.get("/cases/export.csv").content) for cell in row]
    assert not [cell for cell in cells if cell.strip().startswith(("=", "+", "-", "@", "＝"))]
    assert any(cell.startswith("'") for cell in cells)
    book = load_workbook(io.BytesIO(client.get("/cases/export.xlsx").content))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


def test_who_may_not_see_a_matter_does_not_export_it(house: House) -> None:
    case = house.case()
    about = house.case(kind="complaint", item_version_id=None, about_user_id=house.id("clerk2"))
    stranger = client_of(house, "stranger").get("/cases/export.csv?list=all").content.decode()
    assert case.reference not in stranger
    colleague = client_of(house, "clerk2").get("/cases/export.csv?list=all").content.decode()
    assert case.reference in colleague
    assert about.reference not in colleague
    for name in ("auditor", "administrator", "security"):
        with pytest.raises(NotAllowed):
            services.export_list(
                actor=house.actor(name), worklist=Worklist.ALL, filters=Filters(), form="csv", at=NOW
            )
        assert client_of(house, name).get("/cases/export.csv?list=all").status_code == 403
    assert Client().get("/cases/export.csv").status_code == 302
    assert {name for name, _ in exports()} == {"stranger", "clerk2"}


def test_every_export_stands_in_the_log_without_the_words_that_were_searched(house: House) -> None:
    house.case()
    client = client_of(house, "clerk")
    client.get("/cases/export.xlsx?list=unit&kind=service&q=王桂兰")
    assert exports() == [("clerk", "xlsx, 1: list=unit, kind=service, words searched")]
    row = AccessLog.objects.get(act="list_exported")
    assert (row.subject_type, row.subject_id) == ("casework.list", "unit")


def test_what_cannot_be_exported_is_refused_with_a_sentence(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.case()
    house.case()
    client = client_of(house, "clerk")
    assert client.get("/cases/export.pdf", follow=True).status_code == 404
    assert client.post("/cases/export.csv").status_code == 405
    assert client.get("/cases/export.csv?kind=nothing").status_code == 422
    assert client.get("/cases/export.csv?q=13812342211").status_code == 422
    assert client.get("/cases/export.csv?list=nothing&q=%00").status_code == 200
    monkeypatch.setattr(worklists, "MOST_EXPORTED", 1)
    with pytest.raises(Invalid):
        services.export_list(
            actor=house.actor("clerk"), worklist=Worklist.UNIT, filters=Filters(), form="csv", at=NOW
        )
    assert client.get("/cases/export.csv?list=unit").status_code == 422
    assert len(exports()) == 1


def test_the_list_offers_its_file_but_never_with_a_number_in_the_address(house: House) -> None:
    house.case()
    client = client_of(house, "clerk")
    assert (
        "/cases/export.xlsx?list=unit&amp;kind=service"
        in client.get("/cases/?list=unit&kind=service").content.decode()
    )
    found = client.post("/cases/search/", {"q": "13812342211"})
    assert "export" not in found.content.decode()


def test_a_file_costs_the_same_statements_with_one_row_and_with_thirty(house: House) -> None:
    client = client_of(house, "clerk")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/cases/export.csv?list=unit")
        return len(asked)

    house.case()
    client.get("/cases/export.csv")
    one = cost()
    for _ in range(29):
        house.case()
    assert cost() == one
