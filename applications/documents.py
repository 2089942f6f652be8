"""Scans and PDFs as they come in, lie in storage and are shown again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import quote

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from applications import storage
from applications.cleaning import clean, refused
from applications.models import Document
from applications.uploads import megabytes

FOLDER = "documents"
MAX_NAME = 100
# Letters, digits and a few marks; direction marks and control characters could make a name read as another one.
NOT_IN_A_NAME = re.compile(r"[^\w \-.,()№]+")


@dataclass(frozen=True)
class Stored:
    """What lies in storage under `sha256`; `size` in bytes."""

    sha256: str
    name: str
    content_type: str
    size: int
    pages: int


def store(upload: UploadedFile[bytes]) -> Stored:
    """Clean the uploaded file and keep it under its hash; the same content twice is kept once.

    Raises InvalidInputError on the field "upload" with the way out: too large, no scan, too many pixels or pages,
    encrypted, active, damaged.
    """
    size = upload.size or 0
    if size > settings.UPLOAD_MAX_BYTES:
        raise refused(
            "upload_size",
            _(
                "The file is larger than %(limit)s MB and was not taken. Scan it again in black and white or at 200 "
                "dpi, or attach it in parts."
            )
            % {"limit": megabytes(settings.UPLOAD_MAX_BYTES)},
        )
    if size == 0:
        raise refused("upload_empty", _("The file is empty. Attach the document itself."))
    made = clean(upload.read())
    return Stored(
        sha256=storage.keep(FOLDER, made.content),
        name=display_name(upload.name or "", made.extension),
        content_type=made.content_type,
        size=len(made.content),
        pages=made.pages,
    )


def display_name(name: str, extension: str) -> str:
    """A name to show: that of the sender, harmless, ending in what the file really is."""
    stem = PurePath(name.replace("\\", "/")).stem
    harmless = " ".join(NOT_IN_A_NAME.sub(" ", stem).split()).strip(". ")[:MAX_NAME]
    return f"{harmless or 'scan'}{extension}"


def read(document: Document) -> bytes:
    """The content of `document`. Raises storage.DamagedFileError when it is not what was stored."""
    return storage.fetch(FOLDER, document.sha256)


def response(document: Document) -> HttpResponse:
    """The document for the viewer of someone who may see it: the caller has judged that and journals the look."""
    return file_response(read(document), name=document.name, content_type=document.content_type)


def file_response(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """A stored file as an answer that no browser interprets beyond its type, keeps, or runs."""
    answer = HttpResponse(content, content_type=content_type)
    plain = f"document{PurePath(name).suffix}"
    answer["Content-Disposition"] = f"inline; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    # The portal's own viewer frames it.
    answer["X-Frame-Options"] = "SAMEORIGIN"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    if content_type != "application/pdf":
        # The browsers' PDF viewers do not start in a sandbox; a rebuilt PDF carries nothing that could use its absence.
        answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'self'; sandbox"
    return answer
