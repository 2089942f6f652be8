"""What an application owes, as its details, the day and the payments change."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import override_settings
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from applications.acting import Actor
from applications.models import JournalEntry, OutboxMessage
from applications.standards import ALWAYS, ChargeRule, CollectedBy, DueAt
from applications.states import State
from fees import charging, reassessing
from fees.charging import ChargeRequest, all_paid, assess, charge_lines
from fees.models import Charge, MonthlyIndex, Tariff
from fees.tariffs import VehicleClass, rounded, set_rate
from tests.fixtures_fees import CERTIFICATE, FEE, LINES, MORNING, NAME, PLATES, charge_of, later, tenge

OLDER_CAR = VehicleClass(category="M1", year_of_manufacture=2024, engine_cc=1598)
MOPED = VehicleClass(category="L1", year_of_manufacture=2026)
NEW_YEAR = datetime(2026, 12, 31, 20, 0, tzinfo=UTC)


def references(application):
    return list(Charge.objects.of(application).live().values_list("reference", flat=True))


def test_lines_show_amount_index_rate_and_article_vr_6a(owing):
    with override("ru"):
        shown = charge_lines(owing)
    assert [(line.code, line.amount) for line in shown] == [
        ("primary_registration_fee", tenge("1081")),
        ("certificate_duty", tenge("5406")),
        ("plate_duty", tenge("12110")),
    ]
    assert {(line.mci, line.is_paid) for line in shown} == {(tenge("4325"), False)}
    assert [line.reference for line in shown] == [f"0201260041783-0{place}" for place in (1, 2, 3)]
    assert "статья 667" in shown[1].legal_basis


def test_lines_take_one_query(owing, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(charge_lines(owing)) == 3


def test_assessing_again_changes_nothing(owing):
    before = references(owing)
    promises, entries = OutboxMessage.objects.count(), JournalEntry.objects.count()
    assess(owing, LINES, later(hours=1))
    assert references(owing) == before
    assert (OutboxMessage.objects.count(), JournalEntry.objects.count()) == (promises, entries)


def test_a_changed_charge_is_replaced_and_the_others_stay(owing):
    assess(owing, (replace(FEE, vehicle=OLDER_CAR), CERTIFICATE, PLATES), later(hours=1))
    assert references(owing) == ["0201260041783-02", "0201260041783-03", "0201260041783-04"]
    assert charge_of(owing, "primary_registration_fee").amount == tenge("216250")
    assert Charge.objects.get(reference="0201260041783-01").cancelled_at == later(hours=1)
    assert OutboxMessage.objects.filter(kind="payment_order").count() == 2


def test_a_charge_no_longer_asked_for_is_cancelled_and_its_page_is_told(owing):
    assess(owing, (FEE, CERTIFICATE), later(hours=1))
    assert references(owing) == ["0201260041783-01", "0201260041783-02"]
    assert OutboxMessage.objects.filter(kind="payment_order").count() == 2


def test_a_gap_blocks_with_a_message_and_is_never_zero_vr_6a(rates, owing):
    assess(owing, (replace(FEE, vehicle=MOPED), CERTIFICATE, PLATES), later(hours=1))
    with override("en"):
        line = next(line for line in charge_lines(owing) if line.code == "primary_registration_fee")
    assert (line.amount, line.is_paid) == (None, False)
    assert "category L" in line.blocked_by
    assert "administrator" in line.blocked_by
    assert not all_paid(owing)


def test_a_rate_entered_by_the_administrator_unblocks_vr_6a(owing, toy_service, administrator):
    toy_service.lines = (replace(FEE, vehicle=MOPED),)
    assess(owing, toy_service.lines, MORNING)
    gap = charge_of(owing, "primary_registration_fee").tariff
    set_rate(actor=Actor.of(administrator), tariff_id=gap.pk, rate=Decimal("0.25"), basis="art. 615", now=MORNING)
    assert OutboxMessage.objects.get(kind="reassess").application == owing
    reassessing.reassess(owing, later(minutes=5))
    line = charge_lines(owing)[0]
    assert (line.amount, line.blocked_by) == (tenge("1081"), "")


def test_a_missing_index_blocks_every_line(owing):
    assess(owing, LINES, NEW_YEAR)
    assert {line.amount for line in charge_lines(owing)} == {None}
    assert set(Charge.objects.live().values_list("missing", flat=True)) == {"index"}


def test_a_new_index_gives_new_amounts_to_what_is_unpaid(owing, toy_service):
    MonthlyIndex.objects.create(valid_from=date(2027, 1, 1), value=4600, confidence="high", source="test")
    assert reassessing.reassess_outdated(later(hours=1)) == 0
    assert reassessing.reassess_outdated(NEW_YEAR) == 1
    assert reassessing.reassess_outdated(NEW_YEAR) == 0
    reassessing.reassess(owing, NEW_YEAR)
    assert toy_service.assessed == [NEW_YEAR]
    assert charge_of(owing, "certificate_duty").amount == tenge("5750")


def test_a_decided_application_is_not_assessed_again(owing, toy_service):
    type(owing).objects.filter(pk=owing.pk).update(state=State.WITHDRAWN)
    assert reassessing.reassess_outdated(NEW_YEAR) == 0
    reassessing.reassess(owing, NEW_YEAR)
    assert toy_service.assessed == []


def test_a_paid_charge_stays_and_only_the_difference_is_asked_for(owing, reporting_gateway):
    reporting_gateway.report(charge_of(owing, "primary_registration_fee"))
    lines = (replace(FEE, vehicle=OLDER_CAR), CERTIFICATE, PLATES)
    assess(owing, lines, later(hours=1))
    assess(owing, lines, later(hours=2))
    fee, difference = [line for line in charge_lines(owing) if line.code == "primary_registration_fee"]
    assert (fee.amount, fee.is_paid) == (tenge("1081"), True)
    assert (difference.amount, difference.is_paid) == (tenge("215169"), False)
    assert fee.reference in difference.remark


def test_a_difference_can_be_paid_and_then_nothing_is_left(owing, reporting_gateway):
    reporting_gateway.report(charge_of(owing, "primary_registration_fee"), receipt="R-1")
    assess(owing, (replace(FEE, vehicle=OLDER_CAR),), later(hours=1))
    difference = Charge.objects.get(supplements__isnull=False)
    assert reporting_gateway.report(difference, receipt="R-2").json()["verdict"] == "applied"
    assess(owing, (replace(FEE, vehicle=OLDER_CAR),), later(hours=2))
    assert all_paid(owing)
    assert Charge.objects.live().count() == 2


def test_what_was_paid_was_right_on_its_day_whatever_comes_later(owing, reporting_gateway):
    for place, charge in enumerate(Charge.objects.live()):
        reporting_gateway.report(charge, receipt=f"R-{place}")
    MonthlyIndex.objects.create(valid_from=date(2027, 1, 1), value=4600, confidence="high", source="test")
    assess(owing, LINES, NEW_YEAR)
    assert all_paid(owing)
    assert len(charge_lines(owing)) == 3


def test_an_exemption_shows_its_basis_and_asks_for_nothing_vr_6a(owing):
    assess(owing, (CERTIFICATE, replace(PLATES, exemption="disability")), later(hours=1))
    with override("en"):
        plates = charge_lines(owing)[-1]
    assert (plates.amount, plates.is_paid) == (0, True)
    assert "article 671" in plates.legal_basis
    assert "Person with a disability" in plates.remark


def test_an_exemption_does_not_lift_the_certificate_duty_vr_6a(owing):
    assess(owing, (replace(CERTIFICATE, exemption="disability"),), later(hours=1))
    assert charge_of(owing, "certificate_duty").amount == tenge("5406")


def test_nothing_asked_for_means_all_is_paid_vr_6c(owing):
    """VR.6c: a deregistration is free."""
    assess(owing, (), later(hours=1))
    assert charge_lines(owing) == []
    assert all_paid(owing)


def rule(code, variant="", collected_by=CollectedBy.TREASURY):
    return ChargeRule("VR.6a", code, NAME, ALWAYS, frozenset(), DueAt.SUBMISSION, collected_by, variant)


@pytest.mark.parametrize(
    ("category", "group"),
    [("M1", "car"), ("N3G", "car"), ("М1", "car"), ("L3", "motorcycle_or_trailer"), ("O2", "motorcycle_or_trailer")],
)
def test_rules_become_requests_for_a_vehicle_vr_6a(category, group):
    vehicle = VehicleClass(category=category, year_of_manufacture=2026)
    rules = [
        rule("plate_duty"),
        rule("plate_duplicate_duty", "two"),
        rule("recycling_payment", "", CollectedBy.OPERATOR),
    ]
    made = charging.requests(rules, vehicle=vehicle)
    assert [(request.code, request.group) for request in made] == [
        ("plate_duty", group),
        ("plate_duplicate_duty", "two"),
    ]


@given(
    st.lists(st.tuples(st.decimals(0, 5000, places=2), st.sampled_from([2405, 2778, 3932, 4325])), max_size=5),
    st.sampled_from(["whole-tenge-half-up", "exact"]),
)
def test_a_sum_is_the_sum_of_its_lines(parts, mode):
    """Components are rounded one by one, so what the screen adds up is what is paid."""
    with override_settings(CHARGE_ROUNDING=mode):
        amounts = [rounded(rate * mci) for rate, mci in parts]
    assert all(amount >= 0 for amount in amounts)
    assert all(abs(amount - rate * mci) <= Decimal("0.5") for amount, (rate, mci) in zip(amounts, parts, strict=True))
    assert sum(amounts) == sum(rounded(amount) for amount in amounts) or mode == "exact"


@pytest.mark.parametrize(
    ("change", "refused_by"),
    [
        ({"amount": Decimal(1)}, "charge_amount_is_fixed|Cannot"),
        ({"reference": "other"}, "charge_amount_is_fixed|Cannot"),
        ({"missing": "rate"}, "charge_blocked_says_why"),
    ],
)
def test_the_database_keeps_a_charge_as_it_was_made(owing, change, refused_by):
    with pytest.raises(DatabaseError, match=refused_by), transaction.atomic():
        Charge.objects.filter(code="plate_duty").update(**change)


def test_the_database_refuses_negative_and_doubled_charges(owing):
    charge = charge_of(owing, "plate_duty")
    charge.pk, charge.reference = None, "copy"
    with pytest.raises(IntegrityError, match="charge_one_live_per_code"), transaction.atomic():
        charge.save(force_insert=True)
    charge.code, charge.amount = "other", Decimal(-1)
    with pytest.raises(IntegrityError, match="charge_not_negative"), transaction.atomic():
        charge.save(force_insert=True)


def test_charges_and_their_rates_are_never_deleted(owing):
    with pytest.raises(DatabaseError, match="delete"), transaction.atomic():
        Charge.objects.all()._raw_delete("default")
    with pytest.raises(ProtectedError):
        Tariff.objects.filter(code="certificate_duty").delete()


def test_a_paid_charge_cannot_be_cancelled(owing, reporting_gateway):
    charge = charge_of(owing, "plate_duty")
    reporting_gateway.report(charge)
    with pytest.raises(IntegrityError, match="cannot be cancelled"), transaction.atomic():
        Charge.objects.filter(pk=charge.pk).update(cancelled_at=later(hours=1))


def test_requests_are_values():
    assert ChargeRequest("VR.6a", "plate_duty", NAME, group="car") == PLATES
