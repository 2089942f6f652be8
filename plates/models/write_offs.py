"""Plates that leave a stock otherwise than on a vehicle: the lines of acts that two people sign."""

from __future__ import annotations

from django.db import models

from plates.models.plate import Plate
from write_offs.models import Line
from write_offs.rules import of_lines

WRITTEN_OFF_AS = "plates"


class WriteOffLine(Line):
    """One plate of an act."""

    plate = models.ForeignKey(Plate, models.PROTECT, related_name="write_offs")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["act", "plate"], name="plate_write_off_line_once"),)
        triggers = of_lines("plate_write_off", stock=WRITTEN_OFF_AS, things="plates_plate", column="plate_id")
