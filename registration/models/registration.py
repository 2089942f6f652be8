"""Who owned a vehicle and when, under which registration it is on the road, and with which plate."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Organisation, Person
from registration.models.vehicle import Vehicle

ENTERED_BY = Q(application__isnull=False, registry_import__isnull=True) | Q(
    application__isnull=True, registry_import__isnull=False
)


class Ownership(models.Model):
    """One owner over one period [from, until); an open end is the owner of today."""

    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="ownerships")
    owner_person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="ownerships")
    owner_organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, related_name="ownerships")
    period = DateTimeRangeField(_("period"))
    # The application that entered it, or the import that brought it from the earlier register.
    application = models.ForeignKey("applications.Application", models.PROTECT, null=True, related_name="+")
    registry_import = models.ForeignKey(
        "legacy.RegistryImport", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ("-period", "-pk")
        verbose_name = _("ownership")
        constraints = (
            models.CheckConstraint(
                condition=Q(owner_person__isnull=False, owner_organisation__isnull=True)
                | Q(owner_person__isnull=True, owner_organisation__isnull=False),
                name="ownership_one_owner",
            ),
            models.CheckConstraint(condition=ENTERED_BY, name="ownership_by_application_or_import"),
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inf=False), name="ownership_has_a_beginning"
            ),
            ExclusionConstraint(
                name="ownership_periods_do_not_overlap",
                expressions=[("vehicle", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        )

    def __str__(self) -> str:
        return str(self.owner)

    @property
    def owner(self) -> Person | Organisation:
        owner = self.owner_person or self.owner_organisation
        if owner is None:
            raise ValueError("The database keeps exactly one owner.")
        return owner


class RegistrationKind(models.TextChoices):
    PRIMARY = "primary", _("primary registration")
    REGISTRATION = "registration", _("registration")
    TEMPORARY = "temporary", _("temporary registration")


class Registration(models.Model):
    """The entry in the register that lets a vehicle onto the road (VR.5a). One application makes at most one.

    Entries of the earlier register have no application but the import that brought them.
    """

    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="registrations")
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="registrations")
    application = models.OneToOneField(
        "applications.Application", models.PROTECT, null=True, related_name="registration"
    )
    registry_import = models.ForeignKey(
        "legacy.RegistryImport", models.PROTECT, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=12, choices=RegistrationKind.choices)
    registered_at = models.DateTimeField(_("registered"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    # The application that ended it: the next owner's, or a deregistration.
    ended_by = models.ForeignKey("applications.Application", models.PROTECT, null=True, related_name="+")
    # Of a temporary registration (VR.8.1e): its last day, the last day that customs allow, and what beat has told.
    valid_until = models.DateField(_("valid until"), null=True)
    customs_until = models.DateField(_("term of the customs declaration"), null=True)
    warned_at = models.DateTimeField(_("warned that the term ends"), null=True)
    expired_at = models.DateTimeField(_("term run out"), null=True)

    class Meta:
        ordering = ("-registered_at", "-pk")
        verbose_name = _("registration")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=RegistrationKind.values), name="registration_kind_known"),
            models.CheckConstraint(condition=ENTERED_BY, name="registration_by_application_or_import"),
            models.CheckConstraint(
                condition=Q(kind=RegistrationKind.TEMPORARY, valid_until__isnull=False, customs_until__isnull=False)
                | ~Q(kind=RegistrationKind.TEMPORARY)
                & Q(
                    valid_until__isnull=True,
                    customs_until__isnull=True,
                    warned_at__isnull=True,
                    expired_at__isnull=True,
                ),
                name="registration_temporary_has_a_term",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__lte=F("customs_until")),
                name="registration_term_within_customs",
            ),
            models.UniqueConstraint(
                fields=["vehicle"], condition=Q(ended_at__isnull=True), name="registration_one_active_per_vehicle"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("registered_at")),
                name="registration_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | Q(ended_at__isnull=False), name="registration_ended_when_by_whom"
            ),
        )

        indexes = (
            models.Index(
                name="registration_terms",
                fields=["valid_until"],
                condition=Q(kind=RegistrationKind.TEMPORARY, ended_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.vehicle} {self.registered_at:%d.%m.%Y}"


# A plate leaves the stock only for a registration in its own region; one kept at a later sale may move with its car.
FIRST_ISSUED_IN_ITS_REGION = """
    IF NOT EXISTS (SELECT 1 FROM registration_plateassignment WHERE plate_id = NEW.plate_id AND id <> NEW.id)
        AND NOT EXISTS (
            SELECT 1 FROM plates_plate AS plate
            JOIN registration_registration AS registration ON registration.id = NEW.registration_id
            JOIN offices_office AS office ON office.id = registration.office_id
            WHERE plate.id = NEW.plate_id AND plate.region_id = office.region_id
        )
    THEN
        RAISE EXCEPTION 'plate % is not of the stock of the registration''s region', NEW.plate_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_issued_in_its_region';
    END IF;
    RETURN NEW;
"""


class PlateAssignment(models.Model):
    """A plate on a registered vehicle, from one instant until another."""

    plate = models.ForeignKey("plates.Plate", models.PROTECT, related_name="assignments")
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="plate_assignments")
    assigned_at = models.DateTimeField(_("assigned"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        ordering = ("-assigned_at", "-pk")
        verbose_name = _("plate assignment")
        constraints = (
            models.UniqueConstraint(fields=["plate"], condition=Q(ended_at__isnull=True), name="plate_on_one_vehicle"),
            models.UniqueConstraint(
                fields=["registration"], condition=Q(ended_at__isnull=True), name="registration_one_active_plate"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("assigned_at")),
                name="plate_assignment_ends_after_it_began",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="plate_issued_in_its_region",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=FIRST_ISSUED_IN_ITS_REGION,
            ),
        )

    def __str__(self) -> str:
        return str(self.plate)
