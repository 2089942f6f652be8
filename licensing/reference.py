"""Reference data of this app: the categories with ages and experience, and the form of the licence."""

from __future__ import annotations

from typing import Any

from licensing.models import CategoryRule, LicenceCategory, LicenceForm
from offices.reference import REFERENCE, names, rows


def load() -> dict[str, int]:
    """Bring categories, rules and forms to what the files say, except rows an administrator has edited; rows read."""
    categories = list(rows(REFERENCE / "licence_categories.csv"))
    forms = list(rows(REFERENCE / "licence_forms.csv"))
    LicenceCategory.objects.bulk_create(
        [
            LicenceCategory(code=row["code"], kind=row["kind"], place=int(row["place"]), **names(row))
            for row in categories
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["kind", "place", "name_en", "name_ru", "name_kk"],
    )
    for row in categories:
        values = {
            **_dated(row),
            "minimum_age": _number(row["minimum_age"]),
            "experience_years": _number(row["experience_years"]),
            "special_category_id": row["special_category"] or None,
            "special_years": _number(row["special_years"]) or 0,
            "note": row["note"],
        }
        _bring(CategoryRule, {"category_id": row["code"], "valid_from": row["valid_from"]}, values)
    for row in forms:
        values = {
            **_dated(row),
            "number_pattern": row["number_pattern"],
            "example": row["example"],
            "years_valid": _number(row["years_valid"]),
        }
        _bring(LicenceForm, {"valid_from": row["valid_from"]}, values)
    return {"licence categories": len(categories), "licence forms": len(forms)}


def _bring(model: type[CategoryRule | LicenceForm], key: dict[str, Any], values: dict[str, Any]) -> None:
    found = model._default_manager.filter(**key)
    if not found.exists():
        model._default_manager.create(**key, **values)
    else:
        found.filter(edited_by=None).update(**values)


def _dated(row: dict[str, str]) -> dict[str, Any]:
    return {"confidence": row["confidence"], "source": row["source"]}


def _number(text: str) -> int | None:
    return int(text) if text else None
