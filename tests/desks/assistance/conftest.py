"""Households in need and places, brought to each of their states by the services themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest
from django.test import Client

from liangdian.casework.models import Case
from liangdian.desks.assistance import services
from liangdian.desks.assistance.models import Help, Offer, Placement
from liangdian.desks.assistance.rules import months_after
from liangdian.desks.assistance.services import HelpIntake, NewOffer
from liangdian.foundation.clock import HALL_ZONE, business_date
from tests.casework.conftest import NOW, House, house

__all__ = ["house"]
TODAY = business_date(NOW)


def after(months: int) -> datetime:
    """Ten in the morning so many months later."""
    day = months_after(TODAY, months)
    return datetime(day.year, day.month, day.day, 10, tzinfo=HALL_ZONE)


@dataclass
class Desk:
    """The house; ``to`` brings a household to a state."""

    house: House

    def actor(self, name: str):
        return self.house.actor(name)

    def client(self, name: str) -> Client:
        client = Client()
        client.force_login(self.house.staff[name])
        return client

    def help(self, by: str = "clerk", at: datetime = NOW, **changes: object) -> Case:
        given: dict[str, object] = {
            "unit_id": self.house.community.pk, "words": "丈夫去世，家里没有收入，想找份活。", "people": 3,
            "resident_name": "周秀英", "phone": "13812342211", "source": "visit",
            "first_handler_id": self.house.id(by),
        }  # fmt: skip
        intake = HelpIntake(**{**given, **changes})
        return services.register_help(actor=self.actor(by), intake=intake, at=at)

    def offer(self, by: str = "clerk", **changes: object) -> Offer:
        given: dict[str, object] = {
            "unit_id": self.house.community.pk, "kind": "work", "title": "保洁员", "giver": "县中医院",
            "place": "门诊楼", "pay": 800, "hours": 30,
        }  # fmt: skip
        return services.add_offer(actor=self.actor(by), offer=NewOffer(**{**given, **changes}), at=NOW)

    def consent(self, case: Case, given: bool = True, by: str = "clerk") -> None:
        services.record_consent(actor=self.actor(by), case_id=case.pk, given=given, how="in_person", at=NOW)

    def need(self, case: Case, kind: str = "work", by: str = "clerk", **changes: object) -> None:
        given: dict[str, object] = {"words": "", "income": None, "least_pay": None, "most_hours": None}
        services.add_need(actor=self.actor(by), case_id=case.pk, kind=kind, at=NOW, **{**given, **changes})

    def helper(self, case: Case, name: str = "secretary", by: str = "secretary") -> None:
        services.name_helper(actor=self.actor(by), case_id=case.pk, helper_id=self.house.id(name), at=NOW)

    def place(self, case: Case, offer: Offer, by: str = "clerk", at: datetime = NOW) -> Placement:
        services.place(
            actor=self.actor(by), case_id=case.pk, offer_id=offer.pk, starts=business_date(at), pay=800, at=at
        )
        return Placement.objects.get(help=case.pk, ended_on__isnull=True)

    def check(self, case: Case, months: int, still: bool = True, income: int | None = 1400) -> None:
        services.record_check_up(
            actor=self.actor("clerk"), case_id=case.pk, months=months, still=still, income=income,
            words="" if still else "家里老人病了", at=after(months),
        )  # fmt: skip

    def state(self, case: Case) -> str:
        return Help.objects.get(pk=case.pk).state

    def to(self, state: str) -> Case:
        """A household at this state."""
        case = self.help()
        if state == "registered":
            return case
        self.consent(case, given=state != "declined")
        if state == "declined":
            return case
        self.need(case, "benefits" if state == "helped" else "work", income=600)
        self.helper(case, "secretary")
        actor = self.actor("secretary")
        if state in {"placed", "settled"}:
            self.place(case, self.offer())
        if state == "settled":
            for months in (1, 3, 6, 12):
                self.check(case, months)
        if state == "helped":
            need = Help.objects.get(pk=case.pk).needs.get()
            services.meet_need(actor=actor, case_id=case.pk, need_id=need.pk, words="低保已批", at=NOW)
            services.help_otherwise(actor=actor, case_id=case.pk, words="低保已批，每月发放。", at=NOW)
        if state == "ended":
            services.end_help(actor=actor, case_id=case.pk, way_out="moved", words="已搬走。", at=NOW)
        assert self.state(case) == state
        return case


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house)
