"""Scans and PDFs attached to a requirement of the standard; the content lies in storage under its hash."""

from django.db import models
from django.db.models import Q


class Document(models.Model):
    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="documents")
    # The code of the requirement it answers, for example "ownership_proof".
    requirement = models.CharField(max_length=48)
    # What the requirement leaves to choose, for example the form of the ownership proof (LAW-O1).
    form = models.CharField(max_length=48, blank=True)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=32)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    # The desk's mark that this very document is wrong, shown to the applicant.
    marked_wrong_at = models.DateTimeField(null=True)
    marked_wrong_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    marked_wrong_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="document_once",
                fields=["application", "requirement", "sha256"],
                condition=Q(removed_at__isnull=True),
            ),
            models.CheckConstraint(name="document_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return self.name
