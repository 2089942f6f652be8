"""What every resource of the API shares: who calls, what they may, how often, and how an application is found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar, cast

from django.conf import settings
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from api import message_signatures, rates, sandbox
from api.authentication import Bearer
from api.problems import Problem
from api.strict import StrictJson
from applications.acting import Actor
from applications.errors import NotFoundError
from applications.models import Application, ApplicationQuerySet
from applications.services import all_services
from applications.uploads import announced_length
from offices.models import ConnectedSystem, Office, OfficeKind

Answered = TypeVar("Answered", bound=HttpResponseBase)
# The version, and the language in which it is told: If-Match looks at the version alone.
ETAG = re.compile(r'"(\d{1,9})(?:\.[a-z]{2})?"')
RELATED = ("office", "applicant_person", "applicant_organisation", "representative", "power_of_attorney", "filed_by")


class Endpoint(APIView):
    """A resource. `scopes` names per method what the token must allow; "" where any token does."""

    authentication_classes = (Bearer,)
    parser_classes: Sequence[type[BaseParser]] = (StrictJson,)
    renderer_classes: Sequence[type[BaseRenderer]] = (JSONRenderer,)
    permission_classes = ()
    throttle_classes = ()
    scopes: ClassVar[dict[str, str]] = {}
    # The parameters an address may have.
    parameters: ClassVar[frozenset[str]] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Judge the caller before any handler runs: token, rate, signature, scope, parameters, size."""
        self.told: dict[str, str] = {}
        super().initial(request, *args, **kwargs)
        if request.auth is None:
            raise NotAuthenticated
        self.told = rates.count(self.system, timezone.now())
        sandbox.give_what_is_asked_for(request)
        if announced_length(request._request) > settings.UPLOAD_MAX_REQUEST_BYTES:
            raise Problem("body_too_large")
        message_signatures.verify(request._request, self.system)
        scope = self.scopes.get(str(request.method), "")
        if scope and not self._allows(request.auth, scope):
            raise PermissionDenied
        if set(request.query_params) - self.parameters:
            raise Problem("unknown_parameter")
        given = [value for _name, values in request.query_params.lists() for value in values]
        if any(not value or "\x00" in value for value in given):
            raise Problem("invalid_parameter")

    def _allows(self, token: Any, scope: str) -> bool:
        """Whether the token allows it, and the administrator still does: what is narrowed is narrowed at once."""
        return scope in str(token.scope).split() and scope in token.application.scopes

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        for name, value in getattr(self, "told", {}).items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ["Accept-Language"])
        return super().finalize_response(request, response, *args, **kwargs)

    @property
    def system(self) -> ConnectedSystem:
        """The connected system that calls."""
        return cast("ConnectedSystem", self.request.user)

    def actor(self) -> Actor:
        """The connected system as it acts, from where it calls."""
        return Actor.through(self.system, self.request.META.get("REMOTE_ADDR"))

    def filed(self) -> ApplicationQuerySet:
        """The applications that this system filed, with what is shown of each."""
        return Application.objects.filed_through(self.system).select_related(*RELATED)

    def application(self, number: str) -> Application:
        """The application, if this system filed it. Raises NotFoundError for every other number."""
        related = [name for service in all_services() for name in service.related]
        application = self.filed().select_related(*related).filter(number=number).first()
        if application is None:
            raise NotFoundError
        return application

    def version(self) -> int:
        """The version that If-Match names. Raises Problem: 428 without one, 412 for what is no version."""
        given = self.request.headers.get("If-Match", "")
        if not given:
            raise Problem("if_match_missing")
        match = ETAG.fullmatch(given.strip())
        if match is None:
            raise Problem("stale")
        return int(match[1])

    def filled(self, serializer: type[Any]) -> dict[str, Any]:
        """The body as `serializer` reads it. Raises ValidationError."""
        made = serializer(data=self.request.data)
        made.is_valid(raise_exception=True)
        data: dict[str, Any] = made.validated_data
        return data


NO_OFFICE = _("There is no police office with this code.")


def police_office(code: str) -> Office | None:
    """The police body of that code with its region."""
    return Office.objects.select_related("region").filter(code=code, kind=OfficeKind.POLICE).first()


def tagged(response: Answered, version: int) -> Answered:
    """The answer with its version and language as its ETag, which If-Match names."""
    response["ETag"] = f'"{version}.{(get_language() or "")[:2]}"'
    return response


def is_unchanged(request: Request, tag: str) -> bool:
    """Whether the client has this very representation."""
    return tag in [part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")]
