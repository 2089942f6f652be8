"""What every page of the demo portal shares: who entered, the language, the headers, and trouble in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from examples.portal import people, settings, store
from examples.portal.words import LANGUAGES, words
from examples.portal_client import Portal, Refused, Unreachable

# Everything comes from here; a payment page elsewhere may be gone to after a form, so form-action is left open.
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
POLICY += "frame-src 'self'; base-uri 'none'; frame-ancestors 'self'"
PDF_POLICY = "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

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
    chosen: str = request.session.get("language", "ru")
    return chosen if chosen in LANGUAGES else "ru"


def person_of(request: HttpRequest) -> people.DemoPerson | None:
    """The demo person who entered, if anybody did."""
    iin = request.session.get("iin", "")
    return people.person(iin) if iin else None


def shell(request: HttpRequest) -> dict[str, Any]:
    """What every template may name."""
    language = language_of(request)
    return {
        "w": words(language),
        "language": language,
        "languages": LANGUAGES,
        "person": person_of(request),
        "officers_portal": settings.DEMO_PORTAL_API,
    }


def api(request: HttpRequest) -> Portal:
    """The API in the language of the person."""
    return _portal(language_of(request))


@cache
def _portal(language: str) -> Portal:
    return Portal(settings.DEMO_PORTAL_API, settings.CLIENT_ID, settings.CLIENT_SECRET, language=language)


def entered(view: View) -> View:
    """Let only a person who entered see the page, others go to the entrance first; the API's trouble is told in words.

    Of an application only those see anything who filed it or are to sign it; to others it does not exist.
    """

    @wraps(view)
    def guarded(request: HttpRequest, **words: Any) -> HttpResponse:
        person = person_of(request)
        if person is None:
            request.session["next"] = request.path
            return redirect("enter")
        if "number" in words and not store.may_see(words["number"], person.iin):
            raise Http404
        try:
            return view(request, person, **words)
        except Refused as refused:
            return render(request, "trouble.html", {"refused": refused, **words}, status=refused.status)
        except Unreachable:
            return render(request, "trouble.html", {"refused": None, **words}, status=503)

    return guarded


def wrong_fields(refused: Refused | None) -> dict[str, str]:
    """What the API says against each field, by its name."""
    return {line["field"]: line["detail"] for line in refused.errors} if refused else {}
