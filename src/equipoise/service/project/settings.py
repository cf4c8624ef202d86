"""Django's settings, all from `configuration`; secure unless told otherwise."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

from equipoise.service.platform import keyfiles
from equipoise.service.platform.configuration import read_configuration
from equipoise.service.platform.databases import database_settings
from equipoise.service.platform.operations.logs import logging_settings

CONFIGURATION = read_configuration()

DEBUG = False
# Before the first start there is none yet: one that signs nothing stands in for it until then.
SECRET_KEY = (
    keyfiles.SECRET_KEY.text(CONFIGURATION)
    if keyfiles.SECRET_KEY.is_here(CONFIGURATION)
    else keyfiles.random_key()
)
ALLOWED_HOSTS = list(CONFIGURATION.hosts)
CSRF_TRUSTED_ORIGINS = list(CONFIGURATION.origins)
ROOT_URLCONF = "equipoise.service.project.urls"
WSGI_APPLICATION = "equipoise.service.project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if not CONFIGURATION.database_url:
    keyfiles.private_folder(CONFIGURATION.folder)
DATABASES = {"default": database_settings(CONFIGURATION)}

INSTALLED_APPS = [
    "equipoise.service.platform.accounts",
    "equipoise.service.platform.record",
    "equipoise.service.platform.custody",
    "equipoise.service.contexts.registry",
    "equipoise.service.contexts.applications",
    "equipoise.service.contexts.decisions",
    "equipoise.service.platform.webhooks",
    "equipoise.service.contexts.trials",
    "equipoise.service.contexts.balances",
    "equipoise.service.contexts.standings",
    "equipoise.service.contexts.learning",
    "equipoise.service.contexts.books",
    "equipoise.service.contexts.plans",
    "equipoise.service.contexts.incidents",
    "equipoise.service.contexts.disposals",
    "equipoise.service.contexts.screenings",
    "equipoise.service.contexts.officers",
    "equipoise.service.contexts.cases",
    "equipoise.service.contexts.practice",
    "equipoise.service.platform.jobs",
    "equipoise.service.pages.charts",
    "equipoise.service.pages.frame",
    "equipoise.service.pages.administrator",
    "equipoise.service.pages.analyst",
    "equipoise.service.pages.auditor",
    "equipoise.service.pages.clerk",
    "equipoise.service.pages.underwriter",
    "equipoise.service.pages.integrator",
    "equipoise.service.pages.owner",
    "equipoise.service.pages.plans",
    "equipoise.service.pages.risk",
    "equipoise.service.pages.applicant",
    "equipoise.service.contexts.asks",
    "equipoise.service.contexts.batches",
    "equipoise.service.contexts.drafts",
    "equipoise.service.contexts.reviews",
    "equipoise.service.contexts.agreements",
    "equipoise.service.contexts.conversations",
    "equipoise.service.contexts.papers",
    "equipoise.service.contexts.complaints",
    "equipoise.service.contexts.concerns",
    "equipoise.service.contexts.feedback",
    "equipoise.service.platform.login",
    "equipoise.service.platform.allowances",
    "equipoise.service.platform.messages",
    "equipoise.service.platform.exports",
    "equipoise.service.platform.looks",
    "equipoise.service.contexts.notices",
    "equipoise.service.contexts.arrivals",
    "equipoise.service.contexts.process",
    "equipoise.service.contexts.hindsight",
    "equipoise.service.contexts.watch",
    "equipoise.service.contexts.erasing",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "django_tasks",
    "django_tasks_db",
]
if CONFIGURATION.oidc_url:  # it holds no tables; without a provider it would only take memory
    INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")
MIDDLEWARE = [
    "equipoise.service.platform.operations.requests.watched",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "equipoise.service.pages.applicant.pacing.paced",
    "equipoise.service.pages.applicant.busy.told_when_busy",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "equipoise.service.pages.frame.nature.shown",
            ]
        },
    }
]
# Served from where they are installed: there is nothing to collect, and no STATIC_ROOT.
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"

# Who people are.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": "equipoise.service.platform.accounts.passwords.OwnWords"},
]
ACCOUNT_ADAPTER = "equipoise.service.platform.accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "equipoise.service.platform.accounts.adapters.ProviderAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False  # a session ends as below says, whatever box is ticked
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if CONFIGURATION.https else "http"
# Guesses at passwords and codes are slowed by `accounts.guessing`, which shuts nobody out.
ACCOUNT_RATE_LIMITS = dict.fromkeys(("login", "login_failed", "reauthenticate", "change_password"))
_GUESSING = "equipoise.service.platform.accounts.guessing"
ACCOUNT_FORMS = {"change_password": f"{_GUESSING}.ChangePasswordForm"}
MFA_FORMS = {
    "authenticate": f"{_GUESSING}.CodeForm",
    "reauthenticate": f"{_GUESSING}.CodeAgainForm",
}
CACHES = {"default": {"BACKEND": "equipoise.service.platform.login.shared_cache.SharedCache"}}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if CONFIGURATION.behind_proxy else 0
MFA_ADAPTER = "equipoise.service.platform.accounts.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not CONFIGURATION.https
MFA_TOTP_ISSUER = "Equipoise"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if CONFIGURATION.oidc_url:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": CONFIGURATION.oidc_name or "Single sign-on",
                "client_id": CONFIGURATION.oidc_client,
                "secret": CONFIGURATION.oidc_secret,
                "settings": {"server_url": CONFIGURATION.oidc_url},
            }
        ],
    }
LOGIN_REDIRECT_URL = "/"

# How browsers are told to behave.
SESSION_ENGINE = "equipoise.service.platform.login.store"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of its own
# `__Host-`: taken by browsers over HTTPS alone, from this very host, so that no sister host and
# nobody on the line can plant one.
_HOST = "__Host-" if CONFIGURATION.https else ""
SESSION_COOKIE_NAME = f"{_HOST}sessionid"
CSRF_COOKIE_NAME = f"{_HOST}csrftoken"
CSRF_FAILURE_VIEW = "equipoise.service.pages.applicant.amiss.too_old"
DEVICE_COOKIE_NAME = f"{_HOST}device"
BROWSER_COOKIE_NAME = f"{_HOST}equipoise-browser"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIGURATION.https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # the longest, however busy; when idle it ends before
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_SSL_REDIRECT = CONFIGURATION.https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if CONFIGURATION.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = CONFIGURATION.https
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if CONFIGURATION.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
if CONFIGURATION.oidc_url:  # the form that begins log-in with the provider leads there
    _provider = urlsplit(CONFIGURATION.oidc_url)
    _leads_to = CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"]
    _leads_to.append(f"{_provider.scheme}://{_provider.netloc}")

# What requests may cost.
DATA_UPLOAD_MAX_MEMORY_SIZE = CONFIGURATION.max_body
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000  # a strategy's list as a form has hundreds
FILE_UPLOAD_TEMP_DIR = keyfiles.private_folder(
    CONFIGURATION.batch_folder
)  # not where others may look
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_settings(CONFIGURATION.log_level)

DEFAULT_FROM_EMAIL = CONFIGURATION.mail_from
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
if CONFIGURATION.mail_url:
    _mail = urlsplit(CONFIGURATION.mail_url)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = (
        _mail.hostname or "",
        _mail.port or (465 if _mail.scheme == "smtps" else 587),
    )
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    # To another machine nothing goes in the clear, whatever it offers.
    EMAIL_USE_TLS = not EMAIL_USE_SSL and EMAIL_HOST not in ("localhost", "127.0.0.1", "::1")
    EMAIL_TIMEOUT = 15  # seconds for each step
