"""Citizenships: ISO 3166-1 alpha-3 codes with their names (CLDR, by Babel 2.18), and ICAO 9303's for people without."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language

HOME = "KAZ"
FILE = Path("fixtures", "reference", "countries.csv")
# Lists begin with the neighbours, whose citizens come most.
NEIGHBOURS = ("RUS", "KGZ", "UZB", "CHN", "TKM", "BLR", "ARM", "TUR")


@lru_cache(maxsize=1)
def _names() -> dict[str, dict[str, str]]:
    with (Path(settings.BASE_DIR) / FILE).open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def is_known(code: str) -> bool:
    return code in _names()


def country_name(code: str) -> str:
    """The name of the citizenship in the active language; an unknown code as it is."""
    row = _names().get(code)
    return row[f"name_{_language()}"] if row else code


def foreign() -> list[tuple[str, str]]:
    """Every citizenship but Kazakhstan's as (code, name): the neighbours first, the others by name."""
    others = sorted((country_name(code), code) for code in _names() if code not in {HOME, *NEIGHBOURS})
    return [(code, country_name(code)) for code in NEIGHBOURS] + [(code, name) for name, code in others]


def _language() -> str:
    language = (get_language() or "ru")[:2]
    return language if language in {"en", "kk"} else "ru"
