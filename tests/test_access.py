"""Role × office × URL: every address of the desk, called by everybody."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from api.urls import urlpatterns as api_urls
from applications.states import State
from desk.guards import ShutUnlessOpened
from desk.urls import urlpatterns
from offices.models import Role
from tests.fixtures_desk import make_case
from tests.fixtures_offices import make_staff

# Answers of a page that let the caller in: shown, led on, not there for this case, another method, asked to correct.
LET_IN = {200, 204, 302, 404, 405, 409, 422, 429}
PUBLIC = {"sign_in"}
NUMBER = "0201-26-000999-4"
ARGUMENTS = {
    "number": NUMBER, "document": 1, "document_id": 1, "check_id": 1, "paper_id": 1, "tariff_id": 999_999,
    "exception_id": 999_999, "username": "nobody", "code": "9999", "who": "applicant", "token": "nothing",
}  # fmt: skip


def patterns():
    """Every URL of the desk with its namespace, and those of the API's door that staff go through."""
    of_api = (pattern for pattern in _flat(api_urls) if hasattr(pattern.callback, "roles"))
    return {pattern.name: ("desk", pattern) for pattern in _flat(urlpatterns)} | {
        pattern.name: ("api", pattern) for pattern in of_api
    }


def views():
    """Name and view of every such URL."""
    return {name: pattern.callback for name, (_space, pattern) in patterns().items()}


def _flat(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _flat(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern


def address_of(name):
    space, pattern = patterns()[name]
    arguments = {key: _argument(key, converter) for key, converter in pattern.pattern.converters.items()}
    return reverse(f"{space}:{name}", kwargs=arguments)


def _argument(key, converter):
    if key in ARGUMENTS:
        return ARGUMENTS[key]
    return 999_999 if type(converter).__name__ == "IntConverter" else "nothing"


@pytest.fixture
def everybody(almaty_police, almaty_front_desk):
    """One account of each role, all of one region."""
    offices = {Role.FRONT_DESK: almaty_front_desk, Role.OFFICER: almaty_police, Role.SUPERVISOR: almaty_police}
    return {role: make_staff(role.value, role, offices.get(role)) for role in Role}


def test_every_view_says_who_may_enter():
    silent = [name for name, view in views().items() if not hasattr(view, "roles")]
    assert silent == []
    public = {name for name, view in views().items() if not view.roles}
    assert public == PUBLIC


@pytest.mark.parametrize("name", sorted(views()))
def test_each_page_lets_in_its_roles_and_nobody_else(name, everybody):
    roles, address = views()[name].roles, address_of(name)
    for role, staff in everybody.items():
        client = Client()
        client.force_login(staff)
        for method in (client.get, client.post):
            status = method(address).status_code
            expected = LET_IN if role in roles or not roles else {403, 405}
            assert status in expected, (name, role, method.__name__, status)


@pytest.mark.parametrize("name", sorted(set(views()) - PUBLIC))
def test_strangers_are_sent_to_sign_in(name, db):
    client = Client()
    assert client.get(address_of(name)).status_code in {302, 405}
    assert client.post(address_of(name)).status_code in {302, 405}


@pytest.mark.parametrize("name", sorted(name for name in views() if NUMBER in address_of(name)))
def test_a_case_of_another_office_is_not_there(name, astana_police, astana_front_desk, everybody):
    """The same answer as for a number that was never given: existence is not told."""
    for role in views()[name].roles:
        state = State.DRAFT if name.startswith("intake") else State.REVIEW
        theirs = make_case(astana_police, state, front_desk=astana_front_desk)
        client = Client()
        client.force_login(everybody[role])
        address = address_of(name).replace(NUMBER, theirs.number)
        assert client.get(address).status_code in {404, 405}, (name, role)
        assert client.post(address, {"reason": "Checked", "version": 1}).status_code in {404, 405}, (name, role)


def test_a_desk_view_that_nobody_opened_stays_shut(rf, db):
    def forgotten(request):
        return HttpResponse("secret")

    request = rf.get("/queue/")
    request.resolver_match = get_resolver().resolve("/queue/")
    assert ShutUnlessOpened(forgotten).process_view(request, forgotten, (), {}).status_code == 403
