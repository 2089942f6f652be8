"""A portal files, pays, follows and collects by HTTP alone (VR-2 by a notarised contract, through egov.kz)."""

from __future__ import annotations

import base64
import json

import pytest
from django.utils import timezone

from applications.models import Application
from registration.co_owners import statement
from tests.fixtures_api import decided, opened
from tests.fixtures_registers import demo_person
from tests.fixtures_road import scan, work

pytestmark = pytest.mark.django_db


def sale(road, registered):
    return {
        "act": "registration",
        "found_by": registered.plate_number,
        "seller_identifier": registered.applicant.identifier,
        "sold_on": timezone.localdate().isoformat(),
        "ownership_proof": "notarised",
        "plates_kept": "yes",
    }


def test_a_sale_is_filed_paid_followed_and_collected(road, portal, settings):
    registered = road.registered()
    made = opened(portal, demo_person("P-02")["iin"])
    assert made.status_code == 201, made.content
    number, version = made.json()["number"], made.json()["version"]
    assert made["Location"] == f"/api/v1/applications/{number}"
    case = f"applications/{number}"

    saved = portal.put(f"{case}/details", sale(road, registered), match=version)
    assert saved.status_code == 200, saved.content
    assert saved.json()["details"]["found_by"] == registered.plate_number
    work()
    attached = portal.attach(number, "ownership_proof", scan("contract"))
    assert attached.status_code == 201, attached.content
    application = Application.objects.get(number=number)
    assert application.filed_by.code == "egov"

    paying = portal.post(f"{case}/payment")
    assert paying.status_code == 200, paying.content
    assert paying.json()["pay_url"].startswith("http")
    road.pay(application)
    assert portal.get(f"{case}/charges").json()["is_settled"] is True

    needs = portal.get(f"{case}/requirements").json()
    assert needs["problems"] == []
    now = portal.get(case)
    accepted = portal.post(f"{case}/submit", match=now["ETag"])
    assert accepted.status_code == 200, accepted.content
    assert accepted.json()["state"] == "submitted"
    assert accepted.json()["due_at"].endswith("Z")
    decided(road, number)

    events = portal.get(f"{case}/events?after=0")
    kinds = [event["type"] for event in events.json()["events"]]
    assert {"opened", "accepted", "approved", "issued"} <= set(kinds)
    assert portal.get(f"{case}/events?after=0", headers={"If-None-Match": events["ETag"]}).status_code == 304
    results = portal.get(f"{case}/results").json()
    assert results["results"]
    paper = next(item for item in results["papers"] if item["kind"] == "receipt")
    pdf = portal.get(f"{case}/papers/{paper['id']}", headers={"Accept": "application/pdf"})
    assert pdf.status_code == 200
    assert pdf.content.startswith(b"%PDF")
    code = paper["verification_address"].rstrip("/").rsplit("/", 1)[-1]
    assert portal.post("verification", {"code": code}, key=None).json()["standing"] == "valid"


def test_a_sale_signed_by_both_owners_is_submitted_without_a_scan(road, portal, signatures):
    """LAW-O1, VR.8.3e: two signatures of one text and the seller's signed word about co-owners."""
    registered = road.registered()
    seller, buyer = registered.applicant.identifier, demo_person("P-02")["iin"]
    number = opened(portal, buyer).json()["number"]
    case = f"applications/{number}"
    version = portal.get(case)["ETag"]
    portal.put(f"{case}/details", {**sale(road, registered), "ownership_proof": "both_signatures"}, match=version)
    work()
    road.pay(Application.objects.get(number=number))

    def unsigned():
        asked = portal.get(f"{case}/requirements").json()["signatures"]
        return {(item["requirement"], item["signer"]) for item in asked if item["signed_at"] is None}

    assert unsigned() == {("ownership_proof", seller), ("ownership_proof", buyer), ("co_owners", seller)}
    text = portal.get(f"{case}/canonical").content
    for signer in (seller, buyer):
        sent = {"requirement": "ownership_proof", "cms": base64.b64encode(signatures.sign(signer, text)).decode()}
        kept = portal.post(f"{case}/signatures", sent)
        assert (kept.status_code, kept.json()["signer"]) == (201, signer), kept.content
        assert ("ownership_proof", signer) not in unsigned()
    said = portal.get(f"{case}/co-owners?has_co_owners=false").content
    assert said == statement(Application.objects.get(number=number), has_co_owners=False, they_agree=None)
    assert portal.get(f"{case}/co-owners?has_co_owners=perhaps").json()["code"] == "invalid_parameter"
    answer = {"has_co_owners": False, "cms": base64.b64encode(signatures.sign(seller, said)).decode()}
    assert portal.post(f"{case}/co-owners", answer).status_code == 201

    assert portal.get(f"{case}/requirements").json()["problems"] == []
    assert unsigned() == set()
    accepted = portal.post(f"{case}/submit", match=portal.get(case)["ETag"])
    assert accepted.status_code == 200, accepted.content


def test_a_signature_that_does_not_hold_says_why_and_is_not_kept(road, portal, stranger, signatures):
    """LAW-O1: altered text, a revoked key, no Base64; and nobody signs another system's application."""
    registered = road.registered()
    number = opened(portal, demo_person("P-02")["iin"]).json()["number"]
    case = f"applications/{number}"
    details = {**sale(road, registered), "ownership_proof": "both_signatures"}
    portal.put(f"{case}/details", details, match=portal.get(case)["ETag"])
    text = portal.get(f"{case}/canonical").content
    wrong = {
        "signature.altered": signatures.sign(registered.applicant.identifier, b"another"),
        "signature.revoked": signatures.sign("revoked", text),
        "signature.malformed": b"no CMS",
    }
    for code, cms in wrong.items():
        sent = {"requirement": "ownership_proof", "cms": base64.b64encode(cms).decode()}
        refused = portal.post(f"{case}/signatures", sent)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    spoilt = portal.post(f"{case}/signatures", {"requirement": "ownership_proof", "cms": "ä"})
    assert (spoilt.status_code, spoilt.json()["code"]) == (422, "invalid")
    assert stranger.post(f"{case}/signatures", sent).status_code == 404
    assert not Application.objects.get(number=number).signatures.exists()


def test_the_canonical_text_comes_as_its_bytes(road, portal):
    made = opened(portal, demo_person("P-02")["iin"]).json()
    text = portal.get(f"applications/{made['number']}/canonical")
    assert json.loads(text.content)["number"] == made["number"]


def test_what_the_standard_asks_and_costs(road, portal):
    listed = portal.get("services").json()["services"]
    assert {item["code"] for item in listed} >= {"VR", "PD", "DL"}
    standard = portal.get("services/VR").json()
    assert "VR.8.3e" in {rule["row"] for rule in standard["requirements"]}
    assert portal.get("services/VR?on=2001-01-01").json()["code"] == "not_found"
    body = {
        "subservice": "VR-2",
        "applicant": "person",
        "office": "0201",
        "facts": {"act": "registration"},
        "vehicle_category": "M1",
        "vehicle_year": 2020,
    }
    preview = portal.post("services/VR/preview", body, key=None)
    assert preview.status_code == 200, preview.content
    assert preview.json()["term_minutes"] == 60
    assert any(charge["amount"] for charge in preview.json()["charges"])
