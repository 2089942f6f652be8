"""Who may call what: every address and method of the API's own map, tried by strangers and with every scope but one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from api.models import Scope
from api.strict import StrictMultipart
from api.v1 import CASE, urlpatterns
from tests.fixtures_api import Caller, caller_of, connect, opened
from tests.fixtures_registers import demo_person
from tests.fixtures_road import scan

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
VIEWS = {str(item.pattern): item.callback.cls for item in urlpatterns if hasattr(item.callback, "cls")}
ENDPOINTS = {route: view for route, view in VIEWS.items() if hasattr(view, "scopes")}


def operations() -> Iterator[tuple[str, str, Any]]:
    """Route, method and view of everything that can be called with a token."""
    for route, view in sorted(ENDPOINTS.items()):
        for method in METHODS:
            if hasattr(view, method.lower()):
                yield route, method, view


OPERATIONS = list(operations())
OF_A_CASE = [item for item in OPERATIONS if item[0].startswith(CASE)]
SCOPED = [item for item in OPERATIONS if item[2].scopes]


def called(caller: Caller, route: str, method: str, view: Any, number: str = "0201260000123", **more: Any) -> Any:
    path = re.sub(r"<int:\w+>", "1", route.replace("<str:number>", number).replace("<str:code>", "VR"))
    if method == "POST" and StrictMultipart in view.parser_classes:
        return caller.attach(number, "ownership_proof", scan("forged"))
    return caller.call(method, path, {} if method in {"POST", "PUT"} else None, match=1, **more)


def test_what_needs_no_token_is_known():
    assert set(VIEWS) - set(ENDPOINTS) == {"openapi.json"}
    assert {item.name for item in urlpatterns if not hasattr(item.callback, "cls")} == {"token", "docs", "errors"}


def test_a_strangers_application_does_not_exist(portal, stranger):
    number = opened(portal, demo_person("P-02")["iin"]).json()["number"]
    answers = {(route, method): called(stranger, route, method, view, number) for route, method, view in OF_A_CASE}
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 404} == {}
    assert len(answers) >= 22
    assert stranger.get("applications").json()["results"] == []


def test_nothing_is_answered_without_a_token(portal):
    portal.token = "nobody"
    refused = {(route, method): called(portal, route, method, view).status_code for route, method, view in OPERATIONS}
    assert set(refused.values()) == {401}


def test_every_call_about_an_application_needs_a_scope():
    silent = [(route, method) for route, method, view in OF_A_CASE if not view.scopes.get(method)]
    assert silent == []
    without = {route for route, view in ENDPOINTS.items() if not view.scopes}
    assert without == {"offices", "services", "services/<str:code>", "services/<str:code>/preview", "verification"}


@pytest.mark.parametrize("scope", Scope.values)
def test_every_scope_but_the_one_needed_opens_nothing(road, scope):
    others = [known for known in Scope.values if known != scope]
    caller = caller_of(connect("narrowed"), *others)
    for route, method, view in SCOPED:
        answer = called(caller, route, method, view)
        is_refused = answer.status_code == 403 and answer.json()["code"] == "scope_missing"
        assert is_refused == (view.scopes[method] == scope), (route, method, answer.content)
