"""The inspection act of a vehicle (VR.8.1j): was it shown, and is it the vehicle of its papers (VR.9.9)?"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Marking(models.TextChoices):
    """The state of the marking of the numbered units, in the words of VR.9.9."""

    INTACT = "intact", _("intact and legible")
    FORGED = "forged", _("forged")
    HIDDEN = "hidden", _("hidden")
    ALTERED = "altered", _("altered")
    # Plates are destroyed too; Russian and Kazakh bend the word to the noun.
    DESTROYED = "destroyed", pgettext_lazy("marking", "destroyed")


class InspectionResult(models.TextChoices):
    IDENTIFIED = "identified", _("shown and identified")
    DIFFERS = "differs", _("its numbers differ from the papers")
    NOT_IDENTIFIABLE = "not_identifiable", _("cannot be identified")
    NOT_SHOWN = "not_shown", _("not shown")


ALL_MATCH = Q(vin_matches=True, body_matches=True, engine_matches=True)
ALL_COMPARED = Q(vin_matches__isnull=False, body_matches__isnull=False, engine_matches__isnull=False)


class InspectionAct(models.Model):
    """What the officer saw. A number that the vehicle has not got counts as matching."""

    application = models.OneToOneField("applications.Application", models.PROTECT, related_name="inspection_act")
    number = models.CharField(_("number"), max_length=24, unique=True)
    inspected_by = models.ForeignKey("offices.Staff", models.PROTECT, related_name="+")
    inspected_at = models.DateTimeField(_("inspected"))
    was_shown = models.BooleanField(_("the vehicle was shown"))
    marking = models.CharField(_("marking"), max_length=12, choices=Marking.choices, blank=True)
    vin_matches = models.BooleanField(_("the VIN agrees with the papers"), null=True)
    body_matches = models.BooleanField(_("body and chassis numbers agree with the papers"), null=True)
    engine_matches = models.BooleanField(_("the engine number agrees with the papers"), null=True)
    remarks = models.TextField(_("remarks"), blank=True)
    remarks_kk = models.TextField(_("remarks in Kazakh"), blank=True)
    result = models.CharField(_("result"), max_length=20, choices=InspectionResult.choices)
    photos = models.ManyToManyField("applications.Document", related_name="+", blank=True)

    class Meta:
        verbose_name = _("inspection act")
        constraints = (
            models.CheckConstraint(
                name="inspection_result_follows_from_what_was_seen",
                condition=Q(result=InspectionResult.NOT_SHOWN, was_shown=False)
                | (Q(result=InspectionResult.IDENTIFIED, was_shown=True, marking=Marking.INTACT) & ALL_MATCH)
                | (
                    Q(result=InspectionResult.DIFFERS, was_shown=True, marking=Marking.INTACT)
                    & ALL_COMPARED
                    & ~ALL_MATCH
                )
                | Q(
                    result=InspectionResult.NOT_IDENTIFIABLE,
                    was_shown=True,
                    marking__in=[Marking.FORGED, Marking.HIDDEN, Marking.ALTERED, Marking.DESTROYED],
                ),
            ),
            models.CheckConstraint(
                name="inspection_of_nothing_compares_nothing",
                condition=Q(was_shown=True)
                | Q(marking="", vin_matches__isnull=True, body_matches__isnull=True, engine_matches__isnull=True),
            ),
            # An applicant who is refused on this act must be able to read what was wrong.
            models.CheckConstraint(
                name="inspection_failure_is_described",
                condition=Q(result__in=[InspectionResult.IDENTIFIED, InspectionResult.NOT_SHOWN]) | ~Q(remarks=""),
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_passed(self) -> bool:
        return self.result == InspectionResult.IDENTIFIED
