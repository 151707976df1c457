"""The kept schema file is that of the installed library; otherwise a migration is missing."""

from importlib.resources import files
from pathlib import Path

from liangdian.platform import jobs

KEPT = Path(jobs.__file__).parent / "migrations" / "procrastinate_3.sql"


def test_the_kept_schema_is_the_installed_one():
    installed = (files("procrastinate") / "sql" / "schema.sql").read_text(encoding="utf-8")
    assert KEPT.read_text(encoding="utf-8") == installed
