"""Electronic signatures (ЭЦП) of the people behind an application: over its canonical text, or over an answer."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import signing_in
from api.endpoint import Endpoint, tagged
from api.idempotency import once
from api.models import Scope
from api.problems import Problem
from api.strict import Instant, StrictSerializer, Truth, Words
from applications.errors import InvalidInputError
from applications.services import service_of
from applications.signatures import Signed
from registration.co_owners import CO_OWNERS, keep_answer, statement

# A detached CMS with its chain is some five thousand bytes.
LONGEST_CMS = 48_000
TRUTHS = {"true": True, "false": False}


class SignatureSent(StrictSerializer):
    requirement = Words(max_length=48)
    # Base64 of the detached CMS in DER.
    cms = Words(max_length=LONGEST_CMS)


class CoOwnersSent(StrictSerializer):
    has_co_owners = Truth()
    they_agree = Truth(required=False, allow_null=True, default=None)
    cms = Words(max_length=LONGEST_CMS)


class SignatureShown(serializers.Serializer[Any]):
    requirement = serializers.CharField()
    signer = serializers.CharField()
    signer_name = serializers.CharField()
    certificate_serial = serializers.CharField()
    signed_at = Instant()


class Signatures(Endpoint):
    """A signature over the canonical text; whoever changes the draft afterwards has it signed anew."""

    scopes = {"POST": Scope.WRITE.value}

    def prepare(self, request: Request, number: str) -> None:
        """Verify with the authority's servers before anything is written."""
        self.application(number)
        data = self.filled(SignatureSent)
        self.requirement: str = data["requirement"]
        words = {"number": number, "requirement": self.requirement, "now": timezone.now()}
        self.signed = signing_in.verified(actor=self.actor(), cms=decoded(data["cms"]), **words)

    @extend_schema(
        operation_id="signature_add",
        summary="Send a signature of the canonical text",
        request=SignatureSent,
        responses={201: SignatureShown},
    )
    @once
    def post(self, request: Request, number: str) -> Response:
        kept = signing_in.keep(
            actor=self.actor(), number=number, requirement=self.requirement, signed=self.signed, now=timezone.now()
        )
        return tagged(Response(SignatureShown(kept).data, status=201), self.application(number).version)


class CoOwners(Endpoint):
    """The previous owner's signed answer about co-owners (LAW-O1, VR.8.3e), and the text of it that is signed."""

    scopes = {"GET": Scope.READ.value, "POST": Scope.WRITE.value}
    parameters = frozenset({"has_co_owners", "they_agree"})

    @extend_schema(
        operation_id="co_owners_text",
        summary="Text of the answer about co-owners",
        parameters=[OpenApiParameter("has_co_owners", bool, required=True), OpenApiParameter("they_agree", bool)],
        responses={(200, "application/json"): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        application = self.application(number)
        said = {name: TRUTHS.get(request.query_params.get(name, "")) for name in self.parameters}
        has_co_owners = said["has_co_owners"]
        if has_co_owners is None or any(value not in TRUTHS for value in request.query_params.values()):
            raise Problem("invalid_parameter")
        text = statement(application, has_co_owners=has_co_owners, they_agree=said["they_agree"])
        return HttpResponse(text, content_type="application/json")

    def prepare(self, request: Request, number: str) -> None:
        """Verify with the authority's servers before anything is written."""
        application = self.application(number)
        data = self.filled(CoOwnersSent)
        said = statement(application, has_co_owners=data["has_co_owners"], they_agree=data["they_agree"])
        asked = service_of(application).signers(application, CO_OWNERS)
        self.signed: Signed = signing_in.judged(said, decoded(data["cms"]), now=timezone.now(), asked=asked)

    @extend_schema(
        operation_id="co_owners_answer",
        summary="Send the signed answer about co-owners",
        request=CoOwnersSent,
        responses={201: SignatureShown},
    )
    @once
    def post(self, request: Request, number: str) -> Response:
        answer = keep_answer(actor=self.actor(), number=number, signed=self.signed, now=timezone.now())
        shown = SignatureShown(answer.signature).data
        return tagged(Response(shown, status=201), self.application(number).version)


def decoded(text: str) -> bytes:
    """The bytes of a Base64 text. Raises InvalidInputError."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInputError({"cms": _("This is not Base64: send the detached CMS in DER, in Base64.")}) from error
