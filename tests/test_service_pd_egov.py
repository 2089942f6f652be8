"""PD through egov.kz by the verbs of its door, and the register differences of the law's matrix."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications import holding, intake
from applications.acting import Actor
from applications.canonical import canonical_bytes
from applications.errors import DomainError, InvalidInputError, NotAllowedError
from applications.models import Application
from applications.powers import keep_power_of_attorney
from applications.services import facts_of, service
from applications.signatures import Signed, keep_signature
from applications.standards import Channel
from applications.states import State
from people.models import Organisation
from plates.models import PlateDuplicate
from registers.contract import question_from_json
from tests.fixtures_plates import Duplicates, car_of, duplicates_of
from tests.fixtures_registers import demo_organisation
from tests.fixtures_road import work

PD = service("PD")
EGOV = Actor.automatic("egov")


def open_online(duplicates: Duplicates) -> Application:
    office = duplicates.road.officer.staff.office
    return duplicates.open(actor=EGOV, channel=Channel.EGOV, office=office)


def sign(application: Application, signer: str, actor: Actor = EGOV):
    now = timezone.now()
    signed = Signed(
        signer, "Ахметов Ерлан", "7B21", now, b"cms", canonical_bytes(Application.objects.get(pk=application.pk))
    )
    words = {"number": application.number, "requirement": "signed_application", "now": now}
    return keep_signature(actor=actor, signed=signed, **words)


def lacking(application: Application) -> set[str]:
    return set(intake.problems(Application.objects.get(pk=application.pk), timezone.now()))


def paid_online(duplicates: Duplicates) -> Application:
    application = duplicates.fill(open_online(duplicates), EGOV)
    duplicates.road.pay(application)
    return duplicates.road.fresh(application)


def test_a_signed_and_paid_application_goes_to_the_press(duplicates):
    """PD.8.2: signed by the applicant, on an own plate, paid; nobody at the desk types anything."""
    application = paid_online(duplicates)
    assert lacking(application) == {"signed_application"}
    sign(application, duplicates.holder.identifier)
    intake.submit(actor=EGOV, number=application.number, version=None, now=timezone.now())
    work()
    holding.take(actor=duplicates.road.officer, number=application.number, now=timezone.now())
    duplicates.approve(application)
    work()
    duplicates.arrive(duplicates.sent(application))
    work()
    assert duplicates.road.fresh(application).state == State.ISSUED
    assert PlateDuplicate.objects.get().application == application


def test_without_a_signature_nothing_is_accepted(duplicates):
    """PD.8.2"""
    application = paid_online(duplicates)
    with pytest.raises(DomainError) as refused:
        intake.submit(actor=EGOV, number=application.number, version=None, now=timezone.now())
    assert refused.value.code == "incomplete"
    assert "PD.8.2" in refused.value.fields["signed_application"]


def test_nobody_signs_for_the_applicant(duplicates):
    """PD.8.2: neither another person nor anybody at a desk."""
    application = open_online(duplicates)
    with pytest.raises(InvalidInputError):
        sign(application, duplicates.road.applicant("P-02").identifier)
    with pytest.raises(NotAllowedError):
        sign(application, duplicates.holder.identifier, duplicates.road.desk)
    assert not application.signatures.exists()


def test_a_strangers_plate_is_refused_online_too(duplicates):
    """PD.8.2: only plates on the applicant's own name can be chosen."""
    stranger = car_of(duplicates.road.applicant("P-02"), "V-01")
    with pytest.raises(InvalidInputError) as refused:
        duplicates.fill(open_online(duplicates), EGOV, plate=stranger)
    assert list(refused.value.fields) == ["plate"]


def test_the_documents_are_those_of_the_channel(duplicates):
    """PD.8.1 and PD.8.2 ask for different things."""
    at_desk, online = duplicates.fill(duplicates.open()), open_online(duplicates)
    assert {rule.row for rule in PD.documents(at_desk, facts_of(at_desk))} == {"PD.8.1"}
    assert {rule.row for rule in PD.documents(online, facts_of(online))} == {"PD.8.2"}
    assert PD.fulfilled(at_desk) == {"own_plate"}


def asked(application: Application) -> dict[tuple[str, str], str]:
    """(register, of whom) → row, of every question the application puts."""
    return {(check.code, check.subject): check.row for check in application.checks.all()}


PERSON_MATRIX = {
    ("identity", "applicant"): "PD.9.2",
    ("payments", "application"): "PD.9.3",
    ("fines", "applicant"): "PD.9.4",
    ("terrorism_list", "applicant"): "PD.9.5",
    ("wanted_persons", "applicant"): "PD.9.6",
    ("wanted_vehicles", "vehicle"): "PD.9.6",
    ("consent", "applicant"): "PD.9.7",
}


def test_the_registers_are_exactly_those_of_the_matrix_for_a_person(duplicates):
    """PD.9: overdue fines only, one list only, wanted person and vehicle; no restrictions, no passport."""
    application = duplicates.road.submit(duplicates.paid())
    work()
    assert asked(application) == PERSON_MATRIX
    fines = question_from_json(application.checks.get(code="fines").question)
    assert fines.scope == "overdue"
    wanted = application.checks.get(code="wanted_vehicles").question
    assert wanted["vin"]


def test_the_registers_are_exactly_those_of_the_matrix_for_an_organisation(road):
    """PD.9: the organisation and its head; of the lists only that of terrorism, of the applicant."""
    duplicates = duplicates_of(road, "O-01")
    head = road.find(demo_organisation("O-01")["head_iin"])
    application = duplicates.fill(duplicates.open(representative=head))
    road.pay(application)
    application = road.submit(road.fresh(application))
    work()
    assert isinstance(application.applicant, Organisation)
    expected = {
        **PERSON_MATRIX,
        ("identity", "representative"): "PD.9.2",
        ("organisations", "applicant"): "PD.9.2",
        ("wanted_persons", "representative"): "PD.9.6",
    }
    del expected["identity", "applicant"], expected["wanted_persons", "applicant"]
    assert asked(application) == expected


def test_the_proliferation_list_bars_no_duplicate(road):
    """PD.9.5 names one list; VR.9.6 names both."""
    duplicates = duplicates_of(road, "P-21")
    application = duplicates.held()
    assert duplicates.approve(application).state == State.APPROVED


@pytest.mark.parametrize(("scope", "is_enough"), [(["plates"], True), (["register", "receive"], False)])
def test_a_representative_needs_a_power_to_order_plates(road, scope, is_enough):
    duplicates = duplicates_of(road, "P-01")
    representative, power = representing(road, duplicates, scope)
    application = duplicates.fill(duplicates.open(representative=representative, power_of_attorney=power))
    assert ("power_of_attorney" not in lacking(application)) is is_enough


def representing(road, duplicates, scope):
    today, representative = timezone.localdate(), road.applicant("P-02")
    power = keep_power_of_attorney(
        actor=road.desk,
        grantor=duplicates.holder,
        representative=representative,
        number="1-118",
        scope=scope,
        issued_on=today - timedelta(days=30),
        expires_on=today + timedelta(days=90),
        now=timezone.now(),
    )
    return representative, power
