"""Reference data of this app: the plate formats, as fixtures/reference/plate_formats.csv lists them."""

from __future__ import annotations

from offices.reference import REFERENCE, rows
from plates.models import PlateFormat

TEXTS = (
    "regex",
    "example",
    "holder_kind",
    "vehicle_kind",
    "region_place",
    "background",
    "text_colour",
    "confidence",
    "source",
    "note",
)


def load() -> dict[str, int]:
    """Bring the formats to what the file says; the number of rows.

    Formats that an administrator has edited stay, and so does a layout where the file has none.
    """
    data = list(rows(REFERENCE / "plate_formats.csv"))
    edited = set(PlateFormat.objects.filter(edited_by__isnull=False).values_list("code", flat=True))
    filled = set(PlateFormat.objects.exclude(regex="").values_list("code", flat=True))
    for row in data:
        if row["code"] in edited or (row["code"] in filled and not row["regex"]):
            continue
        values = {
            **{name: row[name] for name in TEXTS},
            "is_current": row["is_current"] == "yes",
            "pieces": int(row["pieces"]),
        }
        PlateFormat.objects.update_or_create(code=row["code"], defaults=values)
    return {"plate formats": len(data)}
