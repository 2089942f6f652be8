"""A place to park, and who may."""

from django.db import models
from django.db.models import Q


class ParkingDetails(models.Model):
    application = models.OneToOneField("applications.Application", models.PROTECT, related_name="parking_details")
    place = models.CharField("Place", max_length=10, blank=True)

    def __str__(self) -> str:
        return self.place


class ParkingPermit(models.Model):
    application = models.OneToOneField("applications.Application", models.PROTECT, related_name="parking_permit")
    place = models.CharField(max_length=10)
    number = models.CharField(max_length=20, unique=True)
    issued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="parking_one_permit_per_place", fields=["place"], condition=Q(ended_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return self.number
