"""What an application about a vehicle (VR) says beside the applicant."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from registration.models.certificate import CertificateState, RegistrationCertificate
from registration.models.reason import DeregistrationReason
from registration.models.registration import PlateAssignment, Registration
from registration.models.vehicle import Vehicle
from registration.standard import OwnershipProof
from registration.standard import facts as named
from registration.standard.updating import UpdateReason


class FactsSource(models.TextChoices):
    """Where the data of the vehicle come from. Typed only while a paper passport serves (before LAW-E1, LAW-E2)."""

    NONE = "", _("not known yet")
    REGISTER = "register", _("electronic vehicle passport")
    TYPED = "typed", _("typed from the paper passport")
    CUSTOMS = "customs", _("customs declaration of temporary import")


class PlateChoice(models.TextChoices):
    NEXT = "next", _("the next plate of the stock")
    CHOSEN = "chosen", _("a number of the applicant's choice")


class ActChoice(models.TextChoices):
    """VR-2 and VR-4 are two acts each; every other sub-service is a registration."""

    REGISTRATION = named.ACT_REGISTRATION, _("registration")
    DEREGISTRATION = named.ACT_DEREGISTRATION, _("deregistration")
    # Of a temporary registration only (VR-4).
    EXTENSION = named.ACT_EXTENSION, _("extension")


# Today is another day tomorrow, so this cannot be a check.
SALE_DAY_HAS_COME = """
    IF NEW.sold_on > (now() AT TIME ZONE 'Asia/Almaty')::date THEN
        RAISE EXCEPTION 'a sale of % has not happened yet', NEW.sold_on
            USING ERRCODE = 'check_violation', CONSTRAINT = 'details_sale_day_has_come';
    END IF;
    RETURN NEW;
"""


class DetailsManager(models.Manager["VehicleDetails"]):
    """Reads the vehicle on record along: nearly everything asks for it next."""

    def get_queryset(self) -> models.QuerySet[VehicleDetails]:
        return super().get_queryset().select_related("vehicle", "registration")


class VehicleDetails(models.Model):
    """One-to-one with the application. The vehicle comes from its passport or, once on record, from the register."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="vehicle_details")
    vin = models.CharField(_("VIN"), max_length=17, blank=True)
    has_no_vin = models.BooleanField(_("the vehicle has no VIN"), default=False)
    body_number = models.CharField(_("body number"), max_length=30, blank=True)
    chassis_number = models.CharField(_("chassis or frame number"), max_length=30, blank=True)
    passport_number = models.CharField(_("number of the vehicle passport"), max_length=30, blank=True)
    recycling_certificate_number = models.CharField(_("number of the recycling certificate"), max_length=20, blank=True)
    previous_owner_is_organisation = models.BooleanField(_("the previous owner was a legal entity"), default=False)
    altered_construction = models.BooleanField(_("the construction was altered"), default=False)
    # One of the four forms of LAW-O1; the standard says which of them the channel admits.
    ownership_proof = models.CharField(_("proof of ownership"), max_length=20, blank=True)
    act = models.CharField(_("act"), max_length=14, choices=ActChoice.choices, default=ActChoice.REGISTRATION)
    # The plate, VIN or SRTS number by which the vehicle on record was asked for, compact; the register tells the rest.
    found_by = models.CharField(_("plate, VIN or SRTS number"), max_length=30, blank=True)
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, null=True, related_name="+")
    # The registration that was active when the vehicle was found: the act ends this one or none.
    registration = models.ForeignKey(Registration, models.PROTECT, null=True, related_name="+")
    sold_on = models.DateField(_("date of the contract"), null=True, blank=True)
    # As the contract names the seller (a foreigner without IIN by document number); the registered owner is compared
    # with it and never shown.
    seller_identifier = models.CharField(_("IIN or BIN of the seller"), max_length=30, blank=True)
    plates_kept = models.BooleanField(_("the plates stay on the vehicle"), default=False)
    deregistration_reason = models.ForeignKey(
        DeregistrationReason, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reason")
    )
    # A code of fees' exemptions (Tax Code, exemptions from the plate duty), or empty.
    exemption = models.CharField(_("exemption from the plate duty"), max_length=40, blank=True)
    plate_choice = models.CharField(_("plates"), max_length=8, choices=PlateChoice.choices, default=PlateChoice.NEXT)
    # VR-3: why data change and, field by field, {"before", "after"} in plain JSON.
    update_reasons = ArrayField(models.CharField(max_length=12), verbose_name=_("what changes"), default=list)
    explanation = models.CharField(_("explanation"), max_length=500, blank=True)
    changes = models.JSONField(_("changes"), default=dict, blank=True)
    # VR-4: the declaration of temporary import, its last day as customs say, and the last day that is asked for.
    customs_declaration = models.CharField(_("customs declaration"), max_length=40, blank=True)
    customs_until = models.DateField(_("term of the customs declaration"), null=True)
    valid_until = models.DateField(_("registered until"), null=True, blank=True)
    # The vehicle by the keys of registers.vehicle_passport.PassportVehicle.
    vehicle_facts = models.JSONField(_("data of the vehicle"), default=dict, blank=True)
    facts_source = models.CharField(
        _("source of the data"), max_length=8, choices=FactsSource.choices, default=FactsSource.NONE, blank=True
    )

    objects = DetailsManager()

    class Meta:
        verbose_name = _("details about the vehicle")
        base_manager_name = "objects"
        constraints = (
            models.CheckConstraint(
                condition=Q(vin="") | Q(vin__regex=r"^[0-9A-HJ-NPR-Z]{17}$"), name="details_vin_iso_3779"
            ),
            models.CheckConstraint(condition=Q(vin="") | Q(has_no_vin=False), name="details_vin_or_none"),
            models.CheckConstraint(
                condition=Q(ownership_proof__in=["", *(proof.value for proof in OwnershipProof)]),
                name="details_ownership_proof_law_o1",
            ),
            models.CheckConstraint(
                condition=Q(update_reasons__contained_by=[reason.value for reason in UpdateReason]),
                name="details_update_reasons_known",
            ),
            models.CheckConstraint(condition=Q(facts_source__in=FactsSource.values), name="details_facts_source_known"),
            models.CheckConstraint(condition=Q(plate_choice__in=PlateChoice.values), name="details_plate_choice_known"),
            models.CheckConstraint(
                condition=Q(facts_source="", vehicle_facts={}) | ~Q(facts_source="") & ~Q(vehicle_facts={}),
                name="details_facts_have_a_source",
            ),
            models.CheckConstraint(condition=Q(act__in=ActChoice.values), name="details_act_known"),
            models.CheckConstraint(
                condition=Q(registration__isnull=True) | Q(vehicle__isnull=False),
                name="details_registration_of_a_vehicle_on_record",
            ),
            models.CheckConstraint(
                condition=Q(seller_identifier="") | Q(seller_identifier__regex=r"^[^\s-]{4,30}$"),
                name="details_seller_compact",
            ),
            models.CheckConstraint(
                condition=Q(deregistration_reason__isnull=True) | Q(act=ActChoice.DEREGISTRATION),
                name="details_reason_of_a_deregistration",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="details_sale_day_has_come",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("sold_on"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__sold_on__isnull=False),
                func=SALE_DAY_HAS_COME,
            ),
        )

    def __str__(self) -> str:
        return self.vin or self.body_number or self.chassis_number

    @cached_property
    def previous_numbers(self) -> tuple[str, str]:
        """The SRTS and the plates of the registration that was found, by number, "" where there are none. One query.

        Once it has ended they are those it had last, so that what is taken in afterwards is still known.
        """
        certificates = RegistrationCertificate.objects.filter(registration=OuterRef("pk"))
        certificates = certificates.exclude(state=CertificateState.REVOKED).order_by("-issued_at", "-pk")
        plates = PlateAssignment.objects.filter(registration=OuterRef("pk"))
        plates = plates.order_by(F("ended_at").desc(nulls_first=True), "-pk")
        found = Registration.objects.filter(pk__in=[self.registration_id]).values_list(
            Subquery(certificates.values("blank__number")[:1]), Subquery(plates.values("plate__number")[:1])
        )
        certificate, plate = found.first() or (None, None)
        return certificate or "", plate or ""
