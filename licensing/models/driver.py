"""A driver, and the face and the signature that the desk captured for a licence."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Person


class Driver(models.Model):
    """A person who has, or had, a licence or applied for one."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="driver")

    class Meta:
        ordering = ("pk",)
        verbose_name = _("driver")

    def __str__(self) -> str:
        return str(self.person)


class Capture(models.Model):
    """A picture taken at the desk, made anew by applications.cleaning; it lies in storage under its hash."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=32)
    size = models.PositiveIntegerField()
    taken_at = models.DateTimeField(_("taken"))
    taken_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.sha256[:12]


class Photo(Capture):
    """The face of a driver."""

    class Meta:
        verbose_name = _("photo")
        constraints = (models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="photo_hash"),)
        triggers = (pgtrigger.Protect(name="photo_append_only", operation=pgtrigger.Update | pgtrigger.Delete),)


class SignatureImage(Capture):
    """The handwritten signature of a driver."""

    class Meta:
        verbose_name = _("signature")
        constraints = (models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="signature_hash"),)
        triggers = (
            pgtrigger.Protect(name="signature_image_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )
