"""The description of the API: OpenAPI 3.1 made from the views, a page to read it, and the table of errors."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from threading import Lock
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from api.codes import CODES
from api.examples import ANSWERED, SENT
from api.idempotency import CHANGING
from api.problems import MEDIA_TYPE, problem

# Changes nothing although it is a POST, so it needs no key.
LOOK_UPS = frozenset({"applications_search", "plates_search", "service_preview", "paper_verify"})
CONDITIONAL = frozenset({"application_submit", "application_withdraw", "details_replace"})
EVERYWHERE = (400, 401, 403, 404, 406, 429, 500, 503)
# Answers of these tell the version of what they show.
VERSIONED = frozenset(
    {
        *("applications_open", "application_read", "application_submit", "application_withdraw"),
        *("details_read", "details_replace", "requirements_read", "canonical_read", "events_list"),
        *("signature_add", "co_owners_answer"),
    }
)
HEADERS = {
    "RateLimit": "What is left of burst and quota (`r`), and seconds until they are full again (`t`)",
    "RateLimit-Policy": "Both limits: calls (`q`) in so many seconds (`w`)",
    "Retry-After": "Seconds until the same call may succeed",
    "ETag": "The version, for If-Match and If-None-Match",
    "Location": "The address of what was made",
    "Idempotency-Replayed": "`true`: the answer that was given under this key before",
    "Sandbox": "`true`: no real portal (docs/api/sandbox.md)",
}
# Refusals of single operations beyond those of their kind.
ALSO = {"paper_read": (409,)}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Where the code is explained."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": sorted(CODES)},
        "detail": {"type": "string", "description": "What is wrong and the way out, in the reader's language."},
        "row": {"type": "string", "description": "The row of the standard that refused."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "pointer", "detail"],
                "properties": {name: {"type": "string"} for name in ("field", "pointer", "detail")},
            },
        },
    },
}


MAKING = Lock()


@cache
def _made(language: str) -> dict[str, Any]:
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made


def description() -> dict[str, Any]:
    """The description in the reader's language, made once for each.

    One at a time: two threads that make the first one together find drf-spectacular's extensions half loaded.
    """
    with MAKING:
        return _made(translation.get_language() or "")


class Description(SpectacularJSONAPIView):
    """The OpenAPI description, for everybody."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def _get_schema_response(self, request: Request) -> Response:
        return Response(description())


# The reader of the description sets its styles by script; scripts stay the portal's own.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The description as a page to read; everything on it comes from the portal itself."""
    answer = render(request, "public/api_docs.html")
    answer["Content-Security-Policy"] = PAGE_POLICY
    return answer


@require_safe
def errors(request: HttpRequest) -> HttpResponse:
    """Every code with its status and meaning; the `type` of a problem leads here."""
    return render(request, "public/api_errors.html", {"codes": sorted(CODES.items())})


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Postprocessing hook: the headers every call needs and the refusals every call may meet."""
    shapes = result["components"].setdefault("schemas", {})
    for name, shape in shapes.items():
        if name.endswith("SentRequest"):
            shape["additionalProperties"] = False
    shapes["SearchSentRequest"] |= {"minProperties": 1, "maxProperties": 1}
    shapes["Problem"] = PROBLEM
    result["components"]["headers"] = {name: _told(says) for name, says in HEADERS.items()}
    result["components"]["examples"] = {code: _example(code) for code in CODES}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            _complete(operation, method.upper())
    _link(result["paths"])
    return result


def _link(paths: dict[str, Any]) -> None:
    """What was made leads to what can be done with it: an application, and a document of it."""
    applications, documents = "/api/v1/applications", "/api/v1/applications/{number}/documents"
    opened, attached = (paths[path]["post"]["responses"]["201"] for path in (applications, documents))
    of_one = {path: paths[path] for path in paths if path.startswith(f"{applications}/{{number}}")}
    whole = [operations for path, operations in of_one.items() if path.count("{") == 1]
    opened["links"] = _links(whole, {"path.number": "$response.body#/number"})
    document = {"path.number": "$request.path.number", "path.document": "$response.body#/id"}
    attached["links"] = _links([paths[f"{documents}/{{document}}"]], document)


def _links(targets: list[dict[str, Any]], parameters: dict[str, str]) -> dict[str, Any]:
    names = [operation["operationId"] for operations in targets for operation in operations.values()]
    return {name: {"operationId": name, "parameters": parameters} for name in names}


def _complete(operation: dict[str, Any], method: str) -> None:
    name = operation.get("operationId", "")
    parameters = operation.setdefault("parameters", [])
    parameters.append(_header("Accept-Language", "kk, ru or en", required=False))
    statuses = [*EVERYWHERE]
    if method in CHANGING and name not in LOOK_UPS:
        visible = {"minLength": 8, "maxLength": 128, "pattern": r"^[\x21-\x7e]+$"}
        parameters.append(_header("Idempotency-Key", "8 to 128 visible ASCII characters, new for every act", visible))
    if method in CHANGING:
        statuses += [409, 413, 415, 422]
    if name in CONDITIONAL:
        parameters.append(_header("If-Match", "The ETag that was read, as it came", {"minLength": 1}))
        statuses += [412, 428]
    statuses += ALSO.get(name, ())
    for status in sorted(set(statuses)):
        operation["responses"].setdefault(str(status), _refusals(status))
    for status, answer in operation["responses"].items():
        told = _headers(name, method, status)
        answer["headers"] = {header: {"$ref": f"#/components/headers/{header}"} for header in told}
    operation["security"] = [{"oauth2": []}]
    _show(operation.get("requestBody", {}), SENT.get(name))
    _show(next(answer for status, answer in operation["responses"].items() if status[0] == "2"), ANSWERED.get(name))


def _headers(name: str, method: str, status: str) -> list[str]:
    """The headers that the answer with that status may have."""
    told = ["RateLimit", "RateLimit-Policy", "Sandbox"]
    if name in VERSIONED and status in {"200", "201", "304"}:
        told.append("ETag")
    if name == "applications_open" and status == "201":
        told.append("Location")
    if status in {"409", "429", "503"}:
        told.append("Retry-After")
    if method in CHANGING and name not in LOOK_UPS:
        told.append("Idempotency-Replayed")
    return told


def _told(says: str) -> dict[str, Any]:
    return {"description": says, "schema": {"type": "string"}}


def _refusals(status: int) -> dict[str, Any]:
    """The answer with that status: its codes, and an example of each."""
    codes = sorted(code for code, known in CODES.items() if known.status == status)
    examples = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}
    return {"description": ", ".join(codes), "content": {MEDIA_TYPE: content}}


def _example(code: str) -> dict[str, Any]:
    known = CODES[code]
    with translation.override("en"):
        return {"value": problem(code, known.status, str(known.says))}


def _show(part: dict[str, Any], value: Any) -> None:
    """Put the example into the JSON of a request or an answer."""
    if value is not None:
        part["content"]["application/json"].setdefault("examples", {})["usual"] = {"value": value}


def _header(name: str, says: str, shape: Mapping[str, Any] | None = None, *, required: bool = True) -> dict[str, Any]:
    kind = {"type": "string", **(shape or {})}
    return {"in": "header", "name": name, "required": required, "description": says, "schema": kind}
