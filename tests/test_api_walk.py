"""A portal files, pays, follows and collects by HTTP alone (VR-2 by a notarised contract, through egov.kz)."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from applications import deciding, holding, issuing
from applications.models import Application
from tests.fixtures_api import opened
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
    work()
    road.inspect(application)
    holding.take(actor=road.officer, number=number, now=timezone.now())
    deciding.approve(actor=road.officer, number=number, version=None, now=timezone.now())
    issuing.issue(number)
    work(papers=True)

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


def test_the_canonical_text_comes_as_its_bytes(road, portal):
    made = opened(portal, demo_person("P-02")["iin"]).json()
    text = portal.get(f"applications/{made['number']}/canonical")
    assert json.loads(text.content)["number"] == made["number"]


def test_what_the_standard_asks_and_costs(road, portal):
    listed = portal.get("services").json()["services"]
    assert {item["code"] for item in listed} >= {"VR", "PD", "DL"}
    standard = portal.get("services/VR").json()
    assert "VR.8.3e" in {rule["row"] for rule in standard["requirements"]}
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
