"""The face and the signature, captured at the desk: cleaned like every upload, kept under their hash."""

from __future__ import annotations

import base64
from datetime import datetime
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image

from applications import storage
from applications.acting import Actor, lock, record, require_role, save
from applications.documents import FOLDER as DOCUMENTS
from applications.documents import store
from applications.errors import DomainError, InvalidInputError
from applications.models import Application
from applications.states import State
from licensing.models import LicenceDetails, Photo, SignatureImage
from offices.models import Role

FOLDER = "captures"
CONTENT_TYPE = "image/jpeg"
# 300 dpi of the picture on a card, twice.
MOST = (600, 800)
PICTURES: dict[str, type[Photo | SignatureImage]] = {"photo": Photo, "signature": SignatureImage}
# The face is printed 25 mm wide at 300 dpi; a signature is wide and low.
LEAST = {"photo": (300, 400), "signature": (200, 60)}


def capture(
    *, actor: Actor, number: str, what: str, upload: UploadedFile[Any], now: datetime
) -> Photo | SignatureImage:
    """Keep the picture `what` ("photo" or "signature") of the applicant for a draft; a new one takes its place.

    Raises InvalidInputError on the field `what`: no picture, too small; DomainError once the draft is accepted.
    """
    require_role(actor, Role.FRONT_DESK)
    if what not in PICTURES:
        raise InvalidInputError({"what": _("There is no such picture on a licence.")})
    content = _shrunk(upload, what)
    with transaction.atomic():
        application = lock(number=number, actor=actor)
        if application.state != State.DRAFT:
            raise DomainError("illegal_move", _("The application is accepted; it can no longer be edited."))
        if application.applicant_person is None:
            raise DomainError("no_driver", _("An organisation has neither a face nor a signature."))
        picture = PICTURES[what].objects.create(
            person=application.applicant_person,
            sha256=storage.keep(FOLDER, content),
            content_type=CONTENT_TYPE,
            size=len(content),
            taken_at=now,
            taken_by=actor.staff,
        )
        details: LicenceDetails = application.licence_details
        setattr(details, what, picture)
        details.save(update_fields=[what])
        save(application)
        record(application, actor, "captured", now, {"what": what, "sha256": picture.sha256})
    return picture


def _shrunk(upload: UploadedFile[Any], what: str) -> bytes:
    """The cleaned picture as a JPEG no larger than a card needs."""
    try:
        stored = store(upload)
    except InvalidInputError as error:
        raise InvalidInputError({what: error.fields["upload"]}, code=error.code) from error
    if not stored.content_type.startswith("image/"):
        raise InvalidInputError({what: _("A PDF is no picture. Attach a JPEG or PNG.")})
    with Image.open(BytesIO(storage.fetch(DOCUMENTS, stored.sha256))) as image:
        width, height = image.size
        least_width, least_height = LEAST[what]
        if width < least_width or height < least_height:
            message = _("The picture is too small to be printed: %(width)d × %(height)d. Take it at %(least)s or more.")
            least = f"{least_width} × {least_height}"
            raise InvalidInputError({what: message % {"width": width, "height": height, "least": least}})
        small = image.convert("RGB")
        small.thumbnail(MOST)
        content = BytesIO()
        small.save(content, "JPEG", quality=88)
    return content.getvalue()


def captured(application: Application, what: str) -> Photo | SignatureImage | None:
    """The picture that the licence of the application shows or will show: its own or the previous licence's."""
    details: LicenceDetails = application.licence_details
    if what not in PICTURES:
        return None
    own: Photo | SignatureImage | None = getattr(details, what)
    if own is None and details.previous is not None:
        own = getattr(details.previous, what)
    return own


def content_of(picture: Photo | SignatureImage) -> bytes:
    """The bytes. Raises storage.DamagedFileError when they are not what was stored."""
    return storage.fetch(FOLDER, picture.sha256)


def data_uri(sha256: str, content_type: str) -> str:
    """A stored picture as a page or paper embeds it."""
    content = base64.b64encode(storage.fetch(FOLDER, sha256)).decode()
    return f"data:{content_type};base64,{content}"
