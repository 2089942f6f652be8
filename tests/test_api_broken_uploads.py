"""Documents whose connection breaks on the way: what did not arrive whole is nothing."""

from __future__ import annotations

import httpx
import pytest
from django.core.wsgi import get_wsgi_application

from applications.models import Application
from tests.fixtures_api import opened
from tests.fixtures_registers import demo_person
from tests.fixtures_road import scan

pytestmark = pytest.mark.django_db


def in_part(caller, number: str, key: str, cut: int) -> httpx.Response:
    """A document whose connection breaks `cut` bytes before its end; 0 for all of it."""
    files = {"upload": ("contract.jpg", scan("contract").read(), "image/jpeg")}
    address = f"http://testserver/api/v1/applications/{number}/documents"
    headers = {"Authorization": f"Bearer {caller.token}", "Idempotency-Key": key}
    sent = httpx.Request("POST", address, data={"requirement": "ownership_proof"}, files=files, headers=headers)
    body = sent.read()
    arrived = httpx.Request("POST", address, headers=sent.headers, content=body[: len(body) - cut])
    arrived.headers["Content-Length"] = str(len(body))
    answer = httpx.WSGITransport(get_wsgi_application()).handle_request(arrived)
    answer.read()
    return answer


@pytest.mark.parametrize("cut", [1, 30, 60, 2000])
def test_a_document_that_did_not_arrive_whole_is_not_judged(portal, own_connection, cut):
    """Half a file is no file: nothing is kept under its key, and the client sends the whole of it with the same."""
    number = opened(portal, demo_person("P-02")["iin"]).json()["number"]
    portal.put(f"applications/{number}/details", {"vin": "", "ownership_proof": "notarised"}, match=1)
    broken = in_part(portal, number, "the-contract", cut)
    assert (broken.status_code, broken.json()["code"]) == (400, "malformed")
    assert in_part(portal, number, "the-contract", 0).status_code == 201
    assert Application.objects.get(number=number).documents.count() == 1
