"""A placement: found on a visit, asked, placed by people, and the household reads where it stands."""

from __future__ import annotations

import pytest

from liangdian.casework.chain import verify
from liangdian.casework.links import link_path
from liangdian.casework.models import Case
from liangdian.desks.assistance import services
from liangdian.desks.assistance.models import Help, Offer
from liangdian.desks.assistance.services import NewOffer
from liangdian.foundation.clock import business_date
from liangdian.platform.accounts.selectors import actor_of
from tests.journeys.conftest import LONG_AGO, Hall, Visit
from tests.journeys.test_procedure import do

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_placement(hall: Hall, visit: Visit) -> None:
    clerk = actor_of(hall.staff["lihui"])
    offer = NewOffer(hall.units["XD"].pk, "work", "楼道保洁员", "惠民物业", "崇文街", 800, 24)
    services.add_offer(actor=clerk, offer=offer, at=LONG_AGO)
    desk = visit("lihui")
    desk.goto("/assistance/places/")
    assert "楼道保洁员" in desk.text()
    desk.goto("/assistance/new/")
    desk.page.fill("[name=resident_name]", "周桂枝")
    desk.page.fill("[name=phone]", "13812342211")
    desk.page.fill("[name=words]", "想就近找份保洁的活，好照看家里。")
    desk.submit()
    case = Case.objects.get()
    desk.goto(f"/cases/{case.reference}/assistance.consent/")
    desk.page.check("[name=wants][value=yes]", force=True)
    desk.submit()
    do(desk, case, "assistance.helper", helper="李慧")
    do(desk, case, "assistance.need", kind="就业", income="560", least_pay="600", most_hours="30")
    assert "正是这家要找的" in desk.text()
    desk.goto(f"/cases/{case.reference}/assistance.place/")
    desk.page.check(f"[name=offer][value='{Offer.objects.get().pk}']", force=True)
    desk.page.fill("[name=starts]", business_date(case.registered_at).isoformat())
    desk.page.fill("[name=pay]", "800")
    desk.submit()
    assert Help.objects.get().state == "placed"
    phone = visit(width=390)
    phone.goto(link_path(case.reference))
    assert "楼道保洁员" in phone.text()
    assert "560" not in phone.text()
    assert list(verify()) == []
