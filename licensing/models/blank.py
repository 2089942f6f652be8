"""The numbered blanks that driver licences are printed on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from blanks.models import Blank, accounting, line_rules, moves, stock_index
from write_offs.models import Line

WRITTEN_OFF_AS = "licence_blanks"


class LicenceBlank(Blank):
    """A blank of a licence. The pattern of its number is a setting (LicenceForm); no source of it was found."""

    class Meta:
        ordering = ("number",)
        verbose_name = _("licence blank")
        constraints = (
            models.CheckConstraint(condition=Q(number__regex=r"^[A-Z0-9]{4,12}$"), name="licence_blank_number_compact"),
            *accounting("licence_blank"),
        )
        indexes = (stock_index("licence_blank"),)
        triggers = moves("licence_blank", lines="licensing_licenceblankline")


class LicenceBlankLine(Line):
    """One blank of a licence on an act of writing off."""

    blank = models.ForeignKey(LicenceBlank, models.PROTECT, related_name="write_offs")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["act", "blank"], name="licence_blank_write_off_line_once"),)
        triggers = line_rules("licence_blank", stock=WRITTEN_OFF_AS, blanks="licensing_licenceblank")
