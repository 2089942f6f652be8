"""Electronic signatures (ЭЦП) that came with an application over a portal (rows PD.8.2, VR.8.3e with LAW-O1)."""

import pgtrigger
from django.db import models
from django.db.models import Q


class Signature(models.Model):
    """One signature by one signer under one requirement, verified by the door that took it in; only ever added."""

    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="signatures")
    requirement = models.CharField(max_length=48)
    # IIN of a person or BIN of an organisation, as the subject of the certificate names it.
    signer = models.CharField(max_length=12)
    signer_name = models.CharField(max_length=300)
    certificate_serial = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    # The detached signature as it came, and the digest of what it signs.
    cms = models.BinaryField()
    content_sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [
            # Of one text: a draft that changed is signed anew.
            models.UniqueConstraint(
                name="signature_once", fields=["application", "requirement", "signer", "content_sha256"]
            ),
            models.CheckConstraint(name="signature_of_somebody", condition=Q(signer__regex=r"^[0-9]{12}$")),
        ]
        triggers = [pgtrigger.Protect(name="signature_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.requirement}: {self.signer}"
