"""VR-2 deregistration: a vehicle leaves the record, free of charge, and can come back (VR.5b, VR.6c, VR.8.2)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications import intake, issuing
from applications.errors import DomainError, InvalidInputError, NotAllowedError
from applications.models import Paper
from applications.paper_contents import handover_content
from applications.papers import request
from applications.states import State
from fees.models import Charge
from plates.models import Plate
from registration import on_record
from registration.models import Ownership, Registration, RegistrationCertificate
from tests.fixtures_road import Road, work
from tests.fixtures_sale import contract, filled, hand_in, held, issued, leaving, opened, sold
from tests.test_query_counts import MOST, statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def registered(road: Road):
    return road.registered()


def gone(road: Road, registered, **details):
    """The car taken off the record, everything handed in."""
    application = leaving(road, registered, **details)
    hand_in(road, application, "certificate", "plates")
    return issued(road, application, is_inspected=False)


def test_a_car_is_taken_off_the_record(road: Road, registered):
    """VR.5b: registration and SRTS end with an entry; the owner stays its owner."""
    application = gone(road, registered)

    registration = Registration.objects.get()
    assert (application.state, registration.ended_by) == (State.ISSUED, application)
    assert RegistrationCertificate.objects.get().state == "ended"
    assert Plate.objects.get(number=registered.plate_number).state == "surrendered"
    assert Ownership.objects.get(period__upper_inf=True).owner == registered.applicant


def test_it_is_free_and_needs_no_inspection(road: Road, registered):
    """VR.6c, VR.8.2: identity, ownership, previous papers – and nothing to pay."""
    application = leaving(road, registered)

    assert not Charge.objects.of(application).live().exists()
    assert intake.problems(application, timezone.now()) == {}


def test_without_srts_and_plates_it_is_not_approved(road: Road, registered):
    """VR.8.2c: they are in, or declared lost, before the decision."""
    application = held(road, leaving(road, registered), is_inspected=False)
    with pytest.raises(DomainError) as refused:
        road.approve(application)
    assert "VR.8.2c" in str(refused.value.fields) + refused.value.row

    hand_in(road, application, "certificate", "plates", outcome="lost", words="Сгорели вместе с автомобилем")
    assert road.approve(application).state == State.APPROVED


def test_a_reason_is_asked_for(road: Road, registered):
    """VR.5b."""
    application = leaving(road, registered, deregistration_reason="")

    assert set(intake.problems(application, timezone.now())) == {"deregistration_reason"}


def test_what_is_off_the_record_is_not_taken_off_again(road: Road, registered):
    """VR.9.2: kindly, with the day and the way back."""
    gone(road, registered)
    application = opened(road, "P-01")

    with pytest.raises(InvalidInputError) as refused:
        filled(road, application, act="deregistration", found_by=registered.plate_number)
    assert f"{timezone.localdate():%d.%m.%Y}" in str(refused.value.fields["found_by"])


def test_a_stranger_does_not_take_a_car_off_the_record(road: Road, registered):
    """VR.8.2b: whoever is not the registered owner names the sale by which the car is theirs."""
    application = filled(
        road, opened(road, "P-02"), act="deregistration", found_by=registered.plate_number, ownership_proof="notarised"
    )

    assert {"seller_identifier", "sold_on"} <= set(intake.problems(application, timezone.now()))


def test_a_buyer_may_take_a_car_off_the_record(road: Road, registered):
    """VR.8.2b: the ownership passes at the instant of the entry."""
    application = filled(
        road, opened(road, "P-02"), **contract(registered, act="deregistration", deregistration_reason="export")
    )
    road.attach(application, "ownership_proof")
    hand_in(road, application, "certificate", "plates")
    issued(road, application, is_inspected=False)

    seller, buyer = Ownership.objects.order_by("period")
    assert seller.period.upper == buyer.period.lower
    assert buyer.owner == application.applicant


def test_the_owners_car_comes_back(road: Road, registered):
    """VR.5a: registered again by its owner, with new plates; no previous papers exist, and the ownership goes on."""
    gone(road, registered)
    application = filled(
        road,
        opened(road, "P-01"),
        found_by=registered.vehicle_details.vin,
        ownership_proof="notarised",
        plates_kept="no",
    )
    road.attach(application, "ownership_proof")
    application = issued(road, application)

    assert application.state == State.ISSUED
    assert on_record.registration_of(Registration.objects.first().vehicle).application == application
    assert Ownership.objects.count() == 1
    assert not application.surrenders.exists()


@pytest.mark.parametrize("buyer", ["P-01", "P-02"])
def test_a_car_takes_its_stored_plates_back(road: Road, registered, buyer):
    """VR.6a: within the term of storage the number is the vehicle's again, and no plate duty is due."""
    gone(road, registered)
    sale = contract(registered, found_by=registered.vehicle_details.vin)
    if buyer == "P-01":
        sale |= {"seller_identifier": "", "sold_on": ""}
    application = filled(road, opened(road, buyer), **sale)
    road.attach(application, "ownership_proof")
    assert not Charge.objects.of(application).live().filter(code="plate_duty").exists()
    approved = road.approve(held(road, application))
    assert len(statements(lambda: issuing.issue(approved.number))) <= MOST

    assert road.fresh(application).plate_number == registered.plate_number
    assert Plate.objects.get(number=registered.plate_number).state == "assigned"


def test_lost_plates_are_not_taken_back(road: Road, registered):
    application = leaving(road, registered)
    hand_in(road, application, "certificate")
    hand_in(road, application, "plates", outcome="stolen", words="Украдены ночью")
    issued(road, application, is_inspected=False)
    assert Plate.objects.get(number=registered.plate_number).state == "stolen"

    with pytest.raises(InvalidInputError) as refused:
        filled(road, opened(road, "P-01"), found_by=registered.vehicle_details.vin, plates_kept="yes")
    assert set(refused.value.fields) == {"plates_kept"}


def test_a_new_owner_brings_a_car_back(road: Road, registered):
    gone(road, registered)
    application = filled(
        road,
        opened(road, "P-02"),
        **contract(registered, found_by=registered.vehicle_details.vin, plates_kept="no"),
    )
    road.attach(application, "ownership_proof")
    issued(road, application)

    seller, buyer = Ownership.objects.order_by("period")
    assert (seller.period.upper, buyer.owner) == (buyer.period.lower, application.applicant)


def test_a_dismantled_car_does_not_come_back(road: Road, registered):
    gone(road, registered, deregistration_reason="scrapping")
    application = opened(road, "P-01")

    with pytest.raises(InvalidInputError) as refused:
        filled(road, application, found_by=registered.vehicle_details.vin, plates_kept="no")
    assert set(refused.value.fields) == {"found_by"}


def test_a_draft_changes_from_one_act_to_the_other(road: Road, registered):
    """The details of the act that was left go; those of both stay."""
    application = opened(road, "P-02")
    sale = contract(registered, deregistration_reason="export")
    filled(road, application, **{**sale, "act": "deregistration"})
    application = filled(road, application, **{**sale, "act": "registration"})

    details = application.vehicle_details
    assert (details.act, details.deregistration_reason, details.vehicle is not None) == ("registration", None, True)


def test_the_papers_of_its_srts_are_revoked(road: Road, registered):
    """VR.5b: whoever scans the code of an SRTS that has ended is told so."""
    work(papers=True)
    gone(road, registered)

    paper = Paper.objects.get(kind="registration_certificate")
    assert (paper.application, paper.standing) == (registered, "revoked")


def test_an_ended_registration_before_the_issue_stops_it(road: Road, registered):
    """VR.9.2: what was sold meanwhile is not taken off the record by its former owner."""
    application = leaving(road, registered)
    hand_in(road, application, "certificate", "plates")
    application = held(road, application, is_inspected=False)
    Registration.objects.update(ended_at=timezone.now() + timedelta(seconds=1))

    with pytest.raises(DomainError) as refused:
        road.approve(application)
    assert "VR.9.2" in str(refused.value.fields) + refused.value.row


def test_a_sale_and_a_deregistration_of_one_car_exclude_each_other(road: Road, registered):
    first = sold(road, registered)
    road.pay(first)
    road.submit(first)

    with pytest.raises(DomainError) as refused:
        road.submit(leaving(road, registered))
    assert refused.value.code == "second_open"


def test_a_confirmation_is_printed_on_request(road: Road, registered):
    """VR.5b: the entry is the result; a paper is made only when somebody asks for it, and no SRTS with it."""
    application = gone(road, registered)
    work(papers=True)
    assert set(application.papers.values_list("kind", flat=True)) == {"receipt", "handover_sheet"}

    request(actor=road.desk, number=application.number, kind="deregistration_confirmation", now=timezone.now())
    work(papers=True)
    paper = application.papers.get(kind="deregistration_confirmation")
    assert (paper.state, paper.content["plate"]) == ("ready", registered.plate_number)
    assert paper.content["deregistered_on"] == timezone.localdate().isoformat()


def test_no_other_paper_is_made_on_request(road: Road, registered):
    """VR.5b: a registration gives no confirmation of a deregistration."""
    with pytest.raises(InvalidInputError):
        request(actor=road.desk, number=registered.number, kind="deregistration_confirmation", now=timezone.now())
    with pytest.raises(NotAllowedError):
        request(actor=road.officer, number=registered.number, kind="deregistration_confirmation", now=timezone.now())


def test_nothing_but_the_entry_is_handed_over(road: Road, registered):
    application = gone(road, registered)

    sheet = handover_content(application)
    assert (sheet["plate"], len(sheet["handed_out"])) == ("", 1)
    assert [item["is_done"] for item in sheet["handed_in"]] == [True]
