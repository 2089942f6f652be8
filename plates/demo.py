"""Demo stock of plates: enough for a walk through the portal, with little enough of some to see a stock run out."""

from __future__ import annotations

from datetime import datetime

from offices.models import Office
from plates.models import PlateFormat, PlateReceipt, RegionPlace
from plates.numbers import series
from plates.stock import enter

# Office, format, first number, count. The demo offices stand in fixtures/demo/offices.csv.
DELIVERIES = (
    ("0201", "person_car_2012", "417KZN02", 300),
    ("0201", "organisation_car_2012", "101KZ02", 60),
    ("0201", "foreign_person_car_2012", "F120102", 10),
    ("0201", "foreign_organisation_car_2012", "H120102", 10),
    ("0201", "motorcycle_2012", "11KZA02", 20),
    ("0201", "trailer_2012", "11TRA02", 20),
    ("0201", "temporary_registration_5y", "T410102", 20),
    ("0101", "person_car_2012", "201AST01", 80),
    ("0101", "organisation_car_2012", "201AS01", 20),
    ("0901", "person_car_2012", "301KRG09", 30),
    ("0901", "organisation_car_2012", "301KR09", 10),
    ("1701", "person_car_2012", "401SHM17", 3),
    ("1701", "organisation_car_2012", "401SH17", 10),
)


# No source tells the layout of plates for a temporary registration, so demo data bring an invented one, marked so.
DEMO_LAYOUTS = {
    "temporary_registration_5y": {
        "regex": r"^T\d{4}(?:0[1-9]|1[0-9]|20)$",
        "example": "T410102",
        "region_place": RegionPlace.RIGHT,
        "background": "yellow",
        "text_colour": "black",
        "note": "DEMO: an invented layout, only for walks through the portal",
    }
}


def load(now: datetime) -> dict[str, int]:
    """Enter the demo layouts and deliver the demo series that are not there yet; the number of plates delivered.

    Repeats without harm.
    """
    for code, layout in DEMO_LAYOUTS.items():
        PlateFormat.objects.filter(code=code, regex="").update(**layout)
    offices = {office.code: office for office in Office.objects.all()}
    formats = {item.code: item for item in PlateFormat.objects.all()}
    delivered = 0
    for code, format_code, first, count in DELIVERIES:
        reference = f"DEMO-{first}"
        if PlateReceipt.objects.filter(office=offices[code], reference=reference).exists():
            continue
        numbers = series(formats[format_code], first, count)
        receipt = enter(offices[code], formats[format_code], numbers, reference=reference, received_by=None, now=now)
        delivered += receipt.count
    return {"plates": delivered}
