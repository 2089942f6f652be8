"""Bodies taken literally: UTF-8 JSON of bounded size and depth, no unknown field, no type made to fit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import JSONParser, MultiPartParser

from api.problems import Problem
from applications.uploads import announced_length

LARGEST_BODY = 64 * 1024
DEEPEST = 12
PIECE = 64 * 1024


class StrictJson(JSONParser):
    """application/json in UTF-8 without compression; a doubled key, NaN, a NUL or a lone surrogate is refused."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        request = (parser_context or {})["request"]
        charset = request.content_type.partition("charset=")[2].strip(' "').lower()
        if charset not in {"", "utf-8", "utf8"} or request.headers.get("Content-Encoding", "identity") != "identity":
            raise UnsupportedMediaType(media_type or "")
        content = stream.read(LARGEST_BODY + 1)
        if len(content) > LARGEST_BODY:
            raise Problem("body_too_large")
        return read(content)


def read(content: bytes) -> Any:
    """The JSON value of `content`. Raises Problem "malformed"."""
    try:
        text = content.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_no_constant)
        _bounded(value, DEEPEST)
    except (ValueError, RecursionError) as error:
        raise Problem("malformed") from error
    return value


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice")
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _bounded(value: Any, depth: int) -> None:
    if depth < 0:
        raise ValueError("too deep")
    if isinstance(value, dict):
        for key, inner in value.items():
            _bounded(key, depth - 1)
            _bounded(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            _bounded(inner, depth - 1)
    elif isinstance(value, str):
        if "\x00" in value:
            raise ValueError("a NUL")
        value.encode("utf-8")


class Counted:
    """A body that counts the bytes which came."""

    def __init__(self, stream: Any) -> None:
        self.stream, self.came = stream, 0

    def read(self, size: int = -1) -> bytes:
        chunk: bytes = self.stream.read(size)
        self.came += len(chunk)
        return chunk


class StrictMultipart(MultiPartParser):
    """multipart/form-data for documents, without compression, and whole.

    Where a connection breaks, the framework takes what came for all there is: half a file, which would then be judged,
    and its refusal kept under the Idempotency-Key of the client who sends the whole of it next.
    """

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        request = (parser_context or {})["request"]
        if request.headers.get("Content-Encoding", "identity") != "identity":
            raise UnsupportedMediaType(media_type or "")
        body = Counted(stream)
        found: Any = super().parse(body, media_type, parser_context)  # type: ignore[arg-type]  # reads and no more
        while body.read(PIECE):
            pass
        if body.came < announced_length(request):
            for upload in found.files.values():
                upload.close()
            raise Problem("malformed")
        return found


UNKNOWN = _("There is no such field.")
NOT_A_TEXT = _("Send a text.")
NOT_A_TRUTH = _("Send true or false.")
NOT_A_NUMBER = _("Send a whole number.")


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields it does not know."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := set(data) - set(self.fields)):
            raise serializers.ValidationError({name: [UNKNOWN] for name in sorted(unknown)})
        return super().to_internal_value(data)


class Words(serializers.CharField):
    """A text that was sent as one, not a number turned into one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError(NOT_A_TEXT)
        return super().to_internal_value(data)


class Truth(serializers.BooleanField):
    """true or false and nothing that looks like them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise serializers.ValidationError(NOT_A_TRUTH)
        return data


class Instant(serializers.DateTimeField):
    """An instant in UTC with its offset."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


class Money(serializers.DecimalField):
    """Tenge as a decimal text with two places."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, **options)


class Currency(serializers.CharField):
    """Beside every amount; whatever is shown, it is tenge."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def get_attribute(self, instance: Any) -> str:
        return "KZT"
