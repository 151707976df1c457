"""The green channel: before the others in every list, for a recorded reason, and in turn again."""

from __future__ import annotations

import pytest

from liangdian.casework import pledge_lines, rules, services, worklists
from liangdian.casework.figures import Period
from liangdian.casework.models import Case, GreenChannel
from liangdian.casework.states import Rank
from liangdian.casework.worklists import Filters, Worklist
from liangdian.foundation.refused import Invalid, NotAllowed
from tests.casework.conftest import NOW, House
from tests.casework.test_guards import CHECK, RESTRICT, UNIQUE, refused


def test_it_goes_before_the_others_in_every_list_until_it_is_taken_out(house: House) -> None:
    first, second = house.case(), house.case()
    clerk = house.actor("clerk")
    services.put_first(actor=clerk, case_id=second.pk, reason="over_80", text="", at=NOW)
    for worklist in (Worklist.ANSWER, Worklist.TODO, Worklist.UNIT):
        rows = worklists.page_of(worklist, clerk, Filters(), now=NOW).rows
        assert [row.pk for row in rows] == [second.pk, first.pk], worklist
    with pytest.raises(rules.WrongState):
        services.put_first(actor=clerk, case_id=second.pk, reason="ill", text="", at=NOW)
    with pytest.raises(Invalid):
        services.take_out(actor=clerk, case_id=second.pk, reason=" ", at=NOW)
    services.take_out(actor=clerk, case_id=second.pk, reason="记错了年龄", at=NOW)
    rows = worklists.page_of(Worklist.UNIT, clerk, Filters(), now=NOW).rows
    assert [row.pk for row in rows] == [first.pk, second.pk]
    row = GreenChannel.objects.get(case=second)
    assert (row.ended_by_id, row.end_reason) == (house.id("clerk"), "记错了年龄")
    period = Period(first=NOW.date(), last=NOW.date())
    assert pledge_lines.put_first(clerk, period) == {"over_80": 1}


def test_the_reason_comes_from_the_list_and_another_one_is_written_out(house: House) -> None:
    case, clerk = house.case(), house.actor("clerk")
    for reason, text in (("friend", ""), ("", ""), ("other", ""), ("other", "长" * 501)):
        with pytest.raises(Invalid):
            services.put_first(actor=clerk, case_id=case.pk, reason=reason, text=text, at=NOW)
    services.put_first(actor=clerk, case_id=case.pk, reason="other", text="带着三个孩子", at=NOW)
    assert Case.objects.get(pk=case.pk).rank == Rank.GREEN


def test_who_only_does_the_work_puts_nobody_first(house: House) -> None:
    case = house.case()
    services.refer(
        actor=house.actor("clerk"), case_id=case.pk, to_unit_id=house.section.pk, reason="r", at=NOW
    )
    with pytest.raises(NotAllowed):
        services.put_first(actor=house.actor("handler"), case_id=case.pk, reason="ill", text="", at=NOW)


def test_the_database_puts_nobody_first_without_a_reason(house: House) -> None:
    case = house.case()
    row = Case.objects.filter(pk=case.pk)
    assert refused(lambda: row.update(rank=Rank.GREEN)) == CHECK
    made = {"case": case, "reason": "ill", "at": NOW, "by_id": house.id("clerk")}
    for wrong in ({"reason": "friend"}, {"reason": "other"}, {"ended_at": NOW}):
        assert refused(GreenChannel(**{**made, **wrong}).save) == CHECK, wrong
    services.put_first(actor=house.actor("clerk"), case_id=case.pk, reason="ill", text="", at=NOW)
    channel = GreenChannel.objects.filter(case=case)
    assert refused(GreenChannel(**made).save) == UNIQUE
    assert refused(lambda: channel.update(reason="disabled")) == RESTRICT
    assert refused(lambda: channel._raw_delete(channel.db)) == RESTRICT
