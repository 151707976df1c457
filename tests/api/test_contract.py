"""The API keeps its own description: whatever is sent, no fault and no answer that is not described.

Schemathesis makes valid and invalid requests from the description, and walks from a new matter along the
links; every request goes through the whole WSGI application to the database.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator

import pytest
import schemathesis
from django.utils import timezone
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import given as tried_with
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from liangdian.config.wsgi import application
from liangdian.platform.accounts import tokens
from tests.api.conftest import ALL
from tests.casework.conftest import House

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Committed for real: the application opens and closes its own connections.
pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLES = 25
# Operations without parameters and body.
NOTHING_TO_GET_WRONG = {"GET /api/v1/me", "GET /api/v1/units"}
BOUNDED = settings(
    deadline=None, database=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
def bearer(house: House, settings) -> Iterator[dict[str, str]]:
    """The token of somebody who may do everything with matters."""
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    _token, secret = tokens.make_token(
        actor=house.actor("secretary"), name="x", scopes=ALL, days=30, at=timezone.now()
    )
    yield {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def described(db: None) -> schemathesis.BaseSchema:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


def test_the_description_is_openapi_3_1_and_complete(described) -> None:
    raw = described.raw_schema
    assert raw["openapi"].startswith("3.1")
    names = set()
    for methods in raw["paths"].values():
        for operation in methods.values():
            names.add(operation["operationId"])
            assert operation["summary"]
            assert {"401", "403", "404", "422", "429"} <= set(operation["responses"])
            for status, answer in operation["responses"].items():
                if status >= "400":
                    assert list(answer["content"]) == ["application/problem+json"]
            if operation["operationId"].startswith("act_"):
                assert {"409", "412", "428"} <= set(operation["responses"])
    assert {"list_cases", "read_case", "register_case", "search_cases", "receipt", "me"} <= names


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_request_breaks_the_api(house: House, bearer, described, mode: GenerationMode) -> None:
    """So many requests an operation and kind; a matter that exists is among the numbers tried."""
    reference, answers = house.case().reference, Counter[int]()
    for found in described.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and operation.label in NOTHING_TO_GET_WRONG:
            continue
        requests = operation.as_strategy(generation_mode=mode)
        answers += _try(operation.label, requests, reference, bearer)
    assert sum(answers.values()) > 300
    assert {200, 201, 404, 412, 428} <= set(answers) or mode is GenerationMode.NEGATIVE
    assert answers[422] > 50 or mode is GenerationMode.POSITIVE


def _try(
    label: str, requests: st.SearchStrategy[Case], reference: str, bearer: dict[str, str]
) -> Counter[int]:
    answers = Counter[int]()

    @seed(20260918)
    @settings(BOUNDED, max_examples=EXAMPLES)
    @tried_with(case=requests, real=st.booleans(), tag=st.sampled_from(["*", '"2"', '"0"', "", "x"]))
    def attempt(case: Case, real: bool, tag: str) -> None:
        if real and "reference" in (case.path_parameters or {}):
            case.path_parameters["reference"] = reference
        if "/acts/" in label:
            case.headers = {**(case.headers or {}), "If-Match": tag}
        response = case.call(headers=bearer)
        answers[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    attempt()
    return answers


def test_no_walk_along_the_links_breaks_the_api(bearer, described) -> None:
    """From registering to every act, with the tags and numbers of real answers."""
    machine = described.as_state_machine()

    class Walk(machine):
        def get_call_kwargs(self, case: Case) -> dict[str, object]:
            return {"headers": bearer}

        def validate_response(self, response, case, additional_checks=(), **kwargs) -> None:
            case.validate_response(response, checks=CHECKS)

    Walk.run(settings=settings(BOUNDED, max_examples=40, stateful_step_count=8))


def test_an_answer_that_is_not_described_would_be_found(bearer, described) -> None:
    """The test's own test: a description without the answer lets the check fail."""
    operation = described["/api/v1/me"]["GET"]
    case = operation.Case()
    response = case.call(headers=bearer)
    response.status_code = 418
    with pytest.raises(FailureGroup):
        case.validate_response(response, checks=[status_code_conformance])
