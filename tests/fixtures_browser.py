"""Requests over plain http in every test, and a real Chromium signed in by role."""

import os
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.test import override_settings
from playwright.sync_api import expect, sync_playwright

# What is awaited comes in parts of a second; a loaded machine may take its time. Where an issue gives a bound, its test
# names it.
PATIENCE = 30_000
# An IIN or BIN (the number of an application has no twelve digits in a row), a VIN, or a plate.
PERSONAL = re.compile(r"(?<![\w.-])(\d{12}|[A-HJ-NPR-Z0-9]{17}|\d{3}[A-Z]{2,3}\d{2})(?![\w-])")
VIEWPORTS = {"small": {"width": 1366, "height": 768}, "large": {"width": 1920, "height": 1080}}
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session", autouse=True)
def plain_http():
    """The test client and the live server speak http; test_security_headers.py proves the https settings."""
    with override_settings(
        SECURE_SSL_REDIRECT=False,
        SESSION_COOKIE_NAME="session",
        CSRF_COOKIE_NAME="csrf",
        LANGUAGE_COOKIE_NAME="language",
        SESSION_COOKIE_SECURE=False,
        CSRF_COOKIE_SECURE=False,
        LANGUAGE_COOKIE_SECURE=False,
        STORAGES={
            **portal_settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    ):
        yield


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, once for the whole run."""
    # Playwright keeps an event loop in this thread; Django takes that for asynchronous code, which this is not.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is needed: apt-get install chromium"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def sign_in_browser(chromium, live_server, settings):
    """A function: account (or None for a stranger) → a page of its own browser context, signed in.

    Faults of scripts, of the content policy and of the server fail the test at its end, and so does an address with an
    IIN, BIN, VIN or plate.
    """
    contexts = []
    troubles = []

    def open_page(staff=None, *, viewport="small", language="ru"):
        context = chromium.new_context(
            viewport=VIEWPORTS[viewport], base_url=live_server.url, locale="ru-RU", timezone_id="Asia/Almaty"
        )
        contexts.append(context)
        context.on("request", lambda request: troubles.append(request.url) if PERSONAL.search(request.url) else None)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if staff is not None:
            cookies[settings.SESSION_COOKIE_NAME] = session_of(staff)
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text) if _is_trouble(message) else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


def session_of(staff):
    """The key of a stored session in which `staff` is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(staff.pk)
    session[BACKEND_SESSION_KEY] = portal_settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = staff.get_session_auth_hash()
    session.create()
    return session.session_key


def screenshot(page, name):
    """Keep a picture of `page` below .runtime/screenshots/ for people to look at."""
    folder = Path(portal_settings.BASE_DIR) / ".runtime" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")


def _is_trouble(message):
    # A refused request (409, 422, 429) is an answer the page shows; a fault of the server or the policy is a fault.
    return message.type == "error" and not re.search(
        r"status of 4\d\d|Status Error Code 4\d\d|ERR_FAILED", message.text
    )
