"""The face and the signature of a driver: taken at intake, shown beside the case to whoever may see it."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.documents import file_response
from applications.errors import DomainError
from applications.models import Application
from desk.case_page import look
from desk.guards import StaffRequest, actor, staff_view
from desk.navigation import DECIDERS_AND_DESK
from licensing.capturing import PICTURES, capture, captured, content_of


def keep_pictures(request: StaffRequest, number: str) -> None:
    """Keep whatever pictures came with the details of a licence. Raises InvalidInputError on their fields."""
    for what in PICTURES:
        upload = request.FILES.get(what)
        if upload is not None:
            capture(actor=actor(request), number=number, what=what, upload=upload, now=timezone.now())


@staff_view(*DECIDERS_AND_DESK)
def picture(request: StaffRequest, number: str, what: str) -> HttpResponseBase:
    """The photo or the signature that the licence shows, or will show. Raises DomainError 404."""
    found = Application.objects.visible_to(request.user).filter(number=number, licence_details__isnull=False)
    application = found.select_related("licence_details__previous").first()
    shown = captured(application, what) if application is not None else None
    if application is None or shown is None:
        raise DomainError("no_picture", _("This application has no such picture."), status=404)
    look(request, application, what, timezone.now())
    return file_response(content_of(shown), name=f"{what}.jpg", content_type=shown.content_type)
