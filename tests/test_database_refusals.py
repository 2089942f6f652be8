"""Constraints and triggers, each named by a write that it refuses, on one row of every table.

What the tests of each area try on real cases stands with them; test_database_catalog.py finds what nobody tries.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import models, transaction

from api import models as api
from applications import models as applications
from fees import models as fees
from legacy import models as legacy
from licensing import models as licensing
from offices import models as offices
from people import models as people
from plates import models as plates
from registration import models as registration
from tests.database_catalog import unique_columns, uniques
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
    truncated,
    without,
    without_triggers,
)
from webhooks import models as webhooks
from write_offs import models as write_offs

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
    ("region_code_two_digits", another(offices.Region, code="2A")),
    ("region_term_group_known", another(offices.Region, code="03", term_group="x")),
    ("office_schedule_known", changed(offices.Office, schedule="x")),
    ("office_serves_police_of_region", changed(offices.Office, serves_id=9)),
    ("office_identity_is_fixed", changed(offices.Office, code="0202")),
    ("staff_role_needs_office", without_triggers(changed(offices.Staff, office_id=None))),
    ("staff_role_sits_in_office_kind", changed(offices.Staff, role="front_desk")),
    ("connected_system_channel_known", another(offices.ConnectedSystem, channel="x")),
    ("connected_system_identity_is_fixed", changed(offices.ConnectedSystem, code="x")),
    ("power_of_attorney_entered_once", another(people.PowerOfAttorney)),
    ("application_state_known", changed(applications.Application, state="x")),
    ("application_one_applicant", changed(applications.Application, applicant_person_id=None)),
    ("application_one_applicant", changed(applications.Application, applicant_organisation_id=1)),
    ("application_front_desk_took_it_in", changed(applications.Application, front_desk_id=None)),
    ("application_accepted_has_a_due_time", changed(applications.Application, due_at=None)),
    ("application_decision_has_a_decider", changed(applications.Application, state="approved")),
    ("application_four_eyes", changed(applications.Application, accepted_by_id=1, decided_by_id=1)),
    ("application_held_since", changed(applications.Application, holder_id=1)),
    ("application_one_open_per_subject", another(applications.Application, number="0201-26-000002-0")),
    ("number_sequence_once", another(applications.NumberSequence)),
    ("check_once", another(applications.Check)),
    ("check_outcome_known", changed(applications.Check, outcome="x")),
    ("check_ruling_four_eyes", changed(applications.Check, ruled_by_id=1, confirmed_by_id=1)),
    ("check_ruling_four_eyes", changed(applications.Check, confirmed_by_id=1)),
    ("check_ruling_has_a_reason", changed(applications.Check, ruling="clear")),
    ("evidence_append_only", changed(applications.Evidence, raw="x")),
    ("evidence_append_only", deleted(applications.Evidence)),
    ("document_once", another(applications.Document)),
    ("document_hash", changed(applications.Document, sha256="x")),
    ("journal_sequence", without_triggers(another(applications.JournalEntry))),
    ("journal_append_only", changed(applications.JournalEntry, action="x")),
    ("journal_append_only", deleted(applications.JournalEntry)),
    ("journal_no_truncate", truncated(applications.JournalEntry)),
    ("paper_one_valid_per_kind", another(applications.Paper, number="2", verification_code="2")),
    ("paper_ready_has_a_file", changed(applications.Paper, state="ready")),
    ("correction_never_deleted", deleted(applications.Correction)),
    ("revocation_is_fixed", changed(applications.Revocation, reason="x")),
    ("revocation_never_deleted", deleted(applications.Revocation)),
    ("batch_has_a_reason", another(applications.RevocationBatch, reason="")),
    ("batch_state_known", another(applications.RevocationBatch, state="x")),
    ("batch_choice_is_fixed", changed(applications.RevocationBatch, reason="x")),
    ("batch_never_deleted", deleted(applications.RevocationBatch)),
    ("batch_row_position", another(applications.RevocationBatchRow, application_id=2, revocation_id=2)),
    ("batch_row_foreseen_known", another(applications.RevocationBatchRow, foreseen="x")),
    ("batch_row_outcome_stands", changed(applications.RevocationBatchRow, code="x")),
    ("signature_once", another(applications.Signature)),
    ("signature_of_somebody", another(applications.Signature, signer="x")),
    ("signature_append_only", changed(applications.Signature, signer_name="x")),
    ("signature_append_only", deleted(applications.Signature)),
    ("surrender_outcome_known", changed(applications.Surrender, outcome="x", explanation="x")),
    ("surrender_missing_is_explained", changed(applications.Surrender, outcome="lost")),
    ("surrender_thing_once", another(applications.Surrender)),
    ("registry_import_digest", another(legacy.RegistryImport, digest="x")),
    ("registry_import_ends_after_it_began", changed(legacy.RegistryImport, finished_at=EARLIER)),
    ("charge_ordered_has_a_page", changed(fees.Charge, ordered_at=NOW)),
    (
        "charge_one_live_supplement",
        after(
            another(fees.Charge, id=2, reference="2", supplements_id=1),
            another(fees.Charge, id=3, reference="3", supplements_id=1),
        ),
    ),
    ("charge_stays", deleted(fees.Charge)),
    ("charge_amount_is_fixed", changed(fees.Charge, amount=1)),
    ("charge_paid_stays", changed(fees.Charge, cancelled_at=NOW)),
    ("notice_verdict_known", another(fees.PaymentNotice, verdict="x")),
    ("notice_forged_keeps_nothing", another(fees.PaymentNotice, verdict="bad_signature")),
    ("notice_append_only", changed(fees.PaymentNotice, raw="x")),
    ("notice_append_only", deleted(fees.PaymentNotice)),
    ("payment_positive", without_triggers(another(fees.Payment, amount=0))),
    ("payment_has_a_receipt", without_triggers(another(fees.Payment, receipt=""))),
    ("payment_pays_its_charge", another(fees.Payment, amount=1)),
    ("payment_was_reported", another(fees.Payment, notice_id=9)),
    ("payment_append_only", changed(fees.Payment, amount=1)),
    ("payment_append_only", deleted(fees.Payment)),
    ("monthly_index_positive", another(fees.MonthlyIndex, value=0)),
    ("tariff_act_known", another(fees.Tariff, legal_act="x")),
    ("tariff_entered_with_a_basis", another(fees.Tariff, edited_by_id=1)),
    ("exemption_applies_to_something", changed(fees.Exemption, applies_to=[])),
    ("exemption_act_known", changed(fees.Exemption, legal_act="x")),
    ("exemption_entered_with_a_basis", changed(fees.Exemption, edited_by_id=1)),
    ("exemption_ends_after_it_began", changed(fees.Exemption, valid_to=TODAY - timedelta(days=1))),
    ("plate_duplicate_one_or_two_pieces", another(plates.PlateDuplicate, plate_count=3)),
    ("plate_duplicate_one_piece_has_a_place", another(plates.PlateDuplicate, plate_count=1)),
    ("plate_duplicate_revoked_after_issue", changed(plates.PlateDuplicate, revoked_at=EARLIER)),
    ("plate_number_compact", without_triggers(another(plates.Plate, number="a"))),
    ("plate_movement_append_only", changed(plates.PlateMovement, reason="x")),
    ("plate_movement_append_only", deleted(plates.PlateMovement)),
    ("plate_movement_follows_plate", another(plates.PlateMovement)),
    ("wanted_plate_once", without_triggers(another(plates.WantedPlate))),
    ("wanted_plate_never_deleted", deleted(plates.WantedPlate)),
    ("wanted_plate_follows_plate", another(plates.WantedPlate)),
    ("wanted_plate_is_fixed", changed(plates.WantedPlate, explanation="x")),
    ("plate_held_for_one_application", without_triggers(another(plates.PlateHold, application_id=2))),
    ("plate_hold_lasts_a_while", without_triggers(another(plates.PlateHold, until=NOW))),
    ("plate_hold_never_deleted", deleted(plates.PlateHold)),
    ("plate_hold_follows_plate", another(plates.PlateHold)),
    ("plate_hold_follows_plate", changed(plates.PlateHold, until=LATER)),
    ("write_off_kind_known", another(write_offs.WriteOffAct, kind="x")),
    ("write_off_is_explained", another(write_offs.WriteOffAct, explanation="")),
    ("write_off_confirmed_or_dropped", another(write_offs.WriteOffAct, dropped_by_id=1)),
    ("write_off_never_deleted", deleted(write_offs.WriteOffAct)),
    (
        "write_off_closed",
        after(
            changed(write_offs.WriteOffAct, dropped_by_id=1, dropped_at=NOW),
            changed(write_offs.WriteOffAct, dropped_at=LATER),
        ),
    ),
    ("write_off_is_fixed", changed(write_offs.WriteOffAct, explanation="x")),
    ("plate_write_off_line_once", another(plates.WriteOffLine)),
    ("plate_write_off_line_append_only", changed(plates.WriteOffLine, plate_id=2)),
    ("plate_write_off_line_append_only", deleted(plates.WriteOffLine)),
    (
        "plate_order_state_known",
        another(plates.PlateOrder, state="x", sent_by_id=1, sent_at=NOW, expected_on=TODAY),
    ),
    ("plate_order_region_is_fixed", changed(plates.PlateOrder, made_at=LATER)),
    (
        "plate_item_state_known",
        without(
            plates.PlateOrderItem,
            "plate_item_arrived_at_a_time",
            "plate_item_ordered_in_an_order",
            write=another(plates.PlateOrderItem, state="x"),
        ),
    ),
    ("plate_piece_line_once", without_triggers(another(plates.PieceLine))),
    ("plate_piece_line_append_only", changed(plates.PieceLine, item_id=2)),
    ("plate_piece_line_append_only", deleted(plates.PieceLine)),
    ("plate_item_place_known", another(plates.PlateOrderItem, place="x")),
    ("plate_item_is_fixed", changed(plates.PlateOrderItem, place="rear")),
    ("certificate_state_known", another(registration.RegistrationCertificate, state="x")),
    ("vehicle_change_once_per_application", another(registration.VehicleChange)),
    ("vehicle_change_changes_something", another(registration.VehicleChange, after="white")),
    ("vehicle_change_changes_something", another(registration.VehicleChange, before=None, after=None)),
    ("vehicle_change_names_its_field", another(registration.VehicleChange, field="")),
    ("vehicle_change_undone_after_it", changed(registration.VehicleChange, undone_at=EARLIER)),
    ("vehicle_change_is_fixed", changed(registration.VehicleChange, after="blue")),
    ("vehicle_change_never_deleted", deleted(registration.VehicleChange)),
    ("details_update_reasons_known", changed(registration.VehicleDetails, update_reasons=["x"])),
    ("details_plate_choice_known", changed(registration.VehicleDetails, plate_choice="x")),
    ("blank_state_known", without_triggers(another(registration.CertificateBlank, number="AB00000002", state="x"))),
    ("licence_blank_number_compact", another(licensing.LicenceBlank, number="a")),
    ("licence_blank_state_known", without_triggers(another(licensing.LicenceBlank, state="x"))),
    ("licence_blank_begins_in_use", another(licensing.LicenceBlank, number="AK000002", state="spoiled")),
    ("licence_blank_write_off_line_once", without_triggers(another(licensing.LicenceBlankLine))),
    ("licence_blank_write_off_line_fits", another(licensing.LicenceBlankLine)),
    ("licence_blank_write_off_line_append_only", changed(licensing.LicenceBlankLine, blank_id=2)),
    ("licence_blank_write_off_line_append_only", deleted(licensing.LicenceBlankLine)),
    ("blank_write_off_line_once", without_triggers(another(registration.CertificateBlankLine))),
    ("blank_write_off_line_append_only", changed(registration.CertificateBlankLine, blank_id=2)),
    ("blank_write_off_line_append_only", deleted(registration.CertificateBlankLine)),
    (
        "licence_blank_state_moves",
        after(changed(licensing.LicenceBlank, state="issued"), changed(licensing.LicenceBlank, state="received")),
    ),
    ("licence_blank_number_is_fixed", changed(licensing.LicenceBlank, number="AK000002")),
    ("licence_blank_never_deleted", deleted(licensing.LicenceBlank)),
    ("licence_category_code", another(licensing.LicenceCategory, code="1")),
    ("licence_category_kind_known", another(licensing.LicenceCategory, code="C", kind="x")),
    ("category_rule_age_possible", another(licensing.CategoryRule, minimum_age=13)),
    ("licence_form_one_a_day", another(licensing.LicenceForm)),
    ("licence_form_term_possible", another(licensing.LicenceForm, years_valid=51)),
    ("photo_hash", another(licensing.Photo, sha256="x")),
    ("photo_append_only", changed(licensing.Photo, size=2)),
    ("photo_append_only", deleted(licensing.Photo)),
    ("signature_hash", another(licensing.SignatureImage, sha256="x")),
    ("signature_image_append_only", changed(licensing.SignatureImage, size=2)),
    ("signature_image_append_only", deleted(licensing.SignatureImage)),
    ("licence_replaces_another", another(licensing.DriverLicence, replaces_id=9)),
    (
        "licence_state_moves",
        after(changed(licensing.DriverLicence, state="lost"), changed(licensing.DriverLicence, state="valid")),
    ),
    ("licence_is_fixed", changed(licensing.DriverLicence, restrictions="x")),
    ("licence_never_deleted", deleted(licensing.DriverLicence)),
    ("licence_number_is_its_blanks", another(licensing.DriverLicence, number="ZZ000001")),
    ("grant_country_alpha3", another(licensing.LicenceGrant, country="x")),
    ("grant_age_known", after(changed(licensing.CategoryRule, minimum_age=None), another(licensing.LicenceGrant))),
    ("grant_append_only", changed(licensing.LicenceGrant, country="KGZ")),
    ("grant_append_only", deleted(licensing.LicenceGrant)),
    ("licence_details_act_known", changed(licensing.LicenceDetails, act="x")),
    ("licence_details_country_alpha3", changed(licensing.LicenceDetails, foreign_country="x")),
    ("delivery_once", another(webhooks.Delivery)),
    ("delivery_state_known", changed(webhooks.Delivery, state="x", settled_at=NOW)),
    ("delivery_settled", changed(webhooks.Delivery, settled_at=NOW)),
    ("event_position_once", another(webhooks.Event, code="evt_2", version=2)),
    ("event_of_an_application", another(webhooks.Event, application_id=None)),
    ("event_kind_known", another(webhooks.Event, kind="x")),
    ("endpoint_once", another(webhooks.Endpoint)),
    ("endpoint_has_a_secret", changed(webhooks.Endpoint, secret="")),
    ("endpoint_old_secret_ends", changed(webhooks.Endpoint, previous_until=NOW)),
    ("idempotent_call_once", another(api.IdempotentCall)),
    ("client_credentials_only", changed(api.Client, client_type="public")),
    ("credential_is_what_it_says", another(api.Credential, secret_sha256="x")),
    ("credential_two_at_once", another(api.Credential, slot=3)),
    ("credential_one_per_slot", another(api.Credential, name="second")),
    ("credential_is_never_changed", changed(api.Credential, name="x")),
]


@pytest.mark.parametrize(("name", "write"), WRITES, ids=[name for name, _write in WRITES])
def test_the_database_refuses(rows, name: str, write: Write):
    assert name in refusal_of(write)


def test_what_is_allowed_is_seen_to_pass(rows):
    """The rows stand and others beside them: it is the violation that is refused, not every write."""
    assert refusal_of(changed(applications.Check, outcome="clear")) == set()
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
    photos = registration.InspectionAct.photos.through
    assert refusal_of(another(photos)) <= uniques(photos._meta.db_table)
    assert refusal_of(another(photos)) != set()
