"""The case as its people follow it: what is left to do on a draft, then its states, its end and its papers, live."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render

from examples.portal import store
from examples.portal.filing import digest
from examples.portal.people import Party
from examples.portal.shell import api, entered, language_of
from examples.portal.signing import who_signs
from examples.portal.steps import left_to_do, sent_back
from examples.portal.words import words
from examples.portal_api import Json, Portal

DRAFT = "draft"


@entered
def case(request: HttpRequest, party: Party, number: str) -> HttpResponse:
    """The whole page; the part that changes is `now`, which the page asks for again by itself."""
    portal = api(request)
    told, _tag = portal.events(number)
    return render(request, "case.html", _shown(portal, number, party, told or {}, words(language_of(request))))


@entered
def now(request: HttpRequest, party: Party, number: str) -> HttpResponse:
    """The part of the page that changes; 304 while it has not.

    The tag says how many webhooks have come and whether the case was at rest. At rest the API is not asked at all until
    the next webhook; else it is asked for its events, by their own tag.
    """
    portal, count = api(request), store.heard(number)
    had_count, at_rest, tag = [*request.headers.get("If-None-Match", "").strip('"').split("|"), "", ""][:3]
    is_heard = had_count == str(count)
    if is_heard and at_rest == "1":
        return HttpResponseNotModified()
    told, tag = portal.events(number, tag=f'"{tag}"' if is_heard and tag else "")
    if told is None:
        return HttpResponseNotModified()
    shown = _shown(portal, number, party, told, words(language_of(request)))
    response = render(request, "_now.html", shown)
    response["ETag"] = f'"{count}|{int(shown["is_at_rest"])}|{tag.strip(chr(34))}"'
    return response


@entered
def paper(request: HttpRequest, party: Party, number: str, paper: int) -> HttpResponse:
    """A paper as PDF, fetched for the one who reads it and kept nowhere."""
    response = HttpResponse(api(request).paper(number, paper, patience=0.0), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{number}-{paper}.pdf"'
    return response


@entered
def paid(request: HttpRequest, party: Party, reference: str) -> HttpResponse:
    """Where the payment page leads back to. That somebody comes here proves no payment: the case says."""
    number = store.number_of(reference)
    if not number or store.seen(number, party.identifier) is None:
        raise Http404
    return redirect("case", number=number)


def _shown(portal: Portal, number: str, party: Party, told: Json, w: dict[str, str]) -> Json:
    """What the page of a case shows; `told` are its events."""
    application, filed = portal.read(number), store.seen(number, party.identifier)
    is_own = filed is not None and filed.applicant == party.identifier
    shown = {"application": application, "is_own": is_own, "events": told.get("events", [])}
    if application["state"] == DRAFT:
        return {**shown, **_draft(portal, application, party, w)}
    results = portal.results(number)
    papers = results["papers"]
    return {
        **shown,
        "results": results,
        "shown_paper": _main_paper(application, papers),
        "sent_back": sent_back(portal.requirements(number)) if application["may_withdraw"] else [],
        "is_at_rest": all(item["state"] == "ready" for item in papers) and bool(papers),
    }


def _main_paper(application: Json, papers: list[Json]) -> Json | None:
    """The paper shown at first: of the decision, where there is one, the first one made, else the newest of all."""
    ready = [item for item in papers if item["state"] == "ready"]
    decided_at = application["decided_at"]
    of_decision = [item for item in ready if decided_at and _instant(item["created_at"]) >= _instant(decided_at)]
    return next(iter([*of_decision, *reversed(ready)]), None)


def _instant(told: str) -> datetime:
    return datetime.fromisoformat(told)


def _draft(portal: Portal, application: Json, party: Party, w: dict[str, str]) -> Json:
    """What is left to do on a draft, and for whom."""
    number = application["number"]
    needs, charges = portal.requirements(number), portal.charges(number)
    unsigned = [item for item in needs["signatures"] if not item["signed_at"]]
    return {
        "steps": left_to_do(application, needs, charges, [who_signs(item, w) for item in unsigned]),
        "shown": "" if needs["problems"] else digest(portal.canonical(number)),
        "charges": charges,
        "waits_for_me": any(item["signer"] == party.identifier for item in unsigned),
        "is_at_rest": False,
    }
