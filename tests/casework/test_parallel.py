"""At the same instant, on real connections: numbers, double presses, and two who take the same thing."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from liangdian.casework import chain, services
from liangdian.casework.links import rating_token
from liangdian.casework.models import Case, CaseNumber, Rating
from liangdian.casework.states import State
from liangdian.foundation.refused import Refused
from liangdian.registers.people.models import Resident
from tests.casework.conftest import NOW, House

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> list[object]:
    """Run the acts at the same instant, each on its own connection; what each returned or raised."""
    start = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int) -> None:
        try:
            start.wait(20)
            results[place] = acts[place]()
        except Exception as fault:
            results[place] = fault
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_twenty_intakes_at_once_get_twenty_consecutive_numbers(house: House) -> None:
    clerk = house.actor("clerk")
    intakes = [house.intake(phone=f"138123422{n:02d}", resident_name=f"居民{n}") for n in range(20)]

    def press(intake: services.Intake) -> Callable[[], object]:
        return lambda: services.register(actor=clerk, intake=intake, at=NOW).reference

    references = together(*[press(intake) for intake in intakes])
    assert sorted(map(str, references)) == [f"XD-2026-{n:06d}" for n in range(1, 21)]
    assert CaseNumber.objects.get().last == 20
    assert list(chain.verify()) == []


def test_the_same_press_on_four_connections_registers_once(house: House) -> None:
    clerk, intake = house.actor("clerk"), house.intake(submission_key="once")
    results = together(*[lambda: services.register(actor=clerk, intake=intake, at=NOW).pk] * 4)
    assert len(set(results)) == 1
    assert Case.objects.count() == 1
    assert Resident.objects.count() == 1
    # The presses that lost gave their number back.
    assert CaseNumber.objects.get().last == 1


def test_two_windows_register_the_same_new_resident_at_once(house: House) -> None:
    given = {"identity": "11010519491231002X", "resident_name": "王桂兰"}
    results = together(
        *[
            lambda unit=unit, by=by: (
                services.register(
                    actor=house.actor(by),
                    intake=house.intake(**given, unit_id=unit.pk, first_handler_id=house.id(by)),
                    at=NOW,
                ).resident_id
            )
            for unit, by in [(house.community, "clerk"), (house.street, "coordinator")] * 4
        ]
    )
    assert len(set(results)) == 1, results
    assert Case.objects.count() == 8
    assert Resident.objects.count() == 1


def test_two_clerks_accept_the_same_referral_and_one_gets_a_sentence(house: House) -> None:
    case = house.case(by="stranger", unit_id=house.other.pk, first_handler_id=house.id("stranger"))
    services.refer(
        actor=house.actor("stranger"), case_id=case.pk, to_unit_id=house.community.pk, reason="r", at=NOW
    )
    first, second = house.actor("clerk"), house.actor("clerk2")
    results = together(
        lambda: services.accept_referral(actor=first, case_id=case.pk, at=NOW),
        lambda: services.accept_referral(actor=second, case_id=case.pk, at=NOW),
    )
    won = [result for result in results if isinstance(result, Case)]
    lost = [result for result in results if isinstance(result, Refused)]
    assert (len(won), len(lost)) == (1, 1)
    assert str(lost[0])
    case.refresh_from_db()
    assert case.handler_id == won[0].handler_id
    assert case.events.filter(type="referral_accepted").count() == 1


def test_two_forms_opened_together_and_sent_together_change_it_once(house: House) -> None:
    case, clerk = house.case(), house.actor("clerk")
    results = together(
        lambda: services.resolve(actor=clerk, case_id=case.pk, answer="甲", at=NOW, seen=case.last_seq),
        lambda: services.resolve(actor=clerk, case_id=case.pk, answer="乙", at=NOW, seen=case.last_seq),
    )
    assert sorted(type(result).__name__ for result in results) == ["Case", "Stale"]
    assert case.resolutions.count() == 1


def test_rated_by_link_and_in_a_call_back_at_once_counts_once(house: House) -> None:
    case = house.case()
    services.resolve(actor=house.actor("clerk"), case_id=case.pk, answer="好了", at=NOW)
    caller, token = house.actor("clerk2"), rating_token(case.reference, 1)
    results = together(
        lambda: services.rate_by_link(token=token, grade="4", comment="", at=NOW),
        lambda: services.record_call_back(actor=caller, case_id=case.pk, grade="5", comment="", at=NOW),
    )
    assert sum(isinstance(result, Case) for result in results) == 1
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert Rating.objects.count() == 1
    case.refresh_from_db()
    assert case.state == State.CLOSED
    assert list(chain.verify()) == []
