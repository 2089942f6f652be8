"""VR-3: recorded data are updated, with the charges of VR.6d and the papers of VR.8.1."""

import pytest
from django.utils import timezone
from django.utils.translation import override

from applications.errors import DomainError, InvalidInputError
from applications.models import Application, Paper
from applications.services import facts_of, service_of
from applications.states import State
from people.models import Person
from plates.models import Plate
from registration.models import RegistrationCertificate, VehicleChange
from registration.papers import certificate_content
from registration.standard.updating import ON_CERTIFICATE
from tests import fixtures_updates as updates
from tests.fixtures_api import opened
from tests.fixtures_registers import demo_vehicle
from tests.fixtures_road import work
from tests.fixtures_updates import ENGINE, drafted, held, issued, on_record

pytestmark = pytest.mark.django_db


def codes(application):
    return {line.code: line.row for line in service_of(application).charges(application)}


def needs(application):
    return {rule.code: rule.row for rule in service_of(application).documents(application, facts_of(application))}


def lines(application):
    """What the officer is shown, by its English label."""
    with override("en"):
        return {line.label: line for line in service_of(application).facts_shown(application)}


def test_a_new_colour_replaces_the_srts_and_is_charged(road):
    """VR.6d: colour stands on the SRTS, so fee and duty are due; VR.8.1f: the previous SRTS comes back."""
    application = drafted(road, "colour", colour="red")

    assert codes(application) == {"registration_fee": "VR.6d", "certificate_duty": "VR.6d"}
    assert application.vehicle_details.changes == {"colour": {"before": "white", "after": "red"}}
    assert needs(application)["previous_papers"] == "VR.8.1f"
    assert {"ownership_proof": "VR.8.1h", "inspection": "VR.8.1j"}.items() <= needs(application).items()


def test_what_the_srts_does_not_show_is_free(road):
    """VR.6d: the body type does not stand on the SRTS, so it stays and nothing is due."""
    application = held(road, "reequipment", body_type="фургон")
    assert codes(application) == {}
    assert "payment" not in needs(application)

    road.approve(application)
    work()
    assert on_record().body_type == "фургон"
    assert RegistrationCertificate.objects.count() == 1
    assert not service_of(application).results(road.fresh(application))


def test_the_register_takes_the_data_and_keeps_the_earlier_ones(road):
    application = issued(road, "colour", "engine", colour="red", **ENGINE)
    vehicle = on_record()

    assert application.state == State.ISSUED
    assert (vehicle.colour, vehicle.engine_number, vehicle.engine_volume_cm3) == ("red", "EA900417", 2494)
    history = {row.field: (row.before, row.after) for row in VehicleChange.objects.filter(application=application)}
    assert history["colour"] == ("white", "red")
    assert history["engine_volume_cm3"] == (2487, 2494)


def test_a_replaced_srts_makes_the_earlier_one_and_its_paper_replaced(road):
    """VR.6d, VR.5a: one SRTS in force; /verify/ says of the earlier paper that it was replaced."""
    road.issued()
    application = issued(road, "colour", colour="red")

    first, second = RegistrationCertificate.objects.order_by("issued_at")
    assert (first.state, second.state) == ("replaced", "valid")
    standings = dict(Paper.objects.filter(kind="registration_certificate").values_list("content__number", "standing"))
    assert standings == {first.number: "replaced", second.number: "valid"}
    assert [item.number for item in service_of(application).results(application)] == [second.number]


def test_the_address_comes_from_the_population_register(road):
    """Owner's name and address are never typed: the register's own differ from what the SRTS shows."""
    road.issued()
    Paper.objects.filter(kind="registration_certificate").update(content=moved("registration_certificate"))
    application = drafted(road, "owner")

    change = application.vehicle_details.changes["owner_address"]
    assert change == {"before": "г. Алматы, ул. Старая, д. 1", "after": application.applicant.address}
    assert codes(application) == {"registration_fee": "VR.6d", "certificate_duty": "VR.6d"}
    shown = lines(application)
    assert shown["Address of the owner"].registered == "г. Алматы, ул. Старая, д. 1"


def moved(kind):
    paper = Paper.objects.get(kind=kind)
    return {**paper.content, "owner": {**paper.content["owner"], "address": "г. Алматы, ул. Старая, д. 1"}}


def test_a_name_that_did_not_change_is_no_update(road):
    road.issued()
    application = drafted(road, "owner")

    assert application.vehicle_details.changes == {}
    assert "update_reasons" in service_of(application).intake_problems(application)


def test_a_lost_srts_is_a_duplicate(road):
    """VR.6d: fee for a duplicate of the registration document and the duty; the old one is lost, not only replaced."""
    application = issued(road, "certificate")
    fees = {charge.code: charge.group for charge in application.charges.all()}
    assert fees == {"registration_fee": "duplicate_document", "certificate_duty": ""}

    updates.take_in(road, application, "certificate", "lost")
    first, second = RegistrationCertificate.objects.order_by("issued_at")
    assert (first.state, second.state) == ("lost", "valid")


def test_re_equipment_asks_for_its_certificate_of_conformity(road):
    """VR.8.1i."""
    application = drafted(road, "reequipment", maximum_mass_kg="2100", special_marks="Установлено ГБО")

    assert needs(application)["conformity_certificate"] == "VR.8.1i"
    assert set(application.vehicle_details.changes) == {"maximum_mass_kg", "special_marks"}


def test_an_engine_comes_with_its_document(road):
    """VR.8.1h: the engine is owned like the vehicle; the officer sees both numbers."""
    application = drafted(road, "engine", **ENGINE)

    assert needs(application)["change_document"] == "VR.8.1h"
    shown = lines(application)
    assert shown["Engine number"].value == "EA900417"
    assert shown["Engine number"].registered != ""


def test_the_table_of_the_srts_is_what_the_paper_prints(road):
    """VR.6d: whatever the SRTS prints of the vehicle and its owner replaces it, and nothing else does."""
    application = road.issued()
    told = set(certificate_content(application))
    of_the_paper = {"number", "application_number", "plate", "owner", "office", "first_registered_on", "issued_on"}
    of_the_table = ON_CERTIFICATE - {"owner_name", "owner_address", "plate"}

    assert told - of_the_paper == of_the_table


@pytest.mark.parametrize(
    ("reasons", "data", "field"),
    [
        (("colour",), {"colour": "beige"}, "colour"),
        (("mistake",), {"vin": "XWFPK2344PK10357"}, "vin"),
        (("mistake",), {"vin": "", "body_number": "", "chassis_number": ""}, "vin"),
        (("mistake",), {"year": "3000"}, "year"),
        (("mistake",), {"make": ""}, "make"),
        (("mistake",), {"colour": "red", "explanation": " "}, "explanation"),
        ((), {}, "update_reasons"),
    ],
)
def test_what_cannot_be_recorded_is_refused_at_its_field(road, reasons, data, field):
    with pytest.raises(InvalidInputError) as refused:
        drafted(road, *reasons, **data)

    assert field in refused.value.fields
    assert not VehicleChange.objects.exists()


def test_a_vin_is_not_corrected_to_another_cars(road):
    road.issued()
    other = road.issued("P-02", "V-02")
    with pytest.raises(InvalidInputError) as refused:
        drafted(road, "mistake", vin=other.vehicle_details.vin)

    assert set(refused.value.fields) == {"vin"}


def test_registers_are_asked_about_a_corrected_vin_too(road):
    """VR.9.5, VR.9.7: a wanted car does not become another one by a correction of its number."""
    wanted = demo_vehicle("V-22")["vin"]
    application = held(road, "mistake", vin=wanted)
    checks = {(check.code, check.subject): check for check in application.checks.all()}

    assert checks["wanted_vehicles", "corrected_number"].question["vin"] == wanted
    assert checks["wanted_vehicles", "corrected_number"].outcome == "hit"
    assert checks["wanted_vehicles", "vehicle"].outcome == checks["restrictions", "corrected_number"].outcome == "clear"
    with pytest.raises(DomainError) as barred:
        road.approve(application)
    assert barred.value.code == "not_approvable"


def test_a_vin_that_another_car_took_meanwhile_is_refused_by_the_database(road):
    application = held(road, "mistake", vin="Z94SH9580LH107142")
    road.approve(application)
    other = on_record()
    other.pk, other.vin = None, "Z94SH9580LH107142"
    other.save()
    work()

    assert road.fresh(application).held_up_by == "vehicle_registered"
    assert not VehicleChange.objects.exists()


def test_only_the_owner_updates(road):
    road.issued()
    application = updates.ask(road, updates.open_update(road, "P-02"), "colour", colour="red")

    assert "found_by" in service_of(application).intake_problems(application)


def test_a_vehicle_off_the_record_has_nothing_to_update(road):
    road.issued()
    plate = updates.road_plate("V-01")
    updates.registration_of().__class__.objects.update(ended_at=timezone.now())
    application = updates.open_update(road)
    with pytest.raises(InvalidInputError) as refused:
        updates.save_details(road, application, {"found_by": plate, "update_reasons": ["colour"]})

    assert "found_by" in refused.value.fields


def test_an_update_that_nothing_is_left_of_bars_approval(road):
    application = held(road, "colour", colour="red")
    vehicle = on_record()
    vehicle.colour = "red"
    vehicle.save(update_fields=["colour"])
    with pytest.raises(DomainError) as refused:
        road.approve(application)

    assert "nothing_changes" in refused.value.fields


def test_an_update_is_taken_back_with_its_srts(road):
    application = issued(road, "colour", colour="red")
    said = service_of(application).undo(application, timezone.now())

    first, second = RegistrationCertificate.objects.order_by("issued_at")
    assert (on_record().colour, first.state, second.state) == ("white", "valid", "revoked")
    assert len(said) == 3
    assert not VehicleChange.objects.filter(undone_at__isnull=True).exists()


def test_a_later_update_keeps_the_earlier_one(road):
    earlier = issued(road, "colour", colour="red")
    issued(road, "colour", colour="blue")
    with pytest.raises(DomainError) as refused:
        service_of(earlier).undo(earlier, timezone.now())

    assert refused.value.code == "cannot_be_undone"
    assert on_record().colour == "blue"


def test_the_register_of_people_is_asked_again_for_an_owner(road):
    """The address that goes on the SRTS is the register's answer to this application."""
    road.issued()
    Person.objects.filter(iin__isnull=False).update(address="г. Алматы, ул. Устаревшая, д. 2")
    application = drafted(road, "owner")

    assert "Устаревшая" not in road.fresh(application).applicant.address


@pytest.mark.parametrize(("outcome", "state"), [("stolen", "stolen"), ("lost", "lost"), ("returned", "surrendered")])
def test_plates_that_are_gone_are_replaced_by_others(road, outcome, state):
    """VR.6a: the plate duty is due; VR.6d: the number stands on the SRTS; VR.8.1f: the old plates are accounted for."""
    application = issued(road, "plates")
    assert codes(application) == {"registration_fee": "VR.6d", "certificate_duty": "VR.6d", "plate_duty": "VR.6a"}
    plates, certificate = VehicleChange.objects.filter(application=application).order_by("-field")
    assert (plates.field, certificate.field) == ("plate", "certificate")
    assert updates.road_plate("V-01") == plates.after == application.plate_number

    updates.take_in(road, application, "plates", outcome)
    assert Plate.objects.get(number=plates.before).state == state


def test_plates_that_were_replaced_do_not_come_back(road):
    application = issued(road, "plates")
    with pytest.raises(DomainError) as refused:
        service_of(application).undo(application, timezone.now())

    assert refused.value.code == "cannot_be_undone"


def test_an_update_over_a_portal_is_paid_before_it_is_accepted(road, portal):
    """VR.6d: nothing is issued that was not paid for; an update that keeps the SRTS is free."""
    registered = road.issued()
    number = opened(portal, registered.applicant.identifier, "VR-3").json()["number"]
    case = f"applications/{number}"
    details = {"found_by": registered.plate_number, "update_reasons": ["certificate"]}
    portal.put(f"{case}/details", details, match=portal.get(case)["ETag"])
    work()
    refused = portal.post(f"{case}/submit", match=portal.get(case)["ETag"])
    assert (refused.status_code, refused.json()["code"]) == (422, "incomplete")
    assert [line["field"] for line in refused.json()["errors"]] == ["payment"]
    road.pay(Application.objects.get(number=number))
    assert portal.post(f"{case}/submit", match=portal.get(case)["ETag"]).status_code == 200
