"""A numbered, signed paper: of an application, or of an office, such as the act by which plates are written off."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PaperState(models.TextChoices):
    PENDING = "pending", _("Being made")
    READY = "ready", _("Ready")


class PaperStanding(models.TextChoices):
    VALID = "valid", _("Valid")
    REPLACED = "replaced", _("Replaced")
    REVOKED = "revoked", _("Revoked")


class Paper(models.Model):
    # None for a paper of an office, which belongs to no case.
    application = models.ForeignKey("applications.Application", models.PROTECT, null=True, related_name="papers")
    kind = models.CharField(max_length=32)
    number = models.CharField(max_length=32, unique=True)
    # Everything the paper prints, taken when it was ordered: making it again gives the same paper.
    content = models.JSONField()
    state = models.CharField(max_length=8, choices=PaperState.choices, default=PaperState.PENDING)
    standing = models.CharField(max_length=8, choices=PaperStanding.choices, default=PaperStanding.VALID)
    standing_changed_at = models.DateTimeField(null=True)
    verification_code = models.CharField(max_length=32, unique=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="paper_one_valid_per_kind", fields=["application", "kind"], condition=Q(standing="valid")
            ),
            models.CheckConstraint(
                name="paper_ready_has_a_file", condition=~Q(state="ready") | (~Q(sha256="") & Q(made_at__isnull=False))
            ),
        ]

    def __str__(self) -> str:
        return self.number
