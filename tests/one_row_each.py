"""One row of every table of the portal, and writes against it that the database has to refuse.

The rows all point at each other by the key 1, and are entered while triggers and foreign keys rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import Error, connection, models, transaction
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from api import models as api
from applications import models as applications
from fees import models as fees
from legacy import models as legacy
from licensing import models as licensing
from offices import models as offices
from people import models as people
from plates import models as plates
from refusals import models as refusals
from registration import models as registration
from webhooks import models as webhooks
from write_offs import models as write_offs

NOW = datetime(2026, 11, 27, 6, 0, tzinfo=timezone.get_default_timezone())
LATER, TODAY = NOW + timedelta(hours=1), NOW.date()
HASH = "0" * 64

# What a row needs beside the first value that its columns could have.
ROWS: dict[type[models.Model], dict[str, Any]] = {
    offices.Region: {"code": "02"},
    offices.Office: {"code": "0201"},
    offices.Staff: {"username": "first", "role": "officer", "office_id": 1},
    offices.ConnectedSystem: {"code": "egov", "services": ["VR"]},
    people.Person: {"iin": "850412300012", "birth_date": date(1985, 4, 12), "citizenship": "KAZ"},
    people.Organisation: {"bin": "050440000001"},
    people.PowerOfAttorney: {
        "representative_id": 2,
        "grantor_person_id": 1,
        "scope": ["register"],
        "expires_on": TODAY + timedelta(days=1),
    },
    applications.Application: {
        "number": "0201-26-000001-0",
        "channel": "front_desk",
        "front_desk_id": 1,
        "applicant_person_id": 1,
        "subject": "VIN:1",
        "state": "submitted",
        **dict.fromkeys(["submitted_at", "at_risk_at", "due_at"], LATER),
    },
    applications.Document: {"sha256": HASH},
    applications.Paper: {"application_id": 1},
    applications.JournalEntry: {"chain": "office:0201", "sequence": 1},
    applications.RevocationBatch: {"reason": "Wrong data", "list_name": "list.csv"},
    applications.RevocationBatchRow: {"outcome": "revoked", "done_at": NOW, "revocation_id": 1},
    applications.Revocation: {"reason": "Wrong data"},
    applications.Signature: {"signer": "850412300012"},
    legacy.RegistryImport: {"digest": HASH},
    fees.MonthlyIndex: {"value": 4325},
    fees.Charge: {"amount": 100, "missing": ""},
    fees.PaymentNotice: {"charge_id": 1, "receipt": "R-1", "amount": 100},
    fees.Payment: {"receipt": "R-1", "amount": 100},
    fees.Exemption: {"applies_to": ["plate_duty"]},
    refusals.RefusalReason: dict.fromkeys(
        ["row", "citation_ru", "citation_kk", "text_ru", "text_kk", "remark_ru", "remark_kk"], "VR.9.1"
    ),
    plates.PlateFormat: {"code": "car", "regex": "^[0-9]{3}[A-Z]{3}[0-9]{2}$"},
    plates.PlateReceipt: {"reference": "N-1"},
    plates.Plate: {"number": "417KZN02"},
    plates.PlateHold: {"until": LATER},
    plates.PlateTerm: {"source": "Order"},
    write_offs.WriteOffAct: {"explanation": "Bent", "stock": "plates"},
    plates.DuplicateDetails: {"plate_id": 1, "plate_count": 2, "place": "", "reason": "lost"},
    plates.PlateDuplicate: {"plate_count": 2, "place": ""},
    registration.Vehicle: {"vin": "XTA21907000000001", "year": 2026, "is_electric": False},
    registration.Ownership: {"owner_person_id": 1, "application_id": 1, "period": TimestamptzRange(NOW, None)},
    registration.Registration: {"application_id": 1},
    registration.CertificateBlank: {"number": "AB00000001"},
    registration.CoOwnerAnswer: {"has_co_owners": False},
    registration.VehicleChange: {"field": "colour", "before": "white", "after": "red"},
    registration.DeregistrationReason: {
        "code": "export",
        "name_en": "a",
        "name_ru": "а",
        "name_kk": "ә",
        "source": "Order",
    },
    registration.InspectionAct: {"number": "A-1", "result": "not_shown", "was_shown": False, "marking": ""},
    licensing.LicenceBlank: {"number": "AK000001"},
    licensing.LicenceCategory: {"code": "B"},
    licensing.CategoryRule: {"minimum_age": 18, "experience_years": 0},
    licensing.LicenceForm: {"years_valid": 10},
    licensing.Photo: {"sha256": HASH},
    licensing.SignatureImage: {"sha256": HASH},
    licensing.LicenceDetails: {"act": ""},
    licensing.LicenceGrant: {"country": "KAZ"},
    licensing.DriverLicence: {
        "number": "AK000001",
        "valid_until": date(2036, 1, 1),
        **dict.fromkeys(["application_id", "blank_id", "photo_id", "signature_id"], 1),
    },
    webhooks.Event: {"code": "evt_1", "application_id": 1, "position": 1},
    webhooks.Endpoint: {"secret": "sealed", "url": "https://portal.example/hook", "kinds": ["webhook.test"]},
    api.Client: {
        "authorization_grant_type": "client-credentials",
        "client_type": "confidential",
        "client_id": "egov",
        "client_secret": "",
        "hash_client_secret": False,
    },
    api.Credential: {"name": "first", "slot": 1, "secret_sha256": HASH},
}

# What a second row has otherwise where more than one of its columns may stand in the table but once.
SECOND: dict[type[models.Model], dict[str, Any]] = {
    applications.Application: {"number": "0201-26-000002-0", "subject": "VIN:2"},
    applications.Paper: {"number": "2", "verification_code": "2", "kind": "2"},
    applications.RevocationBatchRow: {"batch_id": 2, "revocation_id": 2},
    fees.Charge: {"reference": "2", "code": "2"},
    fees.Payment: {"charge_id": 2, "notice_id": 2, "receipt": "R-2"},
    registration.Registration: {"application_id": 2, "vehicle_id": 2},
    registration.RegistrationCertificate: {"blank_id": 2, "registration_id": 2},
    registration.CoOwnerAnswer: {"application_id": 2, "signature_id": 2},
    registration.InspectionAct: {"application_id": 2, "number": "A-2"},
    licensing.LicenceCategory: {"code": "C", "place": 2},
    licensing.DriverLicence: {"number": "AK000002", "blank_id": 2, "application_id": 2, "driver_id": 2},
    webhooks.Event: {"code": "evt_2", "version": 2, "position": 2},
    api.Client: {"client_id": "second", "system_id": 2},
    api.Credential: {"name": "second", "slot": 2},
}

Write = Callable[[], Any]


def own_models() -> list[type[models.Model]]:
    """The models of the portal's own apps, tables between two of them included."""
    own = [app for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
    return [model for app in own for model in app.get_models(include_auto_created=True)]


def values_of(model: type[models.Model]) -> dict[str, Any]:
    return {field.attname: plain(field) for field in model._meta.concrete_fields} | ROWS.get(model, {})


def plain(field: Any) -> Any:
    """The first value that the column could have."""
    if field.null:
        return None
    if field.is_relation:
        return values_of(field.related_model).get(field.target_field.attname, 1) if field.related_model in ROWS else 1
    if field.primary_key:
        return 1
    if field.has_default():
        return field.get_default()
    if field.choices and not field.blank:
        return field.choices[0][0]
    kinds: dict[Any, Any] = {
        models.DateTimeField: NOW,
        models.DateField: TODAY,
        models.IntegerField: 1,
        models.DecimalField: 1,
        models.BooleanField: True,
        models.JSONField: {},
        ArrayField: [],
        models.BinaryField: b"",
    }
    return next((value for kind, value in kinds.items() if isinstance(field, kind)), "" if field.blank else "x")


def enter_rows() -> None:
    """One row into every table of the portal, in place of what is there; inside the caller's transaction."""
    with at_rest():
        for model in own_models():
            model._base_manager.all()._raw_delete("default")
        for model in own_models():
            model._base_manager.bulk_create([model(**values_of(model))])


@contextmanager
def at_rest() -> Iterator[None]:
    """Triggers and foreign keys rest."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def refusal_of(write: Write) -> set[str]:
    """The names of the constraint and of the trigger that refuse it; none where the database lets it pass."""
    try:
        with transaction.atomic():
            write()
            transaction.set_rollback(True)
    except Error as error:
        cause: Any = error.__cause__
        return {cause.diag.constraint_name, *re.findall(r"pgtrigger_(\w+)_[0-9a-f]{5}\(\)", cause.diag.context or "")}
    return set()


def another(model: type[models.Model], **changes: Any) -> Write:
    """Enter the row of the table once more, under another key and with these columns otherwise."""
    key = model._meta.pk
    new = 9 if isinstance(key, models.AutoField) else "9"
    return lambda: model._base_manager.bulk_create([model(**{**values_of(model), key.attname: new, **changes})])


def changed(model: type[models.Model], **changes: Any) -> Write:
    return lambda: model._base_manager.update(**changes)


def deleted(model: type[models.Model]) -> Write:
    return lambda: model._base_manager.all()._raw_delete("default")


def after(before: Write, then: Write) -> Write:
    """What is refused once something else was done, which is not."""
    return lambda: (before(), then())


def without_triggers(write: Write) -> Write:
    """What a trigger would refuse before the constraint is asked."""

    def written() -> None:
        with at_rest():
            write()

    return written


def without(model: type[models.Model], *constraints: str, write: Write) -> Write:
    """What those constraints of the table would refuse before."""

    def written() -> None:
        with connection.cursor() as cursor:
            for name in constraints:
                cursor.execute(f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT "{name}"')
        write()

    return written


def truncated(model: type[models.Model]) -> Write:
    return partial(run, f'TRUNCATE "{model._meta.db_table}"')


def run(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []
