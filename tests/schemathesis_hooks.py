"""What schemathesis is told of this API: applications that are there, a key for each act, the version that was read."""

from __future__ import annotations

import itertools
import json
import os
import re
import uuid
from typing import Any

import httpx
import schemathesis

# Each with values that belong together: number, document, paper, code; and where the portal is, with a token.
TOLD = json.loads(os.environ["SCHEMATHESIS_TOLD"])
PLACES = itertools.cycle(TOLD["places"])
IS_READ = itertools.cycle((True, False))
KEY = re.compile(r"[\x21-\x7e]{8,128}")
FITS = {"number": re.compile(r"[\w-]+"), "document": re.compile(r"\d+"), "paper": re.compile(r"\d+")}
# Of an application that a call before this one opened.
OPENED = re.compile(r"\d{4}-\d\d-\d{6}-\d")


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """Turn what fits the description into what can succeed; what does not fit is sent as it is."""
    place = next(PLACES)
    number = str(case.path_parameters.get("number", ""))
    for name, pattern in FITS.items():
        if pattern.fullmatch(str(case.path_parameters.get(name, ""))) and not OPENED.fullmatch(number):
            case.path_parameters[name] = place[name]
    if KEY.fullmatch(str(case.headers.get("Idempotency-Key", ""))):
        case.headers["Idempotency-Key"] = uuid.uuid4().hex
    if case.headers.get("If-Match") and next(IS_READ):
        address = f"{TOLD['url']}/api/v1/applications/{case.path_parameters['number']}"
        read = httpx.get(address, headers={"Authorization": TOLD["authorization"]})
        case.headers["If-Match"] = read.headers.get("ETag", "")
    if case.path.endswith("/verification") and isinstance(case.body, dict) and isinstance(case.body.get("code"), str):
        case.body["code"] = place["code"] or case.body["code"]
