"""The figures page through HTTP."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.casework.conftest import House

BACKEND = "liangdian.platform.accounts.backend.StaffBackend"


def page(house: House, name: str, query: str = "") -> object:
    client = Client()
    client.force_login(house.staff[name], backend=BACKEND)
    return client.get(f"/figures/{query}")


def test_those_who_see_matters_see_figures_and_the_others_are_refused(house: House) -> None:
    house.case()
    assert page(house, "secretary").status_code == 200
    assert page(house, "administrator").status_code == 403
    assert Client().get("/figures/").status_code == 302


@pytest.mark.parametrize(
    "query", ["?first=2026-13-01&last=x", "?first=2026-02-01&last=2026-01-01", "?unit=/9/"]
)
def test_a_period_that_cannot_be_is_told_and_nothing_breaks(house: House, query: str) -> None:
    assert page(house, "secretary", query).status_code == 200
