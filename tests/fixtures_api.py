"""Portals and platforms connected by program, as they act."""

from __future__ import annotations

import json as to_json
import re
import uuid
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.utils import timezone

from api.clients import make_secret, save_system
from api.models import Client, Scope
from api.sandbox import ASKS_FOR
from api.schema import HEADERS, description
from applications import deciding, holding, issuing
from applications.acting import Actor
from applications.models import Application
from offices.models import ConnectedSystem, Role, Staff, SystemChannel
from tests.fixtures_road import work

V1 = "/api/v1/"


def connect(code: str = "egov", channel: SystemChannel = SystemChannel.EGOV, **fields: Any) -> ConnectedSystem:
    """A connected system that may ask for every service."""
    names = {"name_en": f"Portal {code}", "name_ru": f"Портал {code}", "name_kk": f"{code} порталы"}
    return ConnectedSystem.objects.create(
        code=code, channel=channel, **{"services": ["VR", "PD", "DL"], **names, **fields}
    )


@pytest.fixture
def egov(db) -> ConnectedSystem:
    return connect()


@pytest.fixture
def bank(db) -> ConnectedSystem:
    """A platform: the stranger of every test on what a system may see."""
    return connect("bank", SystemChannel.PLATFORM)


@dataclass
class Caller:
    """A connected system's own program, as it calls over HTTP with its token."""

    client: Client
    secret: str
    browser: Browser = field(default_factory=lambda: Browser(raise_request_exception=False))
    token: str = ""

    def sign_in(self, **form: Any) -> dict[str, Any]:
        """Ask for a token and keep it."""
        body = {"grant_type": "client_credentials", "client_id": self.client.client_id, "client_secret": self.secret}
        form_type = "application/x-www-form-urlencoded"
        answer = self.browser.post(V1 + "token", urlencode({**body, **form}), content_type=form_type)
        self.token = answer.json().get("access_token", "")
        return answer.json()

    def call(self, method: str, path: str, json: Any = None, *, key: str | None = "", match: Any = None, **more: Any):
        """One call; every unsafe one gets a fresh key unless `key` says otherwise (None: no key at all)."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en", **more.pop("headers", {})}
        if key is not None and method not in {"GET", "HEAD"}:
            headers["Idempotency-Key"] = key or uuid.uuid4().hex
        if match is not None:
            headers["If-Match"] = f'"{match}"' if isinstance(match, int) else match
        if json is not None:
            more |= {"data": to_json.dumps(json), "content_type": "application/json"}
        answer = self.browser.generic(method, V1 + path, headers=headers, **more)
        if ASKS_FOR not in headers:
            assert_documented(method, path, answer)
        return answer

    def get(self, path: str, **more: Any):
        return self.call("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any):
        return self.call("POST", path, json, **more)

    def put(self, path: str, json: Any = None, **more: Any):
        return self.call("PUT", path, json, **more)

    def attach(self, number: str, requirement: str, upload: Any, **more: Any):
        """A document as multipart/form-data."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": more.pop("key", uuid.uuid4().hex)}
        data = {"requirement": requirement, "upload": upload, **more}
        answer = self.browser.post(f"{V1}applications/{number}/documents", data, headers=headers)
        assert_documented("POST", f"applications/{number}/documents", answer)
        return answer


@pytest.fixture
def own_connection(settings, monkeypatch) -> None:
    """Requests through WSGI itself run on the test's own connection: the end of a request must not close it."""
    settings.ALLOWED_HOSTS = ["testserver"]
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)


@cache
def documented() -> list[tuple[re.Pattern[str], dict[str, dict[str, set[str]]]]]:
    """Each address of the description as a pattern, with its methods: status → headers."""
    schema = description()
    return [
        (
            re.compile(re.sub(r"{\w+}", "[^/]+", path.removeprefix(V1))),
            {
                method.upper(): {status: set(told["headers"]) for status, told in each["responses"].items()}
                for method, each in operations.items()
            },
        )
        for path, operations in schema["paths"].items()
    ]


def assert_documented(method: str, path: str, answer: HttpResponse) -> None:
    """The description promises status and headers of the answer; another method, or no such address, it need not."""
    address = path.partition("?")[0]
    found = [methods for pattern, methods in documented() if pattern.fullmatch(address)]
    if found and method in found[0]:
        promised = [methods[method].get(str(answer.status_code)) for methods in found if method in methods]
        told = {name for name in HEADERS if name in answer}
        assert any(headers is not None and told <= headers for headers in promised), (method, path, answer.headers)


def administrator() -> Actor:
    staff = Staff.objects.filter(role=Role.ADMINISTRATOR).first()
    return Actor.of(staff or Staff.objects.create_user("administrator", role=Role.ADMINISTRATOR, surname="А"))


def caller_of(system: ConnectedSystem, *scopes: str) -> Caller:
    """A signed-in program of the system with these scopes, by default all of them."""
    by, now = administrator(), timezone.now()
    client = save_system(actor=by, system=system, scopes=scopes or Scope.values, now=now)
    _credential, secret = make_secret(actor=by, client=client, now=now)
    caller = Caller(client, secret)
    caller.sign_in()
    return caller


@pytest.fixture
def portal(road, egov) -> Caller:
    """egov.kz's program, signed in, on the road of Almaty."""
    return caller_of(egov)


@pytest.fixture
def stranger(road, bank) -> Caller:
    """A bank's program, signed in: it filed nothing."""
    return caller_of(bank)


def opened(caller: Caller, iin: str, subservice: str = "VR-2", office: str = "0201", key: str = "", **more: Any):
    body = {"service": subservice[:2], "subservice": subservice, "office": office, "applicant": {"identifier": iin}}
    return caller.post("applications", {**body, **more}, key=key)


def decided(road: Any, number: str) -> None:
    """The desk's part of an accepted application: asked about, inspected, approved, issued and printed."""
    work()
    road.inspect(Application.objects.get(number=number))
    holding.take(actor=road.officer, number=number, now=timezone.now())
    deciding.approve(actor=road.officer, number=number, version=None, now=timezone.now())
    issuing.issue(number)
    work(papers=True)
