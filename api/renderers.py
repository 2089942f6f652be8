"""What the API answers in beside JSON; views that use them hand the finished file over themselves."""

from __future__ import annotations

from typing import Any

from rest_framework.renderers import BaseRenderer, JSONRenderer


class Pdf(BaseRenderer):
    media_type = "application/pdf"
    format = "pdf"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """A refusal is told in JSON, whatever was asked for."""
        made: bytes = JSONRenderer().render(data)
        return made


class Scan(Pdf):
    media_type = "image/*"
    format = "scan"
