"""PD and what is wrong with it: strangers' plates, three pieces, stolen numbers, and what changed meanwhile."""

import pytest
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from applications import intake, surrendering
from applications.acting import Actor
from applications.errors import DomainError, InvalidInputError
from applications.services import service
from applications.standards import Channel
from applications.states import State
from fees.exemptions import set_exemption
from fees.models import Charge
from plates import movements
from plates.duplicates.forms import NOT_THE_HOLDERS, STOLEN_NUMBER
from plates.models import DuplicateDetails, Plate, PlateDuplicate, VehicleKind
from registration.models import Ownership
from tests.fixtures_plates import FADED_FRONT, car_of, duplicates_of
from tests.fixtures_registration import guarded, refused_by
from tests.fixtures_road import work

PD = service("PD")


def refused(duplicates, **details) -> dict[str, str]:
    """Field → message of a refusal of the form."""
    draft = duplicates.open()
    with pytest.raises(InvalidInputError) as error:
        duplicates.fill(draft, **details)
    return {name: str(message) for name, message in error.value.fields.items()}


def steal(number: str) -> None:
    movements.lost(
        Plate.objects.get(number=number),
        actor=Actor.automatic(),
        now=timezone.now(),
        is_stolen=True,
        explanation="Снят ночью во дворе",
    )


def sell(number: str, buyer) -> None:
    """The car of the plate gets another owner and keeps its plate."""
    now = timezone.now()
    ownership = Ownership.objects.get(vehicle__registrations__plate_assignments__plate__number=number)
    ownership.period = TimestamptzRange(ownership.period.lower, now)
    ownership.save(update_fields=["period"])
    Ownership.objects.create(
        vehicle=ownership.vehicle,
        owner_person=buyer,
        period=TimestamptzRange(now, None),
        application=ownership.application,
    )


def test_the_plate_of_a_stranger_is_refused_without_a_word_of_its_owner(duplicates):
    """PD.8.2, PD.9.2"""
    owner = duplicates.road.applicant("P-02")
    found = refused(duplicates, plate=car_of(owner, "V-01"))
    assert found == {"plate": str(NOT_THE_HOLDERS)}
    assert "PD.9.2" in found["plate"]
    assert owner.surname not in found["plate"]


@pytest.mark.parametrize("state", ["reserved", "in_stock"])
def test_a_number_that_is_reserved_or_in_stock_is_nobodys_to_duplicate(duplicates, state):
    """PD.9.2: a number held for somebody else reads like any other that is not the applicant's."""
    plate = Plate.objects.filter(state="in_stock").first()
    if state == "reserved":
        Plate.objects.filter(pk=plate.pk).update(state=state, moved_for=duplicates.open())
    assert refused(duplicates, plate=plate.number) == {"plate": str(NOT_THE_HOLDERS)}


def test_three_plates_are_refused(duplicates):
    assert list(refused(duplicates, plate_count="3")) == ["plate_count"]
    draft = duplicates.open()
    with refused_by("duplicate_details_one_or_two_pieces"):
        DuplicateDetails.objects.filter(application=draft).update(plate_count=3)


def test_a_stolen_plate_is_led_to_new_plates(duplicates):
    """A stolen number is wanted and never made again: the way out is VR-3."""
    found = refused(duplicates, reason="stolen")
    assert found == {"reason": str(STOLEN_NUMBER)}
    assert "VR-3" in found["reason"]


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"plate": ""}, "plate"),
        ({"plate": "ничего"}, "plate"),
        ({"reason": ""}, "reason"),
        ({"reason": "sold"}, "reason"),
        ({"plate_count": "1", "place": ""}, "place"),
        ({"plate_count": "0"}, "plate_count"),
        ({"has_front": "on", "has_rear": "on"}, "reason"),
        ({"reason": "faded"}, "has_rear"),
        ({"plate_count": "1", "place": "front", "reason": "damaged", "has_rear": "on"}, "has_front"),
        ({"exemption": "veteran"}, "exemption"),
    ],
)
def test_what_does_not_fit_together_is_said_at_its_field(duplicates, details, field):
    assert list(refused(duplicates, **details)) == [field]


def test_a_number_is_understood_in_any_writing(duplicates):
    number = duplicates.plate
    written = f"{number[:3]}-{number[3:6].lower()} {number[6:]}"
    assert duplicates.fill(duplicates.open(), plate=written).plate_number == number


def test_who_has_no_plates_is_told_so(road):
    """PD.8.2"""
    draft = intake.open_draft(
        actor=road.desk,
        service_code="PD",
        subservice="PD",
        channel=Channel.FRONT_DESK,
        applicant=road.applicant("P-02"),
        now=timezone.now(),
    )
    assert "PD.8.2" in PD.intake_problems(draft)["plate"]


@pytest.mark.parametrize("happened", ["sold", "stolen"])
def test_what_happened_to_the_plate_meanwhile_bars_the_approval_and_is_a_ground(duplicates, happened):
    """PD.9.2"""
    application = duplicates.held()
    if happened == "sold":
        sell(duplicates.plate, duplicates.road.applicant("P-02"))
    else:
        steal(duplicates.plate)
    with pytest.raises(DomainError) as barred:
        duplicates.approve(application)
    assert barred.value.row == "PD.9.2"
    [ground] = PD.grounds_found(duplicates.road.fresh(application))
    assert ground.row == "PD.9.2"
    assert ("VR-3" in ground.says.ru) is (happened == "stolen")


def test_a_plate_stolen_during_the_production_is_not_given_out(duplicates):
    application = duplicates.in_production()
    order = duplicates.sent(application)
    steal(duplicates.plate)
    duplicates.arrive(order)
    work()
    application = duplicates.road.fresh(application)
    assert (application.state, application.held_up_by) == (State.READY, "plates.not_duplicable")
    assert not PlateDuplicate.objects.exists()


def test_an_old_piece_declared_stolen_at_the_counter_stops_the_hand_over(duplicates):
    """PD.8.1: its number must not go on with the duplicate."""
    application = duplicates.issued(**FADED_FRONT)
    with pytest.raises(DomainError) as barred:
        surrendering.take_in(
            actor=duplicates.road.desk,
            number=application.number,
            version=None,
            requirement="previous_plates",
            thing="front",
            outcome="stolen",
            explanation="Похищен вчера",
            now=timezone.now(),
        )
    assert (barred.value.code, barred.value.row) == ("plates.stolen", "PD.9.2")
    assert not application.surrenders.exists()


def test_the_duty_is_lifted_only_once_an_administrator_said_so(duplicates):
    """PD.6: the Tax Code leaves open whether an exemption covers duplicates."""
    administrator = duplicates.road.who("administrator")
    covers = ["plate_duty/car", "plate_duplicate_duty/one", "plate_duplicate_duty/two"]
    set_exemption(
        actor=administrator, code="veteran", applies_to=covers, valid_to=None, basis="НК, ст. 671", now=timezone.now()
    )
    draft = duplicates.fill(duplicates.open(), exemption="veteran")
    charge = Charge.objects.live().get(application=draft)
    assert (charge.amount, charge.exemption.code) == (0, "veteran")
    assert "exemption_proof" in intake.problems(draft, timezone.now())


def test_the_database_keeps_details_and_duplicates_sound(duplicates):
    application = duplicates.issued(**FADED_FRONT)
    details = DuplicateDetails.objects.filter(application=application)
    with refused_by("duplicate_details_one_piece_has_a_place"):
        details.update(place="")
    with refused_by("duplicate_details_place_known"):
        details.update(place="roof")
    with refused_by("duplicate_details_reason_known"):
        details.update(reason="stolen")
    with guarded("plate_duplicate_stands"):
        PlateDuplicate.objects.update(plate_count=2, place="")
    with guarded("plate_duplicate_never_deleted"):
        PlateDuplicate.objects.all().delete()


def test_a_single_plate_has_no_second_piece_for_the_database_either(road):
    duplicates = duplicates_of(road, "P-01", kind=VehicleKind.TRAILER)
    draft = duplicates.fill(duplicates.open())
    with refused_by("duplicate_no_more_than_the_set"):
        DuplicateDetails.objects.filter(application=draft).update(plate_count=2, place="")
