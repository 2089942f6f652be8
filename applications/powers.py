"""Powers of attorney as papers: kept as shown, corrected only while nothing rests on them, revoked with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, record, require_role, save
from applications.errors import DomainError, InvalidInputError, written
from applications.journal import noted
from applications.models import Application
from applications.states import OPEN_STATES, State
from offices.models import Role
from people.models import Organisation, Person, PowerOfAttorney

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Terms:
    """What a power of attorney says beside who gave it to whom."""

    grantor_person: Person | None
    grantor_organisation: Organisation | None
    scope: list[str]
    expires_on: date


@transaction.atomic
def keep_power_of_attorney(
    *,
    actor: Actor,
    grantor: Person | Organisation,
    representative: Person,
    number: str,
    scope: Sequence[str],
    issued_on: date,
    expires_on: date,
    now: datetime,
) -> PowerOfAttorney:
    """The power of attorney as shown at the desk; the same paper shown again is the same row.

    Raises InvalidInputError, naming the field, for a paper that has run out, is not yet valid, was revoked, is given to
    oneself, or was entered with other terms that an accepted application rests on.
    """
    wrong = _paper_problems(grantor, representative, issued_on, expires_on, timezone.localdate(now))
    if wrong:
        raise InvalidInputError(wrong)
    is_person = isinstance(grantor, Person)
    terms = Terms(
        grantor_person=grantor if isinstance(grantor, Person) else None,
        grantor_organisation=None if is_person else cast("Organisation", grantor),
        scope=sorted(scope),
        expires_on=expires_on,
    )
    values = {field.name: getattr(terms, field.name) for field in fields(terms)}
    power, is_new = PowerOfAttorney.objects.select_for_update(of=("self",)).get_or_create(
        number=" ".join(number.split()), representative=representative, issued_on=issued_on, defaults=values
    )
    if is_new:
        _note(power, actor, "power_entered", now, {"scope": ", ".join(terms.scope), "until": expires_on.isoformat()})
        return power
    if power.revoked_at is not None:
        raise InvalidInputError({"number": _revoked(power)})
    return _as_on_record(power, values, actor, now)


def _paper_problems(
    grantor: Person | Organisation, representative: Person, issued_on: date, expires_on: date, today: date
) -> dict[str, str | _StrPromise]:
    wrong: dict[str, str | _StrPromise] = {}
    if expires_on < today:
        wrong["expires_on"] = _("The power of attorney ran out on %(day)s; a new one is needed.") % {
            "day": date_format(expires_on, "d.m.Y")
        }
    elif expires_on <= issued_on:
        wrong["expires_on"] = _("The power of attorney must end after the day it was given.")
    if issued_on > today:
        wrong["issued_on"] = _("The power of attorney was given on a day that has not come yet.")
    if grantor == representative:
        wrong["representative"] = _("The applicant needs no power of attorney for themselves.")
    return wrong


def _as_on_record(power: PowerOfAttorney, values: dict[str, Any], actor: Actor, now: datetime) -> PowerOfAttorney:
    """The paper with its terms as typed now. While no accepted application rests on it, a slip is put right."""
    power.scope = sorted(power.scope)
    differing = {name: getattr(power, name) for name, value in values.items() if getattr(power, name) != value}
    if not differing:
        return power
    if Application.objects.filter(power_of_attorney=power).exclude(state__in=[State.DRAFT, State.WITHDRAWN]).exists():
        raise InvalidInputError(
            {"number": ON_RECORD % {"until": f"{power.expires_on:%d.%m.%Y}", "scope": ", ".join(power.scope_names)}}
        )
    for name in differing:
        setattr(power, name, values[name])
    power.save(update_fields=list(differing))
    changes = {name: [str(before), str(values[name])] for name, before in differing.items()}
    _note(power, actor, "power_corrected", now, changes)
    return power


ON_RECORD = _(
    "On record this paper is valid until %(until)s and allows to: %(scope)s. Applications rest on that. Compare, and "
    "choose the paper from those on record; if the paper itself is another one, enter its own number and day."
)


def _revoked(power: PowerOfAttorney) -> str:
    message = _("This power of attorney was revoked on %(day)s; a new one is needed.")
    return message % {"day": date_format(timezone.localdate(power.revoked_at), "d.m.Y")}


def _note(power: PowerOfAttorney, actor: Actor, action: str, now: datetime, changes: dict[str, Any]) -> None:
    noted(chain=f"power:{power.pk}", actor=actor, action=action, now=now, changes={"number": power.number, **changes})


@transaction.atomic
def revoke_power_of_attorney(*, actor: Actor, power_id: int, reason: str, now: datetime) -> PowerOfAttorney:
    """The grantor took the power back: from this day nobody acts by the paper. Open cases by it are told so.

    Raises InvalidInputError without a reason, DomainError "no_power" or "power_revoked".
    """
    require_role(actor, Role.FRONT_DESK, Role.SUPERVISOR)
    reason = written("reason", reason, _("Write down who revokes it and by which paper."))
    power = PowerOfAttorney.objects.select_for_update().filter(pk=power_id).first()
    if power is None:
        raise DomainError("no_power", _("There is no such power of attorney."), status=404)
    if power.revoked_at is not None:
        raise DomainError("power_revoked", _revoked(power))
    power.revoked_at = now
    power.save(update_fields=["revoked_at"])
    _note(power, actor, "power_revoked", now, {"reason": reason})
    resting = Application.objects.select_for_update(of=("self",), no_key=True).filter(power_of_attorney=power)
    for application in resting.filter(state__in=[State.DRAFT, *OPEN_STATES]).order_by("pk"):
        save(application)
        record(application, actor, "power_revoked", now, {"number": power.number, "reason": reason})
    return power
