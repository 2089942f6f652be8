"""OAuth 2 client credentials: who asks for a token proves it by one of two secrets or by an assertion it signed."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
from jwcrypto.jwt import JWT
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes
from oauth2_provider.views import TokenView

from api import limits
from api.clients import digest
from api.models import CredentialKind, Scope

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ["EdDSA", "ES256", "PS256"]
LONGEST_ASSERTION_LIFE = 5 * 60
MOST_FAILURES_A_MINUTE = 30
MINUTE = 60
# What reading an assertion raises: a time may be a list or infinite, and lists may lie in lists without end.
UNREADABLE = (JWException, ValueError, KeyError, TypeError, OverflowError, RecursionError)


class Scopes(BaseScopes):  # type: ignore[misc]
    """The scopes of a token are those of its system."""

    def get_all_scopes(self) -> dict[str, str]:
        return {scope.value: str(scope.label) for scope in Scope}

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return list(application.scopes) if application else []

    def get_default_scopes(self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        return self.get_available_scopes(application, request)


class Validator(OAuth2Validator):  # type: ignore[misc]
    """Authenticates clients by the credentials kept here instead of the toolkit's single secret."""

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Whether the caller has proven to be the client; `request.client` is it then."""
        if getattr(request, "client_assertion", None):
            return self._by_assertion(request)
        identifier, secret = _basic(request) or (request.client_id, getattr(request, "client_secret", None))
        if not identifier or not secret or self._load_application(identifier, request) is None:
            return False
        valid = request.client.credentials.valid().filter(kind=CredentialKind.SECRET)
        given = digest(secret)
        return any(hmac.compare_digest(given, kept) for kept in valid.values_list("secret_sha256", flat=True))

    def _load_application(self, client_id: str, request: Any) -> Any:
        """The client; none for a name that no database can hold."""
        return None if "\0" in client_id else super()._load_application(client_id, request)

    def _by_assertion(self, request: Any) -> bool:
        """RFC 7523: iss and sub are the client, aud is this endpoint, short-lived, `jti` once, a known algorithm."""
        text = request.client_assertion
        if getattr(request, "client_assertion_type", "") != ASSERTION_TYPE:
            return False
        try:
            said, name = _unproven(text)
        except UNREADABLE:
            return False
        identifier = said["sub"]
        if self._load_application(identifier, request) is None:
            return False
        key = request.client.credentials.valid().filter(kind=CredentialKind.KEY, name=name).first()
        if key is None:
            return False
        checked = {"iss": identifier, "sub": identifier, "aud": token_address(), "exp": None, "jti": None}
        # The library judges a beginning only where it is told to.
        checked |= {"nbf": None} if "nbf" in said else {}
        token = JWT(algs=ALGORITHMS, expected_type="JWS", check_claims=checked)
        try:
            token.deserialize(text, JWK.from_pem(key.public_key.encode()))
        except UNREADABLE:
            return False
        return _is_first(identifier, json.loads(token.claims))


def _unproven(assertion: str) -> tuple[dict[str, Any], str]:
    """The claims of an assertion that nobody has verified yet, with a client to `sub`, and the name of its key.

    Raises one of UNREADABLE for what is no assertion.
    """
    read = JWS()
    read.deserialize(assertion)
    said, header = json.loads(read.objects["payload"]), json.loads(read.objects["protected"])
    if any(not isinstance(name, str) or "\0" in name for name in (said["sub"], header["kid"])):
        raise ValueError("no name")
    return said, header["kid"]


def _is_first(identifier: str, claims: dict[str, Any]) -> bool:
    """Whether a verified assertion is short-lived and was not received before."""
    if claims["exp"] > timezone.now().timestamp() + LONGEST_ASSERTION_LIFE + MINUTE:
        return False
    once = f"{identifier}:{claims['jti']}"
    return cache.add(f"assertion:{digest(once)}", 1, LONGEST_ASSERTION_LIFE + 2 * MINUTE)


def token_address() -> str:
    """The audience of an assertion: the address of the token endpoint."""
    return f"{settings.PORTAL_URL}{reverse('api:v1:token')}"


def _basic(request: Any) -> tuple[str, str] | None:
    scheme, _space, coded = request.headers.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        identifier, _colon, secret = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    proven = unquote_plus(identifier), unquote_plus(secret)
    return None if any("\0" in part for part in proven) else proven


@csrf_exempt
def token(request: HttpRequest) -> HttpResponse:
    """POST /api/v1/token: a bearer token for a quarter of an hour (RFC 6749, 4.4); errors as RFC 6749, 5.2 words them.

    An address that fails MOST_FAILURES_A_MINUTE times a minute is told to wait.
    """
    if request.method != "POST":
        return _refused("invalid_request", HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "POST"})
    if request.content_type != "application/x-www-form-urlencoded":
        return _refused("invalid_request", HTTPStatus.BAD_REQUEST)
    who, now = f"token:{request.META.get('REMOTE_ADDR', '')}", timezone.now()
    failures, wait = limits.count(who, window=MINUTE, now=now, by=0)
    if failures >= MOST_FAILURES_A_MINUTE:
        return _refused("slow_down", HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(wait)})
    try:
        answer: HttpResponse = TokenView.as_view()(request)
    except (UnicodeDecodeError, ValueError):
        return _refused("invalid_request", HTTPStatus.BAD_REQUEST)
    if answer.status_code >= HTTPStatus.BAD_REQUEST:
        limits.count(who, window=MINUTE, now=now)
    answer["Cache-Control"] = "no-store"
    return answer


def _refused(error: str, status: HTTPStatus, headers: dict[str, str] | None = None) -> HttpResponse:
    return JsonResponse({"error": error}, status=status, headers={"Cache-Control": "no-store", **(headers or {})})
