"""What a client sends wrong, twice, or for somebody else (issue 4, bad input)."""

from __future__ import annotations

import base64
import gzip
import json

import pytest

from applications.models import Application
from tests.fixtures_api import V1, opened
from tests.fixtures_registers import demo_person
from tests.fixtures_road import scan

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(portal) -> str:
    return opened(portal, demo_person("P-02")["iin"]).json()["number"]


def sent(portal, content: bytes, content_type: str = "application/json", **headers):
    words = {"Authorization": f"Bearer {portal.token}", **headers}
    return portal.browser.post(f"{V1}applications/search", content, content_type=content_type, headers=words)


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b'{"plate": "1"', 400),
        (b'{"plate": "1", "plate": "2"}', 400),
        (b'{"plate": NaN}', 400),
        (b'{"plate": "\\u0000"}', 400),
        (b'{"plate": "\\ud800"}', 400),
        (b"[" * 5000, 400),
        (b'{"plate": ' + b"[" * 40 + b"]" * 40 + b"}", 400),
        (b'{"plate": "\xff"}', 400),
        (b'{"plate": "' + b"1" * 70_000 + b'"}', 413),
        (b'{"plate": 1}', 422),
        (b'{"plate": "1", "state": "issued"}', 422),
        (b'["plate"]', 422),
    ],
)
def test_a_body_is_taken_literally_or_refused(portal, content, status):
    answer = sent(portal, content)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"


def test_no_other_charset_type_or_compression(portal):
    body = b'{"plate": "417KZN02"}'
    assert sent(portal, body, "application/json; charset=windows-1251").status_code == 415
    assert sent(portal, body, "text/plain").status_code == 415
    assert sent(portal, gzip.compress(body), **{"Content-Encoding": "gzip"}).status_code == 415
    assert sent(portal, body).status_code == 200


def test_nobody_assigns_state_office_or_due_time(portal, number):
    before = Application.objects.values().get(number=number)
    for field in ("state", "office", "due_at", "filed_by"):
        answer = portal.put(f"applications/{number}/details", {field: "issued"}, match=before["version"])
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == field
    assert portal.call("PATCH", f"applications/{number}", {"state": "issued"}).status_code == 405
    assert Application.objects.values().get(number=number) == before


def test_a_state_cannot_be_jumped(portal, number):
    version = Application.objects.get(number=number).version
    answer = portal.post(f"applications/{number}/submit", match=version)
    assert answer.status_code == 422
    assert answer.json()["code"] == "incomplete"
    assert Application.objects.get(number=number).state == "draft"


def test_everything_sent_twice_happens_once(portal):
    body = {"service": "VR", "subservice": "VR-2", "office": "0201"}
    body["applicant"] = {"identifier": demo_person("P-02")["iin"]}
    first, second = (portal.post("applications", body, key="one-and-the-same") for _time in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert second["ETag"] == first["ETag"]
    assert Application.objects.filter(filed_by__code="egov").count() == 1
    other = portal.post("applications", {**body, "office": "0101"}, key="one-and-the-same")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_a_refusal_before_anything_is_written_is_kept_too(portal):
    """The register's word about an applicant: the same call again is not asked again, another one takes a new key."""
    first, second = (opened(portal, "123", key="one-and-the-same") for _time in range(2))
    assert (first.status_code, second.content) == (422, first.content)
    assert second["Idempotency-Replayed"] == "true"
    other = opened(portal, demo_person("P-02")["iin"], key="one-and-the-same")
    assert other.json()["code"] == "idempotency_key_reused"


def test_a_change_needs_a_key_and_the_version_read(portal, number):
    assert portal.post(f"applications/{number}/submit", key=None, match=1).json()["code"] == "idempotency_key_missing"
    assert portal.post(f"applications/{number}/submit").status_code == 428
    assert portal.post(f"applications/{number}/submit", match=99).status_code == 412


def test_no_token_no_answer(portal, number):
    assert portal.get(f"applications/{number}", headers={"Authorization": ""}).status_code == 401
    assert portal.get(f"applications/{number}", headers={"Authorization": "Bearer x"}).status_code == 401
    assert portal.sign_in(client_secret="wrong")["error"] == "invalid_client"


def test_a_parameter_that_cannot_be_read_is_not_called_unknown(portal):
    for path in (
        "applications?service=%00",
        "applications?service=%00&service=VR",
        "applications?limit=0",
        "applications?state=",
        "applications?cursor=cD1OYU4%3D",
        "applications?cursor=cD0A",
        "services/VR?on=soon",
    ):
        assert portal.get(path).json()["code"] == "invalid_parameter", path
    assert portal.get("applications?page=1").json()["code"] == "unknown_parameter"


def test_a_client_that_no_database_can_hold_gets_no_token(portal):
    """RFC 6749, 2.3.1: name and secret travel form-encoded inside Basic, where a NUL is three harmless letters."""
    coded = base64.b64encode(b"%00:%00").decode()
    form = {"content_type": "application/x-www-form-urlencoded", "headers": {"Authorization": f"Basic {coded}"}}
    answer = portal.browser.post(V1 + "token", "grant_type=client_credentials", **form)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert portal.sign_in(client_id="a\0b")["error"] == "invalid_client"


@pytest.mark.parametrize("name", ["scan." + "j" * 300, "ә" * 100 + "." + "ә" * 200, "." * 255, "\u202egpj.exe"])
def test_a_file_of_any_name_is_taken_by_its_content(portal, number, name):
    """A long extension once was more than the disk takes for a name."""
    picture = scan("contract")
    # Django's own upload would shorten the name before it is sent.
    vars(picture)["_name"] = name
    answer = portal.attach(number, "ownership_proof", picture)
    assert answer.status_code in {201, 422}, answer.content
    assert "upload" not in {error["field"] for error in answer.json().get("errors", ())}


def test_too_many_requests_are_told_when_to_come_back(portal, egov):
    egov.burst = 2
    egov.save()
    answers = [portal.get("services") for _time in range(4)]
    last = answers[-1]
    assert last.status_code == 429
    assert int(last["Retry-After"]) <= 10
    assert '"burst";r=0' in last["RateLimit"]


def test_an_unknown_address_is_a_problem_too(portal):
    answer = portal.get("nothing/here")
    assert answer.status_code == 404
    assert json.loads(answer.content)["code"] == "not_found"


def test_a_call_in_the_clear_is_refused_and_not_led_on(portal, settings):
    """ASVS 4.1.2: a redirect would have the client send its secret in the clear every time."""
    settings.SECURE_SSL_REDIRECT = True
    answer = portal.get("services")
    assert (answer.status_code, answer.json()["code"]) == (403, "https_required")
    assert portal.get("services", secure=True).status_code == 200
    assert portal.browser.post(V1 + "token", {}).status_code == 403
