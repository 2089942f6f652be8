"""Scans and PDFs of an application: attached, shown with the desk's mark, taken off a draft."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import shown
from api.endpoint import Endpoint
from api.idempotency import once
from api.models import Scope
from api.renderers import Pdf, Scan
from api.strict import StrictMultipart
from applications import documents, intake
from applications.errors import DomainError
from applications.journal import viewed

READ, WRITE = Scope.READ.value, Scope.WRITE.value


class DocumentsShown(serializers.Serializer[Any]):
    documents = shown.DocumentShown(many=True)


class Documents(Endpoint):
    """The documents of an application; one marked wrong by the desk says why, and another may be attached."""

    scopes = {"GET": READ, "POST": WRITE}
    parser_classes = (StrictMultipart,)

    @extend_schema(operation_id="documents_list", summary="Documents of an application", responses=DocumentsShown)
    def get(self, request: Request, number: str) -> Response:
        found = self.application(number).documents.filter(removed_at__isnull=True)
        return Response({"documents": shown.DocumentShown(found, many=True).data})

    @extend_schema(
        operation_id="documents_attach",
        summary="Attach a document",
        request={"multipart/form-data": shown.DocumentSent},
        responses={201: shown.DocumentShown},
    )
    @once
    def post(self, request: Request, number: str) -> Response:
        self.application(number)
        data = self.filled(shown.DocumentSent)
        document = intake.attach(
            actor=self.actor(),
            number=number,
            requirement=data["requirement"],
            upload=data["upload"],
            form=data.get("form", ""),
            now=timezone.now(),
        )
        return Response(shown.DocumentShown(document).data, status=201)


class OneDocument(Endpoint):
    """One document of this very application."""

    scopes = {"GET": READ, "DELETE": WRITE}
    renderer_classes = (*Endpoint.renderer_classes, Pdf, Scan)

    @extend_schema(
        operation_id="document_read",
        summary="Fetch a document",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, (200, "image/jpeg"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, number: str, document: int) -> HttpResponse:
        application = self.application(number)
        found = application.documents.filter(pk=document, removed_at__isnull=True).first()
        if found is None:
            raise DomainError("no_document", intake.NO_DOCUMENT, status=404)
        viewed(actor=self.actor(), application=application, what=f"document {found.pk}", now=timezone.now())
        return documents.response(found)

    @extend_schema(operation_id="document_remove", summary="Take a document back", responses={204: None})
    @once
    def delete(self, request: Request, number: str, document: int) -> Response:
        intake.remove(actor=self.actor(), number=number, document_id=document, now=timezone.now())
        return Response(status=204)
