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
SECRET_KEY_FALLBACKS = list(SAFAR.old_secret_keys)
ALLOWED_HOSTS = list(SAFAR.allowed_hosts)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "safar.accounts",
    "safar.contacts",
    "safar.events",
    "safar.segments",
    "safar.content",
    "safar.outbox",
    "safar.channels",
    "safar.journeys",
    "safar.shops",
    "safar.website",
    "safar.workers",
    "safar.console",
    "django.forms",  # its templates, behind those of ours
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "safar.config.headers.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "safar.console.middleware.MembersLanguage",
    "safar.console.middleware.Doorkeeper",
]

ROOT_URLCONF = "safar.config.urls"
ASGI_APPLICATION = "safar.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.i18n",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
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
LOCALE_PATHS = sorted(
    (HERE.parent / "console").glob("*/locale")
)  # of each room of pages; the console's own is an app's

STATIC_URL = "/static/"  # served by safar.console.static_files, before Django

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

# Who comes in: members, by e-mail and password, passkey, or a one-time link (docs/rooms/console.md).
AUTH_USER_MODEL = "accounts.Member"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 14 * 86_400
ACCOUNT_ADAPTER = "safar.console.adapters.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_FORMS = {"login": "safar.console.entrance.forms.LoginForm"}
ACCOUNT_EMAIL_VERIFICATION = "none"  # nobody signs up by himself: whoever holds an invitation has shown the address
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
MFA_ADAPTER = "safar.console.adapters.SecondStep"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Safar"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _https  # localhost
FORM_RENDERER = "safar.console.forms.Renderer"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Mail of the house itself (a forgotten password); messages of journeys go by the dispatcher.
EMAIL_BACKEND = "safar.console.post.HouseMail"
DEFAULT_FROM_EMAIL = SAFAR.email_from

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
