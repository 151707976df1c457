"""The pages of the desk: who gets in, and what a list costs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from liangdian.desks.petitions.models import Petition
from tests.casework.web.test_pages import client_of
from tests.desks.petitions.conftest import Office

ADDRESSES = ("/petitions/", "/petitions/new/")


def _statements(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_a_role_for_petitions_there_is_no_such_page(office: Office, address: str) -> None:
    assert client_of(office.house, "clerk").get(address).status_code in {403, 404}
    assert Client().get(address).status_code == 302


def test_the_list_costs_the_same_with_one_row_and_with_thirty(office: Office) -> None:
    client = client_of(office.house, "petition_officer")
    office.petition()
    one = _statements(client, "/petitions/")
    for number in range(29):
        office.petition(words=f"第{number}件", title=f"第{number}件")
    assert _statements(client, "/petitions/") <= one
    page = client.get("/petitions/").text
    assert page.count("data-label") > 100
    assert "赵秀英" not in page


def test_a_petition_is_registered_on_the_page_as_it_was_spoken(office: Office) -> None:
    client = client_of(office.house, "petition_officer")
    given = {
        "submission_key": "k1", "unit": office.house.street.pk, "way": "visit", "sort": "request",
        "route": "opinion", "words": "排水沟堵了半年", "oral": "on", "resident_name": "赵秀英",
        "people": "6", "representatives": "钱大海 13800002222\n孙小梅",
    }  # fmt: skip
    refused = client.post("/petitions/new/", given)
    assert refused.status_code == 422  # not read back yet
    assert not Petition.objects.exists()
    kept = client.post("/petitions/new/", {**given, "read_back": "on"})
    assert kept.status_code == 302
    assert Petition.objects.get().representatives.count() == 2


def test_more_than_five_representatives_are_refused_on_the_page(office: Office) -> None:
    client = client_of(office.house, "petition_officer")
    given = {
        "submission_key": "k1", "unit": office.house.street.pk, "way": "visit", "sort": "suggestion",
        "words": "排水沟堵了半年", "resident_name": "赵秀英", "people": "30",
        "representatives": "\n".join(f"代表{n}" for n in "一二三四五六"),
    }  # fmt: skip
    assert client.post("/petitions/new/", given).status_code == 422
    assert not Petition.objects.exists()
