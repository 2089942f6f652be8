"""Is a paper genuine? The same answer as the public page, for programs."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import shown
from api.endpoint import Endpoint
from api.problems import Problem
from api.verification import CODE
from applications.models import Paper, PaperState
from applications.paper_contents import number_of
from applications.standards import Text


class Verification(Endpoint):
    """The standing of a paper by the code in its QR; a look-up, so no Idempotency-Key."""

    @extend_schema(operation_id="paper_verify", request=shown.VerificationSent, responses=shown.VerificationShown)
    def post(self, request: Request) -> Response:
        code = self.filled(shown.VerificationSent)["code"]
        found = Paper.objects.filter(verification_code=code, state=PaperState.READY)
        paper = found.first() if CODE.fullmatch(code) else None
        if paper is None:
            raise Problem("not_found")
        imprint = paper.content["paper"]
        office = imprint["office"]
        body = {
            "standing": paper.standing,
            "kind": Text(**imprint["name"]).in_language(get_language()),
            "number": number_of(paper),
            "entry": paper.number,
            "issued_at": datetime.fromisoformat(imprint["at"]),
            "office": Text(en=office["en"], ru=office["ru"], kk=office["kk"]).in_language(get_language()),
        }
        return Response(shown.VerificationShown(body).data)
