"""Settings of the demo portal: no database of Django's, sessions in signed cookies, nothing of the portal itself."""

import os
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent

# Where this portal is, where the API is, and what it proves itself by there.
DEMO_PORTAL_URL = os.environ["DEMO_PORTAL_URL"]
DEMO_PORTAL_API = os.environ["DEMO_PORTAL_API"]
CLIENT_ID = os.environ["DEMO_PORTAL_CLIENT_ID"]
CLIENT_SECRET = os.environ["DEMO_PORTAL_CLIENT_SECRET"]
WEBHOOK_SECRET = os.environ["DEMO_PORTAL_WEBHOOK_SECRET"]
SECRET_KEY = os.environ["DEMO_PORTAL_SESSION_KEY"]
# The demo people's keys for electronic signatures, <IIN>.p12, and the file of what this portal remembers.
KEYS = Path(os.environ["DEMO_PORTAL_KEYS"])
STORE = Path(os.environ["DEMO_PORTAL_STORE"])

ALLOWED_HOSTS = [urlsplit(DEMO_PORTAL_URL).hostname or "127.0.0.1"]
INSTALLED_APPS = ["django.contrib.staticfiles"]
MIDDLEWARE = [
    "examples.portal.shell.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
CSRF_FAILURE_VIEW = "examples.portal.failing.forbidden"
ROOT_URLCONF = "examples.portal.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "examples.portal.shell.shell"],
            "builtins": ["examples.portal.shown"],
        },
    }
]
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
# Cookies know no ports: the officers' portal on the same machine has names of its own.
SESSION_COOKIE_NAME = "demo_session"
CSRF_COOKIE_NAME = "demo_csrf"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
WHITENOISE_USE_FINDERS = True
USE_TZ = True
TIME_ZONE = "Asia/Almaty"
USE_I18N = False
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
