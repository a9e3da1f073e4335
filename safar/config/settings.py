"""Django's settings. Everything an operator can set comes from ``environment``; importing this opens no connection."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from django.utils.log import CallbackFilter
from django.utils.translation import gettext_lazy as _

from safar.config import secret
from safar.config.environment import read_environment

SAFAR = read_environment()  # raises Refused with every fault; rooms read it as django.conf.settings.SAFAR

HERE = Path(__file__).parent
DEBUG = False
SECRET_KEY = SAFAR.secret_key or secret.read_or_make(SAFAR.data_dir)
ALLOWED_HOSTS = list(SAFAR.allowed_hosts)

INSTALLED_APPS = [
    "safar.accounts",
    "safar.contacts",
    "safar.events",
    "safar.segments",
    "safar.content",
    "safar.outbox",
    "safar.channels",
    "safar.journeys",
    "safar.workers",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "safar.config.headers.ContentSecurityPolicy",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "safar.config.urls"
ASGI_APPLICATION = "safar.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.i18n"]},
    }
]

DATABASES = {
    "default": {
        "ENGINE": "safar.config.database",
        "NAME": "safar",  # replaced at the first connection, as are host, user and password
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = (
    "django.db.models.AutoField"  # workspace, journey, version and segment ids are integers in the hot tables
)

USE_TZ = True
TIME_ZONE = "UTC"  # a workspace has its own zone; SAFAR.timezone is what a new one begins with
USE_I18N = True
LANGUAGE_CODE = SAFAR.language
LANGUAGES = [("en", _("English")), ("fa", _("Persian"))]

_https = urlsplit(SAFAR.public_url).scheme == "https"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
)  # the proxy in front sets and strips it
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SAFAR.public_url]
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname:<7} {name}: {message}", "style": "{"}},
    "filters": {"no_503": {"()": CallbackFilter, "callback": lambda record: getattr(record, "status_code", 0) != 503}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": SAFAR.log_level.upper()},
    "loggers": {
        # A 404 on a public address is nobody's fault, and /healthz says its 503 to whoever asks.
        "django.request": {"level": "ERROR", "filters": ["no_503"]},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # scanners ask for any host; they get their 400
        "uvicorn": {"level": "WARNING"},
        "safar.postgres": {"level": "WARNING" if SAFAR.log_level == "info" else SAFAR.log_level.upper()},
    },
}
