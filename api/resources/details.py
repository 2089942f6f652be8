"""The service's details of a draft, the checklist of the law, and the text that is signed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import shown
from api.details import TYPES, fields_of, filled_in, form_data
from api.endpoint import Endpoint, tagged
from api.idempotency import once
from api.models import Scope
from api.problems import line
from api.signing_in import asked_of
from applications import intake
from applications.acting import lock
from applications.canonical import canonical_bytes
from applications.checklist import RequirementState, checklist
from applications.journal import viewed
from applications.models import Application
from applications.services import service_of
from applications.states import State

READ, WRITE = Scope.READ.value, Scope.WRITE.value


class ChoiceShown(serializers.Serializer[Any]):
    value = serializers.CharField()
    name = serializers.CharField()


class FieldShown(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    hint = serializers.CharField()
    type = serializers.ChoiceField(choices=["string", *(word for _kind, word in TYPES)])
    is_required = serializers.BooleanField()
    choices = ChoiceShown(many=True)


class DetailsShown(serializers.Serializer[Any]):
    details = shown.FreeObject()
    fields_known = FieldShown(many=True)


SALE = OpenApiExample(
    "VR-2, a sale signed by both owners",
    value={
        "act": "registration",
        "found_by": "417KZN02",
        "seller_identifier": "900115300123",
        "sold_on": "2026-11-20",
        "ownership_proof": "both_signatures",
        "plates_kept": "yes",
    },
    request_only=True,
)


class Details(Endpoint):
    """What the service wants to know; PUT replaces all of it, a field left out is empty."""

    scopes = {"GET": READ, "PUT": WRITE}

    @extend_schema(operation_id="details_read", summary="Read the details", responses=DetailsShown)
    def get(self, request: Request, number: str) -> Response:
        application = self.application(number)
        response = self._shown(application)
        viewed(actor=self.actor(), application=application, what="details", now=timezone.now())
        return response

    @extend_schema(
        operation_id="details_replace",
        summary="Fill the details in",
        request=OpenApiTypes.OBJECT,
        responses=DetailsShown,
        examples=[SALE],
    )
    @once
    def put(self, request: Request, number: str) -> Response:
        application = lock(number=number, actor=self.actor(), version=self.version())
        intake.require_draft(application)
        data = form_data(application, request.data)
        intake.fill_in(application, actor=self.actor(), data=data, now=timezone.now())
        return self._shown(self.application(number))

    def _shown(self, application: Application) -> Response:
        form = service_of(application).details_form(application)
        body = {"details": filled_in(form), "fields_known": fields_of(form)}
        return tagged(Response(body), application.version)


class Requirements(Endpoint):
    """What the law asks of this application, what met it, and what keeps a draft from being accepted."""

    scopes = {"GET": READ}

    @extend_schema(
        operation_id="requirements_read", summary="What the law still asks", responses=shown.RequirementsShown
    )
    def get(self, request: Request, number: str) -> Response:
        application, now = self.application(number), timezone.now()
        is_draft = application.state == State.DRAFT
        found = intake.problems(application, now) if is_draft else {}
        service, states = service_of(application), checklist(application, now)
        lines = [_line(state, len(service.signers(application, state.requirement.code))) for state in states]
        asked = asked_of(application, [state.requirement.code for state in states])
        body = {
            "requirements": lines,
            "signatures": asked,
            "problems": [line(name, text) for name, text in found.items()],
        }
        return tagged(Response(shown.RequirementsShown(body).data), application.version)


def _line(state: RequirementState, signers: int) -> dict[str, Any]:
    rule = state.requirement
    return {
        "row": rule.row,
        "code": rule.code,
        "name": str(rule.name),
        "due": rule.due.value,
        "met_by": state.met_by.value if state.met_by else None,
        "ways": [way.value for way in rule.met_by],
        "signers_needed": signers,
        "documents": state.documents,
    }


class Canonical(Endpoint):
    """The canonical text of the application: the exact bytes that an electronic signature covers."""

    scopes = {"GET": READ}

    @extend_schema(
        operation_id="canonical_read",
        summary="Text to sign",
        responses={(200, "application/json"): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        application = self.application(number)
        response = HttpResponse(canonical_bytes(application), content_type="application/json")
        viewed(actor=self.actor(), application=application, what="canonical text", now=timezone.now())
        return tagged(response, application.version)
