"""The first gate for files: a body that is too large is refused by its announced length, a file while it arrives."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from os.path import splitext
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

LONGEST_EXTENSION = 16


class OversizedFile(UploadedFile):  # type: ignore[type-arg]  # generic in the stubs alone
    """Stands in a form for a file that went over the limit: its name and size, none of its content."""

    def __init__(self, name: str, content_type: str, size: int) -> None:
        super().__init__(file=BytesIO(), name=name, content_type=content_type, size=size)


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Writes a file to disk until it passes UPLOAD_MAX_BYTES, then forgets it and only counts.

    The form still gets an OversizedFile, so the page that asked for the file can say what is wrong beside the field and
    keep what else was typed.
    """

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        self.received = 0
        stem, extension = splitext(file_name)
        # The file on disk ends in the sender's extension, and no disk takes a name of any length.
        kept = file_name if len(extension) <= LONGEST_EXTENSION else stem
        super().new_file(field_name, kept, *args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received <= settings.UPLOAD_MAX_BYTES:
            self.file.write(raw_data)
        elif not self.file.closed:
            self.file.close()

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        if self.received > settings.UPLOAD_MAX_BYTES:
            return OversizedFile(self.file_name or "", self.content_type or "", self.received)
        return super().file_complete(self.received)

    def upload_interrupted(self) -> None:
        if hasattr(self, "file") and not self.file.closed:
            self.file.close()


class UploadLimitMiddleware:
    """Answers 413 to a request that announces more than UPLOAD_MAX_REQUEST_BYTES, before a byte of its body is read.

    Stands above every middleware that reads request.POST, which would parse the whole body to find the CSRF token.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if announced_length(request) > settings.UPLOAD_MAX_REQUEST_BYTES:
            return too_large(request)
        return self.get_response(request)


def announced_length(request: HttpRequest) -> int:
    """What Content-Length says, in bytes; 0 where it says nothing, as then nothing is read either."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def too_large(request: HttpRequest) -> HttpResponse:
    """The page that names the limits and the way out. Nothing was stored or changed."""
    message = _(
        "What was sent is too large: the portal takes files of up to %(file)s MB, %(request)s MB at once. Scan the "
        "document again in black and white or at 200 dpi, or send it in parts. Nothing you saved before is lost."
    ) % {"file": megabytes(settings.UPLOAD_MAX_BYTES), "request": megabytes(settings.UPLOAD_MAX_REQUEST_BYTES)}
    return render(request, "public/too_large.html", {"message": message}, status=413)


def megabytes(size: int) -> int:
    return size // 1024**2
