"""What the demo portal shows when something is wrong: pages of its own, in words, with a way out."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.fixtures_registers import demo_organisation, demo_person

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
HERE = {"ru": "Портал гражданина", "kk": "Азамат порталы"}


@pytest.fixture
def visitor(forsaken_site):
    with httpx.Client(base_url=forsaken_site, trust_env=False, timeout=60) as client:
        yield client


def send(visitor: httpx.Client, page: str, **form: str) -> httpx.Response:
    """The form of a page, sent as its button does."""
    token = TOKEN.search(visitor.get("/enter/").text)
    assert token is not None
    return visitor.post(
        page, data={"csrfmiddlewaretoken": token[1], **form}, headers={"Referer": str(visitor.base_url)}
    )


def test_trouble_is_told_on_pages_of_its_own(visitor):
    """404, 403 and 400 keep the head of the site; a fault of ours stands alone, for the head may be what failed."""
    unknown = visitor.get("/nothing/")
    assert (unknown.status_code, "Такой страницы для вас нет" in unknown.text) == (404, True)
    assert HERE["ru"] in unknown.text
    foreign = visitor.post("/enter/", data={"identifier": demo_person("P-01")["iin"]})
    assert (foreign.status_code, "Эта форма устарела" in foreign.text) == (403, True)
    send(visitor, "/language/", language="kk")
    assert HERE["kk"] in visitor.get("/nothing/").text
    # Nothing is asked of the API for a page that is back from a payment: what fails is the site's own store.
    assert send(visitor, "/enter/", identifier=demo_person("P-01")["iin"]).status_code == 302
    fault = visitor.get("/paid/0123456789abcdef/")
    assert (fault.status_code, "Портал қатесі" in fault.text) == (500, True)
    assert "csrfmiddlewaretoken" not in fault.text


@pytest.mark.parametrize("reference", [None, "", "ключ", "../../etc", "x" * 32, "0" * 33])
def test_a_form_without_our_reference_is_not_read(visitor, reference):
    """It goes into an address and an Idempotency-Key: whatever else comes in its place is no fault of the site."""
    send(visitor, "/enter/", identifier=demo_person("P-01")["iin"])
    form = {} if reference is None else {"reference": reference}
    answer = send(visitor, "/new/VR/VR-3/", office="0201", **form)
    assert (answer.status_code, "Запрос не удалось прочитать" in answer.text) == (400, True)


def test_a_portal_that_does_not_answer_is_told_of_within_seconds(visitor):
    """On the first page and on those of people who entered, in the same words."""
    for page in ("/", "/new/VR/VR-3/"):
        send(visitor, "/enter/", identifier=demo_person("P-01")["iin"])
        answer = visitor.get(page)
        assert (answer.status_code, "сейчас не отвечает" in answer.text) == (503, True), page


def test_people_and_organisations_enter_and_come_back_to_the_page_they_wanted(visitor):
    """An organisation acts through its head; a key that is not its own makes nobody."""
    page = visitor.get("/enter/").text
    organisation = demo_organisation("O-01")
    assert f'value="{organisation["bin"]}"' in page
    assert "руководитель: Сейітқали Дәурен" in page
    assert "Никто" not in page
    assert send(visitor, "/enter/", identifier="000000000000").status_code == 422
    assert leads_to(visitor.get("/paid/0123456789abcdef/")) == "/enter/"
    assert leads_to(send(visitor, "/enter/", identifier=organisation["bin"])) == "/paid/0123456789abcdef/"
    send(visitor, "/leave/")
    # A button pressed in a visit that is over: after entering comes a page, not the button.
    assert leads_to(send(visitor, "/new/VR/VR-3/")) == "/enter/"
    assert leads_to(send(visitor, "/enter/", identifier=organisation["bin"])) == "/applications/"


def leads_to(answer: httpx.Response) -> str:
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]
