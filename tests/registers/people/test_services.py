"""What is refused about residents, in services and in the database; who sees whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound, Stale
from liangdian.platform.audit.models import AccessLog
from liangdian.registers.organisation import services as organisation
from liangdian.registers.people import selectors, services
from liangdian.registers.people.models import ContactPoint, Household, Resident
from tests.casework.conftest import NOW, House
from tests.registers.people.conftest import IDENTITY, PHONE


def find(house: House, **changes: object) -> tuple[Resident, bool]:
    given = {"actor": house.actor("clerk"), "name": "王桂兰", "unit_id": house.community.pk, "at": NOW}
    return services.find_or_create(**{**given, **changes})  # type: ignore[arg-type]


def test_the_same_number_finds_the_same_person_however_it_is_typed(house: House, wang: Resident) -> None:
    assert find(house, name="王大妈", identity=IDENTITY.lower()) == (wang, False)
    assert find(house, phone="+86 138 1234 2211") == (wang, False)
    assert find(house, phone="１３８１２３４２２１１") == (wang, False)
    assert find(house, name="王建国", phone=PHONE)[1]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("identity", "110105194912310021"),
        ("identity", "11010519491331002X"),
        ("identity", "1101051949123100"),
        ("identity", "99010519491231002X"),
        ("identity", "一一010519491231002X"),
        ("phone", "12"),
        ("phone", "abcdefghijk"),
        ("needs", ["flies"]),
        ("address", "长" * 201),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(house: House, field: str, value: object) -> None:
    before = Resident.objects.count()
    with pytest.raises(Invalid) as refused:
        find(house, **{field: value})
    assert refused.value.field == field
    assert Resident.objects.count() == before


def test_a_name_of_only_control_characters_is_refused(house: House) -> None:
    with pytest.raises(Invalid) as refused:
        find(house, name="\x00\x01 \n")
    assert refused.value.field == "resident_name"


def test_numbers_are_not_readable_in_the_database(wang: Resident) -> None:
    row = repr(Resident.objects.values().get()) + repr(ContactPoint.objects.values().get())
    assert IDENTITY not in row and PHONE not in row and PHONE[-4:] not in row


def test_the_database_refuses_a_sealed_number_without_its_hash(wang: Resident) -> None:
    for change in ({"identity_hash": None}, {"identity_sealed": ""}, {"name": ""}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Resident.objects.update(**change)


def test_one_identity_number_belongs_to_one_person(house: House, wang: Resident) -> None:
    other, _created = find(house, name="李建国", phone="13900001111")
    with pytest.raises(DatabaseError), transaction.atomic():
        Resident.objects.filter(pk=other.pk).update(
            identity_hash=wang.identity_hash, identity_sealed=wang.identity_sealed
        )
    with pytest.raises(Invalid) as refused:
        services.update_resident(
            actor=SYSTEM, resident_id=other.pk, name="李建国", address="", needs=[], identity=IDENTITY, at=NOW
        )
    assert refused.value.field == "identity"


@pytest.mark.parametrize("name", ["stranger", "auditor", "administrator", "security"])
def test_who_does_not_serve_them_finds_nobody(house: House, wang: Resident, name: str) -> None:
    actor = house.actor(name)
    assert selectors.search_residents(actor=actor, text="") == []
    assert selectors.search_residents(actor=actor, text=PHONE) == []
    with pytest.raises(NotFound):
        selectors.resident_for(actor=actor, resident_id=wang.pk)
    with pytest.raises(NotFound):
        services.reveal(actor=actor, resident_id=wang.pk, field="phone", reason="x", at=NOW)
    assert not AccessLog.objects.filter(act="phone_revealed").exists()


def test_a_leader_reads_but_does_not_change(house: House, wang: Resident) -> None:
    leader = house.actor("leader")
    assert selectors.search_residents(actor=leader, text="王") == [wang]
    with pytest.raises(NotAllowed):
        services.update_resident(
            actor=leader, resident_id=wang.pk, name="x", address="", needs=[], at=NOW, seen=wang.version
        )


def test_a_part_of_a_number_finds_nobody(house: House, wang: Resident) -> None:
    clerk = house.actor("clerk")
    assert selectors.search_residents(actor=clerk, text=PHONE) == [wang]
    assert selectors.search_residents(actor=clerk, text="１１０１０５１９４９１２３１００２ｘ") == [wang]
    for part in (PHONE[:-1], PHONE[-4:], IDENTITY[:-1], IDENTITY[6:14]):
        assert selectors.search_residents(actor=clerk, text=part) == []


@pytest.mark.parametrize("reason", ["", "   ", "\x00"])
def test_nothing_is_revealed_without_a_reason(house: House, wang: Resident, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.reveal(
            actor=house.actor("clerk"), resident_id=wang.pk, field="identity", reason=reason, at=NOW
        )
    assert refused.value.field == "reason"
    assert not AccessLog.objects.filter(act="identity_revealed").exists()


def test_what_is_revealed_is_logged_with_its_reason(house: House, wang: Resident) -> None:
    clerk = house.actor("clerk")
    shown = services.reveal(actor=clerk, resident_id=wang.pk, field="identity", reason="办优待证", at=NOW)
    assert shown == IDENTITY
    entry = AccessLog.objects.get(act="identity_revealed")
    assert (entry.actor_id, entry.subject_id, entry.reason) == (clerk.user_id, str(wang.pk), "办优待证")


def test_a_stale_change_is_refused(house: House, wang: Resident) -> None:
    change = {"actor": house.actor("clerk"), "resident_id": wang.pk, "address": "", "needs": [], "at": NOW}
    services.update_resident(name="王桂兰", seen=wang.version, **change)  # type: ignore[arg-type]
    with pytest.raises(Stale):
        services.update_resident(name="王桂芳", seen=wang.version, **change)  # type: ignore[arg-type]
    wang.refresh_from_db()
    assert wang.name == "王桂兰"


def test_a_name_longer_than_the_column_is_told_not_cut(house: House) -> None:
    with pytest.raises(Invalid) as refused:
        find(house, name="长" * 101)
    assert refused.value.field == "resident_name"


def test_a_resident_moves_only_into_a_unit_that_the_person_serves(house: House, wang: Resident) -> None:
    change = {"resident_id": wang.pk, "name": wang.name, "address": "", "needs": [], "at": NOW}
    with pytest.raises(NotAllowed):
        services.update_resident(actor=house.actor("clerk"), unit_id=house.other.pk, **change)  # type: ignore[arg-type]
    services.update_resident(actor=house.actor("coordinator"), unit_id=house.other.pk, **change)  # type: ignore[arg-type]
    assert selectors.search_residents(actor=house.actor("stranger"), text="王桂兰") == [wang]


def test_a_household_needs_an_address_and_exists_once(house: House, wang: Resident) -> None:
    nobody, _created = find(house, name="无名")
    with pytest.raises(Invalid):
        services.join_household(actor=SYSTEM, resident_id=nobody.pk, at=NOW)
    first = services.join_household(actor=SYSTEM, resident_id=wang.pk, at=NOW)
    assert services.join_household(actor=SYSTEM, resident_id=wang.pk, at=NOW) == first
    with pytest.raises(DatabaseError), transaction.atomic():
        Household.objects.create(unit=house.community, address=first.address)


@pytest.mark.django_db(transaction=True)
def test_two_windows_at_the_same_instant_make_one_resident() -> None:
    unit = organisation.create_unit(
        actor=SYSTEM, name="西大街社区", code="XD", level="community", parent=None, at=NOW
    )
    start = Barrier(4)

    def window(number: int) -> int:
        try:
            start.wait(timeout=20)
            return services.find_or_create(
                actor=SYSTEM, name=f"王{number}", identity=IDENTITY, unit_id=unit.pk, at=NOW
            )[0].pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(window, range(4)))) == 1
    assert Resident.objects.count() == 1
