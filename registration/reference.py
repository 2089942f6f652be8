"""Reference data of this app: why vehicles are taken off the record, as fixtures/reference lists it."""

from __future__ import annotations

from offices.reference import REFERENCE, rows
from registration.models import DeregistrationReason

TEXTS = ("name_en", "name_ru", "name_kk", "confidence", "source")


def load() -> dict[str, int]:
    """Bring the reasons to what the file says, except those an administrator has edited; the number of rows."""
    data = list(rows(REFERENCE / "deregistration_reasons.csv"))
    edited = set(DeregistrationReason.objects.filter(edited_by__isnull=False).values_list("code", flat=True))
    for row in data:
        if row["code"] in edited:
            continue
        values = {
            **{name: row[name] for name in TEXTS},
            "is_final": row["is_final"] == "yes",
            "place": int(row["place"]),
        }
        DeregistrationReason.objects.update_or_create(code=row["code"], defaults=values)
    return {"reasons of a deregistration": len(data)}
