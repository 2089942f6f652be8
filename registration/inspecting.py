"""The inspection of the vehicle (VR.8.1j): the officer records what was seen, and the act is printed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, lock, record, require_role, save
from applications.errors import DomainError, InvalidInputError, NotAllowedError
from applications.models import Application
from applications.numbers import row_key
from applications.papers import order
from applications.states import UNDECIDED_STATES
from offices.models import Role
from registration.forms.inspection import InspectionForm
from registration.models import InspectionAct
from registration.papers import INSPECTION_ACT


@transaction.atomic
def record_inspection(
    *, actor: Actor, number: str, version: int | None, data: Mapping[str, Any], now: datetime
) -> InspectionAct:
    """Write the act, or write it anew while nothing is decided; the paper follows, and the journal keeps both.

    `data` is what InspectionForm asks for, and `photos`, ids of documents of this application. Raises
    InvalidInputError, NotAllowedError ("role", "office", "four_eyes"), DomainError "illegal_move" (VR.9.9).
    """
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    application = lock(number=number, actor=actor, version=version)
    if staff.role == Role.OFFICER and staff.office_id != application.office_id:
        raise NotAllowedError("office", _("The application belongs to another office."))
    if application.accepted_by_id == staff.pk:
        raise NotAllowedError("four_eyes", _("Who took an application in does not inspect its vehicle."))
    if application.state not in UNDECIDED_STATES:
        raise DomainError("illegal_move", _("An inspection is recorded between acceptance and decision."), row="VR.9.9")
    form = InspectionForm(data)
    if not form.is_valid():
        raise InvalidInputError(
            {name: " ".join(str(error) for error in errors) for name, errors in form.errors.items()}
        )
    values = {
        name: form.cleaned_data[name] for name in ("was_shown", "marking", *form.compared, "remarks", "remarks_kk")
    }
    act = InspectionAct.objects.filter(application=application).first() or InspectionAct(application=application)
    for name, value in values.items():
        setattr(act, name, value)
    act.result, act.number = form.result.value, f"{application.number}-A"
    act.inspected_by, act.inspected_at = staff, now
    act.save()
    act.photos.set(_photos(application, data))
    # The cached act of an earlier look at this application would print yesterday's result.
    application.inspection_act = act
    save(application)
    record(application, actor, "inspected", now, {"act": act.number, "result": act.result, **values})
    order(application=application, kind=INSPECTION_ACT, now=now)
    return act


def _photos(application: Application, data: Mapping[str, Any]) -> list[int]:
    wanted = data.getlist("photos") if hasattr(data, "getlist") else data.get("photos", [])
    ids = {key for value in wanted if (key := row_key(str(value))) is not None}
    known = application.documents.filter(pk__in=ids, removed_at__isnull=True).values_list("pk", flat=True)
    return list(known)
