"""The stock of licence blanks of an office; what their numbers look like is a setting (LicenceForm)."""

from __future__ import annotations

import re

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.errors import InvalidInputError
from blanks.stock import BlankStock, NumberRule
from licensing.models import LicenceBlank
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
