"""Why a vehicle is taken off the record: an editable list, for no law closes it (domain/facts.md)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from plates.models import Confidence


class DeregistrationReason(models.Model):
    """One reason in three languages. `is_final`: the vehicle no longer exists, so it is not registered again."""

    code = models.CharField(_("code"), max_length=32, primary_key=True)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_ru = models.CharField(_("name in Russian"), max_length=120)
    name_kk = models.CharField(_("name in Kazakh"), max_length=120)
    is_final = models.BooleanField(_("the vehicle is not registered again"), default=False)
    is_offered = models.BooleanField(_("offered at intake"), default=True)
    confidence = models.CharField(_("confidence"), max_length=6, choices=Confidence.choices, default=Confidence.LOW)
    source = models.CharField(_("source"), max_length=300)
    place = models.PositiveSmallIntegerField(_("place in the list"), default=100)
    # The administrator who changed it; loading the reference data then leaves it alone.
    edited_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("place", "code")
        verbose_name = _("reason of a deregistration")
        constraints = (
            models.CheckConstraint(
                condition=~Q(name_en="") & ~Q(name_ru="") & ~Q(name_kk=""), name="deregistration_reason_named"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="deregistration_reason_has_a_source"),
            models.CheckConstraint(
                condition=Q(confidence__in=Confidence.values), name="deregistration_reason_confidence"
            ),
        )

    def __str__(self) -> str:
        return str(getattr(self, f"name_{(get_language() or 'ru')[:2]}", self.name_ru))
