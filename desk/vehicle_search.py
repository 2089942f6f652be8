"""Vehicles of the register that a search finds: by any of their numbers, or by the owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from registration.models import Ownership, PlateAssignment, Registration, RegistrationCertificate, Vehicle


@dataclass(frozen=True)
class VehicleRow:
    """A line of the results: the vehicle, its plate and owner of today; both are empty for one off the record."""

    address: str
    identity: str
    headline: str
    plate: str
    owner: str
    owner_identifier: str


def vehicles_found(kind: str, value: str, region: str | None, most: int) -> list[VehicleRow]:
    """Vehicles last registered in the region with this VIN, plate, SRTS, body or chassis number, or of this owner.

    `kind` is that of desk.search.Reading. Four queries however many there are, one when there are none.
    """
    ids = [pk for (pk,) in _ids(kind, value)[:most]] if region and kind in {"vin", "plate", "party"} else []
    if not ids:
        return []
    last = Registration.objects.filter(vehicle=OuterRef("pk")).order_by("-registered_at", "-pk")
    vehicles = (
        Vehicle.objects.filter(pk__in=ids)
        .annotate(region=Subquery(last.values("office__region")[:1]))
        .filter(region=region)
        .order_by("-pk")
    )
    return _rows(list(vehicles))


def _ids(kind: str, value: str) -> QuerySet[Any, tuple[int]]:
    """Looked up apart and united: under one "or" the database would sift every vehicle."""
    if kind == "vin":
        return Vehicle.objects.filter(vin=value).order_by().values_list("pk")
    if kind == "party":
        owned = Ownership.objects.order_by().values_list("vehicle")
        return owned.filter(owner_person__iin=value).union(owned.filter(owner_organisation__bin=value))
    vehicles = Vehicle.objects.order_by().values_list("pk")
    plated = PlateAssignment.objects.filter(plate__number=value).order_by().values_list("registration__vehicle")
    certificates = RegistrationCertificate.objects.filter(blank__number=value).order_by()
    return plated.union(
        certificates.values_list("registration__vehicle"),
        vehicles.filter(body_number=value).exclude(body_number=""),
        vehicles.filter(chassis_number=value).exclude(chassis_number=""),
    )


def _rows(vehicles: Sequence[Vehicle]) -> list[VehicleRow]:
    on_road = PlateAssignment.objects.filter(registration__vehicle__in=vehicles, ended_at__isnull=True)
    plates = dict(on_road.order_by().values_list("registration__vehicle", "plate__number"))
    owned = Ownership.objects.filter(vehicle__in=vehicles, period__upper_inf=True)
    owners = {item.vehicle_id: item.owner for item in owned.select_related("owner_person", "owner_organisation")}
    rows = []
    for vehicle in vehicles:
        owner = owners.get(vehicle.pk)
        rows.append(
            VehicleRow(
                address=reverse("desk:vehicle", args=[vehicle.pk]),
                identity=vehicle.identity,
                headline=str(vehicle),
                plate=plates.get(vehicle.pk, ""),
                owner=owner.display_name if owner else "",
                owner_identifier=owner.masked_identifier if owner else "",
            )
        )
    return rows
