"""What came of an application: the things given, the grounds of a refusal, the signed papers; and its course."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import shown
from api.endpoint import Endpoint, is_unchanged
from api.models import Scope
from api.problems import Problem
from api.renderers import Pdf
from applications.errors import DomainError
from applications.intake import NO_DOCUMENT
from applications.journal import viewed
from applications.models import Application
from applications.papers import paper_names, paper_response
from applications.services import service_of
from applications.states import State
from applications.timeline import followed, newest
from refusals.models import RefusalReason

READ, RESULTS = Scope.READ.value, Scope.RESULTS.value
# What a refusal says in the two languages of its letter.
WORDED = ("text", "citation", "finding", "remark")


class Results(Endpoint):
    """The results and papers so far."""

    scopes = {"GET": RESULTS}

    @extend_schema(operation_id="results_read", summary="What was issued", responses=shown.ResultsShown)
    def get(self, request: Request, number: str) -> Response:
        application = self.application(number)
        given = service_of(application).results(application) if application.issued_at else ()
        body = {"results": given, "refusal": _reasons(application), "papers": application.papers.all()}
        return Response(shown.ResultsShown(body, context={"names": paper_names(application)}).data)


def _reasons(application: Application) -> list[dict[str, str]]:
    if application.state != State.REFUSED:
        return []
    language = "kk" if (get_language() or "")[:2] == "kk" else "ru"
    return [
        {"row": reason.row, **{name: getattr(reason, f"{name}_{language}") for name in WORDED}}
        for reason in RefusalReason.objects.filter(refusal__application=application)
    ]


class PaperFile(Endpoint):
    """A signed paper as PDF."""

    scopes = {"GET": RESULTS}
    renderer_classes = (*Endpoint.renderer_classes, Pdf)

    @extend_schema(
        operation_id="paper_read",
        summary="Fetch a paper as PDF",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, number: str, paper: int) -> HttpResponse:
        application = self.application(number)
        found = application.papers.filter(pk=paper).first()
        if found is None:
            raise DomainError("no_document", NO_DOCUMENT, status=404)
        answer = paper_response(found)
        viewed(actor=self.actor(), application=application, what=f"paper {found.number}", now=timezone.now())
        return answer


class Events(Endpoint):
    """What happened, oldest first; ask again with the last id as `after`, and with If-None-Match to be told cheaply."""

    scopes = {"GET": READ}
    parameters = frozenset({"after"})

    @extend_schema(
        operation_id="events_list",
        summary="Follow the events",
        parameters=[OpenApiParameter("after", {"type": "integer", "minimum": 0, "maximum": 999999999})],
        responses={200: shown.EventsShown, 304: None},
    )
    def get(self, request: Request, number: str) -> Response:
        after = request.query_params.get("after", "0")
        if not (after.isascii() and after.isdigit() and len(after) < 10):
            raise Problem("invalid_parameter")
        application = self.application(number)
        tag = f'"{application.version}.{newest(application)}.{int(after)}.{get_language()}"'
        response = Response(headers={"ETag": tag})
        if is_unchanged(request, tag):
            response.status_code = 304
        else:
            response.data = self._told(application, int(after))
        return response

    def _told(self, application: Application, after: int) -> dict[str, Any]:
        body = {
            "state": application.state,
            "state_text": State(application.state).label,
            "due_at": application.due_at,
            "held_by": application.office.name,
            "events": followed(application, after),
        }
        told: dict[str, Any] = shown.EventsShown(body).data
        return told
