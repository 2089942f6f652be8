"""What a client reads when something is refused: RFC 9457 problem details with stable codes (docs/api/errors.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse
from rest_framework import exceptions
from rest_framework.response import Response

from api.codes import CODES
from applications.errors import DomainError

MEDIA_TYPE = "application/problem+json"


class Problem(DomainError):
    """A refusal of the door itself, before any verb was asked. `headers` go with the answer."""

    def __init__(self, code: str, detail: Any = "", *, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        known = CODES[code]
        super().__init__(code, str(detail or known.says), status=known.status, **more)
        self.headers = dict(headers or {})


def problem(
    code: str, status: int, detail: str, errors: list[dict[str, str]] | None = None, row: str = ""
) -> dict[str, Any]:
    """The body of a refusal; `errors` has one line per field, `row` is the law's row that refused."""
    known = CODES.get(code)
    body: dict[str, Any] = {
        "type": f"{reverse('api:v1:errors')}#{code}",
        "title": str(known.says) if known else HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    if row:
        body["row"] = row
    if errors:
        body["errors"] = errors
    return body


def line(field: str, detail: Any) -> dict[str, str]:
    """What is wrong with one field: its name, its place in what was sent, and the way out."""
    return {"field": field, "pointer": "#/" + field.replace(".", "/"), "detail": str(detail)}


def answer(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The response for whatever a view raised; None for a fault of the portal itself (then a 500)."""
    told = told_of(error)
    if told is None:
        return None
    body, headers = told
    response = Response(body, status=body["status"], headers=headers, content_type=MEDIA_TYPE)
    response.exception = True
    return response


def told_of(error: Exception) -> tuple[dict[str, Any], dict[str, str]] | None:
    if isinstance(error, DomainError):
        return of_domain(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, RequestDataTooBig):
        return of_domain(Problem("body_too_large"))
    if isinstance(error, SuspiciousOperation):
        return of_domain(Problem("malformed"))
    if not isinstance(error, exceptions.APIException):
        return None
    return of_framework(error)


def of_domain(error: DomainError) -> tuple[dict[str, Any], dict[str, str]]:
    # A stale If-Match is HTTP's own precondition (RFC 9110, 13.1.1); the desk says 409 to its pages.
    status = HTTPStatus.PRECONDITION_FAILED if error.code == "stale" else error.status
    errors = [line(name, message) for name, message in error.fields.items()]
    headers = dict(getattr(error, "headers", {}))
    return problem(error.code, int(status), str(error.message), errors, error.row), headers


def of_framework(error: exceptions.APIException) -> tuple[dict[str, Any], dict[str, str]]:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(getattr(error, "auth_header", ""))
    if isinstance(error, exceptions.ValidationError):
        return problem("invalid", 422, str(CODES["invalid"].says), lines_of(error.detail)), headers
    codes = {
        exceptions.ParseError: "malformed",
        exceptions.NotAuthenticated: "not_authenticated",
        exceptions.AuthenticationFailed: "not_authenticated",
        exceptions.PermissionDenied: "scope_missing",
        exceptions.NotFound: "not_found",
        exceptions.MethodNotAllowed: "method_not_allowed",
        exceptions.NotAcceptable: "not_acceptable",
        exceptions.UnsupportedMediaType: "unsupported_media_type",
    }
    code = codes.get(type(error), "malformed")
    return problem(code, error.status_code, str(CODES[code].says)), headers


def lines_of(detail: Any, path: str = "") -> list[dict[str, str]]:
    """The messages of nested serializers, each with its path."""
    if isinstance(detail, dict):
        return [found for name, inner in detail.items() for found in lines_of(inner, _join(path, str(name)))]
    if isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        return [found for place, inner in enumerate(detail) for found in lines_of(inner, _join(path, str(place)))]
    messages = detail if isinstance(detail, list) else [detail]
    return [line(path, message) for message in messages]


def _join(path: str, name: str) -> str:
    if name == "non_field_errors":
        return path
    return f"{path}.{name}" if path else name


class HttpsOnly:
    """Refuses a call of the API that came in the clear, instead of leading it on to https (ASVS 4.1.2).

    A client that is led on sends its secret in the clear every time, and nobody notices.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.SECURE_SSL_REDIRECT or request.is_secure() or not request.path.startswith("/api/"):
            return self.get_response(request)
        known = CODES["https_required"]
        body = problem("https_required", known.status, str(known.says))
        return JsonResponse(body, status=known.status, content_type=MEDIA_TYPE)


class ProblemPages:
    """Turns the portal's pages of trouble into problem details for whoever calls the API: 404, 413, 500."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if not request.path.startswith("/api/v1/") or response.status_code < 400 or not is_page:
            return response
        code = {400: "malformed", 404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}.get(
            response.status_code, "fault"
        )
        body = problem(code, response.status_code, str(CODES[code].says))
        return JsonResponse(body, status=response.status_code, content_type=MEDIA_TYPE)
