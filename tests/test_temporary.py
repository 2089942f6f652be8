"""VR-4: registered for as long as customs allow, extended, taken off again (VR.5a, VR.6a, VR.6c, VR.8.1e, VR.8.2)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from applications.errors import DomainError, InvalidInputError
from applications.models import JournalEntry
from applications.services import facts_of, service_of
from applications.states import State
from plates.models import Plate, PlateFormat
from registration.models import Ownership, Registration, RegistrationCertificate
from registration.papers import temporary_certificate_content
from registration.tasks import watch_terms
from tests import fixtures_temporary as temporary
from tests.fixtures_registration import make_case, make_registration, make_vehicle, refused_by
from tests.fixtures_road import work
from tests.fixtures_updates import take_in

pytestmark = pytest.mark.django_db


def codes(application):
    return {line.code: line.row for line in service_of(application).charges(application)}


def needs(application):
    return {rule.code: rule.row for rule in service_of(application).documents(application, facts_of(application))}


def days(count):
    return (timezone.localdate() + timedelta(days=count)).isoformat()


def test_customs_tell_the_vehicle_and_the_term(road):
    """VR.8.1e: nothing of the vehicle is typed; VR.6a: fee, SRTS and plates."""
    application = temporary.drafted(road)
    details = application.vehicle_details

    assert (details.facts_source, details.vehicle_facts["model"]) == ("customs", "LX 570")
    assert details.customs_until == timezone.localdate() + timedelta(days=300)
    assert codes(application) == {"registration_fee": "VR.6a", "certificate_duty": "VR.6a", "plate_duty": "VR.6a"}
    assert needs(application)["temporary_import"] == "VR.8.1e"


def test_the_car_is_registered_until_the_day_asked_for(road):
    registration = temporary.registered(road, valid_until=days(90))
    plate = registration.plate_assignments.get().plate

    assert (registration.kind, registration.valid_until.isoformat()) == ("temporary", days(90))
    assert plate.format_id == "temporary_registration_5y"
    assert temporary_certificate_content(registration.application)["valid_until"] == days(90)
    kinds = set(registration.application.papers.values_list("kind", flat=True))
    assert "temporary_certificate" in kinds
    assert "registration_certificate" not in kinds


def test_without_a_day_the_term_is_that_of_customs(road):
    registration = temporary.registered(road)

    assert registration.valid_until == registration.customs_until == timezone.localdate() + timedelta(days=300)


def test_a_term_longer_than_the_declaration_is_no_draft(road):
    """VR.8.1e"""
    application = temporary.drafted(road, valid_until=days(301))

    assert "valid_until" in service_of(application).intake_problems(application)
    with pytest.raises(DomainError) as refused:
        road.submit(application)
    assert "valid_until" in refused.value.fields


@pytest.mark.parametrize("day", [0, -1])
def test_a_term_in_the_past_is_refused(road, day):
    with pytest.raises(InvalidInputError) as refused:
        temporary.drafted(road, valid_until=days(day))

    assert set(refused.value.fields) == {"valid_until"}


@pytest.mark.parametrize(("vehicle", "finding"), [("V-41", "expired"), ("V-42", "closed"), ("V-01", "missing")])
def test_a_declaration_that_does_not_hold_bars_approval(road, vehicle, finding):
    """VR.8.1e, VR.9.1"""
    application = temporary.drafted(road, vehicle)
    check = application.checks.get(code="temporary_import")
    assert [item["code"] for item in check.findings] == [f"temporary_import.{finding}"]
    assert application.vehicle_details.customs_until is None

    with pytest.raises(DomainError) as refused:
        service_of(application).before_approval(application)
    assert (refused.value.code, refused.value.row) == ("customs_unknown", "VR.8.1e")


def test_without_a_layout_of_plates_the_issue_waits_with_a_word(road):
    """The layout is a setting that no source tells: the case stays approved and says what is missing."""
    application = temporary.held(road, temporary.drafted(road))
    Plate.objects.filter(format="temporary_registration_5y").update(is_high_demand=True)
    PlateFormat.objects.filter(code="temporary_registration_5y").update(regex="")
    road.approve(application)
    work()

    application = road.fresh(application)
    assert (application.state, application.held_up_by) == (State.APPROVED, "plates.format_not_set")


def test_an_extension_keeps_the_plates_and_brings_a_new_srts(road):
    """VR.6a without the plate duty, VR.8.1f, and the term of the new declaration."""
    first = temporary.registered(road, valid_until=days(90))
    application = temporary.on_record(road, "extension", valid_until=days(200))
    assert codes(application) == {"registration_fee": "VR.6a", "certificate_duty": "VR.6a"}
    assert needs(application)["previous_papers"] == "VR.8.1f"

    second = Registration.objects.get(application=temporary.issued(road, application))
    first.refresh_from_db()
    assert (first.ended_by, second.valid_until.isoformat()) == (application, days(200))
    assert second.plate_assignments.get().plate == first.plate_assignments.get().plate
    assert Ownership.objects.filter(vehicle=second.vehicle).count() == 1
    take_in(road, application, "certificate")
    states = RegistrationCertificate.objects.order_by("issued_at").values_list("state", flat=True)
    assert list(states) == ["replaced", "valid"]


def test_an_extension_ends_later_than_the_term_it_extends(road):
    temporary.registered(road, valid_until=days(90))
    application = temporary.on_record(road, "extension", valid_until=days(90))

    assert "valid_until" in service_of(application).intake_problems(application)


def test_only_a_temporary_registration_is_extended(road):
    road.issued()
    with pytest.raises(InvalidInputError) as refused:
        temporary.save(road, temporary.open_draft(road, "P-01"), {"act": "extension", "found_by": "XWFPK2344PK103571"})

    assert set(refused.value.fields) == {"found_by"}


def test_an_extension_is_taken_back(road):
    first = temporary.registered(road, valid_until=days(90))
    application = temporary.issued(road, temporary.on_record(road, "extension", valid_until=days(200)))
    service_of(application).undo(application, timezone.now())

    first.refresh_from_db()
    assert first.ended_at is None
    assert first.certificates.get().state == "valid"
    assert first.plate_assignments.filter(ended_at__isnull=True).exists()


def test_the_removal_is_free_and_takes_plates_and_srts(road):
    """VR.6c, VR.8.2a, VR.8.2b, VR.8.2c, VR.5b"""
    registration = temporary.registered(road)
    application = temporary.on_record(road, "deregistration", deregistration_reason="export")
    assert codes(application) == {}
    assert needs(application) == {"identity": "VR.8.2a", "ownership_proof": "VR.8.2b", "previous_papers": "VR.8.2c"}

    take_in(road, application, "certificate")
    take_in(road, application, "plates")
    temporary.issued(road, application)
    registration.refresh_from_db()
    assert registration.ended_by == application
    assert registration.certificates.get().state == "ended"
    assert registration.plate_assignments.get().plate.state == "surrendered"


def test_what_is_registered_for_good_is_not_removed_here(road):
    road.issued()
    application = temporary.save(
        road, temporary.open_draft(road, "P-01"), {"act": "deregistration", "found_by": "XWFPK2344PK103571"}
    )

    assert "found_by" in service_of(application).intake_problems(application)


def test_a_registration_is_taken_back(road):
    registration = temporary.registered(road)
    service_of(registration.application).undo(registration.application, timezone.now())

    registration.refresh_from_db()
    assert registration.ended_at is not None
    assert registration.certificates.get().state == "revoked"


def test_beat_warns_before_the_end_and_marks_it_once(road):
    """VR.8.1e: thirty days before, and on the day after the last one."""
    registration = temporary.registered(road, valid_until=days(90))
    for day, (warned, expired) in ((59, (False, False)), (60, (True, False)), (90, (True, False)), (91, (True, True))):
        with time_machine.travel(registration.registered_at + timedelta(days=day), tick=False):
            watch_terms()
            watch_terms()
        registration.refresh_from_db()
        assert (registration.warned_at is not None, registration.expired_at is not None) == (warned, expired)

    actions = JournalEntry.objects.filter(action__startswith="term_").values_list("action", flat=True)
    assert sorted(actions) == ["term_ends_soon", "term_expired"]


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "temporary"}, "registration_temporary_has_a_term"),
        ({"kind": "primary", "until": 30, "customs": 30}, "registration_temporary_has_a_term"),
        ({"kind": "temporary", "until": 30}, "registration_temporary_has_a_term"),
        ({"kind": "temporary", "until": 31, "customs": 30}, "registration_term_within_customs"),
    ],
)
def test_the_database_refuses_a_term_that_cannot_be(almaty_stock, front_desk, fields, constraint):
    day = timezone.localdate()
    names = {"until": "valid_until", "customs": "customs_until"}
    dated = {names[key]: day + timedelta(days=count) for key, count in fields.items() if key in names}
    with refused_by(constraint):
        make_registration(make_vehicle(), make_case(front_desk), kind=fields["kind"], **dated)
