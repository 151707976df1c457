"""The staff's page, the areas, and what is refused over HTTP."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liangdian.registers.directory.models import Answerable, Area, AreaLine
from tests.registers.directory.conftest import Lanes


@pytest.fixture
def secretary(lanes: Lanes, client: Client) -> Client:
    client.force_login(lanes.house.staff["secretary"])
    return client


def test_a_clerk_asks_for_a_caller(lanes: Lanes, client: Client) -> None:
    lanes.name("王警官")
    client.force_login(lanes.house.staff["clerk"])
    form = {"unit": lanes.house.community.pk, "address": "东关街12号", "problem": "safety"}
    page = client.post(reverse("directory:find"), form)
    assert page.status_code == 200
    assert "王警官" in page.content.decode()
    assert client.post(reverse("directory:find"), {**form, "address": ""}).status_code == 422
    assert client.post(reverse("directory:find"), {**form, "unit": "x", "problem": "y"}).status_code == 422


def test_the_secretary_draws_an_area_and_names_its_people(lanes: Lanes, secretary: Client) -> None:
    new = reverse("directory:new_area", args=[lanes.house.community.pk])
    made = secretary.post(new, {"name": "南后片", "name_en": "South Back"})
    area = Area.objects.get(name="南后片")
    assert made.url == reverse("directory:area", args=[area.pk])
    line = {"lane": "南后街", "buildings": "1-19", "since": "2026-09-01"}
    assert secretary.post(reverse("directory:add_line", args=[area.pk]), line).status_code == 302
    person = {
        "part": "police",
        "name": "赵警官",
        "phone": "0359-2620110",
        "since": "2026-09-01",
        "problems": ["safety"],
    }
    assert secretary.post(reverse("directory:name_person", args=[area.pk]), person).status_code == 302
    page = secretary.get(made.url).content.decode()
    assert "南后街" in page
    assert "赵警官" in page
    row = Answerable.objects.get(area=area)
    reach = reverse("directory:reach", args=[area.pk, row.pk])
    assert secretary.get(reach).status_code == 200
    assert secretary.post(reach, {"phone": ""}).status_code == 422
    assert secretary.post(reach, {"phone": "110", "place": "警务室"}).status_code == 302
    secretary.post(reverse("directory:end_person", args=[area.pk, row.pk]))
    secretary.post(reverse("directory:end_line", args=[area.pk, AreaLine.objects.get(area=area).pk]))
    assert Answerable.objects.get(pk=row.pk).until is not None
    assert AreaLine.objects.get(area=area).until is not None


def test_bad_input_is_told_beside_the_field(lanes: Lanes, secretary: Client) -> None:
    add = reverse("directory:add_line", args=[lanes.area.pk])
    for bad in (
        {},
        {"lane": "东关街", "since": "x"},
        {"lane": "东关街", "buildings": "甲", "since": "2026-09-01"},
    ):
        assert secretary.post(add, bad).status_code == 422
    name = reverse("directory:name_person", args=[lanes.area.pk])
    for bad in ({}, {"part": "police", "phone": "1", "since": "2026-09-01"}):
        assert secretary.post(name, bad).status_code == 422
    assert (
        secretary.post(
            reverse("directory:new_area", args=[lanes.house.community.pk]), {"name": ""}
        ).status_code
        == 422
    )


def test_a_clerk_reads_areas_and_changes_nothing(lanes: Lanes, client: Client) -> None:
    client.force_login(lanes.house.staff["clerk"])
    row = lanes.name("王警官")
    assert (
        "王警官"
        in client.get(reverse("directory:areas") + f"?unit={lanes.house.community.pk}").content.decode()
    )
    area = reverse("directory:area", args=[lanes.area.pk])
    assert '<form class="ld-form"' not in client.get(area).content.decode()
    assert client.get(reverse("directory:new_area", args=[lanes.house.community.pk])).status_code == 403
    doors = [
        (reverse("directory:end_person", args=[lanes.area.pk, row.pk]), {}),
        (reverse("directory:end_line", args=[lanes.area.pk, AreaLine.objects.get().pk]), {}),
        (reverse("directory:reach", args=[lanes.area.pk, row.pk]), {"phone": "1"}),
    ]
    for door, form in doors:
        assert client.post(door, form).status_code == 403
    assert Answerable.objects.get().until is None


def test_strangers_sign_in_first_and_missing_areas_are_missing(lanes: Lanes, secretary: Client) -> None:
    assert Client().get(reverse("directory:areas")).status_code == 302
    assert secretary.get(reverse("directory:area", args=[0])).status_code == 404
    assert secretary.get(reverse("directory:areas") + "?unit=x").status_code == 200


def test_the_list_of_areas_costs_the_same_with_thirty(lanes: Lanes, secretary: Client) -> None:
    page = reverse("directory:areas") + f"?unit={lanes.house.community.pk}"
    lanes.name("王警官")
    with CaptureQueriesContext(connection) as few:
        secretary.get(page)
    for number in range(30):
        area = lanes.second(f"第{number}片")
        lanes.line(f"第{number}条街", area=area)
        lanes.name(f"第{number}位", area=area)
    with CaptureQueriesContext(connection) as many:
        secretary.get(page)
    assert len(many) <= len(few)
