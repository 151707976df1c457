"""The laptop's settings with the floor's addresses added."""

from liangdian.config.settings.dev import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
