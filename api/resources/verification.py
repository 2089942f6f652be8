"""Is a paper genuine? The same answer as the public page, for programs."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import shown
from api.endpoint import Endpoint
from api.problems import Problem
from api.verification import standing_of


class Verification(Endpoint):
    """The standing of a paper by the code in its QR; a look-up, so no Idempotency-Key."""

    @extend_schema(
        operation_id="paper_verify",
        summary="Verify a paper",
        request=shown.VerificationSent,
        responses=shown.VerificationShown,
    )
    def post(self, request: Request) -> Response:
        told = standing_of(self.filled(shown.VerificationSent)["code"])
        if told is None:
            raise Problem("not_found")
        return Response(shown.VerificationShown(told).data)
