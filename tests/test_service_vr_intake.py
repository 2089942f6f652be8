"""What keeps a VR-1 draft from being accepted, each with the way out (VR.8, VR.9, LAW-E1, LAW-O1)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from applications.errors import DomainError
from applications.models import Application
from applications.services import service
from fees.models import Tariff
from people.models import Organisation, PowerOfAttorney, Scope
from plates.models import Plate
from registration.models import FactsSource
from tests.fixtures_registration import add_check, make_applicant, make_case, make_registration, make_vehicle, vin_of
from tests.test_service_vr import PAPER_ENDED, PAPER_SERVED, asked, fresh

VR: Any = service("VR")


def problems(application):
    return VR.intake_problems(fresh(application))


def test_a_sound_draft_has_no_problems(vr_draft):
    assert problems(vr_draft) == {}


def test_a_draft_without_number_and_proof_is_not_accepted(vr_empty):
    assert set(problems(vr_empty)) == {"vin", "ownership_proof"}


def test_a_vin_registered_already_names_the_way_out(vr_draft, front_desk):
    plate = Plate.objects.get(number="417KZN02")
    make_registration(make_vehicle(vin_of(1)), make_case(front_desk, number=2), plate=plate)

    message = problems(vr_draft)["vin"]
    assert "417KZN02" in message
    assert vin_of(1) in message


def test_a_vin_taken_off_the_record_may_be_registered_again(vr_draft, front_desk):
    past = timezone.now() - timedelta(days=9)
    ended = {"registered_at": past, "ended_at": timezone.now()}
    make_registration(make_vehicle(vin_of(1)), make_case(front_desk, number=2), **ended)

    assert "vin" not in problems(vr_draft)


def power(vr_draft, **changes):
    representative = make_applicant(2, surname="Ким")
    today = timezone.localdate()
    paper = PowerOfAttorney.objects.create(
        **{
            "number": "17",
            "representative": representative,
            "grantor_person": vr_draft.applicant_person,
            "scope": [Scope.REGISTER],
            "issued_on": today - timedelta(days=400),
            "expires_on": today + timedelta(days=30),
            **changes,
        }
    )
    Application.objects.filter(pk=vr_draft.pk).update(representative=representative, power_of_attorney=paper)
    return paper


def test_a_power_of_attorney_that_covers_the_act_is_enough(vr_draft):
    power(vr_draft)
    assert problems(vr_draft) == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"expires_on": timezone.localdate() - timedelta(days=1)},
        {"scope": [Scope.LICENCE]},
        {"revoked_at": timezone.now() - timedelta(days=2)},
        {"issued_on": timezone.localdate() + timedelta(days=1)},
    ],
)
def test_a_power_of_attorney_that_does_not_hold_is_refused(vr_draft, changes):
    power(vr_draft, **changes)

    assert list(problems(vr_draft)) == ["power_of_attorney"]


def test_a_power_of_attorney_of_somebody_else_is_refused(vr_draft):
    power(vr_draft, grantor_person=make_applicant(3))

    assert list(problems(vr_draft)) == ["power_of_attorney"]


def test_an_organisation_needs_a_person_and_its_head_needs_no_paper(vr_draft):
    organisation = Organisation.objects.create(bin="040340008429", name="АО «Жасыл Даму»")
    Application.objects.filter(pk=vr_draft.pk).update(applicant_person=None, applicant_organisation=organisation)
    assert list(problems(vr_draft)) == ["representative"]

    head = make_applicant(5)
    Application.objects.filter(pk=vr_draft.pk).update(representative=head)
    assert list(problems(vr_draft)) == ["power_of_attorney"]

    add_check(vr_draft, "organisations", ground="VR.9.1", outcome="clear", facts={"head": {"iin": head.iin}})
    assert problems(vr_draft) == {}


@pytest.mark.parametrize("outcome", ["", "unavailable"])
def test_while_the_passport_register_is_silent_nothing_can_be_charged(vr_draft, outcome):
    details = vr_draft.vehicle_details
    details.vehicle_facts, details.facts_source = {}, FactsSource.NONE
    details.save()
    add_check(vr_draft, "vehicle_passport", subject="vehicle", ground="VR.9.1", outcome=outcome)

    assert list(problems(vr_draft)) == ["vehicle_passport"]


@pytest.mark.parametrize(("on", "fields"), [(PAPER_SERVED, ["vehicle_facts"]), (PAPER_ENDED, [])])
def test_a_missing_electronic_passport_before_and_after_law_e1(vr_draft, on, fields, monkeypatch):
    """LAW-E1: before it the paper is entered; after it the application is taken in and refused on VR.9.1."""
    monkeypatch.setattr("applications.services.day_of", lambda application: on)
    details = vr_draft.vehicle_details
    details.vehicle_facts, details.facts_source = {}, FactsSource.NONE
    details.save()
    add_check(
        vr_draft,
        "vehicle_passport",
        subject="vehicle",
        ground="VR.9.1",
        finding=("vehicle_passport.missing", {}),
        paper_serves=on == PAPER_SERVED,
    )

    assert list(problems(vr_draft)) == fields


def test_a_missing_tariff_blocks_with_its_name(vr_draft):
    """VR.6b: an empty coefficient is never read as zero."""
    Tariff.objects.filter(code="recycling_coefficient").update(rate=None)

    assert "recycling_certificate" in problems(vr_draft)
    assert asked(fresh(vr_draft))["recycling", "vehicle"].question.expected_amount is None


def test_a_charge_without_a_rate_blocks_the_intake(vr_draft):
    Tariff.objects.filter(code="plate_duty").update(rate=None)
    VR.assess(vr_draft, timezone.now())

    assert list(problems(vr_draft)) == ["payment"]


def test_an_unknown_vehicle_bars_approval(vr_empty):
    with pytest.raises(DomainError) as refused:
        VR.before_approval(vr_empty)

    assert (refused.value.code, refused.value.row) == ("vehicle_unknown", "VR.8.1d")
