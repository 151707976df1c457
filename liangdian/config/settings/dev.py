"""A laptop: the demonstration centre, started by ``make run``."""

import os

from liangdian.config.logging import logging_at
from liangdian.config.settings.base import *  # noqa: F403
from liangdian.config.settings.base import DATABASES

DEBUG = os.environ.get("LIANGDIAN_DEBUG") == "1"
SECRET_KEY = os.environ.get("LIANGDIAN_SECRET_KEY", "only-for-the-demonstration-on-one-laptop")
PERSONAL_DATA_KEY = os.environ.get("LIANGDIAN_DATA_KEY", "only-for-the-demonstration-on-one-laptop")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
DEMONSTRATION = True
# On a laptop the terminal shows only what went wrong.
LOGGING = logging_at(os.environ.get("LIANGDIAN_LOG_LEVEL", "WARNING"))
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
if os.environ.get("LIANGDIAN_POOL") == "1":
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 8, "timeout": 10}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
# Text messages of the demonstration are written to var/messages/sms.jsonl.
SMS_GATEWAY = os.environ.get("LIANGDIAN_SMS_GATEWAY", "liangdian.platform.notifications.gateways.FileGateway")
