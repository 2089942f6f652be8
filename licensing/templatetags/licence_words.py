"""Pictures as papers and pages embed them."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from licensing.capturing import data_uri

register = template.Library()


@register.filter
def embedded(picture: Mapping[str, str]) -> str:
    """{"sha256", "content_type"} as a data URI; empty where there is no picture."""
    return data_uri(picture["sha256"], picture["content_type"]) if picture["sha256"] else ""
