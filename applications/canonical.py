"""The application as one text that is signed: the same bytes whoever asks, in whatever language, however often."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models

from applications.models import Application
from applications.services import service_of


def canonical_bytes(application: Application) -> bytes:
    """What an electronic signature of the application covers: canonical JSON (RFC 8785) in UTF-8.

    It names the service, the parties, every detail and the hash of every document, so that nothing of it can be changed
    after signing without another text. Numbers stand as strings where they are not whole, times are not in it.
    """
    return canonical(signed_content(application))


def signed_content(application: Application) -> dict[str, Any]:
    """The content of the canonical text as plain JSON values; documents in the order of requirement and hash."""
    documents = [item for item in application.documents.all() if item.removed_at is None]
    return {
        "number": application.number,
        "service": application.service,
        "subservice": application.subservice,
        "channel": application.channel,
        "standard": application.standard_version,
        "applicant": application.applicant.identifier,
        "representative": application.representative.identifier if application.representative else None,
        "details": details_of(application),
        "documents": sorted(
            ({"requirement": item.requirement, "sha256": item.sha256} for item in documents),
            key=lambda item: (item["requirement"], item["sha256"]),
        ),
    }


def details_of(application: Application) -> dict[str, Any]:
    """The service's details as its form holds them: field → plain JSON value; files are documents."""
    return held_by(service_of(application).details_form(application))


def held_by(form: forms.BaseForm) -> dict[str, Any]:
    """What a form of details holds: field → plain JSON value."""
    return {
        name: plain(form.get_initial_for_field(field, name))
        for name, field in form.fields.items()
        if not isinstance(field, forms.FileField)
    }


def plain(value: Any) -> Any:
    """`value` as JSON knows it: days as YYYY-MM-DD, decimals as text, rows by what stands for them."""
    if isinstance(value, bool | int | None):
        return value
    if isinstance(value, list | tuple | set | models.QuerySet):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, models.Model):
        return getattr(value, "code", str(value.pk))
    return str(value)


def canonical(content: Any) -> bytes:
    """`content` by RFC 8785: keys in order of their UTF-16 code units, no space, no escape that is not needed.

    Takes what `plain` gives; a float has more than one spelling and raises ValueError.
    """
    return json.dumps(_ordered(content), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _ordered(content: Any) -> Any:
    if isinstance(content, float):
        raise ValueError("A float has no single spelling; write a decimal as text.")
    if isinstance(content, dict):
        return {key: _ordered(content[key]) for key in sorted(content, key=lambda key: key.encode("utf-16-be"))}
    return [_ordered(item) for item in content] if isinstance(content, list) else content
