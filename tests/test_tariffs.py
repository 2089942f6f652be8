"""Amounts by year, vehicle and age, against the figures of the law; what is not known blocks."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from applications.acting import Actor
from applications.errors import DomainError, InvalidInputError, NotAllowedError
from applications.models import JournalEntry
from fees import reference, tariffs
from fees.models import Exemption, MonthlyIndex, Tariff
from fees.tariffs import MissingTariffError, VehicleClass, mci_on, quote, recycling_amount, rounded, set_rate
from licensing.standard import VERSIONS as LICENSING
from plates.standard import VERSIONS as PLATES

(PD,), (DL,) = PLATES, LICENSING
IN_2026 = date(2026, 3, 10)
IN_2025 = date(2025, 3, 10)
NOW = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)

GASOLINE = {"category": "M1", "engine_cc": 1598}
ELECTRIC = {"category": "M1", "is_electric": True}
HYBRID = {"category": "M1", "is_electric": True, "is_hybrid": True, "engine_cc": 1798}
LORRY = {"category": "N2"}
TRACTOR = {"category": "N3", "is_tractor_unit": True}


@pytest.mark.parametrize(
    ("day", "tenge"),
    [
        (date(2015, 6, 1), "1982"),
        (date(2020, 3, 31), "2651"),
        (date(2020, 4, 1), "2778"),
        (date(2022, 12, 31), "3063"),
        (date(2025, 12, 31), "3932"),
        (date(2026, 1, 1), "4325"),
    ],
)
def test_the_index_is_that_of_the_day(rates, day, tenge):
    assert mci_on(day) == Decimal(tenge)


@pytest.mark.parametrize("day", [date(2014, 12, 31), date(2027, 1, 1)])
def test_a_day_without_an_index_blocks(rates, day):
    with pytest.raises(MissingTariffError) as caught:
        mci_on(day)
    assert caught.value.code == "tariff_missing"
    assert caught.value.missing == "index"


@pytest.mark.parametrize(
    ("row", "code", "group", "tenge"),
    [
        ("VR.6a", "registration_fee", "", "1081"),
        ("VR.6a", "certificate_duty", "", "5406"),
        ("VR.6a", "plate_duty", "car", "12110"),
        ("VR.6a", "plate_duty", "motorcycle_or_trailer", "6055"),
        ("VR.6a", "plate_duty", "transit", "1514"),
        ("VR.6d", "registration_fee", "duplicate_document", "1081"),
        ("VR.6d", "certificate_duty", "", "5406"),
        ("PD.6", "plate_duplicate_duty", "two", "12110"),
        ("PD.6", "plate_duplicate_duty", "one", "6055"),
        ("DL.6", "licence_duty", "", "5406"),
    ],
)
def test_amounts_of_2026(rates, row, code, group, tenge):
    assert quote(code=code, group=group, on=IN_2026).amount == Decimal(tenge)


@pytest.mark.parametrize("standard", [PD, DL], ids=["PD.6", "DL.6"])
@pytest.mark.parametrize("day", [date(2024, 10, 19), date(2025, 12, 31), date(2026, 1, 1)])
def test_tariffs_are_what_the_standard_prints(rates, standard, day):
    printed = {(rule.code, rule.variant): rule.printed_rate for rule in standard.charges}
    found = {key: tariffs.tariff_on(code=key[0], group=key[1], on=day).rate for key in printed}
    assert printed
    assert found == printed


@pytest.mark.parametrize(
    ("day", "amounts"),
    [
        # The sums officials printed in 2020, each part rounded by itself.
        (date(2020, 6, 16), ("695", "3473", "7778")),
        (IN_2025, ("983", "4915", "11010")),
    ],
)
def test_amounts_of_earlier_years_vr_6a(rates, day, amounts):
    parts = (("registration_fee", ""), ("certificate_duty", ""), ("plate_duty", "car"))
    assert [quote(code=code, group=group, on=day).amount for code, group in parts] == [Decimal(it) for it in amounts]


@pytest.mark.parametrize(
    ("day", "code", "group", "act", "article"),
    [
        (IN_2025, "registration_fee", "", "tax-2017", "553"),
        (IN_2025, "certificate_duty", "", "tax-2017", "615"),
        (date(2025, 12, 31), "plate_duty", "car", "tax-2017", "615"),
        (date(2026, 1, 1), "registration_fee", "", "tax-2025", "615"),
        (date(2026, 1, 1), "plate_duty", "car", "tax-2025", "667"),
    ],
)
def test_an_article_is_cited_with_its_code_vr_6a(rates, day, code, group, act, article):
    """615 means duties until 2025 and fees from 2026."""
    tariff = quote(code=code, group=group, on=day).tariff
    assert (tariff.legal_act, tariff.article) == (act, article)


def test_a_citation_reads_in_three_languages(rates):
    basis = quote(code="certificate_duty", on=IN_2026).legal_basis
    assert basis.ru == "Налоговый кодекс от 18 июля 2025 года, статья 667, пункт 3, подпункт 7)"
    assert basis.kk.endswith("667-бап, 3-тармақ, 7) тармақша")
    assert basis.en.endswith("article 667, point 3, sub-point 7")


@pytest.mark.parametrize(
    ("kind", "made", "rate"),
    [
        (GASOLINE, 2026, "0.25"),
        (GASOLINE, 2025, "0.25"),
        (GASOLINE, 2024, "50"),
        (GASOLINE, 2023, "500"),
        (GASOLINE, 1998, "500"),
        (HYBRID, 2024, "50"),
        (ELECTRIC, 2025, "0.25"),
        (ELECTRIC, 2024, "25"),
        (ELECTRIC, 2023, "250"),
        (LORRY, 2025, "0.25"),
        (LORRY, 2024, "240"),
        (LORRY, 2023, "350"),
        (LORRY, 2022, "350"),
        (LORRY, 2021, "2500"),
        ({"category": "M3"}, 2021, "2500"),
        ({"category": "N3"}, 2021, "2500"),
        (TRACTOR, 2024, "240"),
        (TRACTOR, 2020, "350"),
        (TRACTOR, 2019, "2500"),
    ],
)
def test_primary_fee_by_group_and_age_vr_6a(rates, kind, made, rate):
    vehicle = VehicleClass(year_of_manufacture=made, **kind)
    found = quote(code="primary_registration_fee", vehicle=vehicle, on=IN_2026)
    assert found.rate == Decimal(rate)
    assert found.amount == rounded(Decimal(rate) * 4325)


def test_a_vehicle_grows_older_at_new_year_vr_6a(rates):
    vehicle = VehicleClass(year_of_manufacture=2024, **GASOLINE)
    paid = [
        quote(code="primary_registration_fee", vehicle=vehicle, on=day).amount
        for day in (date(2025, 12, 31), date(2026, 1, 1))
    ]
    assert paid == [Decimal(983), Decimal(216250)]


@pytest.mark.parametrize(
    ("day", "made", "rate"),
    [
        (date(2026, 6, 1), 2020, "0"),
        (date(2027, 12, 31), 2021, "0"),
        (date(2026, 6, 1), 2019, "2500"),
        (date(2028, 1, 1), 2024, "350"),
    ],
)
def test_haulage_tractor_units_pay_nothing_while_article_830_holds_vr_6a(rates, day, made, rate):
    vehicle = VehicleClass(year_of_manufacture=made, has_haulage_admission=True, **TRACTOR)
    assert tariffs.primary_fee_tariff(vehicle, day).rate == Decimal(rate)


@pytest.mark.parametrize("category", ["L1", "L3", "O1", "O4"])
def test_groups_without_a_row_block_and_are_never_zero_vr_6a(rates, category):
    vehicle = VehicleClass(category=category, year_of_manufacture=2026)
    with override("en"), pytest.raises(MissingTariffError) as caught:
        quote(code="primary_registration_fee", vehicle=vehicle, on=IN_2026)
    assert caught.value.tariff.rate is None
    assert f"category {category[0]}" in str(caught.value)


@pytest.mark.parametrize("kind", [ELECTRIC, LORRY, TRACTOR])
def test_unconfirmed_rates_before_2026_block_vr_6a(rates, kind):
    with pytest.raises(MissingTariffError):
        quote(code="primary_registration_fee", vehicle=VehicleClass(year_of_manufacture=2024, **kind), on=IN_2025)


def test_an_unknown_category_is_named(rates):
    with pytest.raises(DomainError) as caught:
        _ = VehicleClass(category="T5", year_of_manufacture=2026).group
    assert caught.value.code == "category_unknown"
    assert "T5" in str(caught.value)


@pytest.mark.parametrize(
    ("engine_cc", "tenge"),
    [
        (999, "324375"),
        (1000, "324375"),
        (1001, "756875"),
        (2000, "756875"),
        (2001, "1081250"),
        (3001, "2486875"),
    ],
)
def test_recycling_payment_by_engine_vr_6b(rates, engine_cc, tenge):
    vehicle = VehicleClass(category="M1", year_of_manufacture=2026, engine_cc=engine_cc)
    assert recycling_amount(vehicle, IN_2026) == Decimal(tenge)


def test_recycling_payment_of_an_electric_car_is_zero_and_of_a_hybrid_is_not_vr_6b(rates):
    electric = VehicleClass(year_of_manufacture=2026, **ELECTRIC)
    hybrid = VehicleClass(year_of_manufacture=2026, **HYBRID)
    assert recycling_amount(electric, IN_2026) == 0
    assert recycling_amount(hybrid, IN_2026) == Decimal(756875)


@pytest.mark.parametrize("category", ["N1", "N3", "M2", "M3", "L3", "O2"])
def test_recycling_payment_without_a_coefficient_blocks_vr_6b(rates, category):
    with pytest.raises(MissingTariffError) as caught:
        recycling_amount(VehicleClass(category=category, year_of_manufacture=2026), IN_2026)
    assert caught.value.missing == "rate"


def test_recycling_payment_needs_the_engine_volume_vr_6b(rates):
    with pytest.raises(DomainError) as caught:
        recycling_amount(VehicleClass(category="M1", year_of_manufacture=2026), IN_2026)
    assert caught.value.code == "engine_volume_missing"


@pytest.mark.parametrize(("day", "tenge"), [(date(2016, 1, 27), "0"), (date(2016, 1, 28), "756875")])
def test_recycling_payment_is_not_for_vehicles_from_before_vr_6b(rates, day, tenge):
    vehicle = VehicleClass(year_of_manufacture=2016, **GASOLINE)
    assert recycling_amount(vehicle, IN_2026, imported_or_made_on=day) == Decimal(tenge)


def test_an_exemption_lifts_the_ordinary_plate_duty_only_vr_6a(rates):
    plates = quote(code="plate_duty", group="car", on=IN_2026, exemption="disability")
    custom = quote(code="plate_duty", group="custom", on=IN_2026, exemption="disability")
    certificate = quote(code="certificate_duty", on=IN_2026, exemption="disability")
    assert (plates.amount, plates.exemption.code) == (0, "disability")
    assert "671" in plates.legal_basis.ru
    assert (custom.amount, certificate.amount) == (Decimal(43250), Decimal(5406))


def test_every_exemption_names_rates_that_exist(rates):
    named = {code for exemption in Exemption.objects.all() for code in exemption.applies_to}
    assert named <= {str(tariff) for tariff in Tariff.objects.all()}
    assert Exemption.objects.count() == 5


@pytest.mark.parametrize(
    ("mode", "expected"), [("whole-tenge-half-up", ["1081", "5406", "2"]), ("exact", ["1081.25", "5406.25", "1.50"])]
)
def test_rounding_is_one_setting(settings, mode, expected):
    settings.CHARGE_ROUNDING = mode
    assert [rounded(Decimal(it)) for it in ("1081.25", "5406.25", "1.5")] == [Decimal(it) for it in expected]


def test_an_unknown_rounding_is_an_error(settings):
    settings.CHARGE_ROUNDING = "down"
    with pytest.raises(ImproperlyConfigured):
        rounded(Decimal(1))


@given(st.lists(st.decimals(min_value=0, max_value=100_000, places=4), max_size=6), st.integers(1, 100_000))
def test_rounded_parts_are_never_negative_and_their_sum_is_close(rates_in_mci, mci):
    exact = [rate * mci for rate in rates_in_mci]
    parts = [rounded(amount) for amount in exact]
    assert all(part >= 0 and part == part.to_integral_value() for part in parts)
    assert abs(sum(parts) - sum(exact)) <= Decimal("0.5") * len(parts)


def test_two_rates_for_one_day_are_refused_by_the_database(rates):
    row = Tariff.objects.get(code="plate_duty", group="car", valid_from=date(2026, 1, 1))
    row.pk, row.valid_from = None, date(2026, 7, 1)
    with pytest.raises(IntegrityError, match="tariff_one_a_day"), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(IntegrityError, match="monthly_index_one_a_day"), transaction.atomic():
        MonthlyIndex.objects.create(valid_from=date(2026, 12, 31), value=1, confidence="high", source="x")


def test_two_bands_that_overlap_are_refused_by_the_database(rates):
    row = Tariff.objects.get(code="recycling_coefficient", group="m1_other", measure_from=1001)
    row.pk, row.measure_from, row.measure_to = None, 2000, None
    with pytest.raises(IntegrityError, match="tariff_one_a_day"), transaction.atomic():
        row.save(force_insert=True)


def test_a_negative_rate_is_refused_by_the_database(rates):
    with pytest.raises(IntegrityError, match="tariff_rate_not_negative"), transaction.atomic():
        Tariff.objects.filter(code="licence_duty").update(rate=-1)


def test_the_administrator_fills_a_gap_and_the_journal_keeps_it_vr_6a(rates, administrator):
    gap = Tariff.objects.get(code="primary_registration_fee", group="motorcycle", valid_from=date(2026, 1, 1))
    actor = Actor.of(administrator)
    set_rate(actor=actor, tariff_id=gap.pk, rate=Decimal("0.25"), basis="Tax Code, art. 615", now=NOW)
    moped = VehicleClass(category="L1", year_of_manufacture=2020)
    entry = JournalEntry.objects.get(chain="tariffs")
    assert quote(code="primary_registration_fee", vehicle=moped, on=IN_2026).amount == Decimal(1081)
    assert (entry.actor, entry.changes["after"]) == (administrator, "0.25")


def test_an_entered_rate_survives_loading_the_reference_data(rates, administrator):
    gap = tariffs.to_fill()[0]
    set_rate(actor=Actor.of(administrator), tariff_id=gap.pk, rate=Decimal(7), basis="art. 1", now=NOW)
    counted = reference.load()
    gap.refresh_from_db()
    assert gap.rate == 7
    assert counted == rates
    assert Tariff.objects.count() == counted["tariffs"]


def test_only_an_administrator_enters_rates(rates, officer):
    gap = tariffs.to_fill()[0]
    with pytest.raises(NotAllowedError):
        set_rate(actor=Actor.of(officer), tariff_id=gap.pk, rate=Decimal(1), basis="art. 1", now=NOW)
    with pytest.raises(NotAllowedError):
        set_rate(actor=Actor.automatic(), tariff_id=gap.pk, rate=Decimal(1), basis="art. 1", now=NOW)


@pytest.mark.parametrize(
    ("rate", "basis", "field"),
    [
        ("-1", "art. 1", "rate"),
        ("NaN", "art. 1", "rate"),
        ("0.00001", "art. 1", "rate"),
        ("1", "  ", "basis"),
        ("1", "ә" * 301, "basis"),
    ],
)
def test_a_rate_needs_a_sensible_number_and_a_basis(rates, administrator, rate, basis, field):
    gap = tariffs.to_fill()[0]
    with pytest.raises(InvalidInputError) as caught:
        set_rate(actor=Actor.of(administrator), tariff_id=gap.pk, rate=Decimal(rate), basis=basis, now=NOW)
    assert list(caught.value.fields) == [field]


def test_the_index_of_a_new_year_is_entered_once(rates, administrator):
    days = {"valid_from": date(2027, 1, 1), "valid_to": date(2027, 12, 31), "basis": "budget law"}
    actor = Actor.of(administrator)
    tariffs.set_monthly_index(actor=actor, value=Decimal(4600), now=NOW, **days)
    assert mci_on(date(2027, 6, 1)) == 4600
    with pytest.raises(InvalidInputError) as caught:
        tariffs.set_monthly_index(actor=actor, value=Decimal(4700), now=NOW, **days)
    assert list(caught.value.fields) == ["valid_from"]
