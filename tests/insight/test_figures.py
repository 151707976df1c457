"""Every figure with its numerator and denominator, counted by hand on a few matters."""

from __future__ import annotations

import argparse
import json
from datetime import date, timedelta

import pytest

from liangdian.casework import services
from liangdian.casework.links import rating_token
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.refused import Invalid
from liangdian.insight import commands
from liangdian.insight.selectors import Figures, Period, commitments, figures
from tests.casework.conftest import NOW, House

YEAR = Period(first=date(2026, 1, 1), last=date(2026, 12, 31))


def found(house: House, **period: object) -> Figures:
    wanted = Period(**{"first": YEAR.first, "last": YEAR.last, **period})  # type: ignore[arg-type]
    return figures(actor=SYSTEM, period=wanted, now=NOW + timedelta(days=60))


def test_without_matters_every_share_says_no_data_never_zero_per_cent(house: House) -> None:
    empty = found(house).as_json()
    assert empty["registered"] == 0
    assert empty["on_time"] == {"percent": "no data", "numerator": 0, "denominator": 0}
    assert empty["hours_to_first_contact"]["median"] == "no data"
    assert all(row.share is None for row in commitments(now=NOW))


def test_kept_late_and_open_promises_are_told_apart(house: House) -> None:
    clerk = house.actor("clerk")
    kept, late, _open, withdrawn = (house.case() for _ in range(4))
    services.resolve(actor=clerk, case_id=kept.pk, answer="好了", at=NOW + timedelta(hours=5))
    services.resolve(actor=clerk, case_id=late.pk, answer="晚了", at=NOW + timedelta(days=30))
    services.withdraw(actor=clerk, case_id=withdrawn.pk, reason="不办了", at=NOW)
    assert found(house).as_json()["on_time"] == {"percent": 33.3, "numerator": 1, "denominator": 3}


def test_a_reopened_matter_counts_twice_as_promise_and_once_as_reopened(house: House) -> None:
    clerk, coordinator = house.actor("clerk"), house.actor("coordinator")
    case = house.case()
    services.resolve(actor=clerk, case_id=case.pk, answer="好了", at=NOW)
    services.rate_by_link(token=rating_token(case.reference, case.round), grade="1", comment="", at=NOW)
    house.put_right(case, by="coordinator")
    case = services.resolve(actor=coordinator, case_id=case.pk, answer="真的好了", at=NOW)
    services.rate_by_link(token=rating_token(case.reference, case.round), grade="5", comment="", at=NOW)
    figure = found(house).as_json()
    assert figure["on_time"]["denominator"] == 2
    assert figure["reopened"] == {"percent": 100.0, "numerator": 1, "denominator": 1}
    assert figure["ratings"]["satisfied"] == {"percent": 50.0, "numerator": 1, "denominator": 2}
    assert figure["ratings"]["bad"]["numerator"] == 1
    assert figure["repaired"] == {"percent": 100.0, "numerator": 1, "denominator": 1}


def test_silence_lowers_the_rated_share_and_touches_no_satisfaction(house: House) -> None:
    case = house.case()
    services.resolve(actor=house.actor("clerk"), case_id=case.pk, answer="好了", at=NOW)
    services.sweep(at=NOW + timedelta(days=30))
    ratings = found(house).as_json()["ratings"]
    assert ratings["rated"] == {"percent": 0.0, "numerator": 0, "denominator": 1}
    assert ratings["satisfied"]["percent"] == "no data"


def test_a_unit_sees_only_what_it_received(house: House) -> None:
    house.case()
    assert found(house, unit_path=house.other.path).total == 0
    assert found(house, unit_path=house.community.path).total == 1
    own = figures(actor=house.actor("stranger"), period=YEAR, now=NOW)
    assert own.total == 0


def test_hours_and_days_are_medians_with_a_ninetieth_percentile(house: House) -> None:
    for hours in (2, 4, 30):
        case = house.case(channel="web")
        services.contact_resident(
            actor=house.actor("clerk"), case_id=case.pk, text="已联系", at=NOW + timedelta(hours=hours)
        )
    spread = found(house).hours_to_first_contact
    assert (spread.median, spread.count) == (4.0, 3)
    assert spread.p90 == pytest.approx(24.8)


def test_the_command_prints_json_and_refuses_what_cannot_be(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    commands.add_arguments(parser)
    house.case()
    assert commands.run(parser.parse_args(["--from", "2026-01-01", "--to", "2026-12-31", "--json"])) == 0
    assert json.loads(capsys.readouterr().out)["by_kind"] == {"service": 1}
    assert commands.run(parser.parse_args(["--from", "2026-01-01", "--to", "2026-12-31"])) == 0
    assert "promises kept" in capsys.readouterr().out
    with pytest.raises(Invalid):
        commands.run(parser.parse_args(["--from", "2026-12-31", "--to", "2026-01-01"]))
    with pytest.raises(Invalid):
        commands.run(parser.parse_args(["--from", "2026-01-01", "--to", "2026-01-02", "--unit", "none"]))
