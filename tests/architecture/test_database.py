"""What every table and trigger keeps, so that the database can later be spread over a cluster."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, models

LEVELS = [
    {
        "contenttypes",
        "auth",
        "sessions",
        "messages",
        "account",
        "mfa",
        "usersessions",
        "socialaccount",
        "database",
        "jobs",
        "ui",
    },
    {"accounts"},
    {"documents", "search"},
    {"audit"},
    {"notifications", "api"},
    {"calendar"},
    {"organisation"},
    {"people", "catalogue", "directory"},
    {"bookings"},
    {"casework"},
    {"hall", "duty", "mediation", "assistance", "petitions"},
    {"insight"},
    {"portal"},
]
LEVEL = {label: number for number, labels in enumerate(LEVELS) for label in labels}
# Tables of libraries that point to the account by AUTH_USER_MODEL.
LIBRARIES = {"auth", "account", "mfa", "usersessions", "socialaccount", "admin"}


def points_down(origin: str, target: str) -> bool:
    """True when a foreign key from app ``origin`` may point to app ``target``."""
    return origin == target or LEVEL[origin] > LEVEL[target]


def foreign_keys() -> list[tuple[str, str, str]]:
    return [
        (model._meta.app_label, field.related_model._meta.app_label, str(field))
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
    ]


def test_every_app_has_its_place():
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("liangdian.")}
    assert ours <= set(LEVEL)


def test_foreign_keys_point_down():
    wrong = [
        name
        for origin, target, name in foreign_keys()
        if origin not in LIBRARIES and not points_down(origin, target)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("origin", "target"),
    [("accounts", "organisation"), ("people", "casework"), ("people", "catalogue"), ("calendar", "people")],
)
def test_a_foreign_key_that_points_up_is_found(origin, target):
    assert not points_down(origin, target)


def test_keys_are_big():
    small = [
        model._meta.label
        for model in apps.get_models()
        if type(model).__module__ and model.__module__.startswith("liangdian.")
        and isinstance(model._meta.pk, models.AutoField)
        and not isinstance(model._meta.pk, models.BigAutoField)
    ]  # fmt: skip
    assert small == []


DEFERRABLE = "SELECT conrelid::regclass::text || '.' || conname FROM pg_constraint WHERE condeferrable"
TRIGGERS = """
SELECT DISTINCT p.oid::regprocedure::text, p.proconfig, p.prosrc
FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE NOT t.tgisinternal AND n.nspname IN ('public', 'jobs')
"""


def rows(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def bad_triggers() -> list[str]:
    """Trigger functions without a search_path of their own, with NOTIFY, or asking for their table."""
    found = []
    for name, settings, body in rows(TRIGGERS):
        if not any(each.startswith("search_path=") for each in settings or []):
            found.append(f"{name} has no search_path of its own")
        if "notify" in body.lower():
            found.append(f"{name} notifies")
        if "tg_table_name" in body.lower():
            found.append(f"{name} asks for its table")
    return found


@pytest.mark.django_db
def test_no_foreign_key_is_deferrable():
    assert rows(DEFERRABLE) == []


@pytest.mark.django_db
def test_trigger_functions_have_their_own_search_path_and_do_not_notify():
    assert len(rows(TRIGGERS)) >= 5
    assert bad_triggers() == []


@pytest.mark.django_db
def test_a_planted_trigger_and_a_planted_deferrable_key_are_found():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TABLE planted (id bigint PRIMARY KEY, other bigint REFERENCES planted DEFERRABLE);
            CREATE FUNCTION planted_notify() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_notify(TG_TABLE_NAME, ''x''); RETURN NEW; END';
            CREATE TRIGGER planted AFTER INSERT ON planted FOR EACH ROW EXECUTE FUNCTION planted_notify();
            """
        )
    assert len(bad_triggers()) == 3
    assert len(rows(DEFERRABLE)) == 1


@pytest.mark.django_db
def test_the_job_queue_lives_in_its_own_schema():
    found = rows(
        "SELECT relnamespace::regnamespace::text FROM pg_class "
        "WHERE relname LIKE 'procrastinate%' AND relkind = 'r'"
    )
    assert {schema for (schema,) in found} == {"jobs"}
