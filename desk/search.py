"""One field that finds an application, a vehicle or a driver by any of their numbers, however it was typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications import journal
from applications.models import Application
from applications.numbers import normalise_number
from desk.guards import StaffRequest, actor, staff_view
from desk.navigation import DECIDERS_AND_DESK
from desk.rows import rows
from desk.vehicle_search import vehicles_found
from licensing.models import DriverLicence
from people.identifiers import IdentifierError, normalise_plate, normalise_vin, parse_bin, parse_iin, parse_vin
from people.models import Organisation, Person, masked

ASKED = "search"
# How services name what an application is about (Summary.subject).
SUBJECT_KINDS = ("VIN", "BODY", "CHASSIS", "PLATE")
LONGEST = 60
SHORTEST = 4
SHOWN = 50


@dataclass(frozen=True)
class Reading:
    """What was typed and what it was taken for; `trouble` is what is wrong with it as that."""

    typed: str
    value: str
    kind: str
    word: str | Promise
    trouble: str | Promise = ""

    @property
    def shown(self) -> str:
        """The value as lists and the journal carry it: a person's number with its middle hidden."""
        return masked(self.value) if self.kind == "party" else self.value


@staff_view(*DECIDERS_AND_DESK, methods=("GET", "POST"))
def search(request: StaffRequest) -> HttpResponseBase:
    """Search by POST only, so that no address, log or history keeps a person's number; the page itself is a GET."""
    if request.method == "POST":
        request.session[ASKED] = request.POST.get("q", "")[:LONGEST]
        return redirect("desk:search")
    typed = request.session.get(ASKED, "").strip()
    return render(request, "desk/search.html", _results(request, typed) if typed else {"reading": None, "results": []})


def read(typed: str) -> Reading:
    """Take what was typed for what it looks like; never refuses, at worst it finds nothing and says why."""
    value = normalise_vin(typed)
    try:
        return Reading(typed, normalise_number(value), "number", _("application number"))
    except ValueError:
        pass
    if value.isdecimal() and len(value) == 12:
        return Reading(typed, value, "party", _("IIN or BIN"), _trouble_of_party(value))
    if value.isdecimal() and len(value) == 13:
        trouble = _("The check digit does not match: one of the digits of the application number is wrong.")
        return Reading(typed, value, "number", _("application number"), trouble)
    if len(value) == 17:
        return Reading(typed, value, "vin", _("VIN"), _trouble_of_vin(value))
    if len(value) < SHORTEST:
        return Reading(typed, value, "short", _("too short"), _("Type at least four characters."))
    return Reading(typed, normalise_plate(typed), "plate", _("plate, SRTS, licence or body number"))


def _trouble_of_party(value: str) -> str:
    for parse in (parse_iin, parse_bin):
        try:
            parse(value)
        except IdentifierError as error:
            if error.code not in {"is_a_bin", "not_a_bin"}:
                return error.message
        else:
            return ""
    return ""


def _trouble_of_vin(value: str) -> str:
    try:
        parse_vin(value)
    except IdentifierError as error:
        return error.message
    return ""


def _condition(reading: Reading, licences: Sequence[DriverLicence]) -> Q:
    if reading.kind == "number":
        return Q(number=reading.value)
    if reading.kind == "party":
        # Looked up first: as subqueries under one "or" they would make the database sift every application.
        people = list(Person.objects.filter(iin=reading.value).values_list("pk", flat=True))
        organisations = list(Organisation.objects.filter(bin=reading.value).values_list("pk", flat=True))
        return (
            Q(applicant_person__in=people) | Q(representative__in=people) | Q(applicant_organisation__in=organisations)
        )
    by_licence = [licence.application_id for licence in licences if licence.application_id]
    by_subject = Q(subject__in=[f"{kind}:{reading.value}" for kind in SUBJECT_KINDS])
    return by_subject if reading.kind == "vin" else by_subject | Q(plate_number=reading.value) | Q(pk__in=by_licence)


def licence_of(reading: Reading) -> QuerySet[DriverLicence]:
    """The licence with the number that was typed, or the newest licences of the person with that IIN."""
    licences = DriverLicence.objects.select_related("driver__person", "office")
    if reading.kind == "party":
        return licences.filter(driver__person__iin=reading.value)
    return licences.filter(number=reading.value) if reading.kind == "plate" else licences.none()


def drivers_among(licences: Sequence[DriverLicence], region: str | None) -> list[DriverLicence]:
    """The newest licence that was found of each driver of the region."""
    mine = [licence for licence in licences if licence.office.region_id == region]
    return list({licence.driver_id: licence for licence in reversed(mine)}.values())


def _results(request: StaffRequest, typed: str) -> dict[str, object]:
    now = timezone.now()
    reading = read(typed)
    if reading.kind == "short":
        return {"reading": reading, "results": [], "vehicles": [], "drivers": []}
    licences = list(licence_of(reading)[:SHOWN])
    region = request.user.office.region_id if request.user.office else None
    drivers = drivers_among(licences, region)
    vehicles = vehicles_found(reading.kind, reading.value, region, SHOWN)
    found = list(
        Application.objects.visible_to(request.user)
        .filter(_condition(reading, licences))
        .select_related("applicant_person", "applicant_organisation", "holder")
        .order_by("-created_at", "-pk")[:SHOWN]
    )
    journal.noted(
        chain=f"staff:{request.user.username}",
        actor=actor(request),
        action="searched",
        now=now,
        changes={
            "by": reading.kind,
            "for": reading.shown,
            "found": [
                *(application.number for application in found),
                *(item.identity for item in vehicles),
                *(item.number for item in drivers),
            ],
        },
    )
    results = rows(found, request.user, now)
    return {"reading": reading, "results": results, "vehicles": vehicles, "drivers": drivers}
