"""From a new draft to the acceptance: details, documents, a number, the payment, the submission."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from examples.portal import asked, settings, store
from examples.portal.people import DemoPerson
from examples.portal.shell import api, entered, wrong_fields
from examples.portal_client import Json, Portal, Refused

ATTEMPTS = 5


@entered
def new(request: HttpRequest, person: DemoPerson, service: str, subservice: str) -> HttpResponse:
    """Choose the office and open the draft. The form carries our reference, so that a second click opens no second."""
    portal, refused = api(request), None
    title = _title(portal, service, subservice)
    if request.method == "POST":
        reference = request.POST["reference"]
        page = settings.DEMO_PORTAL_URL + reverse("paid", kwargs={"reference": reference})
        try:
            office = request.POST.get("office", "")
            key = f"{reference}-{office}"
            opened = portal.open(service, subservice, office, person.iin, key=key, return_to=page)
        except Refused as refusal:
            refused = refusal
        else:
            store.file(store.Filed(reference, opened["number"], person.iin, title))
            return redirect("details", number=opened["number"])
    shown = {
        "title": title,
        "offices": portal.offices(),
        "office": request.POST.get("office", ""),
        "reference": uuid.uuid4().hex,
        "refused": refused,
        "wrong": wrong_fields(refused),
    }
    return render(request, "new.html", shown, status=422 if refused else 200)


def _title(portal: Portal, service: str, subservice: str) -> str:
    known = portal.service(service)["subservices"]
    return next((str(item["name"]) for item in known if item["code"] == subservice), subservice)


@entered
def details(request: HttpRequest, person: DemoPerson, number: str) -> HttpResponse:
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
        "elsewhere": _elsewhere(refused, told),
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


def _elsewhere(refused: Refused | None, told: Json) -> list[str]:
    """What was said against something that is no field of the form."""
    known = {item["name"] for item in told["fields_known"]}
    return [text for name, text in wrong_fields(refused).items() if name not in known]


@entered
def documents(request: HttpRequest, person: DemoPerson, number: str) -> HttpResponse:
    """Attach a scan to each requirement that takes one, or take one back."""
    portal, refused, about = api(request), None, request.POST.get("requirement", "")
    if request.method == "POST":
        try:
            if request.POST.get("remove", "").isdecimal():
                portal.detach(number, int(request.POST["remove"]))
            elif upload := request.FILES.get("upload"):
                _attach(portal, number, about, upload)
            return redirect("documents", number=number)
        except Refused as refusal:
            refused = refusal
    lines = [line for line in portal.requirements(number)["requirements"] if takes_scan(line)]
    wrong = (wrong_fields(refused).get("upload") or refused.detail) if refused else ""
    for line in lines:
        line["error"] = wrong if line["code"] == about else ""
    shown = {"application": portal.read(number), "lines": lines, "refused": refused}
    return render(request, "documents.html", shown, status=422 if refused else 200)


def takes_scan(line: Json) -> bool:
    """Whether a requirement of the submission is met by a scan, and by nobody's signature."""
    return "scan" in line["ways"] and not line["signers_needed"] and line["due"] == "submission"


def _attach(portal: Portal, number: str, requirement: str, upload: UploadedFile[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, Path(upload.name or "document").name)
        file.write_bytes(upload.read())
        portal.attach(number, requirement, file)


@entered
def plates(request: HttpRequest, person: DemoPerson, number: str) -> HttpResponse:
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
    shown = {"application": portal.read(number), "found": found, "pattern": pattern, "refused": refused}
    return render(request, "plates.html", shown, status=422 if refused else 200)


@require_POST
@entered
def pay(request: HttpRequest, person: DemoPerson, number: str) -> HttpResponse:
    """On to the payment page; it leads back to `paid`, and the API alone says whether it was paid."""
    return redirect(api(request).payment(number)["pay_url"])


@require_POST
@entered
def submit(request: HttpRequest, person: DemoPerson, number: str) -> HttpResponse:
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
def withdraw(request: HttpRequest, person: DemoPerson, number: str) -> HttpResponse:
    """Close it at the applicant's wish, however far it has come; once it is decided the API refuses."""
    api(request).withdraw(number, request.POST.get("reason", ""))
    return redirect("case", number=number)
