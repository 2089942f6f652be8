"""examples/portal_client.py and its folder: what a developer copies does what it says, over the portal's own wire."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from standardwebhooks import Webhook, WebhookVerificationError

from api.clients import make_secret
from applications.models import Application, Document, Signature
from examples import portal_api
from examples.portal_api import Filing, Key, Portal, Receiver, Refused, Unreachable, read_webhook
from examples.portal_api import filing as steps
from examples.portal_api import wire as sending
from fees.models import Charge
from registers.electronic_signatures import verify
from tests.fixtures_api import administrator
from tests.fixtures_registers import demo_person
from tests.fixtures_road import scan, work
from webhooks.sealing import new_secret

OUTSIDE = {"httpx", "cryptography", "standardwebhooks"}


class Wire(httpx.BaseTransport):
    """The portal in this process, reached as over a network that `trouble` may spoil; workers do their part at once.

    `trouble` is what happens to the next requests, one after the other: "lost" before the portal has it, "cut" after
    the portal has done it and before the client hears of it, a status that something before the portal answers with.
    """

    def __init__(self) -> None:
        self.portal = httpx.WSGITransport(get_wsgi_application())
        self.trouble: list[Any] = []
        self.wait = "0"
        self.sent: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.sent.append(request)
        trouble = self.trouble.pop(0) if self.trouble else ""
        if trouble == "lost":
            raise httpx.ConnectError("lost")
        if isinstance(trouble, int):
            return httpx.Response(trouble, headers={"Retry-After": self.wait}, text="<html>busy</html>")
        answer = self.portal.handle_request(request)
        answer.read()
        if request.method == "PUT":
            work()
        if trouble == "cut":
            raise httpx.RemoteProtocolError("cut")
        return answer

    def used_keys(self) -> list[str]:
        """The Idempotency-Keys in the order of their arrival."""
        return [request.headers["Idempotency-Key"] for request in self.sent if "Idempotency-Key" in request.headers]


@pytest.fixture
def wire(own_connection) -> Wire:
    return Wire()


@pytest.fixture
def client(portal, wire, monkeypatch) -> Portal:
    """The example's client with egov.kz's credentials; it does not wait between attempts."""
    monkeypatch.setattr(sending, "_pause", lambda turn, asked_for: 0.0)
    monkeypatch.setattr(steps, "LOOK_EVERY_SECONDS", 0.0)
    return Portal("http://testserver", portal.client.client_id, portal.secret, "en", transport=wire)


def imported(file: Path) -> set[str]:
    """The packages that a program imports, beside its own."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    whole = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    parts = {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.partition(".")[0] for name in whole | parts}


FOLDER = Path(portal_api.__file__).parent


def test_the_client_needs_nothing_of_the_portal():
    """Whoever copies the folder needs three packages of the registry and Python."""
    needed = set().union(*(imported(file) for file in FOLDER.glob("*.py")))
    assert needed - sys.stdlib_module_names == OUTSIDE


def test_the_copied_client_runs_from_a_folder_of_its_own(tmp_path):
    """As the quick start has it: one file and one folder, nothing else beside them."""
    shutil.copy(FOLDER.parent / "portal_client.py", tmp_path)
    shutil.copytree(FOLDER, tmp_path / FOLDER.name)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "portal_client.py", *words]
        return subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)

    assert {"file", "follow", "collect", "listen"} <= set(re.findall(r"\w+", run("--help").stdout))
    told = run("follow", "0201-26-000002-5")
    assert (told.returncode, told.stderr) == (1, "Set CLIENT_ID in the environment.\n")


def sale(road, registered, buyer: str, signatures, **more: Any) -> Filing:
    """A sale of the registered car, signed by both owners with their demo keys."""
    seller = registered.applicant.identifier
    keys = {iin: str(signatures.folder / "keys" / f"{iin}.p12") for iin in (seller, buyer)}
    details = {
        "act": "registration",
        "found_by": registered.plate_number,
        "seller_identifier": seller,
        "sold_on": timezone.localdate().isoformat(),
        "ownership_proof": "both_signatures",
        "plates_kept": "yes",
    }
    signed = {"ownership_proof": list(keys.values())}
    return Filing("VR", "VR-2", "0201", buyer, details, signatures=signed, no_co_owners=keys[seller], **more)


@pytest.mark.django_db
def test_a_sale_is_signed_paid_and_filed_by_the_example(road, client, signatures):
    """LAW-O1, VR.8.3e: the whole way with nothing but the example."""
    buyer = demo_person("P-02")["iin"]
    filing = sale(road, road.registered(), buyer, signatures)
    pages: list[str] = []

    def pay(address: str) -> None:
        pages.append(address)
        road.pay(Application.objects.get(filed_by__code="egov"))

    application = filing.file(client, pay)
    number = application["number"]
    assert application["state"] == "submitted"
    assert client.charges(number)["is_settled"]
    assert len(pages) == 1
    assert pages[0].startswith("http")

    again = filing.file(client, pay)
    assert (again["number"], again["state"]) == (number, "submitted")
    assert Application.objects.filter(filed_by__code="egov").count() == 1
    told, tag = client.events(number)
    assert told is not None
    assert {"opened", "accepted"} <= {event["type"] for event in told["events"]}
    assert client.events(number, tag=tag) == (None, tag)
    assert [found["number"] for found in client.search(identifier=buyer)] == [number]
    assert [found["number"] for found in client.applications(state="submitted")] == [number]


@pytest.mark.django_db
def test_whatever_is_lost_on_the_way_nothing_is_done_twice(road, client, wire, signatures, tmp_path):
    """Every call of a filing is lost, then cut off after the portal did it, and arrives in the end, under one key."""
    registered = road.registered()
    filing = sale(road, registered, demo_person("P-02")["iin"], signatures)
    filing.documents = {"ownership_proof": str(tmp_path / "contract.jpg")}
    filing.details["ownership_proof"], filing.signatures, filing.no_co_owners = "notarised", {}, ""
    (tmp_path / "contract.jpg").write_bytes(scan("contract").read())
    wire.trouble = ["lost", "cut", 502, ""] * 60
    application = filing.file(client, lambda _address: road.pay(Application.objects.get(filed_by__code="egov")))
    assert application["state"] == "submitted"
    case = Application.objects.get(filed_by__code="egov")
    assert (case.documents.count(), Document.objects.filter(application=case).count()) == (1, 1)
    assert not Charge.objects.payable().filter(application=case).exists()
    steps = {key.removeprefix(f"{filing.reference}-").partition("-")[0] for key in wire.used_keys()}
    assert steps == {"open", "details", "document", "payment", "submit"}
    assert wire.used_keys().count(filing.reference + "-open") > 1
    actions = list(case.journal.values_list("action", flat=True))
    assert (actions.count("opened"), actions.count("accepted")) == (1, 1)


@pytest.mark.django_db
def test_an_answer_that_comes_between_reading_and_submitting_is_read_too(road, client, wire, signatures):
    """A late answer of a register changes the draft in the last moment: the filing goes on with what is newest."""
    filing = sale(road, road.registered(), demo_person("P-02")["iin"], signatures)
    submit = client.submit

    def submit_late(number: str, **how: Any) -> dict[str, Any]:
        client.put_details(number, filing.details)
        filing._sign(client, number)
        return submit(number, **how)

    client.submit = submit_late
    done = filing.file(client, lambda _address: road.pay(Application.objects.get(filed_by__code="egov")))
    assert done["state"] == "submitted"


@pytest.mark.django_db
def test_a_draft_that_changed_meanwhile_is_read_again(road, client, wire):
    """A register's answer or the applicant's other window changes the version: the next one is taken, once."""
    number = client.open("VR", "VR-2", "0201", demo_person("P-02")["iin"])["number"]
    read = client.read

    def read_and_be_overtaken(wanted: str) -> dict[str, Any]:
        told = read(wanted)
        if Application.objects.get(number=number).version == told["version"] and not overtaken:
            overtaken.append(told["version"])
            client.put_details(number, {"act": "registration"}, version=told["version"])
        return told

    overtaken: list[int] = []
    client.read = read_and_be_overtaken
    client.put_details(number, {"act": "registration", "plates_kept": "yes"}, key="the-details")
    assert wire.used_keys()[-2:] == ["the-details", "the-details.1"]
    with pytest.raises(Refused) as stale:
        client.put_details(number, {"act": "registration"}, version=overtaken[0])
    assert (stale.value.status, stale.value.code) == (412, "stale")


@pytest.mark.django_db
def test_a_refusal_tells_code_row_and_fields_and_is_not_sent_again(road, client, wire):
    """What will not become better by waiting is told at once."""
    number = client.open("VR", "VR-2", "0201", demo_person("P-02")["iin"])["number"]
    before = len(wire.sent)
    with pytest.raises(Refused) as wrong:
        client.put_details(number, {"act": "registration", "colour_of_sky": "blue"})
    assert (wrong.value.code, [line["field"] for line in wrong.value.errors]) == ("invalid", ["colour_of_sky"])
    assert len(wire.sent) == before + 2
    with pytest.raises(Refused, match="incomplete"):
        client.submit(number)
    with pytest.raises(Refused, match="channel_not_offered"):
        client.preview("DL", {"subservice": "DL-2", "applicant": "person", "office": "0201"})


@pytest.mark.django_db
def test_a_portal_that_stays_away_is_given_up(client, wire):
    wire.trouble = ["lost"] * 100
    with pytest.raises(Unreachable, match="lost"):
        client.services()
    assert len(wire.sent) == sending.TRIES
    wire.trouble = [503] * 100
    with pytest.raises(Refused, match="503"):
        client.services()


@pytest.mark.django_db
def test_who_has_used_up_the_hour_is_told_and_not_kept_waiting(client, wire):
    """Retry-After is obeyed while it is short; an hour is for the caller to decide about."""
    wire.wait = "1"
    wire.trouble = [429, 429]
    assert client.services()
    wire.wait = "3600"
    wire.trouble = [429]
    with pytest.raises(Refused, match="429") as refused:
        client.services()
    assert refused.value.retry_after == 3600


@pytest.mark.django_db
def test_a_token_is_taken_once_and_renewed_when_it_is_refused(portal, client, wire):
    client.services()
    client.services()
    assert [request.url.path for request in wire.sent].count("/api/v1/token") == 1
    get_access_token_model().objects.all().delete()
    client.services()
    assert [request.url.path for request in wire.sent].count("/api/v1/token") == 2
    stranger = Portal("http://testserver", portal.client.client_id, "wrong", transport=wire)
    with pytest.raises(Refused, match="invalid_client"):
        stranger.services()


@pytest.mark.django_db
def test_two_secrets_hold_so_that_the_next_one_can_be_brought_into_use(portal, client, wire):
    _credential, secret = make_secret(actor=administrator(), client=portal.client, now=timezone.now())
    assert Portal("http://testserver", portal.client.client_id, secret, transport=wire).services()


def test_a_key_signs_as_the_portal_verifies(signatures):
    """Detached CMS in DER, SHA-256, with its signing time."""
    iin = demo_person("P-01")["iin"]
    text = b'{"number":"0201-26-001000-1"}'
    cms = Key(signatures.folder / "keys" / f"{iin}.p12").sign(text)
    facts = verify(text, cms, now=timezone.now(), accepted={iin})
    assert facts.signer == iin
    assert abs((facts.signed_at - datetime.now(UTC)).total_seconds()) < 60


@pytest.mark.django_db
def test_two_signatures_of_one_text_by_one_person_are_one(road, client, signatures):
    """A client that died after sending a signature makes another one: it counts once."""
    registered = road.registered()
    buyer = demo_person("P-02")["iin"]
    filing = sale(road, registered, buyer, signatures)
    number = client.open("VR", "VR-2", "0201", buyer)["number"]
    client.put_details(number, filing.details)
    for _start in range(2):
        filing._sign(client, number)
    assert Signature.objects.filter(application__number=number).count() == 3


EVENT = {"type": "application.state_changed", "data": {"event": "evt_1", "application": "0201-26-001000-1"}}


def message(secret: str, number: str = "evt_1") -> tuple[dict[str, str], bytes]:
    """What the portal would send, signed now."""
    body, now = json.dumps(EVENT).encode(), datetime.now(UTC)
    signature = Webhook(secret).sign(number, now, body.decode())
    told = {"Webhook-Id": number, "Webhook-Timestamp": str(int(now.timestamp())), "Webhook-Signature": signature}
    return told, body


def test_webhooks_are_verified_with_either_secret():
    first, second = new_secret(), new_secret()
    for secrets in (first, [second, first]):
        assert read_webhook(secrets, *message(first)) == EVENT
    with pytest.raises(WebhookVerificationError):
        read_webhook(second, *message(first))
    headers, body = message(first)
    with pytest.raises(WebhookVerificationError):
        read_webhook(first, headers, body + b" ")


def test_the_receiver_hears_each_event_once():
    """A repeated message is thanked for and dropped; what the portal did not sign is turned away."""
    secret, heard = new_secret(), []
    receiver = Receiver(secret, heard.append).start()
    try:
        statuses = []
        for number in ("evt_1", "evt_1", "evt_2"):
            headers, body = message(secret, number)
            statuses.append(httpx.post(receiver.address, headers=headers, content=body).status_code)
        headers, body = message(new_secret(), "evt_3")
        statuses.append(httpx.post(receiver.address, headers=headers, content=body).status_code)
    finally:
        receiver.stop()
    assert statuses == [204, 204, 204, 401]
    assert heard == [EVENT, EVENT]


def test_an_event_that_could_not_be_heard_is_heard_when_it_comes_again():
    secret = new_secret()
    heard, trouble = [], [OSError("disk full")]

    def hear(event: dict[str, Any]) -> None:
        if trouble:
            raise trouble.pop()
        heard.append(event)

    receiver = Receiver(secret, hear).start()
    try:
        with pytest.raises(OSError, match="disk full"):
            receiver.take(*message(secret))
        assert receiver.take(*message(secret)) == 204
    finally:
        receiver.stop()
    assert heard == [EVENT]
