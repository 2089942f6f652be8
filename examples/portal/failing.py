"""The pages of what goes wrong before or beside any page of ours: 400, 403, 404 and 500."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from examples.portal.shell import language_of
from examples.portal.words import words


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what was sent is not what our pages send."""
    return _page(request, 400, "unreadable")


def forbidden(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form that was opened in another visit, or on another site."""
    return _page(request, 403, "old_form")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page, or none for whoever asks."""
    return _page(request, 404, "not_here")


def fault(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours, told without what every other page asks for, which may be the very thing that failed."""
    language = language_of(request)
    shown = {"w": words(language), "language": language, "is_bare": True}
    return HttpResponse(get_template("failing.html").render(_said("our_fault", language) | shown), status=500)


def _page(request: HttpRequest, status: int, said: str) -> HttpResponse:
    return render(request, "failing.html", _said(said, language_of(request)), status=status)


def _said(said: str, language: str) -> dict[str, Any]:
    w = words(language)
    return {"title": w[said], "way_out": w[f"{said}_way_out"]}
