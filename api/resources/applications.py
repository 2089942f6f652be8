"""Applications: opened, listed, found, read, submitted, withdrawn – by the verbs of the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from api import shown
from api.endpoint import NO_OFFICE, Endpoint, is_unchanged, police_office, tagged
from api.idempotency import once
from api.models import Scope
from api.problems import Problem
from api.returning import misfit
from applications import deciding, intake
from applications.errors import InvalidInputError
from applications.lookup import find_now
from applications.models import Application
from applications.numbers import row_key
from applications.powers import keep_power_of_attorney
from applications.services import service_if_any
from applications.standards import Channel
from applications.states import State
from people.identifiers import normalise_plate, normalise_vin
from people.models import Organisation, Person, PowerOfAttorney
from registration.choosing import look_ahead

READ, WRITE = Scope.READ.value, Scope.WRITE.value


class Pages(CursorPagination):
    """Newest first; a page stays where it was however many applications come meanwhile."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 100

    def decode_cursor(self, request: Request) -> Any:
        """The place that the cursor names. Raises Problem for one whose place is no application's."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None and row_key(str(cursor.position)) is None:
            raise Problem("invalid_parameter")
        return cursor


class ApplicationFilter(filters.FilterSet):  # type: ignore[misc]
    """What the list can be narrowed by."""

    state = filters.MultipleChoiceFilter(choices=State.choices)
    service = filters.CharFilter(max_length=8)
    subservice = filters.CharFilter(max_length=8)
    submitted_after = filters.IsoDateTimeFilter(method="after")

    class Meta:
        model = Application
        fields: ClassVar[list[str]] = []

    def after(self, found: Any, name: str, value: datetime) -> Any:
        """Submitted later than `value`, whose offset the database need not know. Raises Problem."""
        try:
            return found.filter(submitted_at__gt=value.astimezone(UTC))
        except OverflowError as error:
            raise Problem("invalid_parameter") from error


CODE = {"type": "string", "minLength": 1, "maxLength": 8}
FILTERS = [
    OpenApiParameter("state", str, many=True, enum=State.values),
    OpenApiParameter("service", CODE),
    OpenApiParameter("subservice", CODE),
    OpenApiParameter("submitted_after", {"type": "string", "format": "date-time"}),
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 100}),
    OpenApiParameter("cursor", {"type": "string", "minLength": 1}),
]


class PageShown(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = shown.ApplicationShown(many=True)


def listed(found: Sequence[Application]) -> Any:
    """Applications as a list shows them. What services join to one application would cost a list more than it shows."""
    look_ahead(found)
    return shown.ApplicationShown(found, many=True).data


class Applications(Endpoint):
    """The applications that this system filed."""

    scopes = {"GET": READ, "POST": WRITE}
    parameters = frozenset({"state", "service", "subservice", "submitted_after", "limit", "cursor"})

    @extend_schema(
        operation_id="applications_list", summary="List own applications", parameters=FILTERS, responses=PageShown
    )
    def get(self, request: Request) -> Response:
        narrowed = ApplicationFilter(request.query_params, queryset=self.filed())
        limit = request.query_params.get("limit", "1")
        if not narrowed.is_valid() or not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:4]) <= 100):
            raise Problem("invalid_parameter")
        pages = Pages()
        page: Any = pages.paginate_queryset(narrowed.qs, request, view=self)
        return pages.get_paginated_response(listed(page))

    def prepare(self, request: Request) -> None:
        """Find the parties in the state's registers before anything is written."""
        self.sent: dict[str, Any] = self.filled(shown.ApplicationSent)
        parties = {"applicant": self.sent["applicant"], "representative": self.sent.get("representative")}
        self.parties: dict[str, Any] = {
            name: find_now(actor=self.actor(), identifier=party["identifier"], field=name, now=timezone.now())
            for name, party in parties.items()
            if party
        }

    @extend_schema(
        operation_id="applications_open",
        summary="Open a draft",
        request=shown.ApplicationSent,
        responses={201: shown.ApplicationShown},
    )
    @once
    def post(self, request: Request) -> Response:
        data, now = self.sent, timezone.now()
        office, service = police_office(data["office"]), service_if_any(data["service"])
        known = service.subservices_offered if service else ()
        wrong = {
            "office": None if office else NO_OFFICE,
            "service": None if service else _("There is no such service."),
            "subservice": None if data["subservice"] in known else _("There is no such sub-service."),
            "return_to": misfit(self.system, data["return_to"]) if "return_to" in data else None,
        }
        if any(wrong.values()):
            raise InvalidInputError({name: text for name, text in wrong.items() if text})
        representative = self.parties.get("representative")
        if isinstance(representative, Organisation):
            raise InvalidInputError({"representative": _("A representative is a person.")})
        application = intake.open_draft(
            actor=self.actor(),
            service_code=data["service"],
            subservice=data["subservice"],
            channel=Channel(self.system.channel),
            applicant=self.parties["applicant"],
            representative=representative,
            power_of_attorney=self._power(data, representative),
            office=office,
            return_to=data.get("return_to", ""),
            now=now,
        )
        response = Response(shown.ApplicationShown(application).data, status=201)
        response["Location"] = f"{request.path}/{application.number}"
        return tagged(response, application.version)

    def _power(self, data: dict[str, Any], representative: Person | None) -> PowerOfAttorney | None:
        paper = data.get("representative", {}).get("power_of_attorney")
        if paper is None or representative is None:
            return None
        return keep_power_of_attorney(
            actor=self.actor(),
            grantor=self.parties["applicant"],
            representative=representative,
            now=timezone.now(),
            **paper,
        )


class FoundShown(serializers.Serializer[Any]):
    results = shown.ApplicationShown(many=True)


class Search(Endpoint):
    """Own applications by IIN or BIN, plate or VIN; a look-up, so no Idempotency-Key."""

    scopes = {"POST": READ}

    @extend_schema(
        operation_id="applications_search",
        summary="Find own applications",
        request=shown.SearchSent,
        responses=FoundShown,
    )
    def post(self, request: Request) -> Response:
        data = self.filled(shown.SearchSent)
        found = self.filed()
        if "identifier" in data:
            identifier = data["identifier"]
            found = found.filter(Q(applicant_person__iin=identifier) | Q(applicant_organisation__bin=identifier))
        elif "plate" in data:
            found = found.filter(plate_number=normalise_plate(data["plate"]))
        else:
            found = found.filter(subject=f"VIN:{normalise_vin(data['vin'])}")
        return Response({"results": listed(list(found.order_by("-id")[:50]))})


class One(Endpoint):
    """One application."""

    scopes = {"GET": READ}

    @extend_schema(
        operation_id="application_read",
        summary="Read an application",
        responses={200: shown.ApplicationShown, 304: None},
    )
    def get(self, request: Request, number: str) -> Response:
        application = self.application(number)
        response = tagged(Response(), application.version)
        if is_unchanged(request, response["ETag"]):
            response.status_code = 304
        else:
            response.data = shown.ApplicationShown(application).data
        return response


class Submit(Endpoint):
    """Accept the complete draft: the clock starts, and the due time is promised."""

    scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="application_submit", summary="Submit the draft", request=None, responses=shown.ApplicationShown
    )
    @once
    def post(self, request: Request, number: str) -> Response:
        application = intake.submit(actor=self.actor(), number=number, version=self.version(), now=timezone.now())
        return tagged(Response(shown.ApplicationShown(application).data), application.version)


class Withdraw(Endpoint):
    """Close the application at the applicant's wish, before a decision."""

    scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="application_withdraw",
        summary="Withdraw the application",
        request=shown.WithdrawSent,
        responses=shown.ApplicationShown,
    )
    @once
    def post(self, request: Request, number: str) -> Response:
        self.application(number)
        reason = self.filled(shown.WithdrawSent)["reason"]
        application = deciding.withdraw(
            actor=self.actor(), number=number, version=self.version(), reason=reason, now=timezone.now()
        )
        return tagged(Response(shown.ApplicationShown(application).data), application.version)
