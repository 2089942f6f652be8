"""What the papers of a registration print. A content is taken once, when the paper is ordered, and never asked again.

Words that a paper prints in both languages are {"ru": …, "kk": …}; days are ISO dates, instants ISO with offset.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.services import ON_REQUEST, PaperKind
from applications.standards import Text
from people.models import Organisation, Person
from refusals.wording import in_both
from registration.acts import act_of, vehicle_of
from registration.models import (
    CertificateState,
    Colour,
    Fuel,
    InspectionResult,
    Marking,
    Registration,
    RegistrationCertificate,
    RegistrationKind,
    Vehicle,
    VehicleDetails,
)
from registration.on_record import certificate_of, plates_of
from registration.results import CERTIFICATE
from registration.standard import facts as named


def party(owner: Person | Organisation) -> dict[str, Any]:
    """{"name", "identifier", "address", "is_organisation"}: the owner or applicant in full, as on an official paper."""
    return {
        "name": owner.full_name,
        "identifier": owner.identifier,
        "address": owner.address,
        "is_organisation": isinstance(owner, Organisation),
    }


def office_of(application: Application) -> dict[str, Any]:
    """{"code", "ru", "kk"}: the police body that decided."""
    office = application.office
    return {"code": office.code, "ru": office.name_in("ru"), "kk": office.name_in("kk")}


def given_certificate(application: Application) -> Any:
    """The SRTS that the application gave, of the registration that it made or updated, and `first_registered_at`."""
    details: VehicleDetails = application.vehicle_details
    is_update = application.subservice == named.UPDATE
    registration = Q(registration=details.registration_id) if is_update else Q(registration__application=application)
    return (
        RegistrationCertificate.objects.select_related("blank", "registration__vehicle")
        .annotate(first_registered_at=Min("registration__vehicle__registrations__registered_at"))
        .get(registration, state=CertificateState.VALID)
    )


def certificate_content(application: Application) -> dict[str, Any]:
    """The SRTS, front and back (VR.5a).

    Keys: number (of the blank, "AA00000001"), application_number,
    plate {number "417KZN02", main "417 KZN", region "02" or "", background, text_colour},
    make, model, year (int), category, vin, body_number, chassis_number, engine_number ("" where there is none),
    colour {ru, kk}, engine_volume_cm3 (int or None), engine_power_kw (decimal string or ""), fuel {ru, kk},
    unladen_mass_kg, maximum_mass_kg (int), ecological_class (int or None), special_marks, passport_number,
    owner {name, identifier, address, is_organisation}, office {code, ru, kk}, first_registered_on, issued_on.
    """
    certificate = given_certificate(application)
    registration = certificate.registration
    assignment = registration.plate_assignments.select_related("plate__format").get(ended_at__isnull=True)
    drawing = assignment.plate.drawing
    return {
        "number": certificate.number,
        "application_number": application.number,
        "plate": {
            "number": assignment.plate.number,
            "main": drawing.main,
            "region": drawing.region,
            "background": drawing.background,
            "text_colour": drawing.text_colour,
        },
        **_vehicle_lines(registration.vehicle),
        "owner": party(application.applicant),
        "office": office_of(application),
        "first_registered_on": timezone.localdate(certificate.first_registered_at).isoformat(),
        "issued_on": timezone.localdate(certificate.issued_at).isoformat(),
    }


def temporary_certificate_content(application: Application) -> dict[str, Any]:
    """The SRTS of a temporary registration (VR.8.1e): as the other one, and valid_until (ISO day)."""
    registration = given_certificate(application).registration
    valid_until = registration.valid_until
    return {**certificate_content(application), "valid_until": valid_until.isoformat() if valid_until else ""}


def _vehicle_lines(vehicle: Vehicle) -> dict[str, Any]:
    power = vehicle.engine_power_kw
    return {
        "make": vehicle.make,
        "model": vehicle.model,
        "year": vehicle.year,
        "category": vehicle.category,
        "vin": vehicle.vin or "",
        "body_number": vehicle.body_number,
        "chassis_number": vehicle.chassis_number,
        "engine_number": vehicle.engine_number,
        "colour": in_both(Colour(vehicle.colour).label),
        "engine_volume_cm3": vehicle.engine_volume_cm3,
        "engine_power_kw": "" if power is None else f"{power.normalize():f}",
        "fuel": in_both(Fuel(vehicle.fuel).label),
        "unladen_mass_kg": vehicle.unladen_mass_kg,
        "maximum_mass_kg": vehicle.maximum_mass_kg,
        "ecological_class": vehicle.ecological_class,
        "special_marks": vehicle.special_marks,
        "passport_number": vehicle.passport_number,
    }


COMPARED = (
    (_("VIN"), "vin_matches", ("vin",)),
    (_("body and chassis number"), "body_matches", ("body_number", "chassis_number")),
    (_("engine number"), "engine_matches", ("engine_number",)),
)


def inspection_content(application: Application) -> dict[str, Any]:
    """The inspection act (VR.8.1j, VR.9.9).

    Keys: number, application_number, office {code, ru, kk}, inspector (full name), inspected_at (ISO instant),
    was_shown (bool), result_code ("identified", "differs", "not_identifiable", "not_shown"), result {ru, kk},
    marking {ru, kk} or None when nothing was shown,
    comparisons [{what {ru, kk}, expected (number by the papers, "" where there is none), matches (bool or None)}],
    vehicle {make, model, year, category, colour {ru, kk}}; all "" (year None) when the passport told nothing yet,
    owner {name, identifier, address, is_organisation}, remarks {ru, kk} ("" when none), photo_count (int).
    """
    act = application.inspection_act
    vehicle = vehicle_of(application)
    return {
        "number": act.number,
        "application_number": application.number,
        "office": office_of(application),
        "inspector": act.inspected_by.full_name,
        "inspected_at": timezone.localtime(act.inspected_at).isoformat(),
        "was_shown": act.was_shown,
        "result_code": act.result,
        "result": in_both(InspectionResult(act.result).label),
        "marking": in_both(Marking(act.marking).label) if act.marking else None,
        "comparisons": [
            {
                "what": in_both(what),
                "expected": " / ".join(value for name in names if (value := vehicle.number(name))),
                "matches": getattr(act, field),
            }
            for what, field, names in COMPARED
        ],
        "vehicle": {
            "make": vehicle.make,
            "model": vehicle.model,
            "year": vehicle.year,
            "category": vehicle.category,
            "colour": in_both(Colour(vehicle.colour).label) if vehicle.colour else {"ru": "", "kk": ""},
        },
        "owner": party(application.applicant),
        "remarks": {"ru": act.remarks, "kk": act.remarks_kk or act.remarks},
        "photo_count": act.photos.count(),
    }


def gives_certificate(application: Application, *, is_temporary: bool = False) -> bool:
    """Whether the issue gave an SRTS of that form; a deregistration gives none, nor an update that keeps it (VR.6d)."""
    details: VehicleDetails = application.vehicle_details
    registration = details.registration if application.subservice == named.UPDATE else None
    has_term = registration is not None and registration.kind == RegistrationKind.TEMPORARY
    if is_temporary != (has_term or application.subservice == named.TEMPORARY):
        return False
    return any(item.name is CERTIFICATE for item in act_of(application).results(application))


def is_deregistered(application: Application) -> bool:
    """Whether the application took its vehicle off the record."""
    details: VehicleDetails = application.vehicle_details
    is_asked = details.act == named.ACT_DEREGISTRATION
    return is_asked and Registration.objects.filter(ended_by=application).exists()


def deregistration_content(application: Application) -> dict[str, Any]:
    """The confirmation that a vehicle is off the record, on request (VR.5b).

    Keys: application_number, office {code, ru, kk}, owner {name, identifier, address, is_organisation},
    reason {ru, kk}, registered_on, deregistered_on (ISO days), plate (number, "" where there were none),
    certificate (number of the SRTS that ended, "" where there was none), the lines of the vehicle as on the SRTS.
    """
    registration = Registration.objects.select_related("vehicle").get(ended_by=application)
    if registration.ended_at is None:
        raise LookupError(f"{application.number} has ended no registration")
    details: VehicleDetails = application.vehicle_details
    reason = details.deregistration_reason
    assignment, certificate = plates_of(registration), certificate_of(registration)
    return {
        "application_number": application.number,
        "office": office_of(application),
        "owner": party(application.applicant),
        "reason": {"ru": reason.name_ru, "kk": reason.name_kk} if reason is not None else {"ru": "", "kk": ""},
        "registered_on": timezone.localdate(registration.registered_at).isoformat(),
        "deregistered_on": timezone.localdate(registration.ended_at).isoformat(),
        "plate": assignment.plate.number if assignment is not None else "",
        "certificate": certificate.number if certificate is not None else "",
        **_vehicle_lines(registration.vehicle),
    }


DEREGISTRATION_CONFIRMATION = PaperKind(
    code="deregistration_confirmation",
    name=Text(
        "Confirmation of deregistration",
        "Подтверждение снятия транспортного средства с учёта",
        "Көлік құралының есептен шығарылғанын растау",
    ),
    template="papers/deregistration_confirmation.html",
    content=deregistration_content,
    ordered_at=ON_REQUEST,
    applies=is_deregistered,
)

REGISTRATION_CERTIFICATE = PaperKind(
    code="registration_certificate",
    name=Text(
        "Vehicle registration certificate",
        "Свидетельство о регистрации транспортного средства",
        "Көлік құралын тіркеу туралы куәлік",
    ),
    template="papers/registration_certificate.html",
    content=certificate_content,
    ordered_at="issue",
    applies=gives_certificate,
)

TEMPORARY_CERTIFICATE = PaperKind(
    code="temporary_certificate",
    name=Text(
        "Certificate of the temporary registration of a vehicle",
        "Свидетельство о временной регистрации транспортного средства",
        "Көлік құралын уақытша тіркеу туралы куәлік",
    ),
    template="papers/temporary_certificate.html",
    content=temporary_certificate_content,
    ordered_at="issue",
    applies=lambda application: gives_certificate(application, is_temporary=True),
)

INSPECTION_ACT = PaperKind(
    code="inspection_act",
    name=Text("Vehicle inspection act", "Акт осмотра транспортного средства", "Көлік құралын тексеру актісі"),
    template="papers/inspection_act.html",
    content=inspection_content,
)
