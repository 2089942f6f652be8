"""The first steps: pick a service, enter as somebody of the demo, see what is filed or waits for a signature."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from examples.portal import people, store
from examples.portal.shell import api, entered, in_words, language_of
from examples.portal.words import LANGUAGES, words


@in_words
def services(request: HttpRequest) -> HttpResponse:
    """Every service that the API offers through this portal."""
    offered = api(request).services()
    for service in offered:
        service["subservices"] = [item for item in service["subservices"] if item["is_open_to_you"]]
    return render(request, "services.html", {"services": [item for item in offered if item["subservices"]]})


def enter(request: HttpRequest) -> HttpResponse:
    """Choose who one is; a key for signatures is what makes one."""
    wanted = request.POST.get("identifier", "")
    if request.method == "POST" and people.party(wanted) is not None:
        goes_to, language = request.session.get("next", "/applications/"), language_of(request)
        # A session of its own for everybody, so that nothing of one reaches the next.
        request.session.flush()
        request.session.update({"identifier": wanted, "language": language})
        return redirect(goes_to)
    error = words(language_of(request))["nobody_chosen"] if request.method == "POST" else ""
    return render(request, "enter.html", {"people": people.everybody(), "error": error}, status=422 if error else 200)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the visit."""
    language = language_of(request)
    request.session.flush()
    request.session["language"] = language
    return redirect("services")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose ru, kk or en, and stay on the page."""
    if request.POST.get("language") in LANGUAGES:
        request.session["language"] = request.POST["language"]
    back = request.POST.get("back", "/")
    return redirect(back if back.startswith("/") and not back.startswith("//") else "/")


@entered
def applications(request: HttpRequest, party: people.Party) -> HttpResponse:
    """The party's own applications, and those that wait for their signature."""
    portal = api(request)
    own = {item["number"]: item for item in portal.search(identifier=party.identifier)}
    rows = []
    for filed in store.seen_by(party.identifier):
        told = own.get(filed.number) or portal.read(filed.number)
        is_draft = told["state"] == "draft"
        asked = portal.requirements(filed.number)["signatures"] if is_draft and filed.is_to_sign else []
        waits = any(item["signer"] == party.identifier and not item["signed_at"] for item in asked)
        rows.append({"told": told, "is_own": filed.applicant == party.identifier, "waits": waits})
    return render(request, "applications.html", {"rows": rows})
