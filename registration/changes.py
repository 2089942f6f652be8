"""What an update would change, field by field: the register as it is beside what is asked for (VR-3).

Values are plain JSON: texts, whole numbers, yes and no; a decimal is its shortest text; null where there is nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeAlias

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Paper
from applications.services import DetailsView
from people.models import Organisation, Person
from registration.ending import CERTIFICATE_PAPERS
from registration.models import Colour, Fuel, Registration, RegistrationCertificate, VehicleChange, VehicleDetails
from registration.standard import updating
from registration.standard.updating import UpdateReason
from registration.vehicle_facts import NAMES, KnownVehicle

Changes: TypeAlias = dict[str, dict[str, Any]]

LABELS = {
    "vin": _("VIN"),
    "body_number": _("Body number"),
    "chassis_number": _("Chassis number"),
    "category": _("Category"),
    "make": _("Make"),
    "model": _("Model"),
    "year": _("Year of manufacture"),
    "colour": _("Colour"),
    "body_type": _("Body type"),
    "engine_number": _("Engine number"),
    "engine_volume_cm3": _("Engine volume, cm³"),
    "engine_power_kw": _("Engine power, kW"),
    "fuel": _("Fuel"),
    "is_electric": _("Electric, not a hybrid"),
    "is_hybrid": _("Hybrid"),
    "is_tractor_unit": _("Tractor unit"),
    "unladen_mass_kg": _("Unladen mass, kg"),
    "maximum_mass_kg": _("Permitted maximum mass, kg"),
    "ecological_class": _("Ecological class"),
    "special_marks": _("Special marks"),
    "passport_number": _("Vehicle passport"),
    updating.OWNER_NAME: _("Name of the owner"),
    updating.OWNER_ADDRESS: _("Address of the owner"),
    updating.PLATE: _("Plates"),
    updating.CERTIFICATE: _("SRTS"),
}


def plain(value: object) -> Any:
    """A value of the register as changes keep it."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value


def differences(recorded: KnownVehicle, wanted: Mapping[str, Any]) -> Changes:
    """The fields of `wanted` whose value is not the recorded one."""
    found: Changes = {}
    for name, value in wanted.items():
        before, after = plain(getattr(recorded, name)), plain(value)
        if before != after:
            found[name] = {"before": before, "after": after}
    return found


def of_owner(registration: Registration, owner: Person | Organisation) -> Changes:
    """How the owner, as their register describes them now, differs from what stands on the last SRTS. One query.

    An SRTS that the portal did not print itself tells nothing: what is on it counts as unknown and so as different.
    """
    printed = printed_owner(registration)
    told = {updating.OWNER_NAME: owner.full_name, updating.OWNER_ADDRESS: owner.address}
    keys = {updating.OWNER_NAME: "name", updating.OWNER_ADDRESS: "address"}
    return {
        name: {"before": printed.get(keys[name], ""), "after": value}
        for name, value in told.items()
        if printed.get(keys[name], "") != value
    }


def printed_owner(registration: Registration) -> dict[str, str]:
    """The owner as the last SRTS of the registration names them; empty for one that was not printed here."""
    papers = Paper.objects.filter(kind__in=CERTIFICATE_PAPERS).filter(
        Q(application=registration.application_id) | Q(application__vehicle_details__registration=registration)
    )
    paper = papers.order_by("-pk").values_list("content", flat=True).first()
    owner: dict[str, str] = paper["owner"] if paper else {}
    return owner


def changed_fields(details: VehicleDetails) -> set[str]:
    """Everything that changes, the plates included."""
    plates = {updating.PLATE} if UpdateReason.PLATES in details.update_reasons else set()
    return set(details.changes) | plates


def replaces_certificate(details: VehicleDetails) -> bool:
    """VR.6d, of this application."""
    return updating.replaces_certificate(changed_fields(details), details.update_reasons)


def changed(recorded: KnownVehicle, changes: Changes) -> KnownVehicle:
    """The vehicle as it will be."""
    values = {name: change["after"] for name, change in changes.items() if name in NAMES}
    power = values.get("engine_power_kw")
    if power is not None:
        values["engine_power_kw"] = Decimal(power)
    return replace(recorded, **values)


def in_words(field: str, value: Any) -> str:
    """A plain value as people read it."""
    if value in (None, ""):
        return "—"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if field == "colour":
        return str(Colour(value).label)
    if field == "fuel":
        return str(Fuel(value).label)
    return str(value)


def before_and_after(changes: Changes) -> list[DetailsView]:
    """The changes line by line: the new value, and the register's."""
    return [
        DetailsView(str(LABELS[name]), in_words(name, change["after"]), registered=in_words(name, change["before"]))
        for name, change in sorted(changes.items(), key=lambda item: list(LABELS).index(item[0]))
    ]


def certificate_line(details: VehicleDetails, number: str) -> DetailsView:
    """What happens to the SRTS and why: that is what decides the charge (VR.6d)."""
    if not replaces_certificate(details):
        stays = _("%(number)s stays: nothing that changes stands on it, so nothing is due (VR.6d)")
        return DetailsView(str(_("SRTS")), stays % {"number": number})
    shown = [str(LABELS[name]) for name in LABELS if name in changed_fields(details) & updating.ON_CERTIFICATE]
    if not shown:
        return DetailsView(str(_("SRTS")), str(_("a duplicate: the paper itself is gone (VR.6d)")), number)
    says = _("a new one, for it shows: %(fields)s (VR.6d)") % {"fields": _joined(shown)}
    return DetailsView(str(_("SRTS")), says, number)


def _joined(words: Iterable[str]) -> str:
    return ", ".join(word[:1].lower() + word[1:] if not word.isupper() else word for word in words)


def certificate_given(application: Application) -> RegistrationCertificate | None:
    """The SRTS that an update gave, or None. At most two queries."""
    given = VehicleChange.objects.filter(application=application, field=updating.CERTIFICATE).first()
    if given is None:
        return None
    return RegistrationCertificate.objects.select_related("blank").filter(blank__number=given.after).first()
