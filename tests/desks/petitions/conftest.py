"""A petition office in the small house of casework: an officer and a head, a bureau and its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest

from liangdian.casework import selectors
from liangdian.casework.models import Case
from liangdian.desks.petitions import services
from liangdian.desks.petitions.models import Petition
from liangdian.foundation.actor import SYSTEM, Actor, Role
from liangdian.foundation.refused import NotFound
from liangdian.platform.accounts import services as account_services
from liangdian.registers.organisation import services as organisation
from liangdian.registers.organisation.models import Unit
from tests.casework.conftest import NOW, House
from tests.casework.conftest import house as house  # the fixture

WORDS = "我家门前排水沟堵了半年，反映多次没有结果，请求疏通。"


@dataclass
class Office:
    """``petition`` registers one; ``officer`` and ``leader`` work at the sub-district."""

    house: House
    bureau: Unit

    def actor(self, name: str) -> Actor:
        return self.house.actor(name)

    def id(self, name: str) -> int:
        return self.house.id(name)

    def given(self, **changes: object) -> services.Registration:
        given: dict[str, object] = {
            "unit_id": self.house.street.pk, "words": WORDS, "title": "排水沟堵塞", "sort": "request",
            "route": "opinion", "way": "visit", "oral": True, "read_back": True, "resident_name": "赵秀英",
            "phone": "13900001111", "address": "西大街12号",
        }  # fmt: skip
        return services.Registration(**{**given, **changes})

    def petition(self, *, by: str = "petition_officer", at: datetime = NOW, **changes: object) -> Case:
        return services.register_petition(actor=self.actor(by), given=self.given(**changes), at=at)

    def accepted(self, *, at: datetime = NOW, **changes: object) -> Case:
        case = self.petition(at=at, **changes)
        services.accept(actor=self.actor("petition_officer"), case_id=case.pk, at=at)
        return Case.objects.get(pk=case.pk)

    def opinion(self, case: Case, *, at: datetime, by: str = "petition_officer") -> None:
        services.give_opinion(
            actor=self.actor(by), case_id=case.pk, request="疏通排水沟", facts="经查属实",
            opinion="已安排疏通", basis="物业管理条例", outcome="supported", settled="community", at=at,
        )  # fmt: skip

    def answered(self, *, at: datetime = NOW, **changes: object) -> Case:
        case = self.accepted(at=at, **changes)
        self.opinion(case, at=at)
        return Case.objects.get(pk=case.pk)

    def exists(self, who: str | Actor, case: Case) -> bool:
        actor = self.actor(who) if isinstance(who, str) else who
        try:
            selectors.case_for(actor=actor, reference=case.reference)
        except NotFound:
            return False
        return True

    def step(self, case: Case) -> str:
        return Petition.objects.get(pk=case.pk).step


EXTRA = (
    ("officer2", Role.PETITION_OFFICER, "street"),
    ("officer3", Role.PETITION_OFFICER, "street"),
    ("clerk_of_bureau", Role.PETITION_OFFICER, "bureau"),
    ("head_of_bureau", Role.LEADER, "bureau"),
    ("local", Role.PETITION_OFFICER, "community"),
)


@pytest.fixture
def office(house: House) -> Office:
    bureau = organisation.create_unit(
        actor=SYSTEM, name="城管执法队", code="CG-CZ", level="section", at=NOW, parent=house.street
    )
    units = {"street": house.street, "bureau": bureau, "community": house.community}
    for name, role, unit in EXTRA:
        user = account_services.create_user(
            actor=SYSTEM, username=name, name=name, password="Correct-Horse-9", at=NOW
        )
        account_services.grant_role(
            actor=SYSTEM, user=user, role=role, unit_id=units[unit].pk, unit_path=units[unit].path, at=NOW
        )
        house.staff[name] = user
    return Office(house, bureau)
