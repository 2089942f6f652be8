"""Demo stock of SRTS blanks for the demo offices."""

from __future__ import annotations

from datetime import datetime

from offices.models import Office
from registration.blanks import enter, series
from registration.models import CertificateBlank

# Office, first number, count. The demo offices stand in fixtures/demo/offices.csv.
DELIVERIES = (
    ("0201", "AB00020001", 400),
    ("0101", "AA00010001", 120),
    ("0901", "AC00090001", 50),
    ("1701", "AD00170001", 50),
)


def load(now: datetime) -> dict[str, int]:
    """Deliver the demo blanks that are not there yet; the number of blanks delivered. Repeats without harm."""
    offices = {office.code: office for office in Office.objects.all()}
    delivered = 0
    for code, first, count in DELIVERIES:
        if CertificateBlank.objects.filter(number=first).exists():
            continue
        delivered += len(enter(offices[code], series(first, count), received_by=None, now=now))
    return {"SRTS blanks": delivered}
