"""Publishing: every change is a new version, and what is published stays as it is."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.limits import Limit, LimitUnit
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from liangdian.registers.catalogue import selectors, services
from liangdian.registers.catalogue.models import Item, ItemDocument, ItemVersion
from tests.casework.conftest import NOW, House, house

__all__ = ["house"]
DAYS = LimitUnit.WORKING_DAYS
CONTENT = services.Content(name="老年优待证", promised=Limit(3, DAYS), legal=Limit(20, DAYS))


def publish(content: services.Content = CONTENT, actor: object = SYSTEM, code: str = "MZ-001") -> ItemVersion:
    category = services.category(code="MZ", name="民政")
    return services.publish_version(actor=actor, code=code, category=category, content=content, at=NOW)  # type: ignore[arg-type]


def must_fail(sql: str, *params: int) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_a_promise_longer_than_the_law_is_refused_and_leaves_nothing(house: House) -> None:
    content = services.Content(name="新事项", promised=Limit(21, DAYS), legal=Limit(20, DAYS))
    with pytest.raises(Invalid) as refused:
        publish(content, code="MZ-777")
    assert refused.value.field == "promised_amount"
    assert not Item.objects.filter(code="MZ-777").exists()


def test_the_database_refuses_a_promise_longer_than_the_law(house: House) -> None:
    item = house.item.item
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemVersion.objects.create(
            item=item, number=9, name="x", kind="promised", legal_amount=20, legal_unit=DAYS,
            promised_amount=21, promised_unit=DAYS, valid_from=NOW.date(), created_at=NOW,
        )  # fmt: skip


def test_a_published_version_and_its_documents_are_never_changed_or_deleted(house: House) -> None:
    version = publish(
        services.Content(name="证", promised=Limit(1, DAYS), documents=[services.Document(name="身份证")])
    )
    document = ItemDocument.objects.get(version=version)
    must_fail("UPDATE catalogue_itemversion SET promised_amount = 99 WHERE id = %s", version.pk)
    must_fail("DELETE FROM catalogue_itemversion WHERE id = %s", version.pk)
    must_fail("UPDATE catalogue_itemdocument SET name = 'x' WHERE id = %s", document.pk)
    must_fail("DELETE FROM catalogue_itemdocument WHERE id = %s", document.pk)
    version.refresh_from_db()
    assert version.promised_amount == 1 and version.documents.count() == 1


def test_a_running_case_keeps_its_version_and_its_promise(house: House) -> None:
    case = house.case()
    due = case.due_at
    newer = publish()
    case.refresh_from_db()
    assert case.item_version_id == house.item.pk != newer.pk
    assert case.due_at == due
    assert selectors.guide("MZ-001").current_id == newer.pk
    assert house.case(item_version_id=newer.pk, words="另一件").item_version_id == newer.pk


def test_only_an_administrator_publishes_and_retires(house: House) -> None:
    for name in ("clerk", "leader", "auditor"):
        with pytest.raises(NotAllowed):
            publish(actor=house.actor(name))
        with pytest.raises(NotAllowed):
            services.retire_item(actor=house.actor(name), code="MZ-001", at=NOW)
    assert publish(actor=house.actor("administrator")).number == 2


def test_a_conditional_document_names_its_case(house: House) -> None:
    document = services.Document(name="委托书", necessity="conditional")
    with pytest.raises(Invalid) as refused:
        publish(services.Content(name="证", promised=Limit(1, DAYS), documents=[document]))
    assert refused.value.field == "documents"


def test_a_retired_item_is_not_offered_and_a_new_version_offers_it_again(house: House) -> None:
    services.retire_item(actor=SYSTEM, code="MZ-001", at=NOW)
    assert not selectors.items().exists() and selectors.items(active=False).exists()
    publish()
    assert selectors.items().get().code == "MZ-001"
    with pytest.raises(NotFound):
        services.retire_item(actor=SYSTEM, code="NO-SUCH", at=NOW)
