"""What every test may rely on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings

from liangdian.platform.database.base import DatabaseOperations


@pytest.fixture(autouse=True, scope="session")
def _cleaning_up_is_allowed() -> Iterator[None]:
    """Append-only tables refuse TRUNCATE; their guards rest while a test that committed is cleaned up."""
    with pytest.MonkeyPatch.context() as patch:
        flush = DatabaseOperations.execute_sql_flush

        def flush_without_guards(self: DatabaseOperations, sql_list: list[str]) -> None:
            flush(self, ["SET LOCAL session_replication_role = replica", *sql_list])

        patch.setattr(DatabaseOperations, "execute_sql_flush", flush_without_guards)
        yield


@pytest.fixture(autouse=True, scope="session")
def _documents_lie_in_a_folder_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.DOCUMENTS_ROOT = tmp_path_factory.mktemp("documents")
