"""Matters from foreign tables: what each row becomes, what is refused and why, again and again, killed."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import translation

from liangdian.casework import worklists
from liangdian.casework.chain import verify
from liangdian.casework.imports import BadMapping, Imported, import_cases
from liangdian.casework.models import Case, CaseDetail, Event, Promise, Resolution
from liangdian.casework.services.sweep import sweep
from liangdian.casework.worklists import Filters, Worklist
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.refused import Invalid, NotFound, Refused
from liangdian.insight.selectors import Period, figures
from liangdian.platform.accounts import services as account_services
from liangdian.platform.audit.selectors import AccessLog
from liangdian.registers.catalogue.models import Item, ItemVersion
from tests.casework.conftest import NOW
from tests.casework.import_tables import OPEN, row, rows, write_csv, write_xlsx

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "requests_la_2017.csv"
LA = "requests_la_2017"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def take(path: Path, *, mapping: str = LA, at: datetime = NOW, **more: object) -> Imported:
    return import_cases(path=path, mapping=mapping, actor=SYSTEM, at=at, **more)


def case_of(key: str) -> Case:
    return Case.objects.select_related("detail", "item_version").get(detail__import_key=f"{LA}:{key}")


def rejected_lines(done: Imported) -> list[str]:
    assert done.rejected_path is not None
    return done.rejected_path.read_text(encoding="utf-8-sig").splitlines()


def test_a_closed_row_becomes_a_matter_with_its_history(house, tmp_path):
    done = take(write_csv(tmp_path / "a.csv", [row()]))
    assert (done.read, done.created, done.unchanged, done.rejected) == (1, 1, 0, 0)
    case = case_of("1-1")
    assert (case.kind, case.channel, case.state, case.ending) == ("service", "phone", "closed", "not_rated")
    assert case.registered_at == datetime(2017, 12, 28, 18, 0, tzinfo=UTC)
    assert case.resolved_at == case.closed_at == datetime(2018, 1, 3, 17, 0, tzinfo=UTC)
    assert case.reference == "CG-2017-000001"
    assert (case.title, case.detail.place) == ("Bulky Items", "90026, GREATER ECHO PARK ELYSIAN NC")
    assert "SRNumber: 1-1" in case.detail.words
    history = list(case.events.order_by("seq").values_list("type", "at"))
    assert history == [
        ("registered", case.registered_at), ("promised", case.registered_at),
        ("resolved", case.closed_at), ("closed", case.closed_at),
    ]  # fmt: skip
    assert case.resolutions.get().kept
    assert list(verify()) == []


def test_the_service_date_is_the_promise_until_the_end_of_that_day_there(house, tmp_path):
    hour = row(SRNumber="1-2", ServiceDate="01/02/2018 03:30:00 PM")
    take(write_csv(tmp_path / "a.csv", [row(), hour]))
    whole_day, exact = case_of("1-1").promises.get(), case_of("1-2").promises.get()
    assert whole_day.due_at == datetime(2018, 1, 6, 7, 59, 59, 999999, tzinfo=UTC)
    assert exact.due_at == datetime(2018, 1, 2, 23, 30, tzinfo=UTC)
    assert (whole_day.reason, whole_day.rule_code) == ("imported", "import.requests_la_2017")
    assert not case_of("1-2").resolutions.get().kept


def test_without_a_service_date_the_default_rule_of_the_kind_promises(house, tmp_path):
    take(write_csv(tmp_path / "a.csv", [row(ServiceDate="", RequestType="Illegal Dumping Pickup")]))
    promise = case_of("1-1").promises.get()
    assert (promise.rule_code, promise.amount, promise.unit) == ("promise.report", 15, "working_days")
    assert (promise.reason, promise.due_day) == ("registered", date(2018, 1, 22))


def test_an_open_row_that_is_long_overdue_rings_no_bell(house, tmp_path):
    take(write_csv(tmp_path / "a.csv", [row(**OPEN)]))
    case = case_of("1-1")
    assert (case.state, case.alarms_done, case.next_due_at) == ("handling", 3, None)
    assert sweep(at=NOW).total == 0
    assert case.events.count() == 2


def test_an_open_row_whose_promise_lies_ahead_is_watched(house, tmp_path):
    dates = {"CreatedDate": "09/10/2026 08:00:00 AM", "ServiceDate": "09/24/2026 12:00:00 AM"}
    take(write_csv(tmp_path / "a.csv", [row(**OPEN, **dates)]))
    case = case_of("1-1")
    assert case.alarms_done == 0
    assert NOW < case.next_due_at < case.due_at
    assert sweep(at=case.next_due_at).counts == {"warn": 1}
    assert list(verify()) == []


def test_a_cancelled_row_is_withdrawn(house, tmp_path):
    take(write_csv(tmp_path / "a.csv", [row(Status="Cancelled")]))
    case = case_of("1-1")
    assert (case.state, case.ending) == ("withdrawn", "withdrawn")
    assert [e.type for e in case.events.order_by("seq")] == ["registered", "promised", "withdrawn"]
    assert not Resolution.objects.filter(case=case).exists()


def test_each_type_becomes_one_item(house, tmp_path):
    before = Item.objects.count()
    take(
        write_csv(tmp_path / "a.csv", [*rows(8), row(SRNumber="g", RequestType="Graffiti Removal")]), chunk=3
    )
    assert Item.objects.count() == before + 2
    version = case_of("g").item_version
    assert (version.name, version.names["zh-hans"]) == ("Graffiti Removal", "涂鸦清除")
    take(write_csv(tmp_path / "b.csv", [row(SRNumber="h", RequestType="Graffiti Removal")]))
    assert case_of("h").item_version == version
    assert ItemVersion.objects.filter(item=version.item).count() == 1


BAD = {
    "It was closed before it was opened.": {"ClosedDate": "12/27/2017 09:00:00 AM"},
    "Column SRNumber is empty.": {"SRNumber": " "},
    "Column CreatedDate is empty.": {"CreatedDate": ""},
    "“31/12/2017” in column CreatedDate is not a date as the mapping writes it.": {
        "CreatedDate": "31/12/2017"
    },
    "“soon” in column ServiceDate is not a date as the mapping writes it.": {"ServiceDate": "soon"},
    "“01/01/0001 12:00:00 AM” in column ServiceDate is not a date": {"ServiceDate": "01/01/0001 12:00:00 AM"},
    "“12/31/9999 11:59:59 PM” in column ServiceDate is not a date": {"ServiceDate": "12/31/9999 11:59:59 PM"},
    "The promised date lies more than 10000 days ahead.": {"ServiceDate": "01/01/2090 12:00:00 AM"},
    "The mapping does not know “Teleported” in column Status.": {"Status": "Teleported"},
    "The mapping does not know “Pigeon” in column RequestSource.": {"RequestSource": "Pigeon"},
    "The mapping does not know “Potholes” in column RequestType.": {"RequestType": "Potholes"},
    "Its status is “Closed”, but column ClosedDate is empty.": {"ClosedDate": ""},
    "Its status is “Open”, but column ClosedDate has a date.": {"Status": "Open"},
    "A date lies in the future.": {"CreatedDate": "01/01/2031 09:00:00 AM", "ClosedDate": ""},
    "The key in column SRNumber is too long.": {"SRNumber": "9" * 200},
    "The key “1-1” stands in the file twice.": {"SRNumber": "1-1"},
}


@pytest.mark.parametrize("reason", BAD)
def test_a_bad_row_is_reported_with_line_and_reason_and_the_rest_goes_in(reason, house, tmp_path):
    bad = {**row(SRNumber="1-2"), **BAD[reason]}
    done = take(write_csv(tmp_path / "a.csv", [row(), bad, row(SRNumber="1-3")]))
    assert (done.read, done.created, done.rejected) == (3, 2, 1)
    assert done.rejected_path == tmp_path / "a.csv.rejected.csv"
    (_header, line) = list(csv.reader(rejected_lines(done)))
    assert "3" in line
    assert any(reason in cell for cell in line)
    assert set(CaseDetail.objects.values_list("import_key", flat=True)) == {f"{LA}:1-1", f"{LA}:1-3"}


def test_a_row_with_too_many_cells_is_reported(house, tmp_path):
    path = write_csv(tmp_path / "a.csv", [row(), row(SRNumber="1-2")])
    path.write_text(path.read_text(encoding="utf-8").rstrip() + ",more\n", encoding="utf-8")
    done = take(path)
    assert (done.created, done.rejected) == (1, 1)
    assert "more cells" in rejected_lines(done)[1]


def test_text_nobody_can_store_is_cleaned_and_formulas_stay_text(house, tmp_path):
    odd = row(NCName="A\x07B 😀", AssignTo="=HYPERLINK(1)")
    take(write_csv(tmp_path / "a.csv", [odd, row(SRNumber="1-2", NCName="N" * 5000)]))
    assert case_of("1-1").detail.place == "90026, AB 😀"
    assert len(case_of("1-2").detail.place) == 200


def counts() -> tuple[int, ...]:
    return tuple(m.objects.count() for m in (Case, CaseDetail, Promise, Event, Resolution, Item, AccessLog))


def test_running_it_again_changes_nothing(house, tmp_path):
    path = write_csv(tmp_path / "a.csv", rows(25))
    take(path, chunk=10)
    before, cases = counts(), list(Case.objects.order_by("pk").values())
    done = take(path, chunk=7, first_handler="clerk", unit="XD")
    assert (done.read, done.created, done.unchanged) == (25, 0, 25)
    assert (counts(), list(Case.objects.order_by("pk").values())) == (before, cases)


def test_the_next_number_at_the_window_follows_the_imported_ones(house, tmp_path):
    take(write_csv(tmp_path / "a.csv", rows(5)), unit="XD")
    case = house.case(at=datetime(2017, 12, 31, 2, 0, tzinfo=UTC))
    assert case.reference == "XD-2017-000006"


def test_the_first_handler_is_the_named_one_or_the_nearest_coordinator(house, tmp_path):
    take(write_csv(tmp_path / "a.csv", [row()]), unit="XD")
    take(write_csv(tmp_path / "b.csv", [row(SRNumber="1-2")]), unit="XD", first_handler="Clerk")
    first, second = case_of("1-1"), case_of("1-2")
    assert (first.first_handler_id, first.handler_id) == (house.id("coordinator"), house.id("coordinator"))
    assert second.first_handler_id == house.id("clerk")
    assert (first.origin_id, first.unit_id) == (house.community.pk, house.community.pk)


@pytest.mark.parametrize("name", ["nobody", "auditor", "leader"])
def test_somebody_who_cannot_answer_is_no_first_handler(name, house, tmp_path):
    with pytest.raises((NotFound, Invalid)):
        take(write_csv(tmp_path / "a.csv", [row()]), first_handler=name)
    assert not Case.objects.exists()


def test_without_a_coordinator_a_first_handler_has_to_be_named(house, tmp_path):
    grant = house.staff["coordinator"].grants.get()
    account_services.revoke_role(actor=SYSTEM, grant_id=grant.pk, at=NOW)
    with pytest.raises(Invalid, match="--first-handler"):
        take(write_csv(tmp_path / "a.csv", [row()]), at=datetime(2026, 9, 19, tzinfo=UTC))


def test_an_unknown_unit_is_refused(house, tmp_path):
    with pytest.raises(NotFound, match="“ZZ”"):
        take(write_csv(tmp_path / "a.csv", [row()]), unit="ZZ")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_byte_order_mark_and_gb18030_are_read(encoding, house, tmp_path):
    take(write_csv(tmp_path / "a.csv", [row(NCName="西大街社区")], encoding=encoding))
    assert case_of("1-1").detail.place == "90026, 西大街社区"


def by_case(rows: QuerySet[Any], *columns: str) -> dict[int, list[object]]:
    """Rows of a table by their case, in their order."""
    found: dict[int, list[object]] = defaultdict(list)
    for case_id, *values in rows.order_by("case_id", "pk").values_list("case_id", *columns):
        found[case_id].append(values)
    return found


def snapshot() -> dict[str, list[object]]:
    """By key, everything that an import writes, without what differs by time and key."""
    events = by_case(Event.objects.all(), "seq", "type", "at", "data")
    promises = by_case(Promise.objects.all(), "seq", "due_at", "reason", "amount", "unit")
    answers = by_case(Resolution.objects.all(), "round", "at", "kept", "answer")
    columns = (
        "kind", "channel", "state", "ending", "title", "first_handler_id", "registered_at", "resolved_at",
        "closed_at", "due_at", "next_due_at", "alarms_done", "last_seq", "detail__words", "detail__place",
    )  # fmt: skip
    return {
        key: [*values, events[pk], promises[pk], answers[pk]]
        for key, pk, *values in Case.objects.values_list("detail__import_key", "pk", *columns)
    }


def references() -> list[str]:
    return list(Case.objects.order_by("reference").values_list("reference", flat=True))


def test_xlsx_gives_the_same_as_csv(house, tmp_path):
    table = rows(12)
    with transaction.atomic():
        take(write_csv(tmp_path / "a.csv", table))
        wanted = snapshot()
        transaction.set_rollback(True)
    done = take(write_xlsx(tmp_path / "a.xlsx", table))
    assert done.created == 12
    assert snapshot() == wanted


def test_dates_and_numbers_of_a_spreadsheet_are_read(house, tmp_path):
    created, zip_code = datetime(2017, 12, 28, 10, 0), 90026.0  # noqa: DTZ001 - a cell has no zone
    take(write_xlsx(tmp_path / "a.xlsx", [{**row(), "CreatedDate": created, "ZipCode": zip_code}]))
    case = case_of("1-1")
    assert case.registered_at == datetime(2017, 12, 28, 18, 0, tzinfo=UTC)
    assert case.detail.place.startswith("90026, ")


def test_a_truncated_xlsx_is_refused_with_a_sentence(house, tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", rows(50))
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(Refused) as refusal:
        take(path)
    assert str(refusal.value).endswith(".")
    assert not Case.objects.exists()


def test_a_file_of_another_kind_is_refused_by_its_columns(house, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("name,department\n老年优待证,民政\n", encoding="utf-8")
    with pytest.raises(Invalid, match="SRNumber, CreatedDate"):
        take(path)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('key = "SRNumber"', "", "[columns] key"),
        ('zone = "America/Los_Angeles"', 'zone = "Mars/Base"', "[times] zone"),
        ('"Call" = "phone"', '"Call" = "pigeon"', "[channels] Call"),
        ('{ state = "handling" }', '{ state = "resolved" }', "[states] Open state"),
        ('state = "withdrawn", answer', 'state = "withdrawn", text', "[states] Cancelled answer"),
        ('kind = "suggestion"', 'kind = "idea"', "[types] Feedback kind"),
        ('name = "requests_la_2017"', 'name = "a b"', "name"),
        ("[columns]", "[columns", "not valid TOML"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(old, new, named, house, tmp_path):
    shipped = Path(worklists.__file__).parent / "mappings" / f"{LA}.toml"
    mine = tmp_path / "mine.toml"
    text = shipped.read_text(encoding="utf-8")
    assert old in text
    mine.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadMapping) as refusal:
        take(write_csv(tmp_path / "a.csv", [row()]), mapping=str(mine))
    assert named in str(refusal.value)


def test_an_unknown_mapping_names_the_shipped_ones(house, tmp_path):
    with pytest.raises(BadMapping, match=LA):
        take(write_csv(tmp_path / "a.csv", [row()]), mapping="requests_of_mars")


def test_a_mapping_of_ones_own_may_take_every_type(house, tmp_path):
    shipped = Path(worklists.__file__).parent / "mappings" / f"{LA}.toml"
    mine = tmp_path / "mine.toml"
    text = shipped.read_text(encoding="utf-8").replace(f'name = "{LA}"', 'name = "mine"')
    mine.write_text(text + '\n[types."*"]\nkind = "help"\ncategory = "BOS"\n', encoding="utf-8")
    take(write_csv(tmp_path / "a.csv", [row(RequestType="Potholes")]), mapping=str(mine))
    case = Case.objects.get(detail__import_key="mine:1-1")
    assert (case.kind, case.title) == ("help", "Potholes")


def database_url() -> str:
    """The address of the test's own database, for another process."""
    found = {name: quote(str(value), safe="") for name, value in connection.settings_dict.items()}
    query = f"host={found['HOST']}&port={found['PORT']}".removesuffix("&port=")
    return f"postgresql://{found['USER']}:{found['PASSWORD']}@/{found['NAME']}?{query}"


def start(path: Path, tmp_path: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "DATABASE_URL": database_url(), "LIANGDIAN_VAR": str(tmp_path / "var")}
    command = [sys.executable, "-m", "liangdian.cli", "import", "cases", str(path), "--map", LA]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_killed_in_the_middle_it_continues_and_loses_nothing(transactional_db, house, tmp_path):
    path = write_csv(tmp_path / "a.csv", rows(4000))
    with transaction.atomic():
        take(path)
        wanted, numbers = snapshot(), references()
        transaction.set_rollback(True)
    process = start(path, tmp_path)
    end = time.monotonic() + 120
    while not Case.objects.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert 0 < Case.objects.count() < 4000
    # Two at once: what one has written, the other finds there.
    both = [start(path, tmp_path) for _ in range(2)]
    printed = [process.communicate(timeout=300) for process in both]
    assert [process.returncode for process in both] == [0, 0], printed
    assert "imported" in printed[0][0]
    assert (snapshot(), references()) == (wanted, numbers)
    assert list(verify()) == []


def test_worklists_search_and_figures_show_them(house, tmp_path):
    take(write_csv(tmp_path / "a.csv", rows(30)))
    coordinator, none = house.actor("coordinator"), Filters()
    late = worklists.page_of(Worklist.LATE, coordinator, none, now=NOW)
    assert len(late.rows) == 3
    assert len(worklists.page_of(Worklist.ANSWER, coordinator, none, now=NOW).rows) == 3
    found = worklists.page_of(Worklist.ALL, coordinator, Filters(text="elysian bulky"), now=NOW)
    assert len(found.rows) == worklists.PAGE
    assert worklists.page_of(Worklist.ALL, house.actor("auditor"), none, now=NOW).rows == []
    shown = figures(actor=coordinator, period=Period(date(2017, 12, 30), date(2017, 12, 31)), now=NOW)
    assert (shown.total, shown.states) == (30, {"closed": 27, "handling": 3})


@pytest.fixture
def real(tmp_path) -> Path:
    if not REAL.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("The real requests are missing: ../shared/data/requests_la_2017.csv")
        pytest.skip("No real requests here: ../shared/data/requests_la_2017.csv (not part of the project)")
    copy = tmp_path / REAL.name
    copy.write_bytes(REAL.read_bytes())
    return copy


def test_the_real_requests_of_los_angeles(house, real):
    done = take(real)
    assert (done.read, done.created, done.rejected) == (9999, 9987, 12)
    reasons = [line for line in rejected_lines(done)[1:] if "It was closed before it was opened." in line]
    assert len(reasons) == 12
    coordinator = house.actor("coordinator")
    shown = figures(actor=coordinator, period=Period(date(2017, 12, 1), date(2018, 12, 31)), now=NOW)
    assert shown.total == 9987
    assert shown.kinds == {"service": 8667, "report": 1166, "help": 153, "suggestion": 1}
    assert shown.states == {"closed": 9736, "withdrawn": 246, "handling": 5}
    assert shown.channels["phone"] == 4187
    assert shown.on_time.denominator > 9000
    assert len(worklists.page_of(Worklist.LATE, coordinator, Filters(), now=NOW).rows) == 5
    assert sweep(at=NOW).total == 0
    assert list(verify()) == []
    again = take(real)
    assert (again.created, again.unchanged, again.rejected) == (0, 9987, 12)
