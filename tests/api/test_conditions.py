"""Nobody's work is overwritten, nothing is done twice, nobody floods the service."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from liangdian.casework.models import Case
from liangdian.platform.api import answers
from liangdian.platform.api.models import StoredAnswer
from tests.api.conftest import Calling, matter
from tests.casework.conftest import House


def test_what_the_caller_has_is_not_sent_again(calling: Calling) -> None:
    clerk = calling()
    reference = clerk.post("/cases", matter()).json()["reference"]
    first = clerk.get(f"/cases/{reference}")
    again = clerk.get(f"/cases/{reference}", If_None_Match=first["ETag"])
    assert again.status_code == 304 and again.content == b"" and again["ETag"] == first["ETag"]
    clerk.post(f"/cases/{reference}/acts/note", {"text": "x"}, If_Match="*")
    assert clerk.get(f"/cases/{reference}", If_None_Match=first["ETag"]).status_code == 200


def test_the_same_matter_in_another_language_is_another_answer(calling: Calling) -> None:
    clerk = calling()
    reference = clerk.post("/cases", matter()).json()["reference"]
    chinese = clerk.get(f"/cases/{reference}", Accept_Language="zh-hans")
    english = clerk.get(f"/cases/{reference}", Accept_Language="en", If_None_Match=chinese["ETag"])
    assert english.status_code == 200 and english["Content-Language"] == "en"
    assert "Registered" in english.json()["history"][-1]["title"]


def test_an_act_without_if_match_is_refused_with_428(calling: Calling) -> None:
    clerk = calling()
    reference = clerk.post("/cases", matter()).json()["reference"]
    refused = clerk.post(f"/cases/{reference}/acts/start")
    assert refused.status_code == 428 and refused.json()["code"] == "precondition-required"
    assert Case.objects.get(reference=reference).state == "received"


@pytest.mark.parametrize("act", ["start", "note"])
@pytest.mark.parametrize("tag", ['"1"', '"1-abc"', '"99"', "nonsense"])
def test_an_act_on_a_matter_that_changed_is_refused_with_412(calling: Calling, tag: str, act: str) -> None:
    clerk = calling()
    reference = clerk.post("/cases", matter()).json()["reference"]
    body = {"text": "x"} if act == "note" else None
    refused = clerk.post(f"/cases/{reference}/acts/{act}", body, If_Match=tag)
    assert refused.status_code == 412 and refused["Content-Type"] == "application/problem+json"
    assert Case.objects.get(reference=reference).last_seq == 2


def test_a_repeated_request_gets_the_same_answer_and_does_nothing(calling: Calling) -> None:
    clerk = calling()
    first = clerk.post("/cases", matter(), Idempotency_Key="k1")
    again = clerk.post("/cases", matter(), Idempotency_Key="k1")
    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, first.content)
    assert again["ETag"] == first["ETag"] and again["Location"] == first["Location"]
    assert again["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first
    assert Case.objects.count() == 1


def test_a_refusal_is_repeated_too(calling: Calling) -> None:
    clerk = calling()
    first = clerk.post("/cases", matter(item=""), Idempotency_Key="k1")
    again = clerk.post("/cases", matter(item=""), Idempotency_Key="k1")
    assert first.status_code == again.status_code == 422 and first.content == again.content
    assert again["Content-Type"] == "application/problem+json"


def test_the_same_key_with_another_body_is_refused(calling: Calling) -> None:
    clerk = calling()
    clerk.post("/cases", matter(), Idempotency_Key="k1")
    refused = clerk.post("/cases", matter(words="别的事"), Idempotency_Key="k1")
    assert refused.status_code == 422 and refused.json()["code"] == "key-reused"
    assert Case.objects.count() == 1


def test_a_key_belongs_to_one_token(calling: Calling) -> None:
    assert calling().post("/cases", matter(), Idempotency_Key="k1").status_code == 201
    assert calling("clerk2").post("/cases", matter(), Idempotency_Key="k1").status_code == 201
    assert Case.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x" * 65, "a b"])
def test_a_key_that_is_none_is_refused(calling: Calling, key: str) -> None:
    assert calling().post("/cases", matter(), Idempotency_Key=key).status_code == 422


def test_an_act_under_a_key_is_done_once(calling: Calling) -> None:
    clerk = calling()
    reference = clerk.post("/cases", matter()).json()["reference"]
    note = {"text": "请核实。"}
    address = f"/cases/{reference}/acts/note"
    first = clerk.post(address, note, If_Match='"2"', Idempotency_Key="n")
    again = clerk.post(address, note, If_Match='"2"', Idempotency_Key="n")
    assert first.status_code == 200 and again.content == first.content
    assert Case.objects.get(reference=reference).last_seq == 3


def test_keys_are_forgotten_after_a_day(calling: Calling) -> None:
    clerk = calling()
    clerk.post("/cases", matter(), Idempotency_Key="k1")
    now = timezone.now()
    assert answers.forget_old_answers(at=now + timedelta(hours=23)) == 0
    StoredAnswer.objects.update(at=now - timedelta(hours=24, seconds=1))
    assert clerk.post("/cases", matter(), Idempotency_Key="k1").status_code == 201
    assert Case.objects.count() == 2
    assert answers.forget_old_answers(at=now + timedelta(hours=24, seconds=5)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", range(3))
def test_two_parallel_requests_with_one_key_get_one_answer(calling: Calling, round: int) -> None:
    clerk, ready = calling(), Barrier(2)

    def send() -> tuple[int, bytes]:
        ready.wait()
        try:
            answer = clerk.post("/cases", matter(), Idempotency_Key="both")
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = (future.result() for future in [pool.submit(send), pool.submit(send)])
    assert first == second and first[0] == 201
    assert Case.objects.count() == 1


def test_the_limit_counts_and_says_how_long_to_wait(calling: Calling, settings) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    clerk = calling()
    statuses = [clerk.get("/me").status_code for _ in range(4)]
    # A new minute may begin in between; then the fourth request is the first of its minute.
    if statuses[-1] == 200:
        statuses = [clerk.get("/me").status_code for _ in range(4)]
    refused = clerk.get("/me")
    assert refused.status_code == 429 and 1 <= int(refused["Retry-After"]) <= 60
    assert calling("clerk2").get("/me").status_code == 200


def test_the_database_keeps_an_answer_once(house: House, calling: Calling) -> None:
    calling().post("/cases", matter(), Idempotency_Key="k1")
    kept = StoredAnswer.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredAnswer.objects.create(
            token=kept.token, key="k1", fingerprint="x", status=200, body="", at=timezone.now()
        )
