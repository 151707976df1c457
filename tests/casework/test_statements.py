"""What a page may cost: statements, transaction control counted, whatever the number of rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from liangdian.casework import services
from tests.casework.conftest import NOW, House
from tests.platform.documents import files

WORKLIST, PAGE, SEARCH = 6, 9, 5


def signed_in(house: House, name: str = "clerk") -> Client:
    client = Client()
    client.force_login(house.staff[name])
    client.get("/cases/")  # what is kept in the process is there afterwards
    return client


def cost_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    ("address", "limit"),
    [("/cases/?list=todo", WORKLIST), ("/cases/?list=unit", WORKLIST), ("/cases/search/?q=优待证", SEARCH)],
)
def test_a_list_costs_the_same_with_one_row_and_with_thirty(house: House, address: str, limit: int) -> None:
    house.case()
    client = signed_in(house)
    one = cost_of(client, address)
    for _ in range(29):
        house.case()
    assert cost_of(client, address) == one <= limit


def test_the_page_of_a_matter_costs_at_most_nine_with_all_that_it_may_have(
    house: House, tmp_path: Path, settings: Settings
) -> None:
    settings.DOCUMENTS_ROOT = tmp_path
    case = house.case(needs=("cannot_walk",), urgent=True)
    clerk = house.actor("clerk")
    services.attach_document(
        actor=clerk, case_id=case.pk, name="证明.pdf", content=files.PDF, public=True, at=NOW
    )
    services.refer(
        actor=clerk, case_id=case.pk, to_unit_id=house.section.pk, reason="请核对户籍。", at=NOW
    )  # fmt: skip
    assert cost_of(signed_in(house), f"/cases/{case.reference}/") <= PAGE


@pytest.mark.parametrize(
    ("resident", "limit"),
    [
        ({"resident_name": "", "phone": ""}, 6),
        ({}, 8),
        ({"resident_name": "李秀英", "phone": "13812342212"}, 8),
    ],
    ids=["nobody named", "known resident", "new resident"],
)
def test_intake_costs_a_constant(house: House, resident: dict[str, str], limit: int) -> None:
    house.case()
    actor, intake = house.actor("clerk"), house.intake(**resident)
    with CaptureQueriesContext(connection) as asked:
        services.register(actor=actor, intake=intake, at=NOW)
    assert len(asked) <= limit
