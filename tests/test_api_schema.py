"""The description says everything the API does: schemathesis finds no undocumented status and no fault."""

from __future__ import annotations

import re
import time
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from api import schema
from api.codes import CODES
from api.examples import ANSWERED, SENT
from api.idempotency import CHANGING
from api.schema import LOOK_UPS
from tests.at_once import at_once
from tests.fixtures_api import V1

pytestmark = pytest.mark.django_db


def described(browser) -> dict[str, Any]:
    answer = browser.get(V1 + "openapi.json")
    assert answer.status_code == 200, answer.content[:500]
    return answer.json()


def operations(schema: dict[str, Any]):
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def test_the_description_is_openapi_3_1_and_names_every_address(client):
    schema = described(client)
    assert schema["openapi"].startswith("3.1")
    mapped = {f"/{route}" for route in routes()} - {V1 + name for name in ("token", "openapi.json", "docs", "errors")}
    assert {re.sub(r"{(\w+)}", "<>", path) for path in schema["paths"]} == mapped


def routes() -> set[str]:
    """The routes of the API as they are mapped, each variable as "<>"."""
    inner = next(item for item in get_resolver("api.urls").url_patterns if str(item.pattern) == "api/v1/")
    return {"api/v1/" + re.sub(r"<[^>]+>", "<>", str(item.pattern)) for item in inner.url_patterns}


def test_readers_at_once_are_given_one_description_that_was_made_once(client, monkeypatch):
    """Two threads that made the first description together found the library's extensions half loaded: a 500."""
    making, made = [], []
    make = SchemaGenerator.get_schema

    def slowly(self, **words):
        making.append(1)
        assert len(making) == 1, "made by two at once"
        time.sleep(0.05)
        made.append(make(self, **words))
        making.pop()
        return made[-1]

    monkeypatch.setattr(SchemaGenerator, "get_schema", slowly)
    schema._made.cache_clear()
    answers = at_once(*[partial(Client().get, V1 + "openapi.json", headers={"Accept-Language": "en"})] * 6)
    assert {answer.status_code for answer in answers} == {200}
    assert len(made) == 1


def test_every_change_names_its_key_and_every_refusal_its_problem(client):
    schema = described(client)
    for path, method, operation in operations(schema):
        headers = {item["name"] for item in operation["parameters"] if item["in"] == "header"}
        needs_key = method in CHANGING and operation["operationId"] not in LOOK_UPS
        assert ("Idempotency-Key" in headers) == needs_key, (path, method)
        assert {"400", "401", "403", "404", "429"} <= set(operation["responses"]), (path, method)


def test_the_main_calls_have_examples_that_fit_their_shapes(client):
    schema = described(client)
    shown = {operation["operationId"]: operation for _path, _method, operation in operations(schema)}
    assert {*SENT, *ANSWERED} <= set(shown)
    for operation in shown.values():
        answers = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        for part in (operation.get("requestBody", {}), *answers):
            content = part.get("content", {}).get("application/json", {})
            for example in content.get("examples", {}).values():
                described_shape = {**content["schema"], "components": schema["components"]}
                Draft202012Validator(described_shape).validate(example["value"])


def test_every_refusal_shows_each_of_its_codes(client):
    schema = described(client)
    shown = schema["components"]["examples"]
    assert {name: example["value"]["status"] for name, example in shown.items()} == {
        code: known.status for code, known in CODES.items()
    }
    for path, method, operation in operations(schema):
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                named = answer["content"]["application/problem+json"]["examples"]
                assert {CODES[code].status for code in named} == {int(status)}, (path, method)


def test_every_unsafe_handler_happens_once():
    """Nobody adds a change that can be doubled: its handler is wrapped, or its operation is a known look-up."""
    inner = next(item for item in get_resolver("api.urls").url_patterns if str(item.pattern) == "api/v1/")
    doubled = []
    for item in inner.url_patterns:
        view = getattr(item.callback, "cls", None)
        for method in ("post", "put", "patch", "delete"):
            handler = getattr(view, method, None)
            if handler is not None and not hasattr(handler, "is_once"):
                doubled.append(item.name)
    assert set(doubled) == {"search", "plates", "preview", "verification"}


def test_the_page_to_read_loads_nothing_from_elsewhere(client):
    page = client.get(V1 + "docs")
    assert page.status_code == 200
    assert "//" not in re.sub(r"https?://testserver", "", page.content.decode()).replace("</", "")
    assert "script-src 'self'" in page["Content-Security-Policy"]
