"""Bad input at the front desk: a clear message at the right field, the right row, and nothing of the draft lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from applications import deciding, handover, holding, intake, lookup
from applications.acting import Actor
from applications.errors import DomainError, InvalidInputError
from applications.models import Application
from applications.powers import keep_power_of_attorney
from applications.standards import Channel
from applications.states import State
from fees.models import Payment, PaymentNotice
from fees.payments import poll_unpaid
from offices.models import Role, Staff
from people.identifiers import IdentifierError
from people.models import Person, PowerOfAttorney, Scope
from tests.fixtures_registers import demo_person, demo_vehicle
from tests.fixtures_road import Road, scan, work

pytestmark = pytest.mark.django_db


def refused(step: Callable[..., Any], **more: Any) -> DomainError:
    with pytest.raises(DomainError) as error:
        step(**more, now=timezone.now())
    return error.value


def save(road: Road, application: Application, **data: Any) -> DomainError:
    return refused(intake.save_details, actor=road.desk, number=application.number, version=None, data=data)


def submit(road: Road, application: Application) -> DomainError:
    return refused(intake.submit, actor=road.desk, number=application.number, version=None)


@pytest.mark.parametrize(
    "identifier", ["850412330079", "85041233007", "85O412330078", "851312330070", "120340001132", ""]
)
def test_a_number_with_a_wrong_check_digit_is_refused_before_any_register_is_asked(road: Road, identifier):
    """VR.8.1a: IIN and BIN are judged by their own digits first."""
    with pytest.raises(IdentifierError):
        lookup.start(actor=road.desk, identifier=identifier, now=timezone.now())

    assert road.simulator.calls("identity") == road.simulator.calls("organisations") == 0


@pytest.mark.parametrize("vin", ["XWFPK2344PKI03571", "XWFPK2344PKO03571", "XWFPK2344PKQ03571", "XWFPK2344PK10357"])
def test_a_vin_that_cannot_exist_is_refused_and_the_draft_keeps_the_old_one(road: Road, vin):
    """VR.8.1d: I, O and Q stand in no VIN, and it has 17 characters."""
    application = road.draft()
    error = save(road, application, vin=vin, ownership_proof="notarised")

    assert list(error.fields) == ["vin"]
    assert error.status == 422
    assert road.fresh(application).vehicle_details.vin == demo_vehicle("V-01")["vin"]


def test_a_vin_is_forgiven_its_spaces_and_small_letters(road: Road):
    application = road.open(road.applicant("P-01"))
    road.fill(application, vin=" xwfpk2344 pk103571 ")

    assert road.fresh(application).vehicle_details.vin == demo_vehicle("V-01")["vin"]


def test_a_car_that_is_registered_already_is_not_registered_again(road: Road):
    """VR.9.2: the front desk reads which plate it has and which sub-service to take instead."""
    issued = road.issued()
    second = road.draft("P-02", "V-01")
    road.pay(second)
    error = submit(road, second)

    assert error.code == "incomplete"
    assert issued.plate_number in str(error.fields["vin"])
    assert road.fresh(second).state == State.DRAFT


def test_a_second_open_application_for_one_vin_names_the_first(road: Road):
    first = road.accepted()
    second = road.draft("P-02", "V-01")
    road.pay(second)
    seen = intake.problems(second, timezone.now())
    error = submit(road, second)

    assert first.number in seen["subject"]
    assert (error.code, error.status) == ("second_open", 409)
    assert first.number in str(error)
    assert road.fresh(second).state == State.DRAFT


def test_after_a_withdrawal_the_vin_is_free_again(road: Road):
    first = road.accepted()
    deciding.withdraw(actor=road.desk, number=first.number, version=None, reason="Другое авто", now=timezone.now())
    second = road.paid("P-02", "V-01")

    assert road.submit(second).state == State.SUBMITTED


@pytest.mark.parametrize(
    ("days", "scope", "word"),
    [(-1, [Scope.REGISTER], "expires_on"), (365, [Scope.RECEIVE], "power_of_attorney")],
    ids=["expired", "without the scope"],
)
def test_a_power_of_attorney_that_does_not_serve(road: Road, days, scope, word):
    """VR.8.1a: run out at the counter, or given for something else."""
    if days < 0:
        with pytest.raises(InvalidInputError) as error:
            road.represented("P-02", scope, days=days)
        assert word in error.value.fields
        return
    application = road.represented("P-02", scope)
    road.pay(application)

    assert word in submit(road, application).fields
    assert road.fresh(application).state == State.DRAFT


def test_a_power_of_attorney_that_runs_out_before_the_acceptance(road: Road):
    """VR.8.1a: valid when the draft was begun, not on the day it is accepted."""
    application = road.represented("P-02", [Scope.REGISTER])
    road.pay(application)
    today = timezone.localdate()
    power = application.power_of_attorney
    PowerOfAttorney.objects.filter(pk=power.pk).update(expires_on=today - timedelta(days=1))

    assert "power_of_attorney" in submit(road, application).fields


def test_nobody_gives_themselves_a_power_of_attorney(road: Road):
    person = road.applicant("P-01")
    assert isinstance(person, Person)
    error = refused(
        keep_power_of_attorney,
        actor=road.desk,
        grantor=person,
        representative=person,
        number="1",
        scope=[Scope.REGISTER],
        issued_on=timezone.localdate() - timedelta(days=2),
        expires_on=timezone.localdate() + timedelta(days=2),
    )

    assert list(error.fields) == ["representative"]


def test_a_document_of_another_application_is_not_found_by_its_id(road: Road):
    theirs = road.draft("P-02", "V-02")
    mine = road.draft("P-01", "V-01")
    document = theirs.documents.get()
    error = refused(intake.remove, actor=road.desk, number=mine.number, document_id=document.pk)

    assert (error.code, error.status) == ("no_document", 404)
    assert theirs.documents.filter(removed_at=None).count() == 1


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("scan.pdf", b"MZ\x90\x00\x03" + bytes(200), content_type="application/pdf"),
        SimpleUploadedFile("scan.jpg", b"<svg onload=alert(1)>", content_type="image/jpeg"),
        SimpleUploadedFile("empty.pdf", b"", content_type="application/pdf"),
    ],
    ids=["an executable named .pdf", "a script named .jpg", "nothing"],
)
def test_a_file_that_is_not_what_it_says_is_refused(road: Road, upload):
    """VR.8.1h: judged by content, not by name."""
    application = road.draft()
    error = refused(
        intake.attach, actor=road.desk, number=application.number, requirement="ownership_proof", upload=upload
    )

    assert error.status == 422
    assert application.documents.filter(removed_at=None).count() == 1


def test_a_payment_has_no_scan(road: Road):
    """VR.8.1b: that something was paid is told by the gateway alone."""
    application = road.draft()
    error = refused(
        intake.attach, actor=road.desk, number=application.number, requirement="payment", upload=scan("receipt")
    )

    assert list(error.fields) == ["requirement"]
    assert "payment" in intake.problems(application, timezone.now())


def test_who_took_the_case_in_does_not_decide_it(road: Road):
    """Four eyes, although the account has become an officer's meanwhile; the database would refuse it, too."""
    application = road.held()
    Staff.objects.filter(username="front_desk").update(role=Role.OFFICER, office=road.officer.staff.office)
    insider = Actor.of(Staff.objects.get(username="front_desk"))
    said = {"actor": insider, "number": application.number, "version": None}
    holding.take_over(**said, reason="Срочно", now=timezone.now())

    assert refused(deciding.approve, **said).code == "four_eyes"
    assert road.fresh(application).state == State.REVIEW


def test_an_incomplete_draft_says_everything_that_is_missing_at_once(road: Road):
    """VR.8.1: nothing is accepted, nothing of the draft is lost."""
    application = road.open(road.applicant("P-01"))
    error = submit(road, application)

    assert (error.code, error.status) == ("incomplete", 422)
    assert {"vin", "ownership_proof"} <= set(error.fields)
    assert road.fresh(application).state == State.DRAFT


def test_the_channel_must_be_offered(road: Road):
    """VR.2: the sub-service is asked for by its code; one that is not on the road is refused with the row."""
    error = refused(
        intake.open_draft,
        actor=road.officer,
        service_code="VR",
        subservice="VR-1",
        channel=Channel.FRONT_DESK,
        applicant=road.applicant("P-01"),
    )

    assert (error.code, error.status) == ("role", 403)


@pytest.mark.parametrize(
    ("way", "verdict"), [("short", "wrong_amount"), ("other", "wrong_payer")], ids=["one tenge less", "another payer"]
)
def test_a_payment_that_does_not_fit_is_shown_and_pays_nothing(road: Road, way, verdict):
    """VR.8.1b: the receipt is visible, the charge stays unpaid, the draft is not accepted."""
    application = road.draft()
    road.pay(application, way)

    assert set(PaymentNotice.objects.values_list("verdict", flat=True)) == {verdict}
    assert not Payment.objects.exists()
    assert "payment" in submit(road, application).fields


def test_a_charge_paid_twice_is_paid_once(road: Road):
    """VR.8.1b: one receipt pays, the other is left over and visible."""
    application = road.draft()
    road.pay(application, "twice")
    charges = application.charges.count()

    assert Payment.objects.count() == charges
    assert PaymentNotice.objects.filter(verdict="already_paid").count() == charges
    assert road.submit(application).state == State.SUBMITTED


@pytest.mark.parametrize("way", ["late", "silent"])
def test_a_callback_that_is_late_or_never_comes_is_asked_for(road: Road, way):
    """VR.8.1b: the portal polls; the late callback changes nothing any more."""
    application = road.draft()
    road.pay(application, way)
    poll_unpaid(timezone.now() + timedelta(minutes=5))

    assert Payment.objects.count() == application.charges.count()
    assert road.submit(application).state == State.SUBMITTED


def test_a_draft_survives_the_browser(road: Road):
    """The browser is closed in the middle: another front-desk colleague's page shows the same draft."""
    application = road.draft()
    found = Application.objects.visible_to(road.desk.staff).get(number=application.number)

    assert found.vehicle_details.vin == demo_vehicle("V-01")["vin"]
    assert found.documents.count() == 1
    assert intake.problems(found, timezone.now()).keys() == {"payment"}


def test_handing_over_before_there_is_anything(road: Road):
    """VR.5a: nothing leaves the counter before it exists."""
    application = road.held()
    error = refused(handover.hand_over, actor=road.desk, number=application.number, version=None)

    assert (error.code, error.status) == ("illegal_move", 409)


def test_a_person_the_register_does_not_know(road: Road):
    """VR.8.1a: well-formed, but nobody has this IIN."""
    token = lookup.start(actor=road.desk, identifier="900101390002", now=timezone.now())
    work()

    assert lookup.follow(token).state == "refused"
    assert not Person.objects.filter(iin="900101390002").exists()


def test_an_iin_may_be_pasted_with_spaces(road: Road):
    iin = demo_person("P-01")["iin"]

    assert road.find(f" {iin[:6]} {iin[6:]} ").iin == iin
