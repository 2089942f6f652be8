"""VR-2 registration: a car on record passes to a new owner, verb by verb (VR.5a, VR.6a, VR.8.1f–j, LAW-O1)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications import handover, intake
from applications.errors import DomainError, InvalidInputError
from applications.models import Paper
from applications.states import State
from fees.models import Charge
from plates.models import Plate
from registration.models import Ownership, Registration, RegistrationCertificate
from tests.fixtures_road import Road, work
from tests.fixtures_sale import contract, filled, hand_in, held, issued, opened, sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def registered(road: Road):
    return road.registered()


def test_a_sold_car_is_registered_to_its_new_owner(road: Road, registered):
    """VR.5a: the old registration, SRTS and ownership end at the instant in which the new ones begin."""
    application = issued(road, sold(road, registered))

    old, new = Registration.objects.order_by("registered_at")
    seller, buyer = Ownership.objects.order_by("period")
    assert (new.kind, new.application, new.ended_at) == ("registration", application, None)
    assert (old.ended_at, old.ended_by) == (new.registered_at, application)
    assert (seller.period.upper, buyer.owner) == (buyer.period.lower, application.applicant)
    assert {item.state for item in old.certificates.all()} == {"replaced"}
    assert new.certificates.get().state == "valid"


def test_its_plates_move_with_it(road: Road, registered):
    """VR.8.1f, VR.6a: kept plates stay assigned, are not surrendered and cost no duty."""
    application = issued(road, sold(road, registered))

    plate = Plate.objects.get(number=registered.plate_number)
    assert (application.plate_number, plate.state) == (registered.plate_number, "assigned")
    assert plate.assignments.get(ended_at__isnull=True).registration.application == application
    charged = Charge.objects.of(application).live().values_list("code", "group")
    assert set(charged) == {("registration_fee", "reregistration"), ("certificate_duty", "")}


def test_new_plates_are_issued_and_the_old_ones_handed_in(road: Road, registered):
    """VR.8.1f: without the previous SRTS and plates nothing is handed over; the plates then lie at the office."""
    application = issued(road, sold(road, registered, plates_kept="no"))
    assert application.plate_number != registered.plate_number
    assert Charge.objects.of(application).live().filter(code="plate_duty").exists()

    with pytest.raises(DomainError) as refused:
        handover.hand_over(actor=road.desk, number=application.number, version=None, now=timezone.now())
    assert (refused.value.code, refused.value.row) == ("not_surrendered", "VR.8.1f")

    hand_in(road, application, "certificate", "plates")
    handover.hand_over(actor=road.desk, number=application.number, version=None, now=timezone.now())
    assert Plate.objects.get(number=registered.plate_number).state == "surrendered"


def test_a_lost_srts_is_declared(road: Road, registered):
    """VR.8.1f: what cannot be handed in is declared, and the register keeps that."""
    application = sold(road, registered)
    hand_in(road, application, "certificate", outcome="lost", words="Потерял при переезде")
    issued(road, application)

    assert RegistrationCertificate.objects.order_by("issued_at").first().state == "lost"


def test_the_papers_of_the_old_srts_say_that_it_is_replaced(road: Road, registered):
    application = issued(road, sold(road, registered))
    work(papers=True)

    papers = Paper.objects.filter(kind="registration_certificate").order_by("created_at")
    assert [(paper.application, paper.standing) for paper in papers] == [
        (registered, "replaced"),
        (application, "valid"),
    ]
    assert papers[1].content["plate"]["number"] == registered.plate_number
    assert papers[1].content["owner"]["identifier"] == application.applicant.identifier


@pytest.mark.parametrize(("seller", "buyer"), [("O-01", "P-01"), ("P-01", "O-01"), ("O-01", "O-02")])
def test_persons_and_organisations_sell_to_each_other(road: Road, seller, buyer):
    """VR.8.1g: a legal entity that sells hands over by its order, whoever buys."""
    registered = road.registered(seller)
    application = sold(road, registered, buyer, plates_kept="no")
    orders = application.documents.filter(requirement="transfer_order")

    assert orders.exists() is (seller == "O-01")
    assert issued(road, application).state == State.ISSUED
    assert Ownership.objects.get(period__upper_inf=True).owner == application.applicant


def test_the_order_of_a_selling_legal_entity_is_asked_for(road: Road):
    """VR.8.1g: the register, not the keyboard, tells that the seller is a legal entity."""
    registered = road.registered("O-01")
    application = filled(road, opened(road, "P-01"), **contract(registered, plates_kept="no"))

    assert "transfer_order" in intake.problems(application, timezone.now())


def test_an_inspection_is_asked_for_at_the_desk(road: Road, registered):
    """VR.8.1j."""
    application = held(road, sold(road, registered), is_inspected=False)

    with pytest.raises(DomainError) as refused:
        road.approve(application)
    assert "VR.8.1j" in str(refused.value.fields) + refused.value.row


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"found_by": "999ZZZ02"}, "found_by"),
        ({"found_by": "XTA219070PK000001"}, "found_by"),
        ({"seller_identifier": "920930430145"}, "seller_identifier"),
        ({"seller_identifier": "780105330211"}, "seller_identifier"),
        ({"seller_identifier": "850412330079"}, "seller_identifier"),
        ({"sold_on": "2099-01-01"}, "sold_on"),
        ({"sold_on": "2020-01-01"}, "sold_on"),
    ],
    ids=["no such plate", "no such VIN", "the buyer", "a stranger", "no such IIN", "the future", "before the seller's"],
)
def test_what_contradicts_the_register_is_said_at_its_field(road: Road, registered, details, field):
    """LAW-O1, VR.9.1: the sale is of this vehicle, by its registered owner, on a day on which they owned it."""
    application = opened(road, "P-02")

    with pytest.raises(InvalidInputError) as refused:
        filled(road, application, **contract(registered, **details))
    assert set(refused.value.fields) == {field}


def test_nobody_is_told_who_the_registered_owner_is(road: Road, registered):
    application = opened(road, "P-02")

    with pytest.raises(InvalidInputError) as refused:
        filled(road, application, **contract(registered, seller_identifier="780105330211"))
    said = str(refused.value.fields["seller_identifier"])
    assert registered.applicant.surname not in said
    assert registered.applicant.identifier not in said


def test_the_owner_does_not_buy_their_own_car(road: Road, registered):
    application = opened(road, "P-01")

    with pytest.raises(InvalidInputError) as refused:
        filled(road, application, found_by=registered.plate_number, plates_kept="yes")
    assert set(refused.value.fields) == {"found_by"}


def test_a_sale_without_seller_or_day_is_not_accepted(road: Road, registered):
    application = sold(road, registered, seller_identifier="", sold_on="")

    assert {"seller_identifier", "sold_on"} <= set(intake.problems(application, timezone.now()))


def test_plates_of_an_organisation_do_not_stay_on_a_persons_car(road: Road):
    """The format's holder must fit the new owner, else new plates are required."""
    registered = road.registered("O-01")
    application = opened(road, "P-01")

    with pytest.raises(InvalidInputError) as refused:
        filled(road, application, **contract(registered))
    assert set(refused.value.fields) == {"plates_kept"}


def test_a_second_application_for_the_car_is_refused(road: Road, registered):
    """VR.9.2: one open application for one vehicle."""
    first = sold(road, registered)
    road.pay(first)
    road.submit(first)
    second = sold(road, registered, "P-03")
    road.pay(second)

    with pytest.raises(DomainError) as refused:
        road.submit(second)
    assert refused.value.code == "second_open"


def test_a_car_that_waits_for_its_first_registration_is_told_so(road: Road):
    primary = road.accepted()
    application = opened(road, "P-02")

    with pytest.raises(InvalidInputError) as refused:
        filled(road, application, found_by=primary.vehicle_details.vin)
    assert primary.number in str(refused.value.fields["found_by"])


def test_a_changed_registration_bars_approval(road: Road, registered):
    """VR.9.2: what was looked at when the vehicle was found must still stand."""
    application = held(road, sold(road, registered))
    Registration.objects.update(ended_at=timezone.now() + timedelta(seconds=1))

    with pytest.raises(DomainError) as refused:
        road.approve(application)
    assert "VR.9.2" in str(refused.value.fields) + refused.value.row
