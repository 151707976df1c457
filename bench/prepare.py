"""Fill the database of the benchmark; prints the cookies of a signed-in clerk as its last line."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 - Django has to be set up first
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from bench.floor import PREPARE  # noqa: E402
from bench.load import multiply  # noqa: E402
from liangdian.config.demo import load_demonstration  # noqa: E402


def main(cases: int) -> None:
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        load_demonstration()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM casework_case WHERE state = 'handling' ORDER BY id DESC LIMIT 1")
        (case_id,) = cursor.fetchone()
    multiply(case_id=case_id, times=cases)
    with connection.cursor() as cursor:
        for statement in PREPARE:
            cursor.execute(statement)
    client = Client()
    client.force_login(
        get_user_model().objects.get(username="lihui"),
        backend="liangdian.platform.accounts.backend.StaffBackend",
    )
    print(json.dumps({name: morsel.value for name, morsel in client.cookies.items()}))


main(int(sys.argv[1]))
