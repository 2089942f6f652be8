"""The police offices that an application may be sent to."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import shown
from api.endpoint import Endpoint
from offices.models import Office, OfficeKind


class PoliceOfficeShown(shown.OfficeShown):
    region = serializers.CharField(source="region.name")
    address = serializers.CharField()


class OfficesShown(serializers.Serializer[Any]):
    offices = PoliceOfficeShown(many=True)


class Offices(Endpoint):
    """Every police office, by code; `office` of a new application is one of these."""

    @extend_schema(operation_id="offices_list", summary="List the police offices", responses=OfficesShown)
    def get(self, request: Request) -> Response:
        found = Office.objects.filter(kind=OfficeKind.POLICE).select_related("region").order_by("code")
        return Response(OfficesShown({"offices": found}).data)
