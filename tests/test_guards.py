"""One click counts once, and a refusal of the portal reads like one."""

import threading

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpResponseRedirect
from django_htmx.middleware import HtmxDetails

from applications.errors import DomainError, InvalidInputError
from desk.guards import staff_view
from offices.models import Role


@pytest.fixture
def send(rf, officer):
    """A function that calls a view as `officer`; what it does beside is kept in the list `calls`."""

    def call(view, data=None, *, htmx=False, user=officer):
        request = rf.post("/somewhere/", data or {}, headers={"HX-Request": "true"} if htmx else {})
        request.user, request.session, request.resolver_match = user, {}, None
        request.htmx = HtmxDetails(request)
        return view(request)

    return call


def guarded(view):
    return staff_view(Role.OFFICER, methods=("POST",))(view)


def test_the_same_page_sent_twice_happens_once(send):
    calls = []
    view = guarded(lambda request: calls.append(1) or HttpResponseRedirect("/case/1/"))
    first, second = send(view, {"form_key": "k1"}), send(view, {"form_key": "k1"})
    assert len(calls) == 1
    assert first.headers["Location"] == second.headers["Location"] == "/case/1/"
    send(view, {"form_key": "k2"})
    assert len(calls) == 2


def test_a_second_click_waits_for_the_first_and_follows_it(send):
    calls, begun, go = [], threading.Event(), threading.Event()

    def slow(request):
        calls.append(1)
        begun.set()
        go.wait(5)
        return HttpResponseRedirect("/case/2/")

    view, answers = guarded(slow), []
    clicks = [threading.Thread(target=lambda: answers.append(send(view, {"form_key": "slow"}))) for _ in range(2)]
    clicks[0].start()
    begun.wait(5)
    clicks[1].start()
    go.set()
    for click in clicks:
        click.join(10)
    assert len(calls) == 1
    assert [answer.headers["Location"] for answer in answers] == ["/case/2/", "/case/2/"]


def test_a_form_that_was_refused_can_be_corrected_and_sent_again(send):
    outcomes = [InvalidInputError({"vin": "Wrong."}), None]

    def view(request):
        if error := outcomes.pop(0):
            raise error
        return HttpResponseRedirect("/done/")

    guard = guarded(view)
    assert send(guard, {"form_key": "again"}, htmx=True).status_code == 422
    assert send(guard, {"form_key": "again"}, htmx=True).headers["Location"] == "/done/"


def test_another_person_cannot_use_up_a_form_key(send, other_officer):
    calls = []
    view = guarded(lambda request: calls.append(request.user) or HttpResponseRedirect("/x/"))
    send(view, {"form_key": "shared"})
    send(view, {"form_key": "shared"}, user=other_officer)
    assert len(calls) == 2


@pytest.mark.parametrize("htmx", [True, False])
def test_a_refusal_of_the_portal_is_shown_with_its_status_and_words(send, htmx):
    def view(request):
        raise DomainError("held", "Б. Омаров took the application at 10:36.", row="VR.9.7")

    response = send(guarded(view), htmx=htmx)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Б. Омаров took the application at 10:36." in text
    assert "VR.9.7" in text
    assert ("<html" in text) is not htmx
    assert response.headers.get("HX-Retarget") == ("#problem" if htmx else None)


def test_strangers_do_not_reach_the_view(send):
    calls = []
    response = send(guarded(lambda request: calls.append(1)), user=AnonymousUser())
    assert (response.status_code, calls) == (302, [])


@pytest.fixture(autouse=True)
def no_keys_yet():
    cache.clear()
