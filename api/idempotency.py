"""One call, one effect, one answer: what is done and what was answered are written in one transaction."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.db import connection, transaction
from django.http import QueryDict
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api import problems
from api.models import IdempotentCall
from api.problems import MEDIA_TYPE, Problem
from offices.models import ConnectedSystem

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{8,128}")
# Published in docs/api/: a client may resend for this long.
KEPT_FOR = timedelta(hours=48)
KEPT_HEADERS = ("ETag", "Location", "Retry-After")
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})

Handler = Callable[..., Response]


def once(handler: Handler) -> Handler:
    """Make an unsafe handler happen once per Idempotency-Key.

    A `prepare(request, …)` of the view runs before, outside of the transaction: it is where registers are asked.
    Raises Problem for a missing (400), reused (422) or still worked on (409) key. Nothing is kept of a fault: the same
    call may be sent again.
    """

    @wraps(handler)
    def answered(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER, "")
        if not key:
            raise Problem("idempotency_key_missing")
        if not KEY.fullmatch(key):
            raise Problem("idempotency_key_malformed")
        print_of_call = fingerprint(request)
        system: ConnectedSystem = view.system
        refusal = None
        if hasattr(view, "prepare"):
            # Registers are not asked again for an answer that was given. Under the lock it is looked for anew.
            if (repeated := replay(system, key, print_of_call)) is not None:
                return repeated
            refusal = _attempt(view.prepare, request, *args, **kwargs)
        with transaction.atomic():
            if not _is_ours(system, key):
                raise Problem("idempotency_in_flight", headers={"Retry-After": "1"})
            repeated = replay(system, key, print_of_call)
            if repeated is not None:
                return repeated
            response: Response = refusal or _attempt(transaction.atomic(handler), view, request, *args, **kwargs)
            _remember(system, key, print_of_call, response)
        return response

    answered.is_once = True  # type: ignore[attr-defined]
    return answered


def _attempt(act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What the act returns, or its refusal as an answer; a fault goes on to the caller."""
    try:
        return act(*args, **kwargs)
    except Exception as error:
        refusal = problems.answer(error, {})
        if refusal is None or refusal.status_code >= 500:
            raise
        return refusal


def fingerprint(request: Request) -> str:
    """The hash of method, address and content; of a form its fields and files."""
    made = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if isinstance(request.data, QueryDict):
        sent: dict[str, Any] = dict(request.data.items())
        for name, value in sorted(sent.items()):
            made.update(f"\n{name}=".encode())
            if hasattr(value, "chunks"):
                for chunk in value.chunks():
                    made.update(chunk)
                value.seek(0)
            else:
                made.update(str(value).encode())
    else:
        made.update(json.dumps(request.data, sort_keys=True, default=str).encode())
    return made.hexdigest()


def replay(system: ConnectedSystem, key: str, print_of_call: str) -> Response | None:
    """The answer that was given under the key. Raises Problem "idempotency_key_reused" when that was another call."""
    call = IdempotentCall.objects.filter(system=system, key=key).first()
    if call is None:
        return None
    if call.fingerprint != print_of_call:
        raise Problem("idempotency_key_reused")
    content_type = MEDIA_TYPE if call.status >= 400 else None
    headers = {**call.headers, "Idempotency-Replayed": "true"}
    body = json.loads(call.body) if call.body else None
    return Response(body, status=call.status, headers=headers, content_type=content_type)


def _is_ours(system: ConnectedSystem, key: str) -> bool:
    """Whether nobody else works on the key; the lock goes with the transaction, also when the process dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"call:{system.pk}:{key}"])
        return bool(cursor.fetchone()[0])


def _remember(system: ConnectedSystem, key: str, print_of_call: str, response: Response) -> None:
    IdempotentCall.objects.create(
        system=system,
        key=key,
        fingerprint=print_of_call,
        status=response.status_code,
        headers={name: response[name] for name in KEPT_HEADERS if name in response},
        body="" if response.data is None else JSONRenderer().render(response.data).decode(),
        answered_at=timezone.now(),
    )


def forget(now: datetime) -> int:
    """Drop answers older than KEPT_FOR; how many."""
    dropped, _by_model = IdempotentCall.objects.filter(answered_at__lt=now - KEPT_FOR).delete()
    return dropped
