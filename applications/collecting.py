"""An application filed online comes to a front desk: with its applicant, who collects the result or stands by it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, record, require_role, save
from applications.errors import DomainError, InvalidInputError
from applications.models import Application
from applications.numbers import normalise_number
from applications.standards import Channel
from applications.states import State
from offices.models import Role

NOT_COLLECTED = (State.DRAFT, State.WITHDRAWN, State.REVOKED)


@transaction.atomic
def bring_to_desk(*, actor: Actor, typed: str, now: datetime) -> Application:
    """Bring an application that was filed online, by its number as typed, to the acting front desk.

    Which of the front desks of the police body that is, the applicant says by coming; nobody knows it before. From then
    on this desk sees it, takes in what has to be surrendered and hands over. Raises InvalidInputError for the field
    `number`: no number, or no online application of the police body that the desk serves; DomainError "handed_over".
    """
    staff = require_role(actor, Role.FRONT_DESK)
    try:
        number = normalise_number(typed)
    except ValueError as error:
        message = _("This is no application number: it has 13 digits, as on the receipt. Check each of them.")
        raise InvalidInputError({"number": message}) from error
    found = Application.objects.select_for_update(of=("self",), no_key=True).select_related("office", "front_desk")
    desk = staff.office
    if desk is None:
        raise ValueError("The database keeps the front desk's people in an office.")
    served = found.filter(number=number, office=desk.serves)
    application = served.exclude(channel=Channel.FRONT_DESK.value).exclude(state__in=NOT_COLLECTED).first()
    if application is None:
        message = _("No application with this number was filed online to the police body that your desk serves.")
        raise InvalidInputError({"number": message})
    if application.handed_over_at is not None:
        raise DomainError("handed_over", _("The result was already handed over."))
    if application.front_desk != desk:
        application.front_desk = desk
        save(application, "front_desk")
        record(application, actor, "brought_to_desk", now, {"desk": desk.code})
    return application
