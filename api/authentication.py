"""Whose token a request carries: one query for token, client and connected system."""

from __future__ import annotations

import hashlib

from oauth2_provider.models import AccessToken
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from offices.models import ConnectedSystem


class Bearer(BaseAuthentication):
    """RFC 6750, the header only: a token in an address would be written to logs."""

    def authenticate(self, request: Request) -> tuple[ConnectedSystem, AccessToken] | None:
        """The connected system and its token. Raises AuthenticationFailed for a token that does not hold."""
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not text:
            return None
        checksum = hashlib.sha256(text.strip().encode()).hexdigest()
        token = AccessToken.objects.select_related("application__system").filter(token_checksum=checksum).first()
        if token is None or token.is_expired() or not token.application.system.is_active:
            raise AuthenticationFailed
        return token.application.system, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="portal"'
