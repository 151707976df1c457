"""A small house to work in: a sub-district, a community, its people, one item, the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from liangdian.casework import services
from liangdian.casework.models import Case
from liangdian.foundation.actor import SYSTEM, Actor, Role
from liangdian.foundation.limits import Limit, LimitUnit
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.accounts import services as account_services
from liangdian.registers.calendar import services as calendar
from liangdian.registers.catalogue import services as catalogue
from liangdian.registers.catalogue.models import ItemVersion
from liangdian.registers.organisation import services as organisation
from liangdian.registers.organisation.models import Post, Unit

NOW = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)  # Friday, ten in the morning at the hall


@dataclass
class House:
    """Everybody by post; ``actor`` gives what a person may do."""

    street: Unit
    community: Unit
    other: Unit
    section: Unit
    post: Post
    item: ItemVersion
    staff: dict[str, object]

    def actor(self, name: str) -> Actor:
        return accounts.actor_of(self.staff[name])

    def id(self, name: str) -> int:
        return self.staff[name].pk

    def intake(self, **changes: object) -> services.Intake:
        given: dict[str, object] = {
            "kind": "service", "channel": "window", "unit_id": self.community.pk,
            "words": "我今年七十六了，腿脚不好，想办优待证。", "first_handler_id": self.id("clerk"),
            "item_version_id": self.item.pk, "documents_complete": True,
            "resident_name": "王桂兰", "phone": "13812342211",
        }  # fmt: skip
        return services.Intake(**{**given, **changes})

    def case(self, *, by: str = "clerk", at: datetime = NOW, **changes: object) -> Case:
        return services.register(actor=self.actor(by), intake=self.intake(**changes), at=at)

    def put_right(self, case: Case, *, by: str, caller: str = "inspector", at: datetime = NOW) -> None:
        """Call the resident back about his bad rating, and say how it is put right."""
        services.call_rated(actor=self.actor(caller), case_id=case.pk, text="要当面说明", at=at)
        services.choose_repair(
            actor=self.actor(by), case_id=case.pk, way="fix", text="今天上门说明", until=None, at=at
        )


PEOPLE = (
    ("clerk", Role.CLERK, "community"),
    ("clerk2", Role.CLERK, "community"),
    ("handler", Role.HANDLER, "section"),
    ("secretary", Role.SECRETARY, "community"),
    ("coordinator", Role.COORDINATOR, "street"),
    ("leader", Role.LEADER, "street"),
    ("inspector", Role.INSPECTOR, "street"),
    ("auditor", Role.AUDITOR, "street"),
    ("administrator", Role.ADMINISTRATOR, "street"),
    ("security", Role.SECURITY, "street"),
    ("mediator", Role.MEDIATOR, "community"),
    ("petition_officer", Role.PETITION_OFFICER, "street"),
    ("stranger", Role.CLERK, "other"),
)


@pytest.fixture
def house(db: None) -> House:
    calendar.seed_from_library(at=NOW)
    services.seed_limit_rules(valid_from=datetime(2004, 1, 1, tzinfo=UTC))
    make = organisation.create_unit
    street = make(actor=SYSTEM, name="城关街道", code="CG", level="sub_district", at=NOW, parent=None)
    community = make(actor=SYSTEM, name="西大街社区", code="XD", level="community", at=NOW, parent=street)
    other = make(actor=SYSTEM, name="东关社区", code="DG", level="community", at=NOW, parent=street)
    section = make(actor=SYSTEM, name="民政科", code="CG-MZ", level="section", at=NOW, parent=street)
    post = organisation.create_post(actor=SYSTEM, unit=section, name="优待证经办", at=NOW)
    units = {"street": street, "community": community, "other": other, "section": section}
    staff = {}
    for name, role, unit in PEOPLE:
        user = account_services.create_user(
            actor=SYSTEM, username=name, name=name, password="Correct-Horse-9", at=NOW
        )
        account_services.grant_role(
            actor=SYSTEM, user=user, role=role, unit_id=units[unit].pk, unit_path=units[unit].path, at=NOW
        )
        staff[name] = user
    content = catalogue.Content(
        name="老年优待证", promised=Limit(5, LimitUnit.WORKING_DAYS), legal=Limit(20, LimitUnit.WORKING_DAYS)
    )
    item = catalogue.publish_version(
        actor=SYSTEM,
        code="MZ-001",
        category=catalogue.category(code="MZ", name="民政"),
        content=content,
        at=NOW,
    )
    return House(street, community, other, section, post, item, staff)
