"""What every installation shares. One page; each room's own choices stand in the room."""

from __future__ import annotations

import os

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from liangdian.config.addresses import live_address
from liangdian.config.database import database_from_url
from liangdian.config.document_storage import document_storage
from liangdian.config.logging import logging_at
from liangdian.config.places import ASSETS, ROOT, VAR
from liangdian.config.sign_on import form_targets, providers_from

INSTALLED_APPS = [
    "liangdian.platform.ui",  # first: its sign-in pages replace those of allauth
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "liangdian.platform.database",
    "liangdian.platform.jobs",
    "liangdian.platform.accounts",
    "liangdian.platform.api",
    "liangdian.platform.audit",
    "liangdian.platform.documents",
    "liangdian.platform.notifications",
    "liangdian.platform.search",
    "liangdian.registers.organisation",
    "liangdian.registers.people",
    "liangdian.registers.catalogue",
    "liangdian.registers.calendar",
    "liangdian.registers.directory",
    "liangdian.bookings",
    "liangdian.casework",
    "liangdian.desks.hall",
    "liangdian.desks.duty",
    "liangdian.desks.mediation",
    "liangdian.desks.assistance",
    "liangdian.desks.petitions",
    "liangdian.portal",
    "liangdian.insight",
]
MIDDLEWARE = [
    "liangdian.config.requests.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "liangdian.platform.api.lane.ApiLane",  # from here on only pages
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "liangdian.platform.accounts.web.middleware.ActorMiddleware",
    "liangdian.platform.ui.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "liangdian.config.urls"
WSGI_APPLICATION = "liangdian.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "liangdian.platform.ui.context.page",
            ],
            "builtins": ["liangdian.platform.ui.templatetags.ui", "django.templatetags.i18n"],
        },
    }
]

DATABASES = {"default": database_from_url(os.environ.get("DATABASE_URL", "postgresql:///liangdian"))}
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["liangdian.platform.accounts.backend.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "liangdian.platform.accounts.passwords.NotUsedLately"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "liangdian.platform.accounts.adapter.StaffAdapter"
ACCOUNT_RATE_LIMITS = {"login_failed": "5/300s/key,20/300s/ip"}
# Shared by all processes, so that failed sign-ins are counted together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "platform_cache",
        # Above the number of entries Django throws some away, and with them somebody's lock.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
}
# Second factor: which roles need one until the security administrator chooses otherwise (GB/T 22239-2019).
SECOND_FACTOR_ROLES = os.environ.get("LIANGDIAN_SECOND_FACTOR_ROLES", "administrator,security,auditor").split(
    ","
)
MFA_ADAPTER = "liangdian.platform.accounts.factor_adapter.StaffFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "liangdian.platform.accounts.web.factor_forms.PlainAuthenticateForm",
    "reauthenticate": "liangdian.platform.accounts.web.factor_forms.PlainReauthenticateForm",
    "activate_totp": "liangdian.platform.accounts.web.factor_forms.PlainActivateForm",
}
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
SOCIALACCOUNT_PROVIDERS = providers_from(os.environ)
SOCIALACCOUNT_ADAPTER = "liangdian.platform.accounts.web.single_sign_on.SignOnAdapter"
# A signed-in screen that nobody touches is closed after this time (GB/T 22239-2019: 600 s).
IDLE_SECONDS = int(os.environ.get("LIANGDIAN_IDLE_SECONDS", "600"))
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Requests a minute with one token of the API, over all server processes.
API_REQUESTS_PER_MINUTE = int(os.environ.get("LIANGDIAN_API_PER_MINUTE", "600"))

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
    ("en", _("English")),
]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
# Before those of the parts: what a room says is said as the room translates it.
LOCALE_PATHS = sorted(ROOT.glob("liangdian/**/locale"))
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [
    ("tabler", ASSETS / "@tabler/core/dist"),
    ("icons", ASSETS / "@tabler/icons-webfont/dist"),
    ("htmx", ASSETS / "htmx.org/dist"),
]
DOCUMENTS_ROOT = VAR / "documents"
# Days by kind of document, above what the kind itself says; None keeps for ever.
DOCUMENTS_KEEP_DAYS: dict[str, int | None] = {}
DOCUMENTS_MAX_BYTES = 20 * 2**20
DOCUMENTS_MAX_REQUEST_BYTES = 101 * 2**20
DOCUMENTS_MAX_UNPACKED_BYTES = 100 * 2**20
DOCUMENTS_MAX_PIXELS = 50_000_000
DOCUMENTS_MAX_PER_CASE = 50
DOCUMENTS_MAX_FROM_RESIDENT = 10
# The antivirus: "unix:/run/clamav/clamd.ctl" or "tcp:127.0.0.1:3310"; empty: none.
CLAMD_ADDRESS = os.environ.get("LIANGDIAN_CLAMD", "")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "documents": document_storage(os.environ),
}
FONTS_ROOT = ASSETS / "@expo-google-fonts/noto-sans-sc"

# The address printed on receipts and put into QR codes.
PUBLIC_ADDRESS = os.environ.get("LIANGDIAN_PUBLIC_ADDRESS", "http://127.0.0.1:8000")
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# Where browsers reach the stream of the boards: named, or the pages' own host on the live server's port.
LIVE_ADDRESS = live_address(
    os.environ.get("LIANGDIAN_LIVE_ADDRESS", ""), pages=PUBLIC_ADDRESS,
    port=os.environ.get("LIANGDIAN_LIVE_PORT", ""),
)  # fmt: skip
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "connect-src": [SELF, *([LIVE_ADDRESS] if LIVE_ADDRESS else [])],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF, *form_targets(SOCIALACCOUNT_PROVIDERS)],
        "frame-ancestors": [NONE],
    }
}
FILE_UPLOAD_HANDLERS = [
    "liangdian.platform.documents.uploads.CutOff",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
EMAIL_HOST = os.environ.get("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_TLS") == "1"
EMAIL_USE_SSL = os.environ.get("EMAIL_SSL") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "centre@localhost")
# Dotted paths of gateways (docs/rooms/notifications.md); empty: the channel is not used.
SMS_GATEWAY = os.environ.get("LIANGDIAN_SMS_GATEWAY", "")
MESSENGER_GATEWAY = os.environ.get("LIANGDIAN_MESSENGER_GATEWAY", "")
WEBHOOK_URL = os.environ.get("LIANGDIAN_WEBHOOK_URL", "")
WEBHOOK_SECRET = os.environ.get("LIANGDIAN_WEBHOOK_SECRET", "")
MESSAGES_ROOT = VAR / "messages"
# Of 100 answered matters that nobody has rated yet, so many are drawn for a call-back.
CALL_BACK_PERCENT = min(100, max(0, int(os.environ.get("LIANGDIAN_CALL_BACK_PERCENT", "20"))))
# Nobody is rung out of bed: from, to, in hall time. Empty: never quiet.
QUIET_HOURS = os.environ.get("LIANGDIAN_QUIET_HOURS", "21:00-08:00")

DEMONSTRATION = False

# Opens /metrics from elsewhere; without it only this machine may ask.
METRICS_SECRET = os.environ.get("LIANGDIAN_METRICS_SECRET", "")
LOGGING = logging_at(os.environ.get("LIANGDIAN_LOG_LEVEL", "INFO"))
