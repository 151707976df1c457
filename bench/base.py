"""A migrated database with the demonstration in it: what every part of the benchmark begins with."""

from __future__ import annotations

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - Django has to be set up first
from django.db import transaction  # noqa: E402

from liangdian.config.demo import load_demonstration  # noqa: E402

call_command("migrate", verbosity=0)
with transaction.atomic():
    load_demonstration()
print("{}")
