"""Related matters, and a whole with its parts: a whole is answered after its parts."""

from __future__ import annotations

import pytest

from liangdian.casework import rules, selectors, services
from liangdian.casework.models import Case, CaseRelation
from liangdian.casework.policy import Act
from liangdian.casework.states import EventType
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from tests.casework.conftest import NOW, House
from tests.casework.test_guards import CHECK, RESTRICT, UNIQUE, refused


def link(house: House, case: Case, other: Case | str, how: str = "related", by: str = "clerk") -> None:
    number = other if isinstance(other, str) else other.reference
    services.link(actor=house.actor(by), case_id=case.pk, other=number, how=how, reason="同一家", at=NOW)


def unlink(house: House, case: Case, other: Case, reason: str = "弄错了", by: str = "clerk") -> None:
    services.unlink(actor=house.actor(by), case_id=case.pk, other=other.reference, reason=reason, at=NOW)


def ties(house: House, case: Case, by: str = "clerk") -> list[tuple[str, str]]:
    page = selectors.case_page(actor=house.actor(by), reference=case.reference, now=NOW)
    return [(tie.role, tie.reference) for tie in page.ties]


def test_related_matters_show_each_other_until_the_link_is_removed(house: House) -> None:
    first, second = house.case(), house.case()
    link(house, second, first)
    assert ties(house, first) == [("related", second.reference)]
    assert ties(house, second) == [("related", first.reference)]
    for case in (first, second):
        line = case.events.get(type=EventType.LINKED)
        assert not line.public, "a link is not told to residents"
    with pytest.raises(Invalid):
        link(house, first, second)
    with pytest.raises(Invalid):
        unlink(house, first, second, reason="")
    unlink(house, first, second)
    assert ties(house, first) == ties(house, second) == []
    with pytest.raises(Invalid):
        unlink(house, first, second)
    link(house, first, second)  # linked again, another row
    assert CaseRelation.objects.count() == 2


def test_a_whole_lists_its_parts_and_is_answered_after_them(house: House) -> None:
    whole, parts, clerk = house.case(), [house.case(), house.case()], house.actor("clerk")
    link(house, parts[0], whole, "part_of")
    link(house, whole, parts[1], "has_part")
    assert ties(house, whole) == [("part", part.reference) for part in parts]
    assert ties(house, parts[1]) == [("whole", whole.reference)]
    for act in (
        lambda: services.resolve(actor=clerk, case_id=whole.pk, answer="好", at=NOW),
        lambda: services.end_matter(actor=clerk, case_id=whole.pk, reason="无", at=NOW),
    ):
        with pytest.raises(rules.WrongState):
            act()
    page = selectors.case_page(actor=clerk, reference=whole.reference, now=NOW)
    assert Act.RESOLVE not in page.acts
    services.resolve(actor=clerk, case_id=parts[0].pk, answer="好", at=NOW)
    unlink(house, whole, parts[1])
    services.resolve(actor=clerk, case_id=whole.pk, answer="好", at=NOW)


def test_a_part_has_no_parts_and_one_whole(house: House) -> None:
    whole, part, other = house.case(), house.case(), house.case()
    link(house, part, whole, "part_of")
    for case, second, how in (
        (other, part, "part_of"), (part, other, "part_of"), (whole, other, "part_of"),
        (part, whole, "related"), (part, part, "related"), (other, whole, "nonsense"),
        (other, "XD-2026-999999", "related"),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            link(house, case, second, how)
    with pytest.raises(Invalid):
        services.merge(
            actor=house.actor("clerk"), case_id=part.pk, other=whole.reference, reason="同", at=NOW
        )
    with pytest.raises(rules.WrongState):
        services.merge(
            actor=house.actor("clerk"), case_id=whole.pk, other=other.reference, reason="同", at=NOW
        )


def test_a_closed_matter_is_related_but_no_part(house: House) -> None:
    case, old = house.case(), house.case()
    services.withdraw(actor=house.actor("clerk"), case_id=old.pk, reason="不办了", at=NOW)
    with pytest.raises(Invalid):
        link(house, case, old, "has_part")
    link(house, case, old)
    with pytest.raises(rules.WrongState):
        link(house, old, house.case())


def test_nobody_links_what_he_does_not_see_or_work_on(house: House) -> None:
    case, other = house.case(), house.case()
    elsewhere = house.case(by="stranger", unit_id=house.other.pk, first_handler_id=house.id("stranger"))
    with pytest.raises(Invalid):
        link(house, case, elsewhere)
    with pytest.raises(NotAllowed):
        link(house, case, other, by="inspector")
    with pytest.raises(NotFound):
        link(house, case, other, by="stranger")
    link(house, case, elsewhere, by="coordinator")
    assert ties(house, case) == [], "the clerk does not see the other unit's matter"
    assert ties(house, case, by="coordinator") == [("related", elsewhere.reference)]


def test_the_database_keeps_links_whole(house: House) -> None:
    whole, part, other = house.case(), house.case(), house.case()
    link(house, part, whole, "part_of")
    row = CaseRelation.objects.filter(case=part)
    made = {
        "kind": "part",
        "case": other,
        "other": part,
        "reason": "x",
        "at": NOW,
        "by_id": house.id("clerk"),
    }
    assert refused(CaseRelation(**made).save) == CHECK
    assert refused(CaseRelation(**{**made, "case": whole, "other": other}).save) == CHECK
    assert refused(CaseRelation(**{**made, "case": part, "other": other}).save) == UNIQUE
    assert refused(CaseRelation(**{**made, "kind": "related", "case": other, "other": whole}).save) == CHECK
    assert refused(lambda: row.update(other=other)) == RESTRICT
    assert refused(lambda: row._raw_delete(row.db)) == RESTRICT
    assert (
        refused(
            lambda: Case.objects.filter(pk=whole.pk).update(
                state="resolved", stage="completed", resolved_at=NOW
            )
        )
        == CHECK
    )
    unlink(house, part, whole)
    assert refused(lambda: row.update(end_reason="anders")) == RESTRICT
