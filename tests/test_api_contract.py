"""The running API keeps to its description: schemathesis with all its checks, over HTTP, on real applications."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from applications.models import Application
from tests.fixtures_api import caller_of, connect, decided, opened
from tests.fixtures_registers import demo_person, demo_vehicle
from tests.fixtures_road import scan, work
from tests.test_api_walk import sale

pytestmark = pytest.mark.django_db(transaction=True)

HOOKS = Path(__file__).with_name("schemathesis_hooks.py")
# A valid request may meet a rule of the law (422) or another version (412), and a wrong one is first of all too large
# (413) or about another version; one without If-Match is told 428 (RFC 6585).
CONFIG = """
[generation]
# A NUL or a lone surrogate in a text is malformed JSON here, which no schema can say.
allow-x00 = false
codec = "utf-8"

[parameters]
"path.code" = "VR"

[checks.positive_data_acceptance]
expected-statuses = ["2xx", "304", "401", "403", "404", "409", "412", "422"]

[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "422", "428"]

[checks.missing_required_header]
expected-statuses = ["400", "401", "428"]
"""


def test_all_checks_of_schemathesis_hold(road, live_server, settings, tmp_path):
    settings.PORTAL_URL = live_server.url
    caller = caller_of(connect("machine", burst=1_000_000, quota_per_hour=100_000_000))
    first = {"vin": demo_vehicle("V-02")["vin"], "ownership_proof": "notarised"}
    empty = opened(caller, demo_person("P-05")["iin"]).json()["number"]
    numbers = [issued(road, caller), draft_of(caller, "P-02", "VR-1", first), empty]
    authorization = f"Bearer {caller.token}"
    told = {
        "url": live_server.url,
        "authorization": authorization,
        "places": [place(caller, number) for number in numbers],
    }
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG)
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
    command += [f"{live_server.url}/api/v1/openapi.json", "--header", f"Authorization: {authorization}"]
    command += ["--checks", "all", "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "8"]
    command += ["--workers", "2", "--seed", "743", "--continue-on-failure", "--no-color"]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(HOOKS), "SCHEMATHESIS_TOLD": json.dumps(told)}
    ran = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def place(caller, number: str) -> dict[str, object]:
    """The application with a document and a paper of its own; 0 and "" where it has none."""
    case = f"applications/{number}"
    document = next((each["id"] for each in caller.get(f"{case}/documents").json()["documents"]), 0)
    paper = next(iter(caller.get(f"{case}/results").json()["papers"]), {"id": 0, "verification_address": ""})
    code = paper["verification_address"].rstrip("/").rsplit("/", 1)[-1]
    return {"number": number, "document": document, "paper": paper["id"], "code": code}


def draft_of(caller, person: str, subservice: str, details: dict[str, str]) -> str:
    """A draft over a portal with its details and the scan of its proof, ready to be paid."""
    number = opened(caller, demo_person(person)["iin"], subservice).json()["number"]
    case = f"applications/{number}"
    saved = caller.put(f"{case}/details", details, match=caller.get(case)["ETag"])
    assert saved.status_code == 200, saved.content
    work()
    assert caller.attach(number, "ownership_proof", scan("contract")).status_code == 201
    return number


def issued(road, caller) -> str:
    """A sale over a portal, approved and issued, with its papers."""
    number = draft_of(caller, "P-02", "VR-2", sale(road, road.registered()))
    application = Application.objects.get(number=number)
    road.pay(application)
    case = f"applications/{number}"
    assert caller.post(f"{case}/submit", match=caller.get(case)["ETag"]).status_code == 200
    decided(road, number)
    return number
