"""The effect of an approval (VR.5a): registration, ownership, plate, blank and SRTS, all or nothing, once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from applications import issuing
from applications.errors import DomainError
from applications.models import Application
from applications.states import State
from people.models import Organisation
from plates.models import Plate
from plates.numbers import series
from plates.stock import enter
from registration import blanks
from registration.issuing import register
from registration.models import CertificateBlank, Ownership, Registration, RegistrationCertificate, Vehicle
from registration.papers import certificate_content
from tests.fixtures_registration import (
    FACTS,
    make_applicant,
    make_case,
    make_registration,
    make_vehicle,
    vin_of,
)


@pytest.fixture
def approved(almaty_stock, front_desk, officer):
    return make_case(front_desk, state=State.APPROVED, holder=officer)


def issue(application):
    issuing.issue(application.number)
    return Application.objects.get(pk=application.pk)


def test_an_approval_becomes_registration_plate_and_certificate(approved):
    application = issue(approved)

    registration = Registration.objects.select_related("vehicle").get(application=application)
    assert (application.state, application.plate_number) == (State.ISSUED, "417KZN02")
    assert (registration.vehicle.vin, registration.kind) == (vin_of(1), "primary")
    assert registration.certificates.get().number == "AB00000001"
    assert Ownership.objects.get(vehicle=registration.vehicle).owner == application.applicant


def test_issuing_again_changes_nothing(approved):
    issue(approved)
    application = issue(approved)

    assert Registration.objects.count() == RegistrationCertificate.objects.count() == 1
    assert Plate.objects.filter(state="assigned").count() == 1
    assert CertificateBlank.objects.filter(state="issued").count() == 1
    assert application.plate_number == "417KZN02"


@pytest.mark.parametrize(
    ("changes", "plate"),
    [
        ({"category": "L3"}, "41KZN02"),
        ({"category": "O1", "fuel": "none"}, "41TRA02"),
    ],
)
def test_the_vehicle_decides_the_plate(approved, changes, plate):
    approved.vehicle_details.vehicle_facts = {**FACTS, **changes}
    approved.vehicle_details.save()

    assert issue(approved).plate_number == plate


def test_an_organisation_gets_plates_of_two_letters(approved):
    organisation = Organisation.objects.create(bin="040340008429", name="АО «Жасыл Даму»")
    Application.objects.filter(pk=approved.pk).update(applicant_person=None, applicant_organisation=organisation)

    assert issue(approved).plate_number == "417KZ02"
    assert Ownership.objects.get().owner_organisation == organisation


def test_a_vehicle_without_vin_is_known_by_its_frame(approved):
    approved.vehicle_details.vin = ""
    approved.vehicle_details.chassis_number = "FRAME0042"
    approved.vehicle_details.save()
    issue(approved)

    vehicle = Vehicle.objects.get()
    assert (vehicle.vin, vehicle.identity) == (None, "FRAME0042")


def test_a_vehicle_that_was_off_the_record_is_brought_up_to_date(approved):
    old = make_vehicle(vin_of(1), colour="red")
    issue(approved)

    assert Vehicle.objects.get().pk == old.pk
    assert Vehicle.objects.get().colour == "white"


def nothing_written():
    return not Registration.objects.exists() and not Plate.objects.filter(state="assigned").exists()


@pytest.mark.parametrize("missing", ["plates", "blanks"])
def test_an_empty_stock_leaves_the_application_approved(approved, missing):
    if missing == "plates":
        Plate.objects.filter(format_id="person_car_2012").update(is_high_demand=True)
    else:
        CertificateBlank.objects.update(state="issued")
    with pytest.raises(DomainError) as refused:
        issue(approved)

    assert refused.value.code == f"{missing}.stock_empty"
    assert nothing_written()
    assert Application.objects.get(pk=approved.pk).state == State.APPROVED


def test_once_plates_arrive_the_issue_goes_on(approved, almaty_police, plate_formats):
    car = plate_formats["person_car_2012"]
    Plate.objects.filter(format=car).update(is_high_demand=True)
    with pytest.raises(DomainError):
        issue(approved)
    enter(almaty_police, car, ["500KZT02", "501KZT02"], reference="N-2", received_by=None, now=timezone.now())

    assert issue(approved).plate_number == "501KZT02"


def test_a_vehicle_already_registered_is_not_registered_again(approved, front_desk):
    make_registration(make_vehicle(vin_of(1)), make_case(front_desk, number=2))
    with pytest.raises(DomainError) as refused:
        issue(approved)

    assert (refused.value.code, refused.value.row) == ("vehicle_registered", "VR.9.2")
    assert Registration.objects.count() == 1


def test_a_vehicle_nobody_described_is_not_registered(approved):
    approved.vehicle_details.vehicle_facts, approved.vehicle_details.facts_source = {}, ""
    approved.vehicle_details.save()
    with pytest.raises(DomainError) as refused:
        issue(approved)

    assert refused.value.code == "vehicle_unknown"
    assert nothing_written()


def test_the_certificate_prints_what_the_register_holds(approved):
    with transaction.atomic():
        register(approved, timezone.now())
    printed = certificate_content(approved)

    assert printed["plate"] == {
        "number": "417KZN02",
        "main": "417 KZN",
        "region": "02",
        "background": "white",
        "text_colour": "black",
    }
    assert (printed["vin"], printed["number"], printed["year"]) == (vin_of(1), "AB00000001", 2026)
    assert printed["owner"]["identifier"] == approved.applicant.identifier
    assert printed["first_registered_on"] == printed["issued_on"] == timezone.localdate().isoformat()


@pytest.mark.django_db(transaction=True)
def test_an_issue_costs_the_same_whatever_the_stock(almaty_stock, front_desk, officer, django_assert_max_num_queries):
    """Fifteen statements between BEGIN and COMMIT."""
    case = make_case(front_desk, state=State.APPROVED, holder=officer)
    with django_assert_max_num_queries(17):
        issuing.issue(case.number)


@pytest.mark.django_db(transaction=True)
def test_two_hundred_parallel_issues_get_two_hundred_plates(almaty_police, plate_formats, front_desk, officer):
    car, now, count = plate_formats["person_car_2012"], timezone.now(), 200
    numbers = series(car, "142KZP02", count + 60)
    enter(almaty_police, car, numbers, reference="N-200", received_by=None, now=now)
    blanks.enter(almaty_police, blanks.series("AE00000001", count), received_by=None, now=now)
    owner = make_applicant()
    cases = [
        make_case(front_desk, number=number, state=State.APPROVED, holder=officer, applicant=owner)
        for number in range(1, count + 1)
    ]

    def work(application):
        try:
            issuing.issue(application.number)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=16) as pool:
        list(pool.map(work, cases))

    given_out = set(Application.objects.filter(state=State.ISSUED).values_list("plate_number", flat=True))
    assert len(given_out) == count
    assert Plate.objects.filter(state="assigned").count() == count
    assert CertificateBlank.objects.filter(state="issued").count() == count
    assert RegistrationCertificate.objects.filter(state="valid").count() == count


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_one_application_issue_once(almaty_stock, front_desk, officer):
    case = make_case(front_desk, state=State.APPROVED, holder=officer)

    def work(_):
        try:
            return issuing.issue(case.number).state
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as pool:
        states = list(pool.map(work, range(4)))

    assert states == [State.ISSUED] * 4
    assert Registration.objects.count() == Plate.objects.filter(state="assigned").count() == 1
