"""The stock of SRTS blanks of an office: two Latin letters and eight digits."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from blanks.stock import BlankStock, NumberRule
from registration.models import CertificateBlank

STOCK_EMPTY = "blanks.stock_empty"
NUMBERS = NumberRule(
    re.compile(r"[A-Z]{2}\d{8}"), _("The number of a blank is two Latin letters and eight digits: AA00000001.")
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
series, receive, enter, spoil = STOCK.series, STOCK.receive, STOCK.enter, STOCK.spoil
allocate, counts, by_series = STOCK.allocate, STOCK.counts, STOCK.by_series
