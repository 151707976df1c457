"""The screens of the hall through HTTP: one flow for the clerk, one view for the lead, one's own place."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from liangdian.casework.models import Case
from liangdian.desks.hall import services
from liangdian.desks.hall.models import QueueGroup, Visit, VisitItem, WindowSession
from liangdian.desks.hall.selectors import Place
from tests.desks.hall.conftest import MINUTE, HallHouse

BACKEND = "liangdian.platform.accounts.backend.StaffBackend"
GONE = 404


def client_of(place: HallHouse, name: str, language: str = "en") -> Client:
    client = Client()
    client.force_login(place.house.staff[name], backend=BACKEND)
    client.cookies["language"] = language
    return client


def here(place: HallHouse, *names: str, **changes: object) -> VisitItem:
    """A number taken a minute ago: pages know the present moment."""
    return place.join(*names, at=now() - MINUTE, **changes)


def now() -> datetime:
    return timezone.now()


def called(place: HallHouse, name: str = "card", window: int = 1) -> tuple[Client, VisitItem]:
    client = client_of(place, "clerk")
    client.post(f"/hall/window/{place.windows[window].pk}/sign-on/")
    item = here(place, name)
    client.post("/hall/window/next/", {"press_key": "k"})
    return client, item


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def test_from_the_number_to_the_end_in_one_flow(place: HallHouse) -> None:
    client, item = called(place, "pension", 2)
    page = text(client.get("/hall/window/"))
    assert "B001" in page
    assert "Has waited longest of all whom your window serves" in page
    client.post(f"/hall/items/{item.pk}/start/")
    assert "Register the matter" in text(client.get("/hall/window/"))
    done = client.post("/hall/window/", {
        "do": "register", "words": "我来做养老认证。", "resident_name": "王桂兰", "phone": "13812342211",
        "documents_complete": "on",
    })  # fmt: skip
    assert done.status_code == 302
    case = Case.objects.get()
    assert case.item_version_id == place.items["pension"].pk
    assert "Answer and finish" in text(client.get("/hall/window/"))
    client.post("/hall/window/", {"do": "answer", "answer": "已当场完成认证。"})
    item.refresh_from_db()
    assert (item.state, item.done_at_once, item.case_id) == ("served", True, case.pk)
    assert "Call the next" in text(client.get("/hall/window/"))


def test_a_form_that_is_refused_keeps_what_was_typed(place: HallHouse) -> None:
    client, item = called(place)
    client.post(f"/hall/items/{item.pk}/start/")
    page = client.post("/hall/window/", {"do": "register", "words": "", "resident_name": "王桂兰"})
    assert page.status_code == 422
    assert "王桂兰" in text(page)
    assert client.post("/hall/window/", {"do": "nothing", "no_case_reason": ""}).status_code == 422
    assert client.post("/hall/window/", {"do": "to_item", "item": "no such"}).status_code == 422
    assert client.post("/hall/window/", {"do": "answer", "answer": "x"}).status_code == GONE


def test_at_once_cannot_be_put_off_without_a_reason_and_a_day(place: HallHouse) -> None:
    client, item = called(place, "pension", 2)
    client.post(f"/hall/items/{item.pk}/start/")
    client.post("/hall/window/", {"do": "register", "words": "认证", "resident_name": "王", "phone": ""})
    assert client.post(f"/hall/items/{item.pk}/finish/").status_code == 422
    assert client.post("/hall/window/", {"do": "later", "not_done_reason": ""}).status_code == 422
    later = {"do": "later", "not_done_reason": "网络中断", "not_done_until": "2000-01-01"}
    assert client.post("/hall/window/", later).status_code == 422
    later["not_done_until"] = "2999-01-01"
    assert client.post("/hall/window/", later).status_code == 302
    item.refresh_from_db()
    assert (item.state, item.done_at_once) == ("served", False)


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        (["recall", "miss"], "missed"), (["leave"], "left"), (["start", "hold"], "held"),
        (["start", "hold", "go-on"], "serving"), (["start", "park"], "parked"),
        (["miss", "back"], "waiting"), (["start", "hold", "park", "back"], "waiting"),
    ],
)  # fmt: skip
def test_every_button_does_what_it_says(place: HallHouse, acts: list[str], state: str) -> None:
    client, item = called(place)
    for act in acts:
        assert client.get("/hall/window/").status_code == 200
        assert client.post(f"/hall/items/{item.pk}/{act}/").status_code == 302, act
    item.refresh_from_db()
    assert item.state == state
    assert client.get("/hall/window/").status_code == 200


def test_an_act_at_the_wrong_moment_is_a_sentence_not_a_fault(place: HallHouse) -> None:
    client, item = called(place)
    for act in ("hold", "go-on", "park", "finish", "back"):
        assert client.post(f"/hall/items/{item.pk}/{act}/").status_code in {409, 422}, act
    assert client.post("/hall/window/next/", {"press_key": "other"}).status_code == 409
    assert client.post("/hall/window/sign-off/").status_code == 409
    assert client.post(f"/hall/items/{item.pk}/nonsense/").status_code == GONE
    assert client.post(f"/hall/items/{2**70}/start/").status_code == GONE
    other = client_of(place, "clerk2")
    assert other.post(f"/hall/items/{item.pk}/start/").status_code == 409
    assert other.get("/hall/window/").status_code == 302
    assert client_of(place, "stranger").get(f"/hall/visits/{item.visit_id}/").status_code == GONE


def test_pause_hand_over_and_sign_off(place: HallHouse) -> None:
    client = client_of(place, "clerk")
    client.post(f"/hall/window/{place.windows[1].pk}/sign-on/")
    assert client.post("/hall/window/", {"do": "pause", "reason": "nap"}).status_code == 422
    client.post("/hall/window/", {"do": "pause", "reason": "meal"})
    assert "Meal" in text(client.get("/hall/window/"))
    client.post("/hall/window/resume/")
    assert client.post("/hall/window/", {"do": "hand_over", "to_user": ""}).status_code == 422
    client.post("/hall/window/", {"do": "hand_over", "to_user": place.house.id("clerk2")})
    other = client_of(place, "clerk2")
    assert other.get("/hall/window/").status_code == 200
    assert other.post("/hall/window/sign-off/").status_code == 302
    assert not WindowSession.objects.exclude(state="closed").exists()


def test_the_reception_gives_a_number_and_a_slip(place: HallHouse) -> None:
    client = client_of(place, "clerk", "zh-hans")
    url = f"/hall/{place.hall.pk}/number/"
    given = {"press_key": "abc", "item": "MZ-001", "reason": "old"}
    first = client.post(url, given)
    assert first.status_code == 302
    assert client.post(url, given).url == first.url  # a second press: the same slip
    page = text(client.get(first.url))
    assert "A001" in page
    assert "<svg" in page
    pdf = client.get(f"{first.url}slip.pdf")
    words = PdfReader(BytesIO(pdf.content)).pages[0]
    assert "A001" in words.extract_text()
    assert round(float(words.mediabox.width) / 72 * 25.4) == 80  # millimetres
    assert client.get(f"{first.url}slip.pdf").content == pdf.content
    assert client.get(f"/hall/{place.hall.pk}/find/", {"ticket": "a1"}).url == first.url
    for wrong in ("", "A9", "\x00" + "1", "x" * 50, "١"):
        assert client.get(f"/hall/{place.hall.pk}/find/", {"ticket": wrong}).status_code == GONE
    assert client.post(url, given | {"press_key": "n", "reason": "urgent"}).status_code == 422
    assert client.post(first.url, {"reason": "urgent", "text": ""}).status_code == 422
    assert client.post(first.url, {"reason": "urgent", "text": "胸痛"}).status_code == 302


def test_whoever_leads_sees_who_waits_longest_and_moves_people(place: HallHouse) -> None:
    item = place.join("card", at=now() - 50 * MINUTE)
    place.sit("clerk2", 1, now() - 30 * MINUTE)
    client = client_of(place, "secretary")
    page = text(client.get(f"/hall/{place.hall.pk}/"))
    assert "Window 1 is unattended" in page
    assert "50 minutes" in page
    assert client.get("/hall/").url == f"/hall/{place.hall.pk}/"
    client.post(f"/hall/{place.hall.pk}/items/{item.pk}/move/", {"window": place.windows[3].pk})
    item.refresh_from_db()
    assert item.only_window_id == place.windows[3].pk
    wrong = client.post(f"/hall/{place.hall.pk}/items/{item.pk}/move/", {"window": "77"})
    assert wrong.status_code == 422
    session = WindowSession.objects.get()
    assert client_of(place, "clerk").post(
        f"/hall/{place.hall.pk}/sessions/{session.pk}/close/"
    ).status_code == 403  # fmt: skip
    assert client.post(f"/hall/{place.hall.pk}/sessions/{session.pk}/close/").status_code == 302


def test_lists_cost_the_same_for_one_and_for_thirty(place: HallHouse) -> None:
    place.sit("clerk", 1, now())
    clients = [(client_of(place, "secretary"), f"/hall/{place.hall.pk}/")]
    clients.append((client_of(place, "clerk"), "/hall/window/"))

    def count() -> list[int]:
        found = []
        for client, url in clients:
            client.get(url)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(url).status_code == 200
            found.append(len(queries))
        return found

    here(place, "card")
    few = count()
    for _ in range(29):
        here(place, "card")
    assert count() == few


def test_my_place_shows_my_place_and_nothing_of_others(place: HallHouse) -> None:
    place.sit("clerk", 1, now())
    here(place, "card")
    item = here(place, "card")
    token = Place(item.visit, item, [item], None, None).token
    client = Client()
    client.cookies["language"] = "en"
    page = text(client.get(f"/p/{token}/"))
    assert "A002" in page
    assert "1 person ahead of you" in page
    assert "A001" not in page
    assert client.get("/p/guess/").status_code == GONE
    part = client.get(f"/p/{token}/state/")
    assert client.get(f"/p/{token}/state/", headers={"If-None-Match": part["ETag"]}).status_code == 304
    assert client.post(f"/p/{token}/leave/").status_code == 302
    assert "You have left" in text(client.get(f"/p/{token}/"))
    assert client.post(f"/p/{token}/leave/").status_code == 409
    assert client.post(f"/p/{token}/back/").status_code == 302
    assert client.post(f"/p/{token}/steal/").status_code == GONE


def test_after_the_visit_it_is_rated_with_the_slip(place: HallHouse) -> None:
    clerk = place.sit("clerk", 1, now() - 9 * MINUTE)
    item = here(place, "card")
    services.call_next(actor=clerk, at=now())
    token = Place(item.visit, item, [item], None, None).token
    client = Client()
    assert client.post(f"/p/{token}/", {"grade": "5"}).status_code == 422
    place.served(clerk, item, now() - MINUTE, minutes=0)
    assert client.post(f"/p/{token}/", {"grade": "9"}).status_code == 422
    assert client.post(f"/p/{token}/", {"grade": "5"}).status_code == 302
    assert client.post(f"/p/{token}/", {"grade": "1"}).status_code == 422
    assert Visit.objects.get().rating.grade == "5"


def test_the_hall_is_set_up_on_its_own_screen(place: HallHouse) -> None:
    client = client_of(place, "secretary")
    url = f"/hall/{place.hall.pk}/set-up/"
    assert client.get(url).status_code == 200
    fields = {
        "ratio": 2, "cap_minutes": 30, "target_minutes": 15, "grace_minutes": 10, "return_minutes": 30,
        "return_behind": 2, "unattended_minutes": 5, "quick_items": "MZ-001 RS-001",
    }  # fmt: skip
    assert client.post(url, fields | {"ratio": 99}).status_code == 422
    assert client.post(url, fields).status_code == 302
    new = f"/hall/{place.hall.pk}/queues/new/"
    assert client.get(new).status_code == 200
    assert client.post(new, {"letter": "A", "name": "x", "order": 1}).status_code == 422
    given = {"letter": "C", "name": "其他", "categories": ["MZ"], "order": 1, "active": "on"}
    assert client.post(new, given).status_code == 422
    group = QueueGroup.objects.get(prefix="A")
    changed = {"letter": "A", "name": "民政服务", "categories": ["MZ"], "order": 1, "active": "on"}
    assert client.post(f"/hall/{place.hall.pk}/queues/{group.pk}/", changed).status_code == 302
    assert client.get(f"/hall/{place.hall.pk}/queues/{group.pk}/").status_code == 200
    assert client_of(place, "clerk").get(url).status_code == 403


def test_a_unit_without_a_hall_opens_one(place: HallHouse) -> None:
    client = client_of(place, "administrator")
    assert "东关社区" in text(client.get("/hall/"))
    assert client.post(f"/hall/open/{place.house.other.pk}/").status_code == 302
    assert client.post(f"/hall/open/{place.house.other.pk}/").status_code == 422
    assert client_of(place, "clerk").post(f"/hall/open/{place.house.other.pk}/").status_code == 403


@pytest.mark.parametrize("name", ["auditor", "security"])
def test_those_who_do_not_serve_see_no_hall(place: HallHouse, name: str) -> None:
    client = client_of(place, name)
    for url in ("/hall/", "/hall/window/", f"/hall/{place.hall.pk}/"):
        assert client.get(url).status_code == 403, url


def test_without_signing_in_nothing_opens(place: HallHouse) -> None:
    for url in ("/hall/", "/hall/window/", f"/hall/{place.hall.pk}/number/"):
        assert Client().get(url).status_code == 302
