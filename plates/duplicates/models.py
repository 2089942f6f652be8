"""What an application for a duplicate says, and the duplicate once it is issued (rows PD)."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DuplicateReason(models.TextChoices):
    """Why a plate is made again. A stolen one is not: its number is wanted and never made again."""

    LOST = "lost", _("lost")
    DAMAGED = "damaged", _("damaged: bent, broken, torn off")
    FADED = "faded", _("faded or worn, no longer legible")


class PlatePlace(models.TextChoices):
    """Where on the vehicle a piece is fixed; a single plate (motorcycle, trailer) is at the rear."""

    FRONT = "front", _("front")
    REAR = "rear", _("rear")


# How many pieces a set has is the format's column, hence a trigger and not a check.
NO_MORE_THAN_THE_SET = """
    IF EXISTS (
        SELECT 1 FROM plates_plate AS plate JOIN plates_plateformat AS layout ON layout.code = plate.format_id
        WHERE plate.id = NEW.plate_id AND layout.pieces < NEW.plate_count
    ) THEN
        RAISE EXCEPTION 'plate % has not so many pieces', NEW.plate_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'duplicate_no_more_than_the_set';
    END IF;
    RETURN NEW;
"""


class DuplicateDetails(models.Model):
    """One-to-one with the application. `place` says which piece is made where only one of two is."""

    application = models.OneToOneField(
        "applications.Application", models.PROTECT, related_name="duplicate_details", verbose_name=_("application")
    )
    plate = models.ForeignKey("plates.Plate", models.PROTECT, null=True, related_name="+", verbose_name=_("plate"))
    plate_count = models.PositiveSmallIntegerField(_("number of pieces"), default=2)
    place = models.CharField(_("which piece"), max_length=5, choices=PlatePlace.choices, blank=True)
    reason = models.CharField(_("what happened"), max_length=8, choices=DuplicateReason.choices, blank=True)
    # Pieces that are replaced and still there: they are handed in when the duplicate is issued (PD.8.1, PD.8.2).
    has_front = models.BooleanField(_("the front piece is still there"), default=False)
    has_rear = models.BooleanField(_("the rear piece is still there"), default=False)
    # A code of fees' exemptions, or empty; whether any covers duplicates is an editable setting.
    exemption = models.CharField(_("exemption from the duty"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("details about the duplicate")
        constraints = (
            models.CheckConstraint(condition=Q(plate_count__in=[1, 2]), name="duplicate_details_one_or_two_pieces"),
            models.CheckConstraint(
                condition=Q(place__in=["", *PlatePlace.values]), name="duplicate_details_place_known"
            ),
            models.CheckConstraint(
                condition=Q(plate__isnull=True) | Q(plate_count=2, place="") | Q(plate_count=1) & ~Q(place=""),
                name="duplicate_details_one_piece_has_a_place",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["", *DuplicateReason.values]), name="duplicate_details_reason_known"
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="duplicate_no_more_than_the_set",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=NO_MORE_THAN_THE_SET,
            ),
        )

    def __str__(self) -> str:
        return str(self.plate or "")

    @property
    def pieces(self) -> list[PlatePlace]:
        """The pieces that are made, front before rear."""
        return [PlatePlace(self.place)] if self.place else list(PlatePlace)

    @property
    def pieces_left(self) -> list[PlatePlace]:
        """The replaced pieces that are still there."""
        there = {PlatePlace.FRONT: self.has_front, PlatePlace.REAR: self.has_rear}
        return [piece for piece in self.pieces if there[piece]]


class PlateDuplicate(models.Model):
    """A duplicate as it was issued: how many pieces of which plate. A revoked decision ends it and never deletes it."""

    application = models.OneToOneField("applications.Application", models.PROTECT, related_name="plate_duplicate")
    plate = models.ForeignKey("plates.Plate", models.PROTECT, related_name="duplicates")
    plate_count = models.PositiveSmallIntegerField(_("number of pieces"))
    place = models.CharField(_("which piece"), max_length=5, choices=PlatePlace.choices, blank=True)
    issued_at = models.DateTimeField(_("issued"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta:
        ordering = ("-issued_at", "-pk")
        verbose_name = _("duplicate of a plate")
        constraints = (
            models.CheckConstraint(condition=Q(plate_count__in=[1, 2]), name="plate_duplicate_one_or_two_pieces"),
            models.CheckConstraint(
                condition=Q(plate_count=2, place="") | Q(plate_count=1, place__in=PlatePlace.values),
                name="plate_duplicate_one_piece_has_a_place",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("issued_at")),
                name="plate_duplicate_revoked_after_issue",
            ),
        )
        triggers = (
            pgtrigger.ReadOnly(
                name="plate_duplicate_stands", fields=["application", "plate", "plate_count", "place", "issued_at"]
            ),
            pgtrigger.Protect(name="plate_duplicate_never_deleted", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.plate} × {self.plate_count}"
