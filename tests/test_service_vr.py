"""VR-1 as the road knows it: what is entered, asked, charged, missing and shown."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from applications.models import Application
from applications.services import facts_of, service
from applications.standards import ApplicantKind, Channel
from fees.models import Charge, Payment, PaymentNotice
from people.models import Organisation, Person
from registers.contract import VehiclePassportQuestion
from registration.forms.primary import PrimaryRegistrationForm
from registration.models import Colour, FactsSource
from registration.vehicle_facts import base_colour, known_vehicle
from tests.fixtures_registration import (
    FACTS,
    add_check,
    make_applicant,
    refused_by,
    vin_of,
)

VR: Any = service("VR")
PASSPORT = {
    "number": "164300117031337",
    "issued_on": "2026-02-02",
    "imported_on": None,
    "vehicle": {**FACTS, "vin": vin_of(1), "body_number": "", "chassis_number": "", "engine_power_kw": "78.0"},
}
TYPED = {
    "category": "M1",
    "make": "LADA",
    "model": "Niva",
    "year": "2019",
    "colour": "green",
    "fuel": "petrol",
    "unladen_mass_kg": "1285",
    "maximum_mass_kg": "1610",
    "engine_volume_cm3": "1690",
    "engine_power_kw": "61.0",
}
# The last day on which an individual's paper passport served at a front desk (LAW-E1), and the first after it.
PAPER_SERVED = date(2024, 12, 31)
PAPER_ENDED = date(2025, 1, 1)


def form(application, **data) -> PrimaryRegistrationForm:
    return VR.details_form(application, data)


def fresh(application):
    return Application.objects.get(pk=application.pk)


def test_what_is_offered_stands_in_the_standard():
    assert {"VR-1", "VR-2"} <= set(VR.subservices_offered) <= {item.code for item in VR.versions[0].subservices}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("XTA21907000000007", "XTA21907000000007"),
        ("xta 2190-7000 000007", "XTA21907000000007"),
        ("ХТА21907000000007", "XTA21907000000007"),
    ],
)
def test_a_vin_is_stored_however_it_was_typed(vr_empty, typed, stored):
    bound = form(vr_empty, vin=typed)

    assert bound.is_valid(), bound.errors
    assert bound.save().vin == stored


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"vin": "XTA2190700000000I"}, "vin"),
        ({"vin": "XTA2190700000000O"}, "vin"),
        ({"vin": "XTA2190700000000Q"}, "vin"),
        ({"vin": "XTA219070"}, "vin"),
        ({"vin": "XTA21907000000007", "has_no_vin": "on", "body_number": "7"}, "has_no_vin"),
        ({"has_no_vin": "on"}, "body_number"),
        ({"recycling_certificate_number": "12"}, "recycling_certificate_number"),
        ({"ownership_proof": "promise"}, "ownership_proof"),
        # The two signatures of LAW-O1 are for acts done online.
        ({"ownership_proof": "both_signatures"}, "ownership_proof"),
        ({"exemption": "friend"}, "exemption"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(vr_empty, data, field):
    bound = form(vr_empty, **data)

    assert not bound.is_valid()
    assert list(bound.errors) == [field]


def test_the_exemptions_of_the_tax_code_can_be_claimed_with_a_proof(vr_draft):
    bound = form(vr_draft, vin=vin_of(1), exemption="disability")
    assert bound.is_valid(), bound.errors
    bound.save()

    proof = [item for item in VR.documents(vr_draft, facts_of(vr_draft)) if item.code == "exemption_proof"]
    assert [item.row for item in proof] == ["VR.6a"]


def test_another_number_drops_the_facts_of_the_earlier_vehicle(vr_draft):
    form(vr_draft, vin=vin_of(1), ownership_proof="notarised").save()
    assert fresh(vr_draft).vehicle_details.facts_source == FactsSource.REGISTER

    form(vr_draft, vin=vin_of(2)).save()
    assert fresh(vr_draft).vehicle_details.vehicle_facts == {}


@pytest.mark.parametrize(("on", "types"), [(PAPER_SERVED, True), (PAPER_ENDED, False)])
def test_the_vehicle_is_typed_only_while_a_paper_passport_serves(vr_empty, on, types, monkeypatch):
    """LAW-E1: an individual's vehicle needs an electronic passport from 1 January 2025."""
    monkeypatch.setattr("applications.services.day_of", lambda application: on)
    bound = form(vr_empty, vin=vin_of(1), **TYPED)

    assert bound.types_vehicle is types
    assert bound.is_valid(), bound.errors
    details = bound.save()
    assert details.facts_source == (FactsSource.TYPED if types else FactsSource.NONE)
    assert known_vehicle(details).is_complete is types


def test_typed_facts_give_way_to_the_register(vr_draft):
    details = vr_draft.vehicle_details
    details.vehicle_facts, details.facts_source = {"make": "LADA", "model": "Niva"}, FactsSource.TYPED
    details.save()
    add_check(vr_draft, "vehicle_passport", subject="vehicle", ground="VR.9.1", outcome="clear", facts=PASSPORT)
    VR.registers_answered(vr_draft, timezone.now())

    kept = known_vehicle(fresh(vr_draft).vehicle_details)
    assert (kept.model, kept.engine_power_kw, kept.passport_number) == ("Granta", Decimal("78.0"), "164300117031337")


def test_a_passport_that_fell_takes_its_facts_along(vr_draft):
    add_check(vr_draft, "vehicle_passport", subject="vehicle", ground="VR.9.1", outcome="hit")
    VR.registers_answered(vr_draft, timezone.now())

    assert fresh(vr_draft).vehicle_details.facts_source == FactsSource.NONE


@pytest.mark.parametrize("outcome", ["", "unavailable"])
def test_a_silent_register_neither_gives_nor_takes_facts(vr_draft, outcome):
    add_check(vr_draft, "vehicle_passport", subject="vehicle", ground="VR.9.1", outcome=outcome)
    VR.registers_answered(vr_draft, timezone.now())

    assert fresh(vr_draft).vehicle_details.vehicle_facts == FACTS


@pytest.mark.parametrize(
    ("words", "colour", "rest"),
    [
        ("белый", Colour.WHITE, ""),
        ("Чёрный", Colour.BLACK, ""),
        ("light_blue", Colour.LIGHT_BLUE, ""),
        ("бело-синий", Colour.COMBINED, "бело-синий"),
        ("", "", ""),
    ],
)
def test_an_srts_names_a_base_colour_and_marks_the_rest(words, colour, rest):
    assert base_colour(words) == (colour, rest)


def test_the_facts_are_what_the_standard_looks_at(vr_draft):
    vr_draft.vehicle_details.altered_construction = True
    facts = VR.facts(vr_draft, PAPER_ENDED)

    assert (facts.channel, facts.applicant) == (Channel.FRONT_DESK, ApplicantKind.PERSON)
    assert facts.has("altered_construction")
    assert facts.has("electronic_passport_exists")
    assert not facts.has("previous_owner_is_organisation")


@pytest.mark.parametrize(
    ("numbers", "subject"),
    [
        ({"vin": vin_of(1)}, f"VIN:{vin_of(1)}"),
        ({"vin": "", "has_no_vin": True, "body_number": "B7"}, "BODY:B7"),
        ({"vin": "", "has_no_vin": True, "chassis_number": "F7"}, "CHASSIS:F7"),
        ({"vin": ""}, ""),
    ],
)
def test_the_subject_bars_a_second_application(vr_draft, numbers, subject):
    for name, value in numbers.items():
        setattr(vr_draft.vehicle_details, name, value)

    summary = VR.summary(vr_draft)
    assert summary.subject == subject
    assert summary.headline == "LADA Granta, 2026"


def test_the_officer_sees_where_the_register_differs(vr_draft):
    registered = {"vehicle": {**FACTS, "year": 2021, "vin": vin_of(1)}}
    add_check(vr_draft, "vehicle_passport", subject="vehicle", ground="VR.9.1", outcome="hit", facts=registered)

    shown = {line.label: (line.value, line.registered) for line in VR.facts_shown(vr_draft)}
    assert ("2026", "2021") in shown.values()
    assert (vin_of(1), "") in shown.values()


def asked(application, facts=None):
    return {(item.code, item.subject): item for item in VR.checks(application, facts or facts_of(application))}


def test_every_register_of_the_standard_is_asked_about_the_right_subject(vr_draft):
    questions = asked(vr_draft)

    assert set(questions) == {
        ("identity", "applicant"),
        ("consent", "applicant"),
        ("fines", "applicant"),
        ("wanted_persons", "applicant"),
        ("terrorism_list", "applicant"),
        ("proliferation_list", "applicant"),
        ("wanted_vehicles", "vehicle"),
        ("restrictions", "vehicle"),
        ("foreign_registration", "vehicle"),
        ("vehicle_passport", "vehicle"),
        ("recycling", "vehicle"),
    }
    assert questions["fines", "applicant"].question.scope == "any"
    assert questions["consent", "applicant"].question.service == "VR"


def test_without_numbers_only_people_are_asked_about(vr_empty):
    assert {subject for _code, subject in asked(vr_empty)} == {"applicant"}


def test_a_representative_is_asked_about_too(vr_draft):
    vr_draft.representative = make_applicant(2, surname="Ким")
    subjects = [code for code, subject in asked(vr_draft) if subject == "representative"]

    assert sorted(subjects) == ["identity", "proliferation_list", "terrorism_list", "wanted_persons"]


def test_an_organisation_is_asked_about_by_bin(vr_draft):
    organisation = Organisation.objects.create(bin="040340008429", name="АО «Жасыл Даму»")
    vr_draft.applicant_person, vr_draft.applicant_organisation = None, organisation
    questions = asked(vr_draft)

    assert questions["organisations", "applicant"].question.bin == organisation.bin
    assert questions["terrorism_list", "applicant"].question.kind == "organisation"
    assert ("wanted_persons", "applicant") not in questions


def test_a_foreigner_without_iin_is_proven_by_a_scan(vr_draft):
    vr_draft.applicant_person = Person.objects.create(
        surname="Müller", birth_date=date(1980, 1, 1), sex="male", citizenship="DEU", document_number="C01X00T47"
    )

    assert ("identity", "applicant") not in asked(vr_draft)
    assert asked(vr_draft)["wanted_persons", "applicant"].question.surname == "Müller"


def test_the_passport_is_asked_for_by_the_number_that_was_entered(vr_draft):
    vr_draft.vehicle_details.passport_number = "164300117031337"
    question = asked(vr_draft)["vehicle_passport", "vehicle"].question
    assert question == VehiclePassportQuestion(vin=vin_of(1), passport_number="164300117031337")

    vr_draft.vehicle_details.passport_number = "40 МК 123456"
    assert asked(vr_draft)["vehicle_passport", "vehicle"].question == VehiclePassportQuestion(vin=vin_of(1))


def test_the_recycling_certificate_must_reach_the_amount_of_the_law(vr_draft):
    """VR.8.1c, VR.6b: 1 596 cm³ in 2026 is 50 × 3.5 × 4 325 tenge."""
    vr_draft.vehicle_details.recycling_certificate_number = "026004099"
    question = asked(vr_draft)["recycling", "vehicle"].question

    assert (question.vin, question.certificate_number) == (vin_of(1), "026004099")
    assert Decimal(question.expected_amount) == Decimal("3.5") * 50 * 4325


def test_a_certificate_paid_last_year_is_measured_by_last_years_index(vr_draft):
    facts = {**PASSPORT, "issued_on": "2025-12-20"}
    add_check(vr_draft, "vehicle_passport", subject="vehicle", ground="VR.9.1", outcome="clear", facts=facts)

    expected = asked(vr_draft)["recycling", "vehicle"].question.expected_amount
    assert Decimal(expected) == Decimal(50 * 3932) * Decimal("3.5")


def test_an_unknown_vehicle_has_no_expected_amount(vr_empty):
    vr_empty.vehicle_details.vin = vin_of(1)

    assert asked(vr_empty)["recycling", "vehicle"].question.expected_amount is None


def pay(charge, receipt):
    """The gateway's report and the payment made of it, as the callback leaves them."""
    now = timezone.now()
    said = {"receipt": receipt, "amount": charge.amount, "paid_at": now, "received_at": now, "via": "callback"}
    said["payer_identifier"] = charge.application.applicant.identifier
    notice = PaymentNotice.objects.create(
        application=charge.application, charge=charge, reference=charge.reference, verdict="applied", **said
    )
    Payment.objects.create(charge=charge, notice=notice, **said)


def test_the_gateway_is_asked_once_the_books_say_paid(vr_draft):
    VR.assess(vr_draft, timezone.now())
    charges = list(Charge.objects.of(vr_draft).order_by("reference"))
    for number, charge in enumerate(charges):
        assert ("payments", "application") not in asked(vr_draft)
        pay(charge, f"R-{number}")

    question = asked(vr_draft)["payments", "application"].question
    assert [item.reference for item in question.references] == [charge.reference for charge in charges]


def test_a_known_vehicle_is_charged_by_the_standard(vr_draft):
    """VR.6a: primary registration fee, duty for the SRTS and for the plates; the recycling payment goes elsewhere."""
    VR.assess(vr_draft, timezone.now())

    assert {line.code: line.row for line in VR.charges(vr_draft)} == {
        "primary_registration_fee": "VR.6a",
        "certificate_duty": "VR.6a",
        "plate_duty": "VR.6a",
    }


def test_an_exemption_lifts_the_plate_duty_only(vr_draft):
    vr_draft.vehicle_details.exemption = "disability"
    VR.assess(vr_draft, timezone.now())

    amounts = {line.code: line.amount for line in VR.charges(vr_draft)}
    assert amounts["plate_duty"] == 0
    assert amounts["certificate_duty"] > 0


def test_an_unknown_vehicle_is_not_charged_yet(vr_empty):
    VR.assess(vr_empty, timezone.now())

    assert VR.charges(vr_empty) == []


def test_a_payment_is_asked_for_once_there_is_something_to_pay(vr_draft, vr_empty):
    """VR.8.1b: the proof of payment is due when anything is due."""
    assert "VR.8.1b" in {item.row for item in VR.documents(vr_draft, facts_of(vr_draft))}
    assert "VR.8.1b" not in {item.row for item in VR.documents(vr_empty, facts_of(vr_empty))}


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"vin": "XTA2190700000000Q"}, "details_vin_iso_3779"),
        ({"has_no_vin": True}, "details_vin_or_none"),
        ({"ownership_proof": "promise"}, "details_ownership_proof_law_o1"),
        ({"facts_source": "hearsay"}, "details_facts_source_known"),
        ({"facts_source": ""}, "details_facts_have_a_source"),
        ({"vehicle_facts": {}}, "details_facts_have_a_source"),
    ],
)
def test_the_database_refuses_details_that_cannot_be(vr_draft, changes, constraint):
    details = type(vr_draft.vehicle_details).objects.filter(application=vr_draft)
    with refused_by(constraint):
        details.update(**changes)
