"""What every page of the demo portal shares: who entered, the language, the headers, and trouble in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from examples.portal import people, settings, store
from examples.portal.shown import plain_words
from examples.portal.words import LANGUAGES, words
from examples.portal_api import Portal, Refused, Unreachable

# Everything comes from here; a payment page elsewhere may be gone to after a form, so form-action is left open.
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
POLICY += "frame-src 'self'; base-uri 'none'; frame-ancestors 'self'"
PDF_POLICY = "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

# Somebody waits for the page: a few seconds, then they are told.
TRIES = 6

View = Callable[..., HttpResponse]


class Headers:
    """The content policy and its neighbours on every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # The browser's own viewer of PDF is a page with inline style: only its frame is ours to govern.
        is_pdf = response.headers.get("Content-Type", "") == "application/pdf"
        response.headers.setdefault("Content-Security-Policy", PDF_POLICY if is_pdf else POLICY)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


def language_of(request: HttpRequest) -> str:
    """The language chosen here: ru unless another one was."""
    session = getattr(request, "session", {})
    chosen: str = session.get("language", "ru")
    return chosen if chosen in LANGUAGES else "ru"


def party_of(request: HttpRequest) -> people.Party | None:
    """The person or organisation that entered, if anybody did."""
    identifier = request.session.get("identifier", "")
    return people.party(identifier) if identifier else None


def shell(request: HttpRequest) -> dict[str, Any]:
    """What every template may name."""
    language = language_of(request)
    return {
        "w": words(language),
        "language": language,
        "languages": LANGUAGES,
        "party": party_of(request),
        "officers_portal": settings.DEMO_PORTAL_API,
    }


def api(request: HttpRequest) -> Portal:
    """The API in the language of the person."""
    return _portal(language_of(request))


@cache
def _portal(language: str) -> Portal:
    access = (settings.DEMO_PORTAL_API, settings.CLIENT_ID, settings.CLIENT_SECRET)
    return Portal(*access, language=language, tries=TRIES)


def in_words(view: View) -> View:
    """Tell the API's trouble in words, on whichever page it comes."""

    @wraps(view)
    def told(request: HttpRequest, **words: Any) -> HttpResponse:
        try:
            return view(request, **words)
        except Refused as refused:
            return render(request, "trouble.html", {"refused": refused, **words}, status=refused.status)
        except Unreachable:
            return render(request, "trouble.html", {"refused": None, **words}, status=503)

    return told


def entered(view: View) -> View:
    """Let only those who entered see the page, others go to the entrance first; the API's trouble is told in words.

    Of an application only those see anything who filed it or are to sign it; to others it does not exist.
    """
    told = in_words(view)

    @wraps(view)
    def guarded(request: HttpRequest, **words: Any) -> HttpResponse:
        party = party_of(request)
        if party is None:
            # Back to the page that was wanted, not to the button that was pressed on it.
            request.session["next"] = request.path if request.method == "GET" else "/applications/"
            return redirect("enter")
        if "number" in words and store.seen(words["number"], party.identifier) is None:
            raise Http404
        return told(request, party=party, **words)

    return guarded


def wrong_fields(refused: Refused | None) -> dict[str, str]:
    """What the API says against each field, by its name."""
    return {line["field"]: plain_words(line["detail"]) for line in refused.errors} if refused else {}
