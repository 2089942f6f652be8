"""The stock of SRTS blanks of an office: two Latin letters and eight digits."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from applications.papers import OfficePaperKind
from applications.standards import Text
from blanks.stock import BlankStock, NumberRule
from blanks.write_offs import stock_of_blanks
from registration.models import CertificateBlank, CertificateBlankLine
from registration.models.certificate import WRITTEN_OFF_AS

STOCK_EMPTY = "blanks.stock_empty"
NUMBERS = NumberRule(
    re.compile(r"[A-Z]{2}[0-9]{8}"), _("The number of a blank is two Latin letters and eight digits: AA00000001.")
)
STOCK = BlankStock(
    model=CertificateBlank,
    rule=lambda: NUMBERS,
    empty=STOCK_EMPTY,
    nothing_left=_(
        "%(office)s has no SRTS blanks left. The application stays approved; the SRTS is issued by itself as soon "
        "as blanks are received."
    ),
)
series, receive, enter = STOCK.series, STOCK.receive, STOCK.enter
allocate, counts, by_series = STOCK.allocate, STOCK.counts, STOCK.by_series
WRITE_OFFS = stock_of_blanks(
    WRITTEN_OFF_AS,
    _("SRTS blanks"),
    OfficePaperKind(
        code="srts_blank_write_off_act",
        name=Text(
            "Act of writing off SRTS blanks",
            "Акт о списании бланков СРТС",
            "КҚТК бланкілерін есептен шығару туралы акт",
        ),
        template="papers/blank_write_off_act.html",
    ),
    blanks=CertificateBlank,
    lines=CertificateBlankLine,
)
