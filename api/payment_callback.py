"""Where the payment gateway reports a payment: signed, idempotent, and the same answer however often it calls."""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from fees import payments
from fees.models import Via
from registers.payments import verify_callback
from registers.signing import HEADER, SignatureRefusedError

LARGEST_REPORT_BYTES = 16_384


@csrf_exempt
@require_POST
def payment_callback(request: HttpRequest) -> JsonResponse:
    """POST /gateway/payments/: 200 with the verdict, 400 for what cannot be read, 401 for what is not signed.

    No sign-in: the signature over body and time is the proof (at most five minutes old). Every signed report gets 200,
    whatever was made of it, because the gateway repeats what is answered otherwise.
    """
    now = timezone.now()
    try:
        body = request.body
    except RequestDataTooBig:
        return _problem(HTTPStatus.BAD_REQUEST, "too_big")
    if len(body) > LARGEST_REPORT_BYTES:
        return _problem(HTTPStatus.BAD_REQUEST, "too_big")
    try:
        verify_callback(request.headers.get(HEADER, ""), body, now)
    except (SignatureRefusedError, ValueError):
        # ValueError: no secret is set, so nothing can be believed.
        payments.note_forged(now)
        return _problem(HTTPStatus.UNAUTHORIZED, "bad_signature")
    try:
        report = payments.Report.read(body, Via.CALLBACK)
    except ValueError:
        return _problem(HTTPStatus.BAD_REQUEST, "malformed")
    verdict = payments.receive(report, now)
    return JsonResponse({"reference": report.reference, "receipt": report.receipt, "verdict": verdict.value})


def _problem(status: HTTPStatus, code: str) -> JsonResponse:
    content = {"type": "about:blank", "title": status.phrase, "status": status.value, "code": code}
    return JsonResponse(content, status=status, content_type="application/problem+json")
