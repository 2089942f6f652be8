"""Taking an update back: the earlier data and SRTS hold again, where nothing later rests on the new ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.errors import cannot_be_undone
from applications.models import Application, Paper, PaperStanding
from applications.standards import Text
from registration.ending import CERTIFICATE_PAPERS
from registration.models import CertificateState, RegistrationCertificate, Vehicle, VehicleChange, VehicleDetails
from registration.standard import updating
from registration.undoing import require_nothing_later, revoke_certificate
from registration.vehicle_facts import NAMES

DATA_BACK = Text(
    "The register has the earlier data again.",
    "В реестре восстановлены прежние сведения.",
    "Тізілімде бұрынғы мәліметтер қалпына келтірілді.",
)


def undo_update(application: Application, now: datetime) -> Sequence[Text]:
    """Put back what the update changed, inside the caller's transaction; returns what was undone, in words.

    Raises DomainError "cannot_be_undone" when plates were replaced, the registration has ended, or later changes rest
    on these.
    """
    require_nothing_later(application)
    rows = {row.field: row for row in VehicleChange.objects.filter(application=application, undone_at__isnull=True)}
    details: VehicleDetails = application.vehicle_details
    vehicle = Vehicle.objects.select_for_update().get(pk=details.vehicle_id or 0)
    _require_last(rows, vehicle, details)
    said = []
    fields = [name for name in rows if name in NAMES]
    for name in fields:
        setattr(vehicle, name, rows[name].before)
    if fields:
        vehicle.vin = vehicle.vin or None
        vehicle.save(update_fields=fields)
        said.append(DATA_BACK)
    if updating.CERTIFICATE in rows:
        said += _certificate_back(rows[updating.CERTIFICATE], now)
    VehicleChange.objects.filter(pk__in=[row.pk for row in rows.values()]).update(undone_at=now)
    return said


def _require_last(rows: dict[str, VehicleChange], vehicle: Vehicle, details: VehicleDetails) -> None:
    why = None
    if updating.PLATE in rows:
        why = _("The vehicle has other plates since then. A new update gives it other plates again.")
    elif details.registration is None or details.registration.ended_at is not None:
        why = _("The registration that was updated has ended.")
    elif vehicle.changes.filter(undone_at__isnull=True, at__gt=max(row.at for row in rows.values())).exists():
        why = _("The vehicle was updated again later. Take that update back first.")
    if why is not None:
        raise cannot_be_undone(why)


def _certificate_back(row: VehicleChange, now: datetime) -> list[Text]:
    """Declare the new SRTS void; the earlier one holds again unless it was declared lost."""
    certificates = RegistrationCertificate.objects.select_related("blank", "registration")
    said = [revoke_certificate(certificates.get(blank__number=row.after), now)]
    old = certificates.filter(blank__number=row.before).first()
    if old is None or old.state != CertificateState.REPLACED:
        return said
    old.restore()
    old.state_changed_at = now
    old.save(update_fields=["state", "state_changed_at"])
    gave_it = Q(application=old.registration.application_id) | Q(
        application__vehicle_details__registration=old.registration_id
    )
    printed = Paper.objects.filter(gave_it, kind__in=CERTIFICATE_PAPERS, content__number=row.before)
    printed.update(standing=PaperStanding.VALID, standing_changed_at=now)
    number = old.number
    back = Text(
        f"SRTS {number} is in force again.", f"СРТС {number} снова действует.", f"{number} КҚТК қайта күшіне енді."
    )
    return [*said, back]
