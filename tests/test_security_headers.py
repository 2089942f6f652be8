"""What every response carries, what the cookies are like, and what a forged header achieves: nothing."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.test import Client, override_settings

AS_PRODUCTION = {
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 63072000,
    "SESSION_COOKIE_NAME": "__Host-session",
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "LANGUAGE_COOKIE_NAME": "__Host-language",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "LANGUAGE_COOKIE_SECURE": True,
}
TEMPLATES = Path(portal_settings.BASE_DIR) / "templates"


def policy(response):
    parts = (part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    return dict(parts)


def test_production_settings_are_the_default():
    """ASVS 3.3: a fresh process that is told nothing marks its cookies for https and this host alone."""
    code = (
        "import os, json; [os.environ.pop(name, None) for name in ('SECURE_COOKIES', 'SECURE_SSL_REDIRECT')];"
        "from portal import settings as s;"
        f"print(json.dumps({{name: getattr(s, name) for name in {sorted(AS_PRODUCTION)}}}))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=portal_settings.BASE_DIR
    )
    assert json.loads(told.stdout) == AS_PRODUCTION


@pytest.mark.parametrize("address", ["/queue/", "/sign-in/", "/no-such-page/", "/health/"])
def test_every_response_carries_the_headers(client, officer, address):
    """ASVS 3.4."""
    client.force_login(officer)
    response = client.get(address)
    headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert {"Permissions-Policy", "Content-Security-Policy"} <= set(headers)


def test_nothing_inline_and_nothing_foreign_is_allowed(client, officer):
    """ASVS 3.4.3, 3.4.6: no unsafe word, no nonce, no other host; nobody frames the desk."""
    client.force_login(officer)
    response = client.get("/queue/")
    rules = policy(response)
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("desk/**/*.html")) + sorted(TEMPLATES.glob("*.html")), ids=str)
def test_no_template_has_inline_script_style_or_handler(path):
    text = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text), path.name
    assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", text), path.name


def test_cookies_belong_to_this_host_and_to_https(client, officer):
    """ASVS 3.3.1–3.3.4."""
    with override_settings(**AS_PRODUCTION):
        client.get("/sign-in/", secure=True)
        client.force_login(officer)
        client.get("/queue/", secure=True)
        client.post("/i18n/setlang/", {"language": "kk"}, secure=True)
    for name in ("__Host-session", "__Host-csrf", "__Host-language"):
        cookie = client.cookies[name]
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (
            True, True, "Lax", "/", "",
        ), name  # fmt: skip


def test_https_is_required_and_remembered_for_two_years(client, db):
    """ASVS 3.4.1."""
    with override_settings(**AS_PRODUCTION):
        plain, safe = client.get("/sign-in/"), client.get("/sign-in/", secure=True)
    assert plain.headers["Location"] == "https://testserver/sign-in/"
    assert safe.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"


def test_forwarded_headers_of_strangers_are_dropped(client, officer, settings):
    """ASVS 4.1.3: the journal's address and the judgement of https come from our own proxy or from nobody."""
    forged = {"X-Forwarded-For": "203.0.113.7, 198.51.100.4", "X-Forwarded-Proto": "https"}
    stranger = client.get("/sign-in/", headers=forged).wsgi_request
    assert (stranger.META["REMOTE_ADDR"], stranger.is_secure()) == ("127.0.0.1", False)
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    proxied = client.get("/sign-in/", headers=forged).wsgi_request
    assert (proxied.META["REMOTE_ADDR"], proxied.is_secure()) == ("198.51.100.4", True)


def test_a_form_without_token_is_refused_kindly(officer, case):
    """ASVS 3.5.1."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer)
    application = case()
    page = client.post(f"/queue/{application.number}/take/")
    part = client.post(f"/queue/{application.number}/take/", headers={"HX-Request": "true"})
    assert page.status_code == part.status_code == 403
    assert part.headers["HX-Retarget"] == "#problem"
    application = type(application).objects.get()
    assert application.holder is None
