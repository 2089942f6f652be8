"""Reference data of this app: formats and terms, from fixtures/reference/plate_formats.csv and plate_terms.csv."""

from __future__ import annotations

from offices.reference import REFERENCE, rows
from plates.models import PlateFormat, PlateTerm

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
    """Bring formats and terms to what their files say, except those an administrator edited; the number of rows."""
    return {"plate formats": load_formats(), "plate terms": load_terms()}


def load_formats() -> int:
    """An edited format stays as it is, and so does a layout where the file has none."""
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
    return len(data)


def load_terms() -> int:
    """The terms of the file; none where an administrator has entered one of the same kind."""
    data = list(rows(REFERENCE / "plate_terms.csv"))
    edited = set(PlateTerm.objects.filter(edited_by__isnull=False).values_list("code", flat=True))
    for row in data:
        if row["code"] not in edited:
            values = {
                **{name: row[name] for name in ("confidence", "source", "note")},
                "amount": int(row["amount"]),
                "valid_to": row["valid_to"] or None,
            }
            PlateTerm.objects.update_or_create(code=row["code"], valid_from=row["valid_from"], defaults=values)
    return len(data)
