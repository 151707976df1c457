"""Fill the database of the benchmark; prints what the clients need as its last line (JSON)."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 - Django has to be set up first
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.load import multiply  # noqa: E402
from liangdian.casework import services  # noqa: E402
from liangdian.foundation.actor import Actor  # noqa: E402
from liangdian.platform.accounts import selectors as accounts  # noqa: E402
from liangdian.platform.accounts import tokens  # noqa: E402
from liangdian.platform.accounts.token_model import Scope  # noqa: E402
from liangdian.registers.catalogue import selectors as catalogue  # noqa: E402

# In hand, and nothing but its promise is watched.
PATTERN = (
    "SELECT c.id FROM casework_case c WHERE c.state = 'handling' AND c.paused_at IS NULL "
    "AND NOT EXISTS (SELECT FROM casework_clock k WHERE k.case_id = c.id AND k.ended_at IS NULL) "
    "ORDER BY c.id DESC LIMIT 1"
)


def main(cases: int) -> None:
    user = get_user_model().objects.get(username="lihui")
    actor = accounts.actor_of(user)
    with connection.cursor() as cursor:
        cursor.execute(PATTERN)
        (case_id,) = cursor.fetchone()
    multiply(case_id=case_id, times=cases)
    _token, secret = tokens.make_token(
        actor=actor, name="bench", scopes=Scope.values, days=30, at=timezone.now()
    )
    client = Client()
    client.force_login(user, backend="liangdian.platform.accounts.backend.StaffBackend")
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    print(json.dumps({"cookies": cookies, "token": secret, "pattern": _pattern(actor)}))


def _pattern(actor: Actor) -> int:
    """A real intake with a new resident and a phone: what the floor inserts again and again."""
    intake = services.Intake(
        kind="service", channel="window", unit_id=actor.unit_id or 0, first_handler_id=actor.user_id or 0,
        words="我今年七十六了，想办优待证，能不能帮我？", resident_name="居民甲", phone="19900000000",
        item_version_id=catalogue.published_version("MZ-001"),
    )  # fmt: skip
    return services.register(actor=actor, intake=intake, at=timezone.now()).pk


main(int(sys.argv[1]))
