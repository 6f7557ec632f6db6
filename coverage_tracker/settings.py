"""All settings, read from the environment. README.md lists the variables."""

import sys
from pathlib import Path

from csp.constants import NONE, SELF

from coverage_tracker.env import Reader

BASE_DIR = Path(__file__).resolve().parent.parent
read = Reader()

DEBUG = read.flag("DEBUG")
TESTING = "pytest" in sys.modules
# Before there are keys, only they can be made.
_KEYLESS = DEBUG or TESTING or sys.argv[1:2] == ["make_keys"]

VAR_DIR = read.folder("VAR_DIR", BASE_DIR / "var")
BACKUP_DIR = read.folder("BACKUP_DIR", VAR_DIR / "backups")
KEYS_FILE = Path(str(read.env.str("KEYS_FILE", default="")) or VAR_DIR / "keys.env")
if KEYS_FILE.is_file() and not (DEBUG or TESTING):
    # What the environment says prevails.
    read.env.read_env(KEYS_FILE)

_FOR_DEVELOPMENT = "only-for-development-and-tests-0123456789-abcdefghijklmnopqrstuvwxyz" if _KEYLESS else ""
SECRET_KEY = read.key("SECRET_KEY", _FOR_DEVELOPMENT)
# ID numbers are kept only as HMAC fingerprints under this key; changing it makes earlier fingerprints unmatchable, so
# it is no other key, and the database knows whether it is the right one (coverage_tracker/startup.py).
FINGERPRINT_KEY = read.key("FINGERPRINT_KEY", _FOR_DEVELOPMENT)
if FINGERPRINT_KEY == SECRET_KEY and not _KEYLESS:
    read.wrong("FINGERPRINT_KEY", "不能和 SECRET_KEY 相同，请用 manage.py make_keys 另做一个")
# Only backups need it (coverage_tracker/backups/archive.py).
BACKUP_KEY = str(read.env.str("BACKUP_KEY", default="")).strip()
ALLOWED_HOSTS = read.hosts("ALLOWED_HOSTS")
if _KEYLESS:
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "testserver"]
if not ALLOWED_HOSTS:
    read.wrong("ALLOWED_HOSTS", "没有填。请写浏览器地址栏里的主机名，如 ALLOWED_HOSTS=fugai.example.gov.cn")

INSTALLED_APPS = [
    "coverage_tracker",
    "coverage_tracker.admin_site.AdministratorsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "import_export",
    "simple_history",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "common",
    "committees",
    "enterprises",
    "instructors",
    "organizations",
    "ledgers",
    "reports",
]

MIDDLEWARE = [
    "coverage_tracker.logs.request_ids",
    "coverage_tracker.proxied.proxied",
    "django.middleware.security.SecurityMiddleware",
    "coverage_tracker.refused.refused",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "committees.accounts.gate.sessions",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "committees.accounts.gate.MustFirst",
    "committees.middleware.denials",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "coverage_tracker.urls"
WSGI_APPLICATION = "coverage_tracker.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "coverage_tracker.context.menu",
            ],
        },
    },
]


DATABASES = {"default": read.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}", BASE_DIR)}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    if not read.faults:
        _database["NAME"].parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _database["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        # FULL, not NORMAL: NORMAL lost acknowledged commits in a power-cut trial.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    _database |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "committees.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "committees.accounts.passwords.LocalWordsValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "login"

# Looser locks, by name alone and by address alone, are in committees/accounts/throttle.py.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_RESET_ON_SUCCESS = True
# Who signed in and who failed to is in our own log.
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["code"]
# Its pages are in English; an administrator unlocks with manage.py axes_reset_username.
AXES_ENABLE_ADMIN = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS: list = [BASE_DIR / "static"]
# The chart script, as the Makefile took it from npm or as the bundle brings it. Pages work without it.
STATICFILES_DIRS += [("vendor", each) for each in (VAR_DIR / "vendor", BASE_DIR / "vendor") if each.is_dir()][:1]
STORAGES = {
    # Uploads hold personal data: outside STATIC_ROOT, no MEDIA_URL, served only by views.
    "default": {"BACKEND": "common.durable.DurableStorage", "OPTIONS": {"location": VAR_DIR / "uploads"}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
        # No secrets: a web server may read them.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
# Whitenoise states the charset of text only, and lets other sites read static files unless told.
WHITENOISE_MIMETYPES = {".svg": "image/svg+xml; charset=utf-8"}
WHITENOISE_ALLOW_ALL_ORIGINS = False
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# A form row is a field; the widest admin inline forms stay well below this.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Uploads are worked at by `manage.py serve`'s worker or by any number of `manage.py worker`. Tests run the work at
# once, unless they start a worker of their own.
TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend" if TESTING else "django_tasks_db.DatabaseBackend"
    }
}
# Uploaded originals hold personal data: removed after so many days (design, section 7).
UPLOADS_KEPT_DAYS = read.number("UPLOADS_KEPT_DAYS", 30, 1, 3650)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
CSRF_FAILURE_VIEW = "coverage_tracker.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "committees.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
# How long it lasts is said in committees/accounts/gate.py: 30 minutes without a request, 12 hours at most.
SESSION_COOKIE_AGE = 12 * 3600
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Whether the district and administrators need a second factor; 0 for offices that keep phones out of the building.
SECOND_FACTOR = read.flag("SECOND_FACTOR", default=not (DEBUG or TESTING))
OTP_TOTP_ISSUER = "非公企业党建覆盖"

# Plain http is for the demo, development and tests only.
HTTPS = read.flag("HTTPS", default=not (DEBUG or TESTING))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
if HTTPS:
    # Bound to this very host and to TLS (RFC 6265bis, 4.1.3.2).
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_SSL_REDIRECT = HTTPS
# Asked from the machine itself, by what watches over it.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# The office's host is one of many under a domain that is not ours to bind.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# The proxy that is believed when it says who asked, and that it was by TLS (coverage_tracker/proxied.py).
TRUSTED_PROXY = read.proxies("TRUSTED_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = read.origins("CSRF_TRUSTED_ORIGINS")

# django-import-export is for administrators only: nobody is granted these
# two codes, so only superusers pass.
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"
IMPORT_EXPORT_USE_TRANSACTIONS = True
# Its own choice is the machine's temporary folder, where files that nobody confirms stay for ever.
IMPORT_EXPORT_TMP_STORAGE_CLASS = "common.desk.brought_in.WaitingFile"
IMPORT_EXPORT_SKIP_ADMIN_LOG = False

# Whether a database without clauses gets the plan that is shipped (reports/apps.py).
LOAD_FIRST_PLAN = read.flag("LOAD_FIRST_PLAN", default=True)

HOST = str(read.env.str("HOST", default="127.0.0.1")).strip() or "127.0.0.1"
PORT = read.number("PORT", 8000, 1, 65535)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "coverage_tracker.logs.OfRequest"}},
    "formatters": {
        "lines": {
            "()": "coverage_tracker.logs.WithoutRows",
            "format": "{asctime} {levelname} {request_id} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["request"], "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": read.level("LOG_LEVEL", "WARNING")},
}

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    AXES_ENABLED = False

read.check()
