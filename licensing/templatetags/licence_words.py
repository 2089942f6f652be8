"""Pictures as papers embed them, and the signed code of a licence for a phone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template

from applications.paper_codes import drawing
from licensing.capturing import data_uri
from licensing.mobile import signed

register = template.Library()


@register.filter
def embedded(picture: Mapping[str, str]) -> str:
    """{"sha256", "content_type"} as a data URI; empty where there is no picture."""
    return data_uri(picture["sha256"], picture["content_type"]) if picture["sha256"] else ""


@register.simple_tag(takes_context=True)
def mobile_code(context: Mapping[str, Any]) -> str:
    """The QR code of licensing.papers.mobile_content as a data URI; signed where papers are printed, by a worker."""
    text = signed(
        code=context["paper"]["address"].rstrip("/").rsplit("/", maxsplit=1)[-1],
        number=context["number"],
        initials=context["initials"],
        issued_on=date.fromisoformat(context["issued_on"]),
        valid_until=date.fromisoformat(context["valid_until"]),
        categories={code: date.fromisoformat(since) for code, since in context["categories"].items()},
        has_restrictions=context["has_restrictions"],
        iin=context["iin"],
    )
    return drawing(text)
