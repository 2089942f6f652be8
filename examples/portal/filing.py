"""From a new draft to the acceptance: details, documents, a number, the payment, the submission."""

from __future__ import annotations

import hashlib
import re
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from examples.portal import asked, settings, store
from examples.portal.people import Party
from examples.portal.shell import api, entered, language_of, wrong_fields
from examples.portal.shown import plain_words
from examples.portal.steps import takes_scan
from examples.portal.words import words
from examples.portal_api import Json, Portal, Refused

ATTEMPTS = 5
# The registration portal opens a payment page within a second or two, a busy one later; then people come back.
PAYMENT_SECONDS = 25.0
REFERENCE = re.compile(r"[0-9a-f]{32}")


@entered
def new(request: HttpRequest, party: Party, service: str, subservice: str) -> HttpResponse:
    """Choose the office and open the draft. The form carries our reference, so that a second click opens no second."""
    portal, refused, office = api(request), None, request.POST.get("office", "")
    if request.method == "POST":
        try:
            return _opened(portal, party, service, subservice, office, request.POST.get("reference", ""))
        except Refused as refusal:
            refused = refusal
    w, wrong = words(language_of(request)), wrong_fields(refused)
    offices = [{"value": item["code"], "name": f"{item['region']} – {item['name']}"} for item in portal.offices()]
    choice = asked.Field(
        name="office",
        label=w["office"],
        look="choice",
        hint=w["office_hint"],
        is_required=True,
        choices=[{"value": "", "name": w["choose"]}, *offices],
        value=office,
        error=wrong.get("office", ""),
    )
    shown = {
        "title": _title(portal, service, subservice),
        "fields": [choice],
        "reference": uuid.uuid4().hex,
        "refused": refused,
        "elsewhere": _elsewhere(refused, {"office"}),
    }
    return render(request, "new.html", shown, status=422 if refused else 200)


def _opened(portal: Portal, party: Party, service: str, subservice: str, office: str, reference: str) -> HttpResponse:
    """Open the draft under our reference and go on to its details. Raises BadRequest for what is no reference."""
    if not REFERENCE.fullmatch(reference):
        raise BadRequest("no reference of ours")
    page = settings.DEMO_PORTAL_URL + reverse("paid", kwargs={"reference": reference})
    # Another office is another call: what was refused for one is not for the other.
    key = f"{reference}-{digest(office.encode())[:16]}"
    opened = portal.open(service, subservice, office, party.identifier, key=key, return_to=page, **party.representative)
    store.file(reference, opened["number"], party.identifier)
    return redirect("details", number=opened["number"])


def _title(portal: Portal, service: str, subservice: str) -> str:
    """What the service is called. Raises Http404 for one that is not offered here."""
    for item in portal.service(service)["subservices"]:
        if item["code"] == subservice and item["is_open_to_you"]:
            return str(item["name"])
    raise Http404


@entered
def details(request: HttpRequest, party: Party, number: str) -> HttpResponse:
    """The form that the API describes. Saving shows what it asks next; what is wrong stands beside its field."""
    portal, refused, sent = api(request), None, None
    told = portal.details(number)
    if request.method == "POST":
        act = request.POST.get("to_act", told["details"].get(asked.ACT))
        is_other_act = act != told["details"].get(asked.ACT)
        sent = {asked.ACT: act} if is_other_act else asked.filled_in(told, request.POST)
        try:
            saved = _save(portal, number, request.POST.get("shown", ""), sent)
        except Refused as refusal:
            refused = refusal
        else:
            # What was typed may lead to further questions, which are answered before going on.
            known = {item["name"] for item in told["fields_known"]}
            is_whole = known >= {item["name"] for item in saved["fields_known"]} and not is_other_act
            goes_on = is_whole and request.POST.get("step") == "next"
            keep_signers(portal, number)
            return redirect("case" if goes_on else "details", number=number)
    shown = {
        "application": portal.read(number),
        "shown": asked.fingerprint(told),
        "fields": asked.fields(told, wrong_fields(refused), sent),
        "acts": asked.acts(told),
        "refused": refused,
        "elsewhere": _elsewhere(refused, {item["name"] for item in told["fields_known"]}),
    }
    return render(request, "details.html", shown, status=422 if refused else 200)


def _save(portal: Portal, number: str, shown: str, sent: Json) -> Json:
    return _on_newest(
        portal,
        number,
        lambda: asked.fingerprint(portal.details(number)) == shown,
        lambda version: portal.put_details(number, sent, version=version),
    )


def _on_newest(portal: Portal, number: str, is_as_shown: Callable[[], bool], act: Callable[[int], Json]) -> Json:
    """Do what was decided on a page, on the newest version, provided that what the page showed `is_as_shown` still.

    Answers of registers, charges and payments change the version of a draft as well: that alone is no reason to have a
    person read or type it again. Raises Refused.
    """
    turn = 0
    while True:
        version = portal.read(number)["version"]
        stands = is_as_shown()
        try:
            # A version that cannot be the newest has the API itself say that somebody changed it meanwhile.
            return act(version if stands else 0)
        except Refused as refusal:
            turn += 1
            if refusal.code != "stale" or not stands or turn == ATTEMPTS:
                raise


def keep_signers(portal: Portal, number: str) -> None:
    """Remember whom the law wants to sign, so that they see the application when they enter."""
    store.keep_signers(number, (item["signer"] for item in portal.requirements(number)["signatures"]))


def _elsewhere(refused: Refused | None, known: set[str]) -> list[str]:
    """What was said against something that is no field of the form, or against nothing in particular."""
    said = [text for name, text in wrong_fields(refused).items() if name not in known]
    return [plain_words(refused.detail)] if refused and not refused.errors else said


@entered
def documents(request: HttpRequest, party: Party, number: str) -> HttpResponse:
    """Attach a scan to each requirement that takes one, or take one back."""
    portal, about, elsewhere = api(request), request.POST.get("requirement", ""), []
    wrong = ""
    if request.method == "POST":
        wrong = _documents_changed(portal, request, number, about)
        if not wrong:
            return redirect("documents", number=number)
    lines = [line for line in portal.requirements(number)["requirements"] if takes_scan(line)]
    for line in lines:
        line["error"] = wrong if line["code"] == about else ""
    if wrong and not any(line["error"] for line in lines):
        elsewhere = [wrong]
    shown = {"application": portal.read(number), "lines": lines, "refused": wrong, "elsewhere": elsewhere}
    return render(request, "documents.html", shown, status=422 if wrong else 200)


def _documents_changed(portal: Portal, request: HttpRequest, number: str, about: str) -> str:
    """Carry the button out; what was wrong, or nothing."""
    upload, remove = request.FILES.get("upload"), request.POST.get("remove", "")
    try:
        if remove.isdecimal():
            portal.detach(number, int(remove))
        # A file that is there already is not attached again: so the one that was not accepted would come back.
        elif upload and _attach(portal, number, about, upload)["marked_wrong_at"]:
            return words(language_of(request))["same_file"]
    except Refused as refused:
        return wrong_fields(refused).get("upload") or plain_words(refused.detail)
    return ""


def _attach(portal: Portal, number: str, requirement: str, upload: UploadedFile[Any]) -> Json:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, Path(upload.name or "document").name)
        file.write_bytes(upload.read())
        return portal.attach(number, requirement, file)


@entered
def plates(request: HttpRequest, party: Party, number: str) -> HttpResponse:
    """Look for a free number and hold it; without this the next one of the stock is given."""
    portal, refused = api(request), None
    if request.method == "POST" and "plate" in request.POST:
        try:
            portal.hold_plate(number, request.POST["plate"])
            return redirect("plates", number=number)
        except Refused as refusal:
            refused = refusal
    if request.method == "POST" and "release" in request.POST:
        portal.release_plate(number)
        return redirect("plates", number=number)
    pattern, found = request.POST.get("pattern", ""), None
    try:
        found = portal.plates(number, pattern)
    except Refused as refusal:
        refused = refusal
    shown = {
        "application": portal.read(number),
        "found": found,
        "pattern": pattern,
        "refused": refused,
        "elsewhere": _elsewhere(refused, set()),
    }
    return render(request, "plates.html", shown, status=422 if refused else 200)


@require_POST
@entered
def pay(request: HttpRequest, party: Party, number: str) -> HttpResponse:
    """On to the payment page; it leads back to `paid`, and the API alone says whether it was paid."""
    return redirect(api(request).payment(number, patience=PAYMENT_SECONDS)["pay_url"])


@require_POST
@entered
def submit(request: HttpRequest, party: Party, number: str) -> HttpResponse:
    """File it, if it is the very text that the page was about; once, however often the button is pressed."""
    portal, shown = api(request), request.POST.get("shown", "")
    if portal.read(number)["state"] == "draft":
        _on_newest(
            portal,
            number,
            lambda: digest(portal.canonical(number)) == shown,
            lambda version: portal.submit(number, key=f"submit-{number}-{version}", version=version),
        )
    return redirect("case", number=number)


def digest(text: bytes) -> str:
    """What tells a text from any other."""
    return hashlib.sha256(text).hexdigest()


@require_POST
@entered
def withdraw(request: HttpRequest, party: Party, number: str) -> HttpResponse:
    """Close it at the applicant's wish, however far it has come; once it is decided the API refuses."""
    api(request).withdraw(number, request.POST.get("reason", ""))
    return redirect("case", number=number)
