"""The effect of an approval (DL.5): the licence on its blank with its categories, and what becomes of the previous one.

The revocation of a decision takes the same steps back.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import psycopg
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.errors import DomainError
from applications.models import Application
from applications.standards import Text
from licensing.acts import act_of
from licensing.blanks import STOCK
from licensing.licences import STANDING
from licensing.models import (
    Act,
    Driver,
    DriverLicence,
    LicenceDetails,
    LicenceGrant,
    LicenceState,
)
from licensing.problems import picture_of
from licensing.rules import form_on, years_later
from licensing.wanted import is_exchanged_before_expiry, wanted

LICENCE = Text("Driver licence", "Водительское удостоверение", "Жүргізуші куәлігі")

# What the database may refuse here, by the name of its constraint.
REFUSALS = {
    "licence_one_valid_per_driver": ("licence_exists", _("The person got another licence a moment ago.")),
    "grant_age_reached": ("category_not_open", _("The person is below the minimum age for a category.")),
    "grant_age_known": ("category_not_open", _("The minimum age for a category is not known.")),
    "licensing_driverlicence_number_key": ("licence_exists", _("A licence has this number already.")),
}


def issue(application: Application, now: datetime) -> DriverLicence:
    """Issue the licence that the application asks for, inside the caller's transaction.

    Raises DomainError when the register changed under the application, the term is not set or no blank is left.
    """
    try:
        return _write(application, now)
    except IntegrityError as error:
        raise _refused(error) from error


def _write(application: Application, now: datetime) -> DriverLicence:
    details: LicenceDetails = application.licence_details
    today = timezone.localdate(now)
    driver = _driver(application)
    details.previous = previous = _previous(driver, details)
    granted = wanted(details)
    valid_until = _term(today)
    if previous is not None:
        _supersede(application, previous, now)
    # Last, so that the locks on the stock are held for the shortest time.
    blank = STOCK.allocate(office=application.office)
    licence = DriverLicence.objects.create(
        driver=driver,
        number=blank.number,
        blank=blank,
        issued_at=now,
        valid_until=valid_until,
        office=application.office,
        application=application,
        restrictions=restrictions(application, today),
        photo_id=picture_of(application, "photo"),
        signature_id=picture_of(application, "signature"),
        replaces=previous,
        state_changed_at=now,
    )
    LicenceGrant.objects.bulk_create(
        [
            *(LicenceGrant(licence=licence, category_id=code, since=day) for code, day in granted.kept.items()),
            *(
                LicenceGrant(licence=licence, category_id=code, since=day, country=details.foreign_country)
                for code, day in granted.foreign.items()
            ),
            *(LicenceGrant(licence=licence, category_id=code, since=today) for code in granted.new),
        ]
    )
    return licence


def _driver(application: Application) -> Driver:
    person = application.applicant_person
    if person is None:
        raise DomainError("no_driver", _("A driver licence is issued to a person."))
    driver = Driver.objects.select_for_update().filter(person=person).first()
    return driver or Driver.objects.create(person=person)


def _previous(driver: Driver, details: LicenceDetails) -> DriverLicence | None:
    """The previous licence, locked. Raises DomainError when it is no longer the one the application was judged on."""
    locked = DriverLicence.objects.select_for_update(of=("self",)).filter(driver=driver, state__in=STANDING)
    standing = {licence.pk: licence for licence in locked}
    valid = next((licence for licence in standing.values() if licence.state == LicenceState.VALID), None)
    previous = standing.get(details.previous_id) if details.previous_id else None
    is_another = valid is not None and valid.pk != details.previous_id
    if is_another or (details.previous_id and previous is None):
        message = _("The licence of this person changed in the register since the application was taken in.")
        raise DomainError("licence_changed", message)
    return previous


def _supersede(application: Application, previous: DriverLicence, now: datetime) -> None:
    act = act_of(application)
    if previous.state == LicenceState.LOST:
        return
    if act is not None and act.becomes == LicenceState.LOST:
        previous.lose()
        previous.state_reason = application.licence_details.loss_declared
    else:
        previous.replace()
    previous.state_changed_at = now
    previous.save(update_fields=["state", "state_changed_at", "state_reason"])


def _term(today: date) -> date:
    form = form_on(today)
    if form is None or form.years_valid is None:
        raise DomainError("term_not_set", _("The term of validity of a licence is not set."), row="DL.5")
    return years_later(today, form.years_valid)


def restrictions(application: Application, on: date) -> str:
    """By the medical certificate; without one, those of the licence that is exchanged before it expires (DL.8.1b)."""
    details: LicenceDetails = application.licence_details
    if is_exchanged_before_expiry(details, on) and details.previous is not None:
        return details.previous.restrictions
    facts = facts_of_check(application, "medical_certificate")
    return str(facts.get("restrictions", ""))


def facts_of_check(application: Application, code: str) -> dict[str, Any]:
    """What the register of the check answered last; empty while it has not."""
    check = next((check for check in application.checks.all() if check.code == code), None)
    return check.facts if check is not None else {}


def undo(application: Application, now: datetime) -> list[Text]:
    """Revoke the licence and give the previous one its force back, inside the caller's transaction.

    A licence that was declared lost stays lost. Raises DomainError "cannot_be_undone" when a later act rests on it.
    """
    locked = DriverLicence.objects.select_for_update(of=("self",))
    licence = locked.filter(application=application).first()
    if licence is None or licence.state not in {LicenceState.VALID, LicenceState.EXPIRED}:
        message = _("The licence of this decision no longer stands: a later act has taken its place.")
        raise DomainError("cannot_be_undone", message)
    licence.revoke()
    _mark(licence, now)
    undone = [_revoked(licence.number)]
    previous = locked.filter(pk=licence.replaces_id).first() if licence.replaces_id else None
    if previous is not None and previous.state == LicenceState.REPLACED:
        previous.restore(was_withdrawn=application.licence_details.act == Act.AFTER_DEPRIVATION, now=now)
        _mark(previous, now)
        undone.append(_restored(previous))
    return undone


def _mark(licence: DriverLicence, now: datetime) -> None:
    licence.state_changed_at = now
    licence.save(update_fields=["state", "state_changed_at"])


def _revoked(number: str) -> Text:
    return Text(
        f"Driver licence {number} is revoked.",
        f"Водительское удостоверение {number} аннулировано.",
        f"{number} жүргізуші куәлігінің күші жойылды.",
    )


def _restored(licence: DriverLicence) -> Text:
    number = licence.number
    said = {
        LicenceState.VALID.value: Text(
            f"Licence {number} is valid again.",
            f"Удостоверение {number} снова действительно.",
            f"{number} куәлігі қайтадан жарамды.",
        ),
        LicenceState.EXPIRED.value: Text(
            f"Licence {number} is an expired one again.",
            f"Удостоверение {number} снова числится с истёкшим сроком.",
            f"{number} куәлігі қайтадан мерзімі өткен болып есептеледі.",
        ),
        LicenceState.WITHDRAWN.value: Text(
            f"Licence {number} is withdrawn again.",
            f"Удостоверение {number} снова изъято.",
            f"{number} куәлігі қайтадан алып қойылды.",
        ),
    }
    return said[licence.state]


def _refused(error: IntegrityError) -> DomainError:
    cause = error.__cause__
    name = cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None
    if name not in REFUSALS:
        raise error
    code, message = REFUSALS[name]
    return DomainError(code, message)
