"""PD walked by its verbs: a duplicate from the front desk to the hand-over, row by row."""

from decimal import Decimal

import pytest
from django.utils import timezone

from applications import handover, surrendering
from applications.acting import Actor
from applications.errors import DomainError
from applications.models import Application
from applications.services import facts_of, service, standard_of
from applications.standards import Channel
from applications.states import State
from fees.models import Charge
from offices.models import Office
from plates.models import Plate, PlateDuplicate, VehicleKind
from tests.fixtures_plates import FADED_FRONT, Duplicates, duplicates_of
from tests.fixtures_registration import refuse_on
from tests.fixtures_road import Road

PD = service("PD")


def step(duplicates: Duplicates, application: Application) -> dict:
    return {"actor": duplicates.road.desk, "number": application.number, "version": None, "now": timezone.now()}


def test_the_pair_of_a_car_registered_on_the_road_is_made_again(road: Road):
    """PD.5: from a primary registration to the duplicate of its plates."""
    registered = road.issued()
    duplicates = Duplicates(road=road, holder=registered.applicant, plate=registered.plate_number)
    application = duplicates.issued()
    assert application.state == State.ISSUED
    duplicate = PlateDuplicate.objects.get()
    assert (duplicate.plate.number, duplicate.plate_count) == (registered.plate_number, 2)
    assert Plate.objects.get(number=registered.plate_number).state == "assigned"


def test_what_is_lost_is_not_asked_for_at_the_hand_over(duplicates):
    """PD.8.1: previous plates are handed in only if there are any."""
    application = duplicates.issued()
    assert [item.number for item in PD.results(application)] == [duplicates.plate] * 2
    assert PD.surrenders(application) == []
    assert handover.hand_over(**step(duplicates, application)).handed_over_at is not None


def test_an_old_piece_that_is_left_is_handed_in_first(duplicates):
    """PD.8.1"""
    application = duplicates.issued(**FADED_FRONT)
    with pytest.raises(DomainError) as refused:
        handover.hand_over(**step(duplicates, application))
    assert (refused.value.code, refused.value.row) == ("not_surrendered", "PD.8.1")
    taken = {"requirement": "previous_plates", "thing": "front", "outcome": "returned"}
    surrendering.take_in(**step(duplicates, application), **taken)
    assert handover.hand_over(**step(duplicates, application)).handed_over_at is not None


def test_of_a_pair_of_which_one_is_lost_the_other_is_handed_in(duplicates):
    """PD.8.1"""
    draft = duplicates.fill(duplicates.open(), has_rear="on")
    [rear] = PD.surrenders(draft)
    assert (rear.code, rear.number) == ("rear", duplicates.plate)
    wanted = [item.code for item in PD.documents(draft, facts_of(draft)) if item.row == "PD.8.1"]
    assert "previous_plates" in wanted


@pytest.mark.parametrize(("details", "amount"), [({}, "12110"), (FADED_FRONT, "6055")])
def test_the_duty_is_by_the_number_of_pieces(duplicates, details, amount):
    """PD.6: 2.8 indexes for two pieces, 1.4 for one."""
    application = duplicates.fill(duplicates.open(), **details)
    charge = Charge.objects.live().get(application=application)
    assert (charge.row, charge.amount) == ("PD.6", Decimal(amount))


@pytest.mark.parametrize(("kind", "vehicle"), [(VehicleKind.MOTORCYCLE, "V-03"), (VehicleKind.TRAILER, "V-05")])
def test_a_motorcycle_or_trailer_has_one_piece_whatever_was_chosen(road, kind, vehicle):
    """PD.6"""
    duplicates = duplicates_of(road, "P-01", kind=kind, vehicle=vehicle)
    application = duplicates.fill(duplicates.open())
    details = application.duplicate_details
    assert (details.plate_count, details.place) == (1, "rear")
    assert Charge.objects.live().get(application=application).amount == Decimal(6055)


@pytest.mark.parametrize(("office", "days"), [("0101", 5), ("0201", 5), ("0901", 15), ("1701", 15)])
def test_the_term_is_by_the_region_of_the_police_body(duplicates, office, days):
    """PD.3: Astana and Almaty in 5 working days, the regions – and Shymkent, by name – in 15."""
    police = Office.objects.get(code=office)
    draft = duplicates.open(actor=Actor.automatic("egov"), channel=Channel.EGOV, office=police)
    term = standard_of(draft).term(facts_of(draft))
    assert (term.row, term.working_days, term.minutes) == ("PD.3", days, None)


def test_a_fine_that_is_not_overdue_bars_nothing(road):
    """PD.9.4 knows overdue fines only; the same person is refused a registration (VR.9.4)."""
    duplicates = duplicates_of(road, "P-13")
    application = duplicates.held()
    assert application.checks.get(code="fines").outcome == "clear"
    assert duplicates.approve(application).state == State.APPROVED


@pytest.mark.parametrize(
    ("person", "vehicle", "row"),
    [
        ("P-14", "V-02", "PD.9.4"),
        ("P-19", "V-02", "PD.9.5"),
        ("P-16", "V-02", "PD.9.6"),
        ("P-01", "V-20", "PD.9.6"),
        ("P-24", "V-02", "PD.9.7"),
        ("P-27", "V-02", "PD.9.2"),
    ],
)
def test_what_a_register_proves_is_refused_under_its_row(road, person, vehicle, row):
    """PD.9.2, PD.9.4 to PD.9.7, and PD.5: a reasoned refusal, and nothing is ordered from the press."""
    duplicates = duplicates_of(road, person, vehicle=vehicle)
    application = duplicates.held()
    with pytest.raises(DomainError) as barred:
        duplicates.approve(application)
    assert barred.value.row == row
    refuse_on(road, application, row)
    assert [item.row for item in application.refusal.reasons.all()] == [row]
    assert not application.plate_items.exists()


def test_platforms_are_turned_away_at_the_door(duplicates):
    """PD.2"""
    with pytest.raises(DomainError) as refused:
        duplicates.open(channel=Channel.PLATFORM, office=duplicates.road.officer.staff.office)
    assert (refused.value.code, refused.value.row) == ("channel_not_offered", "PD.2")


def test_a_second_open_application_for_the_plate_is_refused_by_the_database(duplicates):
    first, second = duplicates.paid(), duplicates.paid()
    duplicates.road.submit(first)
    with pytest.raises(DomainError) as refused:
        duplicates.road.submit(second)
    assert refused.value.code == "second_open"
    assert first.number in str(refused.value)


def test_the_receipt_and_the_handover_sheet_speak_of_the_duplicate(duplicates):
    """PD.3, PD.10: the receipt promises working days; the sheet names the plate."""
    application = duplicates.issued(**FADED_FRONT)
    receipt = application.papers.get(kind="receipt").content
    assert receipt["term"] == {"minutes": None, "working_days": 5}
    assert receipt["service"]["ru"].startswith("Выдача дубликата")
    assert receipt["subject"] == f"{application.headline}, {duplicates.plate}"
    sheet = application.papers.get(kind="handover_sheet").content
    assert sheet["plate"] == duplicates.plate
    assert [item["is_done"] for item in sheet["handed_in"]] == [False]
    assert (sheet["plate_pieces"], sheet["receiver"]) == (1, duplicates.holder.full_name)


def test_the_handover_sheet_counts_both_pieces(duplicates):
    """PD.5: each piece that was made changes hands."""
    both = {**FADED_FRONT, "plate_count": 2, "place": ""}
    sheet = duplicates.issued(**both).papers.get(kind="handover_sheet").content
    assert (sheet["plate"], sheet["plate_pieces"]) == (duplicates.plate, 2)


def test_the_office_of_the_standard_forms(duplicates):
    """PD.1, PD.4, PD.7, PD.10 stand in the standard that judges the application."""
    standard = standard_of(duplicates.open())
    assert (standard.provider_row, standard.form_row, standard.status_row) == ("PD.1", "PD.4", "PD.10")
    assert {hours.row for hours in standard.hours} == {"PD.7"}
    assert {result.row for result in standard.results} == {"PD.5"}
