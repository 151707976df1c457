"""The pages of the calendar, through HTTP."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from liangdian.foundation.actor import Role
from liangdian.platform.audit.models import AccessLog
from liangdian.registers.calendar import preview, selectors, services, table
from liangdian.registers.calendar.kinds import Kind
from liangdian.registers.calendar.rules import Departure, Interval, TableDays, library_departures

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 5, tzinfo=UTC)
ROWS = [
    Departure(date(2027, *day), Kind.HOLIDAY, "假") for day in [(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)]
]
TABLE = table.as_table(sorted([*ROWS, Departure(date(2027, 2, 14), Kind.MAKE_UP, "春节")]))


def signed_in(role: Role) -> Client:
    user = get_user_model().objects.create(username=role.value, name="Gu Wen", created_at=AT, language="en")
    user.grants.create(role=role.value, unit_id=1, unit_path="/1/", since=AT)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def administrator() -> Client:
    return signed_in(Role.ADMINISTRATOR)


def typed(text: str = TABLE, *, act: str = "look", **more: object) -> dict[str, object]:
    return {"source": "Notice 7", "table": text, "version": 0, "act": act, **more}


def words(response) -> str:
    return response.content.decode()


def test_nobody_sees_the_calendar_without_signing_in(client):
    assert client.get("/calendar/2026/").status_code == 302
    assert client.post("/calendar/2027/load/", typed()).status_code == 302


def test_the_year_shows_holidays_and_make_up_days():
    services.seed_from_library()
    services.seed_hours()
    page = signed_in(Role.CLERK).get("/calendar/2026/")
    assert page.status_code == 200
    assert words(page).count("<table") == 13
    assert "Sun 20 Sep" in words(page)
    assert "Thu 1 Oct – Wed 7 Oct" in words(page)
    national = next(o for o in page.context["occasions"] if o.name == "National Day")
    assert [(run.first, run.length) for run in national.runs] == [(date(2026, 10, 1), 7)]
    assert national.make_ups == [date(2026, 9, 20), date(2026, 10, 10)]
    assert "09:00-12:00, 13:30-17:00" in words(page)
    assert "provisional" not in words(page)
    assert "/calendar/2026/load/" not in words(page)


def test_2027_is_shown_as_provisional():
    services.seed_from_library()
    assert "2027 is provisional." in words(signed_in(Role.CLERK).get("/calendar/2027/"))


def test_the_running_year_opens_and_strange_years_do_not(administrator):
    assert administrator.get("/calendar/?year=2027").url == "/calendar/2027/"
    assert administrator.get("/calendar/?year=%00x").status_code == 302
    for year in ("0", "1500", "9999", "99999999999999999999"):
        assert administrator.get(f"/calendar/{year}/").status_code == 404
        assert administrator.get(f"/calendar/{year}/load/").status_code == 404


@pytest.mark.parametrize("role", [Role.CLERK, Role.LEADER, Role.AUDITOR])
def test_only_administrators_load_a_year_or_set_hours(role):
    client = signed_in(role)
    for address in ("/calendar/2027/load/", "/calendar/hours/"):
        assert client.get(address).status_code == 403
        assert client.post(address, typed(act="load")).status_code == 403
    assert selectors.years() == []


def loaded(client: Client, text: str = TABLE, **more: object):
    seen = client.post("/calendar/2027/load/", typed(text, **more)).context["form"]["seen"].value()
    return client.post("/calendar/2027/load/", typed(text, act="load", seen=seen, **more), follow=True)


def test_what_changes_is_shown_before_anything_is_loaded(administrator):
    page = administrator.post("/calendar/2027/load/", typed())
    assert "6 days change" in words(page)
    assert "becomes a make-up working day" in words(page)
    assert selectors.years() == []
    assert "The calendar of 2027 is loaded." in words(loaded(administrator))
    assert selectors.calendar_days().is_working(date(2027, 2, 14))


def test_a_table_that_was_edited_after_the_preview_is_shown_again(administrator):
    seen = administrator.post("/calendar/2027/load/", typed()).context["form"]["seen"].value()
    edited = TABLE.replace("2027-02-14", "2027-02-21")
    page = administrator.post("/calendar/2027/load/", typed(edited, act="load", seen=seen))
    assert "Sun 21 Feb 2027" in words(page)
    assert selectors.years() == []


def test_the_table_of_a_loaded_year_stands_in_the_form_and_loading_it_changes_nothing(administrator):
    loaded(administrator)
    form = administrator.get("/calendar/2027/load/").context["form"]
    assert form["table"].value() == TABLE
    page = administrator.post("/calendar/2027/load/", typed(version=form["version"].value()))
    assert "This table changes nothing" in words(page)


def test_a_changed_table_tells_what_each_day_was(administrator):
    loaded(administrator)
    version = selectors.calendar_version(2027)
    text = TABLE.replace("2027-02-14,make_up", "2027-02-14,holiday").replace(
        "2027-01-01,holiday,假", "2027-01-01,休,元旦"
    )
    page = words(administrator.post("/calendar/2027/load/", typed(text, version=version)))
    assert "2 days change" in page
    assert "was a make-up working day, becomes a holiday" in page
    assert "was called 假" in page


def test_a_year_loaded_meanwhile_is_said_and_what_was_typed_stays(administrator):
    seen = administrator.post("/calendar/2027/load/", typed()).context["form"]["seen"].value()
    loaded(administrator, table.as_table(ROWS))
    page = administrator.post("/calendar/2027/load/", typed(act="load", seen=seen))
    assert page.status_code == 409
    assert "Somebody else loaded 2027 meanwhile" in words(page)
    assert "2027-02-14,make_up" in words(page)
    again = page.context["form"]
    assert again["version"].value() == selectors.calendar_version(2027)
    assert selectors.departures(2027) == ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_may_be_chosen_instead(administrator, encoding):
    file = SimpleUploadedFile("2027.csv", TABLE.replace("\n", "\r\n").encode(encoding))
    page = administrator.post("/calendar/2027/load/", typed("", file=file))
    assert "6 days change" in words(page)
    assert page.context["form"]["table"].value() == TABLE.strip()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Paste the table or choose a file."),
        ("2027-13-01,holiday,x", "Line 1: “2027-13-01” is not a date."),
        (TABLE + "2027-03-01,feast,x", "Line 8: “feast” is not a kind."),
        (TABLE + "2027-03-01", "Line 8: A line has the date, the kind and the name."),
        (TABLE + "2027-03-06,work," + "x" * 5000, "Line 8: The name is longer than 60 characters."),
        (TABLE + "2027-10-01,holiday,x", "2027-10-01 stands twice in the table."),
        (TABLE + "2026-10-01,holiday,x", "2026-10-01 is not a day of 2027."),
        (TABLE + "2027-03-01,make_up,x", "2027-03-01 is a working day anyway"),
        ("date,kind,name\n2027-01-01,holiday,元旦", "The table is not complete: 2027-10-01"),
        ("\x00💡", "Line 1:"),
    ],
)
def test_what_cannot_be_read_is_said_and_stays_in_the_form(administrator, text, sentence):
    page = administrator.post("/calendar/2027/load/", typed(text))
    assert page.status_code == 422
    assert sentence in words(page)
    assert page.context["form"]["source"].value() == "Notice 7"
    assert selectors.years() == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04rest", "The workbook is damaged"),
        (b"\xd0\xcf\x11\xe0old", "This is an old workbook."),
        (b"\xff\xff\xff", "This file is not text."),
        (b"x" * 200_001, "This file is too large"),
    ],
)
def test_a_file_that_is_no_table_is_refused(administrator, content, sentence):
    page = administrator.post("/calendar/2027/load/", typed("", file=SimpleUploadedFile("x.csv", content)))
    assert page.status_code == 422
    assert sentence in words(page)


def test_every_year_of_the_product_survives_the_way_through_text():
    for year in range(2004, 2027):
        assert table.read_table(table.as_table(library_departures(year))) == (library_departures(year), [])


@pytest.mark.parametrize(
    "text", ["2027年1月1日\t休\t元旦", "2027/1/1;放假;元旦", "日期,类型,名称\n2027.01.01，holiday，元旦\n"]
)
def test_tables_as_people_write_them(text):
    assert table.read_table(text) == ([Departure(date(2027, 1, 1), Kind.HOLIDAY, "元旦")], [])


def hours(**lines: str) -> dict[str, str]:
    return {f"day_{day}": lines.get(f"day_{day}", "") for day in range(8)}


def test_several_intervals_a_day_are_set_in_one_line(administrator):
    answer = administrator.post(
        "/calendar/hours/", hours(day_0="13：30～17：00， 9:00至12:00", day_5="9:00-12:00")
    )
    assert answer.status_code == 302
    assert selectors.service_hours() == {
        0: [Interval(time(9), time(12)), Interval(time(13, 30), time(17))],
        5: [Interval(time(9), time(12))],
    }
    assert "09:00-12:00, 13:30-17:00" in words(administrator.get("/calendar/hours/"))


@pytest.mark.parametrize(
    "line", ["nine", "9-12", "25:00-26:00", "12:00-9:00", "9:00-12:00, 11:00-13:00", "\x00"]
)
def test_hours_that_cannot_be_are_said_and_stay_in_the_form(administrator, line):
    page = administrator.post("/calendar/hours/", hours(day_0="9:00-10:00", day_1=line))
    assert page.status_code == (302 if line == "\x00" else 422)
    if page.status_code == 422:
        assert page.context["form"].errors.keys() == {"day_1"}
        assert selectors.service_hours() == {}


def test_the_year_page_costs_the_same_with_and_without_holidays(administrator, django_assert_max_num_queries):
    services.seed_from_library()
    administrator.get("/calendar/2026/")  # fills what the process keeps
    with django_assert_max_num_queries(10):
        administrator.get("/calendar/2026/")
    with django_assert_max_num_queries(10):
        administrator.get("/calendar/2030/")


def _workbook(rows: list[tuple[object, ...]]) -> SimpleUploadedFile:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile("2027.xlsx", content.getvalue())


def test_the_notice_is_loaded_from_a_workbook(administrator: Client) -> None:
    rows = [
        ("日期", "类型", "名称"),
        *((row.date, "休", row.name) for row in ROWS),
        ("2027年2月14日", "班", "春节"),
    ]
    seen = administrator.post("/calendar/2027/load/", typed("", file=_workbook(rows)))
    assert "6 days change" in words(seen)
    form = seen.context["form"]
    sent = typed(form.data["table"], act="load", seen=form.data["seen"])
    assert administrator.post("/calendar/2027/load/", sent).status_code == 302
    assert len(selectors.departures(2027)) == 6


def test_a_workbook_that_is_no_table_is_refused(administrator: Client) -> None:
    endless = _workbook([("2027-01-01", "休", "假")] * 401)
    assert "too many rows" in words(administrator.post("/calendar/2027/load/", typed("", file=endless)))
    odd = _workbook([("2027-01-01", "休", "假", "x")])
    assert administrator.post("/calendar/2027/load/", typed("", file=odd)).status_code == 422


def test_what_would_move_is_told_before_loading(
    administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def reader(year: int, days: TableDays) -> list[preview.Moves]:
        asked.append((year, days.is_working(date(2027, 2, 14)), days.is_known(date(2027, 3, 1))))
        return [preview.Moves("Promises", 2, 3, 5), preview.Moves("Nothing open", 0, 0, 0)]

    monkeypatch.setattr(preview, "_readers", {})
    preview.register(reader)
    page = words(administrator.post("/calendar/2027/load/", typed()))
    assert "2 earlier, 3 later, 5 stay" in page and "Nothing open" not in page
    assert asked == [(2027, True, True)]
    assert selectors.years() == []


def test_every_load_stands_on_the_page_and_in_the_access_log(administrator: Client) -> None:
    for source, text in (("Notice 7", TABLE), ("Notice 7, corrected", table.as_table(ROWS))):
        before = selectors.calendar_version(2027)
        seen = administrator.post("/calendar/2027/load/", typed(text, source=source, version=before))
        sent = typed(text, source=source, version=before, act="load", seen=seen.context["form"].data["seen"])
        assert administrator.post("/calendar/2027/load/", sent).status_code == 302
        assert selectors.calendar_version(2027) > before
    page = words(administrator.get("/calendar/2027/"))
    assert page.index("Notice 7, corrected") < page.rindex("Notice 7")
    administrator.post("/calendar/hours/", {"day_0": "9:00-12:00"})
    logged = list(AccessLog.objects.exclude(act="signed_in").order_by("pk").values_list("act", "reason"))
    assert logged == [
        ("calendar_loaded", "Notice 7"), ("calendar_loaded", "Notice 7, corrected"), ("hours_changed", ""),
    ]  # fmt: skip
