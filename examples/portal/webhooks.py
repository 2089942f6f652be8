"""What the registration portal tells: verified, remembered once, answered at once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from standardwebhooks import WebhookVerificationError

from examples.portal import settings, store
from examples.portal_api import read_webhook


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """204 for what the portal sent, however often it comes; 401 for anything else."""
    try:
        event = read_webhook(settings.WEBHOOK_SECRET, request.headers, request.body)
    except WebhookVerificationError:
        return HttpResponse(status=401)
    store.hear(request.headers["webhook-id"], event["data"].get("application", ""))
    return HttpResponse(status=204)
