"""Demo offices and accounts, one of each role and more: for a portal in which nobody works in earnest."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from offices.models import Office, OfficeKind, Staff
from offices.reference import names, rows

DEMO = Path(settings.BASE_DIR) / "fixtures" / "demo"
# The password of every demo account. Printed on purpose; load_demo is never run where real cases are.
DEMO_PASSWORD = "Demo-2026-portal"  # noqa: S105


def load(now: datetime) -> dict[str, int]:
    """Bring the demo offices and accounts to what fixtures/demo says; the number of rows of each.

    Repeats without harm; an account that exists keeps its password. `now` is the moment of loading, which every demo
    loader is given; offices and accounts do not depend on it.
    """
    return {"offices": _load_offices(), "staff": _load_staff()}


def accounts() -> list[dict[str, str]]:
    """The demo accounts in the order of the road: user name, role, office and names."""
    return list(rows(DEMO / "staff.csv"))


def _load_offices() -> int:
    # Police offices first, whatever the order of the file: a front desk must find the one that it serves.
    data = sorted(rows(DEMO / "offices.csv"), key=lambda row: row["kind"] == OfficeKind.FRONT_DESK)
    by_code: dict[str, Office] = {}
    for row in data:
        values: dict[str, Any] = {
            **names(row),
            "region_id": row["region"],
            "kind": row["kind"],
            "schedule": row["schedule"],
            "serves": by_code[row["serves"]] if row["serves"] else None,
            "address_ru": row["address_ru"],
            "address_kk": row["address_kk"],
        }
        by_code[row["code"]], _created = Office.objects.update_or_create(code=row["code"], defaults=values)
    return len(data)


@cache
def _hashed_password() -> str:
    """One slow hash for all accounts and every loading: they share the password."""
    return make_password(DEMO_PASSWORD)


def _load_staff() -> int:
    password = _hashed_password()
    offices = {office.code: office for office in Office.objects.all()}
    data = accounts()
    for row in data:
        values = {
            "role": row["role"],
            "office": offices[row["office"]] if row["office"] else None,
            "surname": row["surname"],
            "given_name": row["given_name"],
            "patronymic": row["patronymic"],
        }
        # The password is written once only: writing it again would sign out whoever is at work.
        Staff.objects.update_or_create(
            username=row["username"], defaults=values, create_defaults={**values, "password": password}
        )
    return len(data)
