"""What an administrator changes: who may sign in, and days that differ from the printed calendar. Each is journaled."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, require_role
from applications.errors import DomainError, InvalidInputError, NotFoundError
from applications.journal import noted
from offices.models import CalendarException, Role, Staff

CALENDAR = "calendar"


@transaction.atomic
def set_active(*, actor: Actor, username: str, is_active: bool, now: datetime) -> Staff:
    """Dismiss or reinstate an account; a dismissed one loses its session with its next request.

    Raises NotAllowedError, NotFoundError, DomainError "own_account".
    """
    administrator = require_role(actor, Role.ADMINISTRATOR)
    staff = Staff.objects.select_for_update().filter(username=username).first()
    if staff is None:
        raise NotFoundError
    if staff.pk == administrator.pk:
        raise DomainError("own_account", _("You cannot close your own account; another administrator can."))
    if staff.is_active != is_active:
        staff.is_active = is_active
        staff.save(update_fields=["is_active"])
        action = "reinstated" if is_active else "dismissed"
        noted(chain=f"staff:{staff.username}", actor=actor, action=action, now=now)
    return staff


@transaction.atomic
def add_exception(
    *, actor: Actor, day: date, is_working: bool, names: dict[str, str], basis: str, now: datetime
) -> CalendarException:
    """Enter a day that works or rests against the printed calendar. `names` are name_en, name_ru, name_kk.

    Terms promised before keep their due time. Raises NotAllowedError, InvalidInputError when the day is entered.
    """
    require_role(actor, Role.ADMINISTRATOR)
    if not basis.strip():
        raise InvalidInputError({"basis": _("Name the act that moves the day.")})
    try:
        with transaction.atomic():
            entered = CalendarException.objects.create(date=day, is_working=is_working, basis=basis.strip(), **names)
    except IntegrityError as error:
        raise InvalidInputError({"date": _("This day is already entered.")}) from error
    changes = {"date": day.isoformat(), "is_working": is_working, "basis": basis.strip()}
    noted(chain=CALENDAR, actor=actor, action="exception_entered", now=now, changes=changes)
    return entered


@transaction.atomic
def remove_exception(*, actor: Actor, day: date, now: datetime) -> None:
    """Let the printed calendar hold again for `day`. Raises NotAllowedError, NotFoundError."""
    require_role(actor, Role.ADMINISTRATOR)
    entered = CalendarException.objects.select_for_update().filter(date=day).first()
    if entered is None:
        raise NotFoundError
    changes = {"date": day.isoformat(), "is_working": entered.is_working, "basis": entered.basis}
    entered.delete()
    noted(chain=CALENDAR, actor=actor, action="exception_removed", now=now, changes=changes)
