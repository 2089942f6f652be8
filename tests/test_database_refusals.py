"""Every constraint and trigger of the portal's tables is named by a test that writes against it and is refused by it.

What the tests of each area try on real cases stands with them; the rest is tried here, on one row of every table.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import models, transaction

from api.models import Client, Credential, IdempotentCall
from applications.models import (
    Application,
    Check,
    Correction,
    Document,
    Evidence,
    JournalEntry,
    NumberSequence,
    Paper,
    Revocation,
    RevocationBatch,
    RevocationBatchRow,
    Signature,
    Surrender,
)
from fees.models import Charge, Exemption, MonthlyIndex, Payment, PaymentNotice, Tariff
from legacy.models import RegistryImport
from licensing.models import (
    CategoryRule,
    DriverLicence,
    LicenceBlank,
    LicenceBlankLine,
    LicenceCategory,
    LicenceDetails,
    LicenceForm,
    LicenceGrant,
    Photo,
    SignatureImage,
)
from offices.models import ConnectedSystem, Office, Region, Staff
from people.models import PowerOfAttorney
from plates.models import (
    Plate,
    PlateDuplicate,
    PlateHold,
    PlateMovement,
    PlateOrder,
    PlateOrderItem,
    WantedPlate,
    WriteOffLine,
)
from registration.models import (
    CertificateBlank,
    CertificateBlankLine,
    InspectionAct,
    RegistrationCertificate,
    VehicleChange,
    VehicleDetails,
)
from tests.one_row_each import (
    LATER,
    NOW,
    SECOND,
    TODAY,
    Write,
    after,
    another,
    changed,
    deleted,
    enter_rows,
    own_models,
    refusal_of,
    run,
    truncated,
    without,
    without_triggers,
)
from webhooks.models import Delivery, Endpoint, Event
from write_offs.models import WriteOffAct

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def rows(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The rows, entered once for all tests of this module; each takes back what it wrote."""
    with django_db_blocker.unblock(), transaction.atomic():
        enter_rows()
        yield
        transaction.set_rollback(True)


EARLIER = NOW - timedelta(hours=1)
WRITES: list[tuple[str, Write]] = [
    ("region_code_two_digits", another(Region, code="2A")),
    ("region_term_group_known", another(Region, code="03", term_group="x")),
    ("office_schedule_known", changed(Office, schedule="x")),
    ("office_serves_police_of_region", changed(Office, serves_id=9)),
    ("office_identity_is_fixed", changed(Office, code="0202")),
    ("staff_role_needs_office", without_triggers(changed(Staff, office_id=None))),
    ("staff_role_sits_in_office_kind", changed(Staff, role="front_desk")),
    ("connected_system_channel_known", another(ConnectedSystem, channel="x")),
    ("connected_system_identity_is_fixed", changed(ConnectedSystem, code="x")),
    ("power_of_attorney_entered_once", another(PowerOfAttorney)),
    ("application_state_known", changed(Application, state="x")),
    ("application_one_applicant", changed(Application, applicant_person_id=None)),
    ("application_one_applicant", changed(Application, applicant_organisation_id=1)),
    ("application_front_desk_took_it_in", changed(Application, front_desk_id=None)),
    ("application_accepted_has_a_due_time", changed(Application, due_at=None)),
    ("application_decision_has_a_decider", changed(Application, state="approved")),
    ("application_four_eyes", changed(Application, accepted_by_id=1, decided_by_id=1)),
    ("application_held_since", changed(Application, holder_id=1)),
    ("application_one_open_per_subject", another(Application, number="0201-26-000002-0")),
    ("number_sequence_once", another(NumberSequence)),
    ("check_once", another(Check)),
    ("check_outcome_known", changed(Check, outcome="x")),
    ("check_ruling_four_eyes", changed(Check, ruled_by_id=1, confirmed_by_id=1)),
    ("check_ruling_four_eyes", changed(Check, confirmed_by_id=1)),
    ("check_ruling_has_a_reason", changed(Check, ruling="clear")),
    ("evidence_append_only", changed(Evidence, raw="x")),
    ("evidence_append_only", deleted(Evidence)),
    ("document_once", another(Document)),
    ("document_hash", changed(Document, sha256="x")),
    ("journal_sequence", without_triggers(another(JournalEntry))),
    ("journal_append_only", changed(JournalEntry, action="x")),
    ("journal_append_only", deleted(JournalEntry)),
    ("journal_no_truncate", truncated(JournalEntry)),
    ("paper_one_valid_per_kind", another(Paper, number="2", verification_code="2")),
    ("paper_ready_has_a_file", changed(Paper, state="ready")),
    ("correction_never_deleted", deleted(Correction)),
    ("revocation_is_fixed", changed(Revocation, reason="x")),
    ("revocation_never_deleted", deleted(Revocation)),
    ("batch_has_a_reason", another(RevocationBatch, reason="")),
    ("batch_state_known", another(RevocationBatch, state="x")),
    ("batch_choice_is_fixed", changed(RevocationBatch, reason="x")),
    ("batch_never_deleted", deleted(RevocationBatch)),
    ("batch_row_position", another(RevocationBatchRow, application_id=2, revocation_id=2)),
    ("batch_row_foreseen_known", another(RevocationBatchRow, foreseen="x")),
    ("batch_row_outcome_stands", changed(RevocationBatchRow, code="x")),
    ("signature_once", another(Signature)),
    ("signature_of_somebody", another(Signature, signer="x")),
    ("signature_append_only", changed(Signature, signer_name="x")),
    ("signature_append_only", deleted(Signature)),
    ("surrender_outcome_known", changed(Surrender, outcome="x", explanation="x")),
    ("surrender_missing_is_explained", changed(Surrender, outcome="lost")),
    ("surrender_thing_once", another(Surrender)),
    ("registry_import_digest", another(RegistryImport, digest="x")),
    ("registry_import_ends_after_it_began", changed(RegistryImport, finished_at=EARLIER)),
    ("charge_ordered_has_a_page", changed(Charge, ordered_at=NOW)),
    (
        "charge_one_live_supplement",
        after(
            another(Charge, id=2, reference="2", supplements_id=1),
            another(Charge, id=3, reference="3", supplements_id=1),
        ),
    ),
    ("charge_stays", deleted(Charge)),
    ("charge_amount_is_fixed", changed(Charge, amount=1)),
    ("charge_paid_stays", changed(Charge, cancelled_at=NOW)),
    ("notice_verdict_known", another(PaymentNotice, verdict="x")),
    ("notice_forged_keeps_nothing", another(PaymentNotice, verdict="bad_signature")),
    ("notice_append_only", changed(PaymentNotice, raw="x")),
    ("notice_append_only", deleted(PaymentNotice)),
    ("payment_positive", without_triggers(another(Payment, amount=0))),
    ("payment_has_a_receipt", without_triggers(another(Payment, receipt=""))),
    ("payment_pays_its_charge", another(Payment, amount=1)),
    ("payment_was_reported", another(Payment, notice_id=9)),
    ("payment_append_only", changed(Payment, amount=1)),
    ("payment_append_only", deleted(Payment)),
    ("monthly_index_positive", another(MonthlyIndex, value=0)),
    ("tariff_act_known", another(Tariff, legal_act="x")),
    ("tariff_entered_with_a_basis", another(Tariff, edited_by_id=1)),
    ("exemption_applies_to_something", changed(Exemption, applies_to=[])),
    ("exemption_act_known", changed(Exemption, legal_act="x")),
    ("exemption_entered_with_a_basis", changed(Exemption, edited_by_id=1)),
    ("exemption_ends_after_it_began", changed(Exemption, valid_to=TODAY - timedelta(days=1))),
    ("plate_duplicate_one_or_two_pieces", another(PlateDuplicate, plate_count=3)),
    ("plate_duplicate_one_piece_has_a_place", another(PlateDuplicate, plate_count=1)),
    ("plate_duplicate_revoked_after_issue", changed(PlateDuplicate, revoked_at=EARLIER)),
    ("plate_number_compact", without_triggers(another(Plate, number="a"))),
    ("plate_movement_append_only", changed(PlateMovement, reason="x")),
    ("plate_movement_append_only", deleted(PlateMovement)),
    ("plate_movement_follows_plate", another(PlateMovement)),
    ("wanted_plate_once", without_triggers(another(WantedPlate))),
    ("wanted_plate_never_deleted", deleted(WantedPlate)),
    ("wanted_plate_follows_plate", another(WantedPlate)),
    ("wanted_plate_is_fixed", changed(WantedPlate, explanation="x")),
    ("plate_held_for_one_application", without_triggers(another(PlateHold, application_id=2))),
    ("plate_hold_lasts_a_while", without_triggers(another(PlateHold, until=NOW))),
    ("plate_hold_never_deleted", deleted(PlateHold)),
    ("plate_hold_follows_plate", another(PlateHold)),
    ("plate_hold_follows_plate", changed(PlateHold, until=LATER)),
    ("write_off_kind_known", another(WriteOffAct, kind="x")),
    ("write_off_is_explained", another(WriteOffAct, explanation="")),
    ("write_off_confirmed_or_dropped", another(WriteOffAct, dropped_by_id=1)),
    ("write_off_never_deleted", deleted(WriteOffAct)),
    (
        "write_off_closed",
        after(changed(WriteOffAct, dropped_by_id=1, dropped_at=NOW), changed(WriteOffAct, dropped_at=LATER)),
    ),
    ("write_off_is_fixed", changed(WriteOffAct, explanation="x")),
    ("plate_write_off_line_once", another(WriteOffLine)),
    ("plate_write_off_line_append_only", changed(WriteOffLine, plate_id=2)),
    ("plate_write_off_line_append_only", deleted(WriteOffLine)),
    (
        "plate_order_state_known",
        another(PlateOrder, state="x", sent_by_id=1, sent_at=NOW, expected_on=TODAY),
    ),
    ("plate_order_region_is_fixed", changed(PlateOrder, made_at=LATER)),
    (
        "plate_item_state_known",
        without(
            PlateOrderItem,
            "plate_item_arrived_at_a_time",
            "plate_item_ordered_in_an_order",
            write=another(PlateOrderItem, state="x"),
        ),
    ),
    ("plate_item_place_known", another(PlateOrderItem, place="x")),
    ("plate_item_is_fixed", changed(PlateOrderItem, place="rear")),
    ("certificate_state_known", another(RegistrationCertificate, state="x")),
    ("vehicle_change_once_per_application", another(VehicleChange)),
    ("vehicle_change_changes_something", another(VehicleChange, after="white")),
    ("vehicle_change_changes_something", another(VehicleChange, before=None, after=None)),
    ("vehicle_change_names_its_field", another(VehicleChange, field="")),
    ("vehicle_change_undone_after_it", changed(VehicleChange, undone_at=EARLIER)),
    ("vehicle_change_is_fixed", changed(VehicleChange, after="blue")),
    ("vehicle_change_never_deleted", deleted(VehicleChange)),
    ("details_update_reasons_known", changed(VehicleDetails, update_reasons=["x"])),
    ("details_plate_choice_known", changed(VehicleDetails, plate_choice="x")),
    ("blank_state_known", without_triggers(another(CertificateBlank, number="AB00000002", state="x"))),
    ("licence_blank_number_compact", another(LicenceBlank, number="a")),
    ("licence_blank_state_known", without_triggers(another(LicenceBlank, state="x"))),
    ("licence_blank_begins_in_use", another(LicenceBlank, number="AK000002", state="spoiled")),
    ("licence_blank_write_off_line_once", without_triggers(another(LicenceBlankLine))),
    ("licence_blank_write_off_line_fits", another(LicenceBlankLine)),
    ("licence_blank_write_off_line_append_only", changed(LicenceBlankLine, blank_id=2)),
    ("licence_blank_write_off_line_append_only", deleted(LicenceBlankLine)),
    ("blank_write_off_line_once", without_triggers(another(CertificateBlankLine))),
    ("blank_write_off_line_append_only", changed(CertificateBlankLine, blank_id=2)),
    ("blank_write_off_line_append_only", deleted(CertificateBlankLine)),
    (
        "licence_blank_state_moves",
        after(changed(LicenceBlank, state="issued"), changed(LicenceBlank, state="received")),
    ),
    ("licence_blank_number_is_fixed", changed(LicenceBlank, number="AK000002")),
    ("licence_blank_never_deleted", deleted(LicenceBlank)),
    ("licence_category_code", another(LicenceCategory, code="1")),
    ("licence_category_kind_known", another(LicenceCategory, code="C", kind="x")),
    ("category_rule_age_possible", another(CategoryRule, minimum_age=13)),
    ("licence_form_one_a_day", another(LicenceForm)),
    ("licence_form_term_possible", another(LicenceForm, years_valid=51)),
    ("photo_hash", another(Photo, sha256="x")),
    ("photo_append_only", changed(Photo, size=2)),
    ("photo_append_only", deleted(Photo)),
    ("signature_hash", another(SignatureImage, sha256="x")),
    ("signature_image_append_only", changed(SignatureImage, size=2)),
    ("signature_image_append_only", deleted(SignatureImage)),
    ("licence_replaces_another", another(DriverLicence, replaces_id=9)),
    ("licence_state_moves", after(changed(DriverLicence, state="lost"), changed(DriverLicence, state="valid"))),
    ("licence_is_fixed", changed(DriverLicence, restrictions="x")),
    ("licence_never_deleted", deleted(DriverLicence)),
    ("licence_number_is_its_blanks", another(DriverLicence, number="ZZ000001")),
    ("grant_country_alpha3", another(LicenceGrant, country="x")),
    ("grant_age_known", after(changed(CategoryRule, minimum_age=None), another(LicenceGrant))),
    ("grant_append_only", changed(LicenceGrant, country="KGZ")),
    ("grant_append_only", deleted(LicenceGrant)),
    ("licence_details_act_known", changed(LicenceDetails, act="x")),
    ("licence_details_country_alpha3", changed(LicenceDetails, foreign_country="x")),
    ("delivery_once", another(Delivery)),
    ("delivery_state_known", changed(Delivery, state="x", settled_at=NOW)),
    ("delivery_settled", changed(Delivery, settled_at=NOW)),
    ("event_position_once", another(Event, code="evt_2", version=2)),
    ("event_of_an_application", another(Event, application_id=None)),
    ("event_kind_known", another(Event, kind="x")),
    ("endpoint_once", another(Endpoint)),
    ("endpoint_has_a_secret", changed(Endpoint, secret="")),
    ("endpoint_old_secret_ends", changed(Endpoint, previous_until=NOW)),
    ("idempotent_call_once", another(IdempotentCall)),
    ("client_credentials_only", changed(Client, client_type="public")),
    ("credential_is_what_it_says", another(Credential, secret_sha256="x")),
    ("credential_two_at_once", another(Credential, slot=3)),
    ("credential_one_per_slot", another(Credential, name="second")),
    ("credential_is_never_changed", changed(Credential, name="x")),
]


@pytest.mark.parametrize(("name", "write"), WRITES, ids=[name for name, _write in WRITES])
def test_the_database_refuses(rows, name: str, write: Write):
    assert name in refusal_of(write)


def test_what_is_allowed_is_seen_to_pass(rows):
    """The rows stand and others beside them: it is the violation that is refused, not every write."""
    assert refusal_of(changed(Check, outcome="clear")) == set()
    assert {
        model.__name__ for model in SECOND if refusal_of(without_triggers(another(model, **SECOND[model])))
    } == set()


POSITIVE = models.PositiveIntegerField | models.PositiveSmallIntegerField | models.PositiveBigIntegerField
# What Django itself makes of a column: unique, or not below nothing.
ONCE = [
    (model, field.attname)
    for model in own_models()
    for field in model._meta.concrete_fields
    if field.unique and not field.primary_key
]
COUNTS = [
    (model, field.attname)
    for model in own_models()
    for field in model._meta.concrete_fields
    if isinstance(field, POSITIVE)
]


def named_column(item: Any) -> str:
    return item.__name__ if isinstance(item, type) else item


@pytest.mark.parametrize(("model", "column"), ONCE, ids=named_column)
def test_a_unique_column_holds_a_value_once(rows, model: type[models.Model], column: str):
    otherwise = {name: value for name, value in SECOND.get(model, {}).items() if name != column}
    assert refusal_of(without_triggers(another(model, **otherwise))) == {unique_columns()[model._meta.db_table, column]}


@pytest.mark.parametrize(("model", "column"), COUNTS, ids=named_column)
def test_a_count_is_not_below_nothing(rows, model: type[models.Model], column: str):
    """By the column's own check, or by one of the table that asks for more and comes before it."""
    by = refusal_of(without_triggers(another(model, **{column: -1})))
    assert by
    assert by <= {f"{model._meta.db_table}_{column}_check", *(item.name for item in model._meta.constraints)}


def test_a_photo_stands_on_an_inspection_act_once(rows):
    photos = InspectionAct.photos.through
    assert refusal_of(another(photos)) <= uniques(photos._meta.db_table)
    assert refusal_of(another(photos)) != set()


# The catalog of the database against the names in the tests

CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, contype,
    (SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY(conkey))
FROM pg_constraint WHERE contype IN ('c', 'u', 'x')
UNION ALL
SELECT indrelid::regclass::text, indexrelid::regclass::text, 'i', NULL FROM pg_index
WHERE indisunique AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
"""
TRIGGERS = """
SELECT tgrelid::regclass::text, tgname, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
WHERE NOT tgisinternal
"""
# How django-pgtrigger writes the name of a trigger.
TRIGGER = r"^pgtrigger_(\w+)_[0-9a-f]{5}$"
# Triggers that refuse nothing: what they write is proven beside the journal.
WRITERS = {"journal_chain"}


def tables() -> set[str]:
    return {model._meta.db_table for model in own_models()}


def unique_columns() -> dict[tuple[str, str], str]:
    """(table, column) → the name of the constraint that makes the column unique."""
    return {
        (table, columns[0]): name
        for table, name, kind, columns in run(CONSTRAINTS)
        if kind == "u" and len(columns) == 1
    }


def uniques(table: str) -> set[str]:
    return {name for of, name, kind, _columns in run(CONSTRAINTS) if of == table and kind == "u"}


def catalog() -> set[str]:
    """Every check, unique and exclusion constraint, and what every trigger refuses, by name."""
    own = tables()
    found = {name for table, name, _kind, _columns in run(CONSTRAINTS) if table in own}
    for table, trigger, source in run(TRIGGERS):
        if table in own:
            found.update(re.findall(r"CONSTRAINT = '(\w+)'", source) or re.findall(TRIGGER, trigger))
    return found - WRITERS


def made_of_columns() -> set[str]:
    """The names that Django gave; they are tried above, column by column."""
    own, by_column = tables(), unique_columns()
    once = {by_column[model._meta.db_table, column] for model, column in ONCE}
    counts = {f"{model._meta.db_table}_{column}_check" for model, column in COUNTS}
    between = {name for model in own_models() if model._meta.auto_created for name in uniques(model._meta.db_table)}
    assert once | counts | between <= {name for table, name, *_rest in run(CONSTRAINTS) if table in own}
    return once | counts | between


def named_by_tests() -> set[str]:
    """What is written here, and every text that stands by itself in the source of the other tests."""
    sources = set(Path(__file__).parent.rglob("*.py")) - {Path(__file__)}
    trees = [ast.parse(source.read_text()) for source in sources]
    return {name for name, _write in WRITES} | {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_no_constraint_or_trigger_stands_unproven(rows):
    assert sorted(catalog() - made_of_columns() - named_by_tests()) == []


def test_the_catalog_is_read_whole(rows):
    """Constraints of every kind, and triggers with and without a name of their own, are among what must be named."""
    assert len(catalog()) > 300
    assert {
        "application_four_eyes",
        "application_one_open_per_subject",
        "ownership_periods_do_not_overlap",
        "plate_never_deleted",
        "plate_stored_for_its_holder",
    } <= catalog()
