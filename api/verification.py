"""The public page behind a paper's QR code: is the paper valid? No personal data, no sign-in, no trace of who asked."""

from __future__ import annotations

import base64
import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from api.limits import seconds_to_wait, unlogged
from applications.keys import qr_public_keys
from applications.models import Paper, PaperStanding, PaperState
from applications.paper_contents import number_of
from applications.standards import Text

MINUTE = 60
CODE = re.compile(r"[A-Za-z0-9_-]{22}")


@require_safe
@never_cache
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Say of the paper with this code whether it is valid, replaced, revoked, or unknown (404).

    An address may look VERIFY_LOOKS_PER_MINUTE times a minute; then 429 with Retry-After in seconds.
    """
    now = timezone.now()
    who = f"verify:{request.META.get('REMOTE_ADDR', '')}"
    if wait := seconds_to_wait(who, limit=settings.VERIFY_LOOKS_PER_MINUTE, window=MINUTE, now=now):
        answer = render(request, "public/verify_too_often.html", status=429)
        answer["Retry-After"] = str(wait)
        return unlogged(answer)
    told = standing_of(code)
    if told is None:
        return unlogged(render(request, "public/verify.html", {"standing": "unknown"}, status=404))
    return render(request, "public/verify.html", told)


def standing_of(code: str) -> dict[str, Any] | None:
    """What everybody may know of the paper with this code, in the active language; None where there is none."""
    is_code = CODE.fullmatch(code) is not None
    paper = Paper.objects.filter(verification_code=code, state=PaperState.READY).first() if is_code else None
    if paper is None:
        return None
    imprint = paper.content["paper"]
    office = imprint["office"]
    return {
        "standing": paper.standing,
        "since": paper.standing_changed_at if paper.standing != PaperStanding.VALID else None,
        "kind": str(Text(**imprint["name"])),
        "number": number_of(paper),
        "entry": paper.number,
        "issued_at": datetime.fromisoformat(imprint["at"]),
        "office": str(Text(en=office["en"], ru=office["ru"], kk=office["kk"])),
    }


@require_safe
def keys(request: HttpRequest) -> JsonResponse:
    """The public keys of QR codes, old ones too: {"keys": [{"id", "algorithm", "public_key" (base64 of 32 bytes)}]}."""
    published = [
        {
            "id": identifier,
            "algorithm": "Ed25519",
            "public_key": base64.b64encode(key.public_bytes_raw()).decode(),
        }
        for identifier, key in qr_public_keys().items()
    ]
    answer = JsonResponse({"keys": published})
    answer["Cache-Control"] = "public, max-age=3600"
    return answer
