"""Refusals of the portal itself: a stable code for machines, a sentence for people, one HTTP status for every door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class DomainError(Exception):
    """A move the portal will not make.

    `code` is stable and documented; `message` is shown in the reader's language; `status` is the HTTP status; `fields`
    maps a form field to its own message; `row` is the law's row that refused, where one did.
    """

    def __init__(
        self,
        code: str,
        message: str | _StrPromise,
        *,
        status: int = 409,
        fields: Mapping[str, str | _StrPromise] | None = None,
        row: str = "",
    ) -> None:
        super().__init__(code, fields)
        self.code = code
        self.message = message
        self.status = status
        self.fields = dict(fields or {})
        self.row = row

    @property
    def named(self) -> list[tuple[str, str | _StrPromise]]:
        """`fields` for a page to walk through: in a template, `fields.items` may be the field that is called so."""
        return list(self.fields.items())

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.message, *self.fields.values()))


class NotFoundError(DomainError):
    """The thing does not exist, or not for this person: the two are never told apart."""

    def __init__(self) -> None:
        super().__init__("not_found", _("There is no such application among those you can see."), status=404)


class NotAllowedError(DomainError):
    def __init__(self, code: str, message: str | _StrPromise) -> None:
        super().__init__(code, message, status=403)


class InvalidInputError(DomainError):
    """Something typed or sent is wrong; `fields` names each one and the way out."""

    def __init__(
        self,
        fields: Mapping[str, str | _StrPromise],
        *,
        code: str = "invalid",
        row: str = "",
    ) -> None:
        message = _("Some of what was entered needs to be corrected.")
        super().__init__(code, message, status=422, fields=fields, row=row)


def written(field: str, text: str, missing: str | _StrPromise, *, longest: int = 1000) -> str:
    """What a person wrote in `field`, without the space around it.

    Raises InvalidInputError: `missing` where nothing is written, how much is kept where it is more than that.
    """
    text = text.strip()
    if not text:
        raise InvalidInputError({field: missing})
    if len(text) > longest:
        message = _("At most %(longest)d characters are kept here, and these are %(length)d. Make it shorter.")
        raise InvalidInputError({field: message % {"longest": longest, "length": len(text)}})
    return text


def cannot_be_undone(message: str | _StrPromise) -> DomainError:
    """The refusal of a service to take a decision back, because later acts rest on it; `message` names them."""
    return DomainError("cannot_be_undone", message)
