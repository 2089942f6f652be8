"""What was handed in, or declared lost or stolen, at the front desk (rows VR.8.1f, VR.8.2c, PD.8.1, PD.8.2)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SurrenderOutcome(models.TextChoices):
    RETURNED = "returned", _("handed in")
    LOST = "lost", _("declared lost")
    STOLEN = "stolen", _("declared stolen")


class Surrender(models.Model):
    """One thing of one requirement. It can be recorded anew until it has had its effect on the register."""

    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="surrenders")
    requirement = models.CharField(max_length=48)
    # The thing by its code (services.Surrenderable), and the number that stands on it.
    thing = models.CharField(max_length=48)
    number = models.CharField(max_length=32, blank=True)
    outcome = models.CharField(max_length=8, choices=SurrenderOutcome.choices)
    # What the applicant declared about a thing that is not there.
    explanation = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("offices.Staff", models.PROTECT, related_name="+")
    # When it changed the register; from then on it stands.
    effective_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="surrender_outcome_known", condition=Q(outcome__in=SurrenderOutcome.values)),
            models.CheckConstraint(
                name="surrender_missing_is_explained", condition=Q(outcome="returned") | ~Q(explanation="")
            ),
            models.UniqueConstraint(name="surrender_thing_once", fields=["application", "requirement", "thing"]),
        ]

    def __str__(self) -> str:
        return f"{self.thing} {self.number}: {self.outcome}"
