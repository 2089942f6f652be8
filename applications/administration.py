"""What an administrator changes about the house: accounts, offices, days of the calendar. All of it journaled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, require_role
from applications.errors import DomainError, InvalidInputError, NotFoundError
from applications.journal import noted
from offices.models import CalendarException, Office, Role, Staff

CALENDAR_JOURNAL = "calendar"
# A password's hash is no business of the journal, nor is the moment of a sign-in a change by an administrator.
UNTOLD = frozenset({"password", "last_login"})


@transaction.atomic
def save_staff(*, actor: Actor, staff: Staff, now: datetime) -> Staff:
    """Store a new or changed account; administrators only. A new one has no password until set_password.

    Raises NotAllowedError, InvalidInputError, and DomainError "own_account" when administrators would lock themselves
    out. An account made inactive is signed out with its next request.
    """
    administrator = require_role(actor, Role.ADMINISTRATOR)
    if staff.pk == administrator.pk and (staff.role != Role.ADMINISTRATOR or not staff.is_active):
        raise DomainError(
            "own_account", _("You cannot take your own account out of service. Ask another administrator."), status=409
        )
    if staff._state.adding:
        staff.set_unusable_password()
    _store(actor=actor, thing=staff, chain=f"staff:{staff.username}", now=now)
    return staff


@transaction.atomic
def set_password(*, actor: Actor, staff: Staff, password: str, now: datetime) -> None:
    """Give an account a first or new password, already judged by PasswordForm; administrators only.

    Every session opened with the old one ends. Raises NotAllowedError.
    """
    require_role(actor, Role.ADMINISTRATOR)
    staff.set_password(password)
    staff.save(update_fields=["password"])
    noted(chain=f"staff:{staff.username}", actor=actor, action="password_set", now=now)


@transaction.atomic
def save_office(*, actor: Actor, office: Office, now: datetime) -> Office:
    """Store a new office, or a changed name, address, schedule; administrators only.

    Terms promised before keep the hours they were promised with. Raises NotAllowedError, InvalidInputError.
    """
    require_role(actor, Role.ADMINISTRATOR)
    _store(actor=actor, thing=office, chain=f"office:{office.code}", now=now)
    return office


@transaction.atomic
def save_calendar_exception(*, actor: Actor, exception: CalendarException, now: datetime) -> CalendarException:
    """Store a day that differs from the known calendar; administrators only.

    It holds for terms that start from now on: a promised due time never moves. Raises NotAllowedError,
    InvalidInputError.
    """
    require_role(actor, Role.ADMINISTRATOR)
    _store(actor=actor, thing=exception, chain=CALENDAR_JOURNAL, now=now)
    return exception


@transaction.atomic
def remove_calendar_exception(*, actor: Actor, exception_id: int, now: datetime) -> None:
    """Go back to what the known calendar says of that day; administrators only.

    Raises NotAllowedError, and NotFoundError for a row that is already gone.
    """
    require_role(actor, Role.ADMINISTRATOR)
    exception = CalendarException.objects.select_for_update().filter(pk=exception_id).first()
    if exception is None:
        raise NotFoundError
    before = _told(exception)
    exception.delete()
    noted(chain=CALENDAR_JOURNAL, actor=actor, action="removed", now=now, changes={"before": before})


def _store(*, actor: Actor, thing: models.Model, chain: str, now: datetime) -> None:
    stored = type(thing)._default_manager.select_for_update().filter(pk=thing.pk).first()
    try:
        thing.full_clean()
    except ValidationError as error:
        raise InvalidInputError({_field(name): texts[0] for name, texts in error.message_dict.items()}) from error
    before = _told(stored) if stored else {}
    after = _told(thing)
    changed = {name: value for name, value in after.items() if value != before.get(name)}
    if not changed:
        return
    try:
        with transaction.atomic():
            # Only what was changed here: a password set meanwhile must not be undone by an older page.
            thing.save(update_fields=list(changed) if stored else None)
    except IntegrityError as error:
        raise DomainError("taken", _("Somebody else has just entered the same. Look at the list again.")) from error
    changes = {"before": {name: before.get(name) for name in changed}, "after": changed} if stored else {"after": after}
    noted(chain=chain, actor=actor, action="changed" if stored else "created", now=now, changes=changes)


def _told(thing: models.Model) -> dict[str, Any]:
    """The columns of a row as JSON values, for the journal."""
    columns = (field.attname for field in thing._meta.concrete_fields if not field.primary_key)
    values = {name: getattr(thing, name) for name in columns if name not in UNTOLD}
    return {name: value if isinstance(value, bool | int | None) else str(value) for name, value in values.items()}


def _field(name: str) -> str:
    return "" if name == NON_FIELD_ERRORS else name
