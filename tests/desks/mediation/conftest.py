"""A committee in office, and disputes brought to each of their states by the services themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from liangdian.casework.models import Case
from liangdian.desks.mediation import services
from liangdian.desks.mediation.models import (
    Agreement,
    Assignment,
    Committee,
    Dispute,
    Member,
    Obligation,
    Party,
)
from liangdian.desks.mediation.rules import Seat
from liangdian.desks.mediation.services import About, DisputeIntake, Duty, Hand, NewParty
from liangdian.foundation.actor import SYSTEM, Role
from liangdian.platform.accounts import services as accounts
from tests.casework.conftest import NOW, House, house

__all__ = ["house"]

STROKES = "[[[10, 100], [200, 40], [300, 160], [500, 90]]]"
OTHERS = (
    ("mediator2", "刘梅", Role.MEDIATOR),
    ("mediator3", "郑国安", Role.MEDIATOR),
)
SAID = "李明借了我一万二千元，约定去年底还，到现在没有还。"


@dataclass
class Desk:
    """The house with its committee; ``to`` brings a dispute to a state."""

    house: House
    committee: Committee

    def actor(self, name: str):
        return self.house.actor(name)

    def member(self, name: str) -> Member:
        return Member.objects.get(user=self.house.id(name), left__isnull=True)

    def intake(self, **changes: object) -> DisputeIntake:
        given: dict[str, object] = {
            "unit_id": self.house.community.pk, "words": SAID, "category": "contract", "subtype": "debt",
            "parties": (
                NewParty("applicant", "王桂兰", phone="13812342211"),
                NewParty("respondent", "李明", phone="13900001111", agent="李小明", agent_basis="委托书"),
            ),
        }  # fmt: skip
        return DisputeIntake(**{**given, **changes})

    def dispute(self, by: str = "mediator", at: datetime = NOW, **changes: object) -> Case:
        return services.register_dispute(actor=self.actor(by), intake=self.intake(**changes), at=at)

    def party(self, case: Case, number: int) -> Party:
        return Party.objects.get(dispute=case.pk, number=number)

    def state(self, case: Case) -> str:
        return Dispute.objects.get(pk=case.pk).state

    def consent(self, case: Case, number: int = 2, given: bool = True, at: datetime = NOW) -> None:
        services.record_consent(
            actor=self.actor("mediator"), case_id=case.pk, party_id=self.party(case, number).pk, given=given,
            how="phone", at=at,
        )  # fmt: skip

    def assign(self, case: Case, *names: str, by: str = "secretary", at: datetime = NOW) -> None:
        services.assign(
            actor=self.actor(by), case_id=case.pk, how="by_parties", openness="closed", at=at,
            members=[self.member(name).pk for name in names or ("mediator",)],
        )  # fmt: skip

    def duty(self, case: Case, **changes: object) -> Duty:
        given: dict[str, object] = {
            "debtor_id": self.party(case, 2).pk, "creditor_id": self.party(case, 1).pk, "amount": "12000",
            "count": 3, "first_on": date(2026, 10, 31),
        }  # fmt: skip
        return Duty(**{**given, **changes})

    def draft(self, case: Case, form: str = "written", at: datetime = NOW, **changes: object) -> Agreement:
        given: dict[str, object] = {
            "facts": "2025年3月借款一万二千元，双方对金额无异议。", "responsibilities": "李明应当归还。",
            "content": "李明分三期归还一万二千元。", "manner": "每月末转账到王桂兰的账户。",
            "duty": self.duty(case),
        }  # fmt: skip
        services.draft(
            actor=self.actor("mediator"), case_id=case.pk, form=form, at=at, **{**given, **changes}
        )
        return Agreement.objects.get(dispute=case.pk, dropped_at__isnull=True)

    def sign_all(self, case: Case, at: datetime = NOW) -> None:
        for number in range(1, Party.objects.filter(dispute=case.pk).count() + 1):
            hand = Hand("screen", party_id=self.party(case, number).pk, strokes=STROKES)
            services.sign(actor=self.actor("mediator"), case_id=case.pk, hand=hand, at=at)
        row = Assignment.objects.filter(dispute=case.pk, ended_at__isnull=True).first()
        assert row is not None
        hand = Hand("screen", mediator_id=row.pk, strokes=STROKES)
        services.sign(actor=self.actor("mediator"), case_id=case.pk, hand=hand, at=at)

    def seal(self, case: Case, at: datetime = NOW) -> None:
        services.seal(actor=self.actor("secretary"), case_id=case.pk, at=at)

    def fulfil(self, case: Case, state: str, at: datetime) -> None:
        for row in Obligation.objects.filter(agreement__dispute=case.pk, state="due"):
            services.record_fulfilment(
                actor=self.actor("mediator"), case_id=case.pk, obligation_id=row.pk, state=state,
                done_on=row.due_on if state == "kept" else None, words="已转账", at=at,
            )  # fmt: skip

    def fail(self, case: Case, at: datetime = NOW) -> None:
        services.fail(
            actor=self.actor("mediator"), case_id=case.pk, way_out="no_agreement", words="分歧太大", at=at
        )

    def to(self, state: str) -> Case:
        """A fresh dispute in this state."""
        case = self.dispute()
        later = NOW + timedelta(days=120)
        steps: dict[str, tuple[Callable[[], object], ...]] = {
            "registered": (),
            "refused": (lambda: self.consent(case, given=False),),
            "consented": (lambda: self.consent(case),),
            "mediating": (lambda: self.consent(case), lambda: self.assign(case)),
        }
        at_talks = steps["mediating"]
        steps["failed"] = (*at_talks, lambda: self.fail(case))
        steps["signing"] = (*at_talks, lambda: self.draft(case))
        steps["effective"] = (*steps["signing"], lambda: self.sign_all(case), lambda: self.seal(case))
        steps["fulfilled"] = (*steps["effective"], lambda: self.fulfil(case, "kept", later))
        steps["unfulfilled"] = (*steps["effective"], lambda: self.fulfil(case, "broken", later))
        for step in steps[state]:
            step()
        assert self.state(case) == state
        return Case.objects.get(pk=case.pk)

    def client(self, name: str) -> Client:
        client = Client()
        client.force_login(self.house.staff[name], backend="liangdian.platform.accounts.backend.StaffBackend")
        client.cookies["language"] = "en"
        return client


def refused_by_the_database(statement: str, *values: object) -> None:
    """The statement breaks a guard of the database, whoever sends it."""
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def desk(house: House) -> Desk:
    for username, name, role in OTHERS:
        user = accounts.create_user(
            actor=SYSTEM, username=username, name=name, password="Correct-Horse-9", at=NOW
        )
        accounts.grant_role(
            actor=SYSTEM, user=user, role=role, unit_id=house.community.pk, unit_path=house.community.path,
            at=NOW,
        )  # fmt: skip
        house.staff[username] = user
    about = About("西大街社区人民调解委员会", "西街派出所 赵警官", "0100-110", "县人民法院")
    committee = services.set_committee(
        actor=house.actor("secretary"), unit_id=house.community.pk, about=about, at=NOW
    )
    seats = [
        Seat(house.id("mediator"), woman=False, head=True),
        Seat(house.id("mediator2"), woman=True),
        Seat(house.id("mediator3"), woman=False),
    ]
    services.elect(
        actor=house.actor("secretary"),
        committee_id=committee.pk,
        starts=date(2026, 1, 1),
        seats=seats,
        at=NOW,
    )
    return Desk(house, committee)
