"""The first steps: pick a service, enter as a demo person, see what is filed or waits for a signature."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from examples.portal import people, store
from examples.portal.shell import api, entered, language_of
from examples.portal.words import LANGUAGES, words
from examples.portal_client import Refused, Unreachable


def services(request: HttpRequest) -> HttpResponse:
    """Every service that the API offers through this portal."""
    try:
        offered = api(request).services()
    except (Refused, Unreachable):
        return render(request, "trouble.html", {"refused": None}, status=503)
    for service in offered:
        service["subservices"] = [item for item in service["subservices"] if item["is_open_to_you"]]
    return render(request, "services.html", {"services": [item for item in offered if item["subservices"]]})


def enter(request: HttpRequest) -> HttpResponse:
    """Choose the demo person; a key for signatures is what makes one."""
    wanted = request.POST.get("iin", "")
    if request.method == "POST" and people.person(wanted) is not None:
        goes_to, language = request.session.get("next", "/applications/"), language_of(request)
        # A session of its own for each person, so that nothing of one reaches the next.
        request.session.flush()
        request.session.update({"iin": wanted, "language": language})
        return redirect(goes_to)
    error = words(language_of(request))["no_such_person"] if request.method == "POST" else ""
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
def applications(request: HttpRequest, person: people.DemoPerson) -> HttpResponse:
    """The person's own applications, and those that wait for their signature."""
    portal = api(request)
    own = {item["number"]: item for item in portal.search(identifier=person.iin)}
    rows = []
    for filed in store.seen_by(person.iin):
        told = own.get(filed.number) or portal.read(filed.number)
        asked = portal.requirements(filed.number)["signatures"] if told["state"] == "draft" else []
        waits = any(item["signer"] == person.iin and not item["signed_at"] for item in asked)
        rows.append({"filed": filed, "told": told, "is_own": filed.applicant == person.iin, "waits": waits})
    return render(request, "applications.html", {"rows": rows})
