"""Settings of the portal. Everything that differs between machines comes from the environment (docs/operations.md)."""

from importlib.resources import files
from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from portal.logs import configuration

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PORTAL_URL = env("PORTAL_URL", default="http://127.0.0.1:8000")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "lucide",
    "pgtrigger",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "oauth2_provider",
    "offices",
    "people",
    "registers",
    "applications",
    "legacy",
    "fees",
    "refusals",
    "write_offs",
    "plates",
    "registration",
    "licensing",
    "webhooks",
    "desk",
    "api",
]

MIDDLEWARE = [
    "portal.middleware.TrustedProxy",
    "portal.middleware.SecurityHeaders",
    "api.problems.HttpsOnly",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.middleware.Language",
    "api.sandbox.Mark",
    "api.problems.ProblemPages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "desk.sessions.SessionLimits",
    "desk.guards.ShutUnlessOpened",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "applications.uploads.UploadLimitMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "offices.Staff"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "desk.context.shell",
                "api.sandbox.banner",
            ],
        },
    },
]

DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}}
if test_suffix := env("TEST_DB_SUFFIX", default=""):
    DATABASES["default"]["TEST"] = {"NAME": f"test_portal_{test_suffix}"}

REDIS_URL = env("REDIS_URL")
# Keeps portals that share one Valkey apart: the prefix of cached values and the name of the workers' queue.
INSTANCE = env("INSTANCE", default="portal")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": INSTANCE,
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_DEFAULT_QUEUE = INSTANCE
# A queue of their own, with workers of their own: a target that hangs holds up no work of the portal.
CELERY_TASK_ROUTES = {"webhooks.tasks.deliver": {"queue": f"{INSTANCE}.webhooks"}}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 120}
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "applications.tasks.sweep", "schedule": 60.0},
    "poll_payments": {"task": "fees.tasks.poll", "schedule": 30.0},
    "expire_plates": {"task": "plates.tasks.expire", "schedule": 60.0},
    "watch_terms": {"task": "registration.tasks.watch_terms", "schedule": 3600.0},
    "sweep_webhooks": {"task": "webhooks.tasks.sweep", "schedule": 10.0},
    "expire_licences": {"task": "licensing.tasks.expire", "schedule": 900.0},
    "forget_calls": {"task": "api.tasks.forget", "schedule": 3600.0},
}

# The portals' door (docs/api/). Tokens are kept as hashes; what a client proves itself by is the api's own table.
OAUTH2_PROVIDER_APPLICATION_MODEL = "api.Client"
OAUTH2_PROVIDER = {
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "OAUTH2_VALIDATOR_CLASS": "api.tokens.Validator",
    "SCOPES_BACKEND_CLASS": "api.tokens.Scopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 900,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}
REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "api.problems.answer",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
    # What is wanted is said by Accept; no address has a "format".
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Registration portal",
    "DESCRIPTION": "Vehicles, plates and driver licences: apply, pay, follow, collect.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "ApplicantKind": "api.shown.APPLICANT_KINDS",
        "MetBy": "api.shown.WAYS",
    },
    "COMPONENT_SPLIT_REQUEST": True,
    "REDOC_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "api.schema.complete"],
    "AUTHENTICATION_WHITELIST": [],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "oauth2": {
                "type": "oauth2",
                "flows": {"clientCredentials": {"tokenUrl": "/api/v1/token", "scopes": {}}},
            }
        }
    },
}

# Only `make run` on a bare machine turns this off: plain http on the machine's own address, for showing the portal.
SECURE_COOKIES = env.bool("SECURE_COOKIES", default=True)
_HOST_ONLY = "__Host-" if SECURE_COOKIES else ""
SESSION_COOKIE_NAME = f"{_HOST_ONLY}session"
CSRF_COOKIE_NAME = f"{_HOST_ONLY}csrf"
LANGUAGE_COOKIE_NAME = f"{_HOST_ONLY}language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
CSRF_FAILURE_VIEW = "desk.errors.csrf_failure"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=SECURE_COOKIES)
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if SECURE_COOKIES else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Addresses of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; everyone else's are dropped.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Seconds: how long a session lives without a sign of its owner, and at most.
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=30 * 60)
SESSION_COOKIE_AGE = env.int("SESSION_ABSOLUTE_SECONDS", default=12 * 60 * 60)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "desk:sign_in"
LOGIN_REDIRECT_URL = "desk:queue"

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Russian")), ("kk", _("Kazakh")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "portal.formats"
TIME_ZONE = "Asia/Almaty"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# Third-party assets come from their packages; the prefix is how templates name them.
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", str(files("bootstrap") / "css")),
    ("fonts/noto-sans", str(files("fontpkg_noto_sans") / "files")),
    ("fonts/jetbrains-mono", str(files("fontpkg_jetbrains_mono") / "files")),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Fonts and source maps cost half a minute of every start to compress, and the browser keeps them for good anyway.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["br", "gif", "gz", "jpeg", "jpg", "map", "png", "ttf", "webp", "woff", "woff2"]
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(BASE_DIR / ".runtime" / "media")))

LOGGING = configuration(env("LOG_LEVEL", default="INFO"))

# Law and money (docs/operations.md): what the text leaves open is a setting, never a guess in code.
CHARGE_ROUNDING = env("CHARGE_ROUNDING", default="whole-tenge-half-up")

# A sandbox for partners' tests (docs/api/sandbox.md): applications with fixed numbers are decided by program.
SANDBOX = env.bool("SANDBOX", default=False)
SIMULATOR_URL = env("SIMULATOR_URL", default="http://127.0.0.1:8100")
PAYMENT_CALLBACK_SECRET = env("PAYMENT_CALLBACK_SECRET", default="")
KEYS_DIR = Path(env("KEYS_DIR", default=str(BASE_DIR / ".runtime" / "keys")))

# Registers (registers/lines.py has the usual limits). An empty address means the simulator. The three tables of
# overrides read as "fines=3,vehicle_passport=20": seconds for one attempt, attempts, minutes that an answer holds.
REGISTER_IDENTITY_URL = env("REGISTER_IDENTITY_URL", default="")
REGISTER_ORGANISATIONS_URL = env("REGISTER_ORGANISATIONS_URL", default="")
REGISTER_CONSENT_URL = env("REGISTER_CONSENT_URL", default="")
REGISTER_FINES_URL = env("REGISTER_FINES_URL", default="")
REGISTER_WANTED_PERSONS_URL = env("REGISTER_WANTED_PERSONS_URL", default="")
REGISTER_WANTED_VEHICLES_URL = env("REGISTER_WANTED_VEHICLES_URL", default="")
REGISTER_TERRORISM_LIST_URL = env("REGISTER_TERRORISM_LIST_URL", default="")
REGISTER_PROLIFERATION_LIST_URL = env("REGISTER_PROLIFERATION_LIST_URL", default="")
REGISTER_RESTRICTIONS_URL = env("REGISTER_RESTRICTIONS_URL", default="")
REGISTER_FOREIGN_REGISTRATION_URL = env("REGISTER_FOREIGN_REGISTRATION_URL", default="")
REGISTER_VEHICLE_PASSPORT_URL = env("REGISTER_VEHICLE_PASSPORT_URL", default="")
REGISTER_RECYCLING_URL = env("REGISTER_RECYCLING_URL", default="")
REGISTER_TEMPORARY_IMPORT_URL = env("REGISTER_TEMPORARY_IMPORT_URL", default="")
REGISTER_MEDICAL_CERTIFICATES_URL = env("REGISTER_MEDICAL_CERTIFICATES_URL", default="")
REGISTER_DRIVING_COURSES_URL = env("REGISTER_DRIVING_COURSES_URL", default="")
REGISTER_EXAMS_URL = env("REGISTER_EXAMS_URL", default="")
REGISTER_DEPRIVATIONS_URL = env("REGISTER_DEPRIVATIONS_URL", default="")
REGISTER_PAYMENTS_URL = env("REGISTER_PAYMENTS_URL", default="")
REGISTER_SIGNATURE_SERVICE_URL = env("REGISTER_SIGNATURE_SERVICE_URL", default="")
REGISTER_TIMEOUTS = {name: float(value) for name, value in env.dict("REGISTER_TIMEOUTS", default={}).items()}
REGISTER_ATTEMPTS = {name: int(value) for name, value in env.dict("REGISTER_ATTEMPTS", default={}).items()}
REGISTER_VALID_MINUTES = {name: int(value) for name, value in env.dict("REGISTER_VALID_MINUTES", default={}).items()}
REGISTER_CONNECTIONS = env.int("REGISTER_CONNECTIONS", default=8)
REGISTER_BREAKER_FAILURES = env.int("REGISTER_BREAKER_FAILURES", default=5)
REGISTER_BREAKER_REST_SECONDS = env.int("REGISTER_BREAKER_REST_SECONDS", default=30)
REGISTER_CA_FILE = env("REGISTER_CA_FILE", default="")

# Electronic signatures: the folder of trusted authorities, the hosts that are asked about revocation (with the port, if
# any) and for how long, and the age at which a signature is too old to come with an application.
SIGNATURE_AUTHORITIES_DIR = Path(
    env("SIGNATURE_AUTHORITIES_DIR", default=str(BASE_DIR / ".runtime" / "pki" / "trusted"))
)
SIGNATURE_REVOCATION_HOSTS = env.list(
    "SIGNATURE_REVOCATION_HOSTS",
    default=["ocsp.pki.gov.kz", "crl.pki.gov.kz", "crl1.pki.gov.kz"],
)
SIGNATURE_REVOCATION_SECONDS = env.float("SIGNATURE_REVOCATION_SECONDS", default=8.0)
SIGNATURE_MAX_AGE_HOURS = env.int("SIGNATURE_MAX_AGE_HOURS", default=72)

# Driver licences. The law found so far names neither the form of the number nor the years a licence holds: both are
# plain defaults to be corrected here. The number is a regular expression whose last digits count on.
LICENCE_NUMBER_PATTERN = env("LICENCE_NUMBER_PATTERN", default="[A-Z]{2}[0-9]{6}")
LICENCE_YEARS = env.int("LICENCE_YEARS", default=10)

# Scans and PDFs. Bytes are binary megabytes; a request is refused by its announced length before it is read.
FILE_UPLOAD_HANDLERS = ["applications.uploads.LimitedUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=15 * 1024**2)
UPLOAD_MAX_REQUEST_BYTES = env.int("UPLOAD_MAX_REQUEST_BYTES", default=60 * 1024**2)
UPLOAD_MAX_PAGES = env.int("UPLOAD_MAX_PAGES", default=50)

# Looks at the public verification page per address and minute.
VERIFY_LOOKS_PER_MINUTE = env.int("VERIFY_LOOKS_PER_MINUTE", default=30)

# The citizens' status page: questions per address and minute, and about one application in a quarter of an hour.
STATUS_QUESTIONS_PER_MINUTE = env.int("STATUS_QUESTIONS_PER_MINUTE", default=10)
STATUS_QUESTIONS_PER_APPLICATION = env.int("STATUS_QUESTIONS_PER_APPLICATION", default=10)

# Webhooks of connected systems: hosts that may be told (".example.kz" stands for all below it), and those among this
# machine's own or a test net's that may have plain http and a private address.
WEBHOOK_HOSTS = env.list("WEBHOOK_HOSTS", default=[])
WEBHOOK_DEMO_HOSTS = env.list("WEBHOOK_DEMO_HOSTS", default=[])
