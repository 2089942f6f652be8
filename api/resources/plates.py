"""Choosing a plate number: free ones by pattern, one held while its duty is paid, given up again."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import shown
from api.endpoint import Endpoint
from api.idempotency import once
from api.models import Scope
from plates.choosing import held
from registration import choosing

PLATES = Scope.PLATES.value


class Free(Endpoint):
    """Free numbers for this application with their prices; a look-up, so no Idempotency-Key."""

    scopes = {"POST": PLATES}

    @extend_schema(
        operation_id="plates_search",
        summary="Find free numbers",
        request=shown.PatternSent,
        responses=shown.OffersShown,
    )
    def post(self, request: Request, number: str) -> Response:
        application = self.application(number)
        pattern = self.filled(shown.PatternSent)["pattern"]
        offers = choosing.free_numbers(application, pattern, timezone.now())
        current = held(application)
        body = {"held": current.plate.number if current else None, "numbers": offers}
        return Response(shown.OffersShown(body).data)


class Held(Endpoint):
    """The number held for this application."""

    scopes = {"PUT": PLATES, "DELETE": PLATES}

    @extend_schema(
        operation_id="plate_hold", summary="Hold a number", request=shown.PlateSent, responses=shown.PlateSent
    )
    @once
    def put(self, request: Request, number: str) -> Response:
        self.application(number)
        wanted = self.filled(shown.PlateSent)["number"]
        plate = choosing.choose(actor=self.actor(), number=number, plate=wanted, now=timezone.now())
        return Response({"number": plate.number})

    @extend_schema(operation_id="plate_release", summary="Give the number up", responses={204: None})
    @once
    def delete(self, request: Request, number: str) -> Response:
        choosing.take_next(actor=self.actor(), number=number, now=timezone.now())
        return Response(status=204)
