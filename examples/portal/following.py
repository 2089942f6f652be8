"""The case as its people follow it: what is left to do on a draft, then its states, its end and its papers, live."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render

from examples.portal import store
from examples.portal.filing import digest, takes_scan
from examples.portal.people import DemoPerson
from examples.portal.shell import api, entered
from examples.portal.signing import CO_OWNERS
from examples.portal_client import Json, Portal

DRAFT = "draft"


@entered
def case(request: HttpRequest, person: DemoPerson, number: str) -> HttpResponse:
    """The whole page; the part that changes is `now`, which the page asks for again by itself."""
    shown = _told(api(request), number, person)
    return render(request, "case.html", shown)


@entered
def now(request: HttpRequest, person: DemoPerson, number: str) -> HttpResponse:
    """The part of the page that changes; 304 while it has not.

    The tag says how many webhooks have come and whether the case was at rest. At rest the API is not asked at all until
    the next webhook; else it is asked for its events, by their own tag.
    """
    portal, count = api(request), store.heard(number)
    had_count, at_rest, tag = [*request.headers.get("If-None-Match", "").strip('"').split("|"), "", ""][:3]
    if had_count == str(count):
        if at_rest == "1":
            return HttpResponseNotModified()
        told, tag = portal.events(number, tag=f'"{tag}"' if tag else "")
        if told is None:
            return HttpResponseNotModified()
    else:
        _told_events, tag = portal.events(number)
    shown = _told(portal, number, person)
    response = render(request, "_now.html", shown)
    response["ETag"] = f'"{count}|{int(shown["is_at_rest"])}|{tag.strip(chr(34))}"'
    return response


@entered
def paper(request: HttpRequest, person: DemoPerson, number: str, paper: int) -> HttpResponse:
    """A paper as PDF, fetched for the one who reads it and kept nowhere."""
    response = HttpResponse(api(request).paper(number, paper), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{number}-{paper}.pdf"'
    return response


@entered
def paid(request: HttpRequest, person: DemoPerson, reference: str) -> HttpResponse:
    """Where the payment page leads back to. That somebody comes here proves no payment: the case says."""
    filed = store.filed(reference=reference)
    if filed is None or not store.may_see(filed.number, person.iin):
        raise Http404
    return redirect("case", number=filed.number)


def _told(portal: Portal, number: str, person: DemoPerson) -> Json:
    application = portal.read(number)
    filed = store.filed(number=number)
    shown = {
        "application": application,
        "filed": filed,
        "is_own": filed is not None and filed.applicant == person.iin,
        "events": (portal.events(number)[0] or {}).get("events", []),
    }
    if application["state"] == DRAFT:
        return {**shown, **_left_to_do(portal, application, person), "is_at_rest": False}
    results = portal.results(number)
    papers = results["papers"]
    is_at_rest = all(item["state"] == "ready" for item in papers) and bool(papers)
    return {
        **shown,
        "results": results,
        "shown_paper": _main_paper(application, papers),
        "is_at_rest": is_at_rest,
    }


def _main_paper(application: Json, papers: list[Json]) -> Json | None:
    """The paper shown at first: of the decision, where there is one, the first one made, else the newest of all."""
    ready = [item for item in papers if item["state"] == "ready"]
    decided_at = application["decided_at"]
    of_decision = [item for item in ready if decided_at and _instant(item["created_at"]) >= _instant(decided_at)]
    return next(iter([*of_decision, *reversed(ready)]), None)


def _instant(told: str) -> datetime:
    return datetime.fromisoformat(told)


def _left_to_do(portal: Portal, application: Json, person: DemoPerson) -> Json:
    """The steps of a draft: each is done, to do, or not asked for; `problems` are the law's own words."""
    number = application["number"]
    needs, charges = portal.requirements(number), portal.charges(number)
    problems = {item["field"] for item in needs["problems"]}
    scans = [line for line in needs["requirements"] if takes_scan(line)]
    signatures = needs["signatures"]
    is_signed = all(item["signed_at"] for item in signatures) and CO_OWNERS not in problems
    # What a scan, a signature or a payment meets is named by its requirement; all else is a matter of the details.
    of_others = {line["code"] for line in needs["requirements"] if line["due"] == "submission"} | {CO_OWNERS}
    return {
        "problems": needs["problems"],
        "shown": "" if problems else digest(portal.canonical(number)),
        "charges": charges,
        "signatures": signatures,
        "waits_for_me": any(item["signer"] == person.iin and not item["signed_at"] for item in signatures),
        "steps": {
            "details": bool(application["headline"]) and not problems - of_others,
            "documents": all(line["met_by"] for line in scans) if scans else None,
            "signing": is_signed if signatures else None,
            "pay": bool(charges["is_settled"]) if charges["charges"] else None,
        },
    }
