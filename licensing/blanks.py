"""The stock of licence blanks of an office; what their numbers look like is a setting (LicenceForm)."""

from __future__ import annotations

import re

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.errors import InvalidInputError
from applications.papers import OfficePaperKind
from applications.standards import Text
from blanks.stock import BlankStock, NumberRule
from blanks.write_offs import stock_of_blanks
from licensing.models import LicenceBlank, LicenceBlankLine
from licensing.models.blank import WRITTEN_OFF_AS
from licensing.rules import form_on

STOCK_EMPTY = "licence_blanks.stock_empty"


def numbers() -> NumberRule:
    """The pattern that holds today. Raises InvalidInputError while no administrator has entered one."""
    form = form_on(timezone.localdate())
    if form is None or not form.number_pattern:
        message = _("The pattern of licence numbers is not set. An administrator enters it under “Driver licences”.")
        raise InvalidInputError({"first": message})
    says = _("This is not the number of a licence blank. Such numbers look like %(example)s.")
    return NumberRule(re.compile(form.number_pattern), says % {"example": form.example})


STOCK = BlankStock(
    model=LicenceBlank,
    rule=numbers,
    empty=STOCK_EMPTY,
    nothing_left=_(
        "%(office)s has no licence blanks left. The application stays approved; the licence is issued by itself as "
        "soon as blanks are received."
    ),
)
WRITE_OFFS = stock_of_blanks(
    WRITTEN_OFF_AS,
    _("licence blanks"),
    OfficePaperKind(
        code="licence_blank_write_off_act",
        name=Text(
            "Act of writing off licence blanks",
            "Акт о списании бланков водительских удостоверений",
            "Жүргізуші куәлігі бланкілерін есептен шығару туралы акт",
        ),
        template="papers/blank_write_off_act.html",
    ),
    blanks=LicenceBlank,
    lines=LicenceBlankLine,
)
