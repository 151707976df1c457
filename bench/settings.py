"""The laptop settings with the floor's addresses added, and a token without a practical limit."""

from liangdian.config.settings.dev import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
API_REQUESTS_PER_MINUTE = 1_000_000
