"""Tests: as the laptop, with cheap passwords. The database address comes from tests/conftest.py."""

from liangdian.config.settings.dev import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = {"login_failed": "5/300s/key,200/300s/ip"}
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
