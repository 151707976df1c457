"""A real installation: nothing has a default that an outsider could know."""

import os

from liangdian.config.settings.base import *  # noqa: F403
from liangdian.config.settings.base import DATABASES, STORAGES

DEBUG = False
SECRET_KEY = os.environ["LIANGDIAN_SECRET_KEY"]
PERSONAL_DATA_KEY = os.environ["LIANGDIAN_DATA_KEY"]
ALLOWED_HOSTS = os.environ["LIANGDIAN_HOSTS"].split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = 31536000
DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 8, "timeout": 10}
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
