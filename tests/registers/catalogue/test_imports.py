"""Service items from files: the real list of a district, bad rows, running again, being interrupted."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation
from openpyxl import Workbook

from liangdian.config.commands import import_items as command
from liangdian.foundation.actor import SYSTEM, Actor, Grant, Role
from liangdian.foundation.limits import Limit, LimitUnit
from liangdian.foundation.refused import Invalid, NotAllowed
from liangdian.platform.audit.models import AccessLog
from liangdian.registers.catalogue import selectors, services
from liangdian.registers.catalogue.imports import ImportResult, import_items
from liangdian.registers.catalogue.models import Category, Item, ItemKind, ItemVersion

pytestmark = pytest.mark.django_db
REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "service_items.csv"
AT = datetime(2026, 9, 18, 2, tzinfo=UTC)
WORKING_DAYS = LimitUnit.WORKING_DAYS


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def table(folder: Path, *rows: str, head: str = "department,main_item,name") -> Path:
    path = folder / "items.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def counts(result: ImportResult) -> tuple[int, int, int, int, int]:
    return (result.read, result.created, result.unchanged, result.updated, result.rejected)


def reasons(result: ImportResult) -> list[tuple[str, str]]:
    assert result.rejected_path is not None
    with result.rejected_path.open(encoding="utf-8-sig", newline="") as file:
        return [(row["line"], row["reason"]) for row in csv.DictReader(file)]


@pytest.fixture
def real(tmp_path: Path) -> Path:
    if not REAL.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("The real items are missing: ../shared/data/service_items.csv")
        pytest.skip("No real items here: ../shared/data/service_items.csv (not part of the project)")
    copy = tmp_path / REAL.name
    copy.write_bytes(REAL.read_bytes())
    return copy


def test_the_real_items_of_a_district_come_in_and_a_second_time_changes_nothing(real: Path) -> None:
    first = import_items(real, actor=SYSTEM, at=AT)
    assert counts(first) == (1135, 1133, 0, 0, 2)
    assert all("stands in line" in reason for _line, reason in reasons(first))
    before = list(ItemVersion.objects.order_by("pk").values_list())
    assert counts(import_items(real, actor=SYSTEM, at=AT)) == (1135, 0, 1133, 0, 2)
    assert list(ItemVersion.objects.order_by("pk").values_list()) == before
    assert selectors.items(text="求职创业补贴").count() == 1
    at_once = ItemVersion.objects.filter(kind=ItemKind.AT_ONCE)
    assert at_once.count() == sum("咨询" in v.name or "查询" in v.name for v in ItemVersion.objects.all())


def test_statements_do_not_grow_with_the_rows(
    real: Path, tmp_path: Path, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        import_items(real, actor=SYSTEM, at=AT)


def test_the_promise_is_a_marked_default_and_advice_is_given_at_once(tmp_path: Path) -> None:
    import_items(
        table(tmp_path, "区民政局,养老服务,老年优待证", "区人社局,未分类,社保政策咨询"), actor=SYSTEM, at=AT
    )
    card = ItemVersion.objects.get(name="老年优待证")
    assert card.promised_limit == Limit(5, WORKING_DAYS)
    assert card.legal_limit is None
    assert "养老服务" in card.basis
    assert card.authority == card.item.category.name == "区民政局"
    assert ItemVersion.objects.get(name="社保政策咨询").kind == ItemKind.AT_ONCE
    assert AccessLog.objects.get(act="items_imported").subject_id == "2"


def test_bad_rows_are_reported_with_line_and_reason_and_the_rest_goes_in(tmp_path: Path) -> None:
    long = "长" * 5_000
    path = table(
        tmp_path, "区民政局,a,老年优待证", ",a,无部门", "区民政局,a,", f"区民政局,a,{long}",
        "区民政局,a, 老年优待证 ", "区民政局,a,b,c", "区民政局,a,残疾人证😀",
    )  # fmt: skip
    result = import_items(path, actor=SYSTEM, at=AT)
    assert counts(result) == (7, 2, 0, 0, 5)
    assert reasons(result) == [
        ("3", "The row lacks a department or a name."),
        ("4", "The row lacks a department or a name."),
        ("5", "A name, a main item or a department is longer than 200 characters."),
        ("6", "The same item stands in line 2 already."),
        ("7", "The row has more cells than there are columns. Is a quotation mark missing?"),
    ]
    assert result.rejected_path == tmp_path / "items.csv.rejected.csv"


def test_a_gb18030_file_and_a_workbook_name_the_same_items(tmp_path: Path) -> None:
    path = table(tmp_path, "区民政局,a,老年优待证")
    import_items(path, actor=SYSTEM, at=AT)
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    assert import_items(path, actor=SYSTEM, at=AT).unchanged == 1
    book = Workbook()
    book.active.append(["department", "main_item", "name"])
    book.active.append(["区民政局", "a", "老年优待证"])
    book.save(tmp_path / "items.xlsx")
    assert import_items(tmp_path / "items.xlsx", actor=SYSTEM, at=AT).unchanged == 1


def test_a_file_without_the_columns_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="lacks these columns: department"):
        import_items(table(tmp_path, "x,y", head="main_item,name"), actor=SYSTEM, at=AT)
    assert not Item.objects.exists()


def test_only_an_administrator_imports_items(tmp_path: Path) -> None:
    clerk = Actor(user_id=1, name="李慧", grants=(Grant(Role.CLERK, 1, "/1/"),))
    with pytest.raises(NotAllowed):
        import_items(table(tmp_path, "区民政局,a,老年优待证"), actor=clerk, at=AT)
    assert not Item.objects.exists()


def test_what_was_changed_by_hand_is_not_overwritten_by_the_same_file(tmp_path: Path) -> None:
    path = table(tmp_path, "区民政局,a,老年优待证")
    import_items(path, actor=SYSTEM, at=AT)
    item = Item.objects.select_related("current", "category").get()
    assert item.current is not None
    content = replace(services.content_of(item.current), promised=Limit(2, WORKING_DAYS))
    services.publish_version(actor=SYSTEM, code=item.code, category=item.category, content=content, at=AT)
    assert import_items(path, actor=SYSTEM, at=AT).unchanged == 1
    item.refresh_from_db()
    assert item.current is not None
    assert (item.current.number, item.current.promised_amount) == (2, 2)


HEAD = "department,name,code,promised_amount,promised_unit"


def test_a_file_with_codes_speaks_for_its_items_and_a_change_is_a_new_version(tmp_path: Path) -> None:
    import_items(table(tmp_path, "区民政局,老年优待证,MZ-1,3,working_days", head=HEAD), actor=SYSTEM, at=AT)
    path = table(tmp_path, "区民政局,老年人优待证,MZ-1,2,working_days", head=HEAD)
    assert import_items(path, actor=SYSTEM, at=AT).updated == 1
    assert import_items(path, actor=SYSTEM, at=AT).unchanged == 1
    versions = list(ItemVersion.objects.order_by("number").values_list("name", "promised_amount"))
    assert versions == [("老年优待证", 3), ("老年人优待证", 2)]


def test_a_row_that_promises_longer_than_the_law_is_rejected_art_42(tmp_path: Path) -> None:
    content = services.Content(
        name="老年优待证", promised=Limit(5, WORKING_DAYS), legal=Limit(20, WORKING_DAYS)
    )
    category = services.category(code="MZ", name="区民政局")
    services.publish_version(actor=SYSTEM, code="MZ-1", category=category, content=content, at=AT)
    path = table(tmp_path, "区民政局,老年优待证,MZ-1,21,working_days", head=HEAD)
    result = import_items(path, actor=SYSTEM, at=AT)
    assert counts(result) == (1, 0, 0, 0, 1)
    assert "longer than the law" in reasons(result)[0][1]
    assert ItemVersion.objects.count() == 1


@pytest.mark.parametrize(
    "promise", ["x,working_days", "0,working_days", "5,weeks", "-1,hours", "5,", "99999,hours"]
)
def test_a_promise_that_is_none_is_rejected(tmp_path: Path, promise: str) -> None:
    result = import_items(table(tmp_path, f"区民政局,证,MZ-1,{promise}", head=HEAD), actor=SYSTEM, at=AT)
    assert counts(result) == (1, 0, 0, 0, 1)


def test_a_department_that_is_a_category_already_is_used(tmp_path: Path) -> None:
    mine = services.category(code="MZ", name="区民政局")
    import_items(table(tmp_path, "区民政局,a,老年优待证"), actor=SYSTEM, at=AT)
    assert Item.objects.get().category == mine
    assert Category.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_interrupted_it_keeps_whole_chunks_and_continues_where_it_was(tmp_path: Path) -> None:
    path = table(tmp_path, *(f"区民政局,a,第{i}项" for i in range(25)))

    def stop(done: int, _rejected: int) -> None:
        if done >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_items(path, actor=SYSTEM, at=AT, chunk=10, progress=stop)
    assert Item.objects.filter(current__isnull=False).count() == Item.objects.count() == 20
    assert counts(import_items(path, actor=SYSTEM, at=AT, chunk=10)) == (25, 5, 20, 0, 0)


def test_the_command_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(tmp_path, "区民政局,a,老年优待证", ",a,无部门")
    parser = command.argparse.ArgumentParser()
    command.add_arguments(parser)
    assert command.run(parser.parse_args([str(path)])) == 0
    out = capsys.readouterr().out
    assert "1 new, 0 changed, 0 as they were." in out
    assert str(tmp_path / "items.csv.rejected.csv") in out
