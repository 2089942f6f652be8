"""Shows 3: a register that is away holds the case up and nothing else; a worker that dies leaves nothing half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from django.utils import timezone

from applications import checking, issuing, outbox
from applications.errors import DomainError
from applications.models import Application, OutboxMessage
from applications.states import State
from plates import stock
from plates.models import Plate, PlateFormat
from registration import blanks
from registration.models import CertificateBlank, Registration, RegistrationCertificate
from registration.service import VehicleRegistration
from tests.fixtures_registers import ROOT, forget_failures
from tests.fixtures_road import Road, work


@pytest.fixture
def impatient(settings):
    """Registers get one short attempt, so that an outage costs the tests no seconds."""
    settings.REGISTER_TIMEOUTS = {"fines": 0.5}
    settings.REGISTER_ATTEMPTS = {"fines": 1}
    settings.REGISTER_BREAKER_FAILURES = 1000


def ask_fines_again(application: Application) -> None:
    """Let the answer of the fines register be unknown again, as for a case that was just accepted."""
    application.checks.filter(code="fines").update(outcome="", findings=[], facts={}, evidence=None, valid_until=None)


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", ["down", "hang", "garbage", "error"])
def test_a_register_that_is_away_lets_the_case_wait_visibly(road: Road, impatient, trouble):
    """VR.9.4: no answer never reads as "no fines"."""
    application = road.accepted()
    ask_fines_again(application)
    road.simulator.switch("fines", trouble)
    work(rounds=1)

    assert road.fresh(application).state == State.CHECKING
    check = application.checks.get(code="fines")
    assert (check.outcome, check.valid_until) == ("unavailable", None)
    message = OutboxMessage.objects.get(kind="checks", done_at__isnull=True)
    assert (message.last_error, message.attempts) == ("a register is away", 1)


@pytest.mark.django_db
def test_nothing_is_approved_without_the_answer(road: Road, impatient):
    """VR.9.4: even a case that was ready before waits when its register gives no answer."""
    application = road.held()
    ask_fines_again(application)
    road.simulator.switch("fines", "down")

    with pytest.raises(outbox.Later):
        checking.run(application.number)
    with pytest.raises(DomainError) as refused:
        road.approve(application)

    assert refused.value.code == "not_approvable"
    assert "unavailable" in refused.value.fields
    assert road.fresh(application).state == State.REVIEW


@pytest.mark.django_db
def test_the_case_goes_on_by_itself_when_the_register_is_back(road: Road, impatient):
    application = road.accepted()
    ask_fines_again(application)
    road.simulator.switch("fines", "down")
    work(rounds=1)
    road.simulator.reset()
    forget_failures()
    work()

    assert road.fresh(application).state == State.REVIEW
    assert application.checks.get(code="fines").outcome == "clear"
    assert not OutboxMessage.objects.filter(kind="checks", done_at__isnull=True).exists()


@pytest.mark.django_db(transaction=True)
def test_a_register_that_fails_in_the_middle_of_the_question(road: Road, impatient):
    """The switch is thrown while the register thinks: the answer is lost, the others stay."""
    application = road.accepted()
    ask_fines_again(application)
    road.simulator.switch("fines", "hang")
    worker = Thread(target=in_a_worker)
    worker.start()
    road.simulator.wait_for_calls("fines", 1)
    road.simulator.switch("fines", "down")
    worker.join(timeout=30)

    assert road.fresh(application).state == State.CHECKING
    outcomes = dict(application.checks.values_list("code", "outcome"))
    assert outcomes.pop("fines") == "unavailable"
    assert set(outcomes.values()) == {"clear"}


def in_a_worker() -> None:
    try:
        work(rounds=1)
    finally:
        connection.close()


@pytest.mark.django_db
def test_a_stale_answer_is_asked_again_before_the_approval(road: Road):
    """VR.9.4, VR.9.5: what is older than its hour counts no more; asked again, the approval goes through."""
    application = road.held()
    application.checks.filter(code__in=["fines", "wanted_persons"]).update(
        valid_until=timezone.now() - timedelta(seconds=1)
    )
    with pytest.raises(DomainError) as refused:
        road.approve(application)
    assert (refused.value.code, road.fresh(application).state) == ("evidence_stale", State.REVIEW)
    work()

    assert road.approve(application).state == State.APPROVED
    assert application.checks.get(code="fines").answers.count() > 1


@pytest.mark.django_db
def test_a_worker_that_fails_during_the_issue_leaves_nothing_behind(road: Road, monkeypatch):
    """VR.5a: the plate taken a moment before is free again, and the next attempt issues once."""
    application = road.approved()
    real = VehicleRegistration.issue

    def burn(service, case, now):
        real(service, case, now)
        raise RuntimeError("the worker burns")

    with monkeypatch.context() as patched:
        patched.setattr(VehicleRegistration, "issue", burn)
        work(rounds=1)
    assert issued_things() == (0, 0, 0)
    assert road.fresh(application).state == State.APPROVED
    work()

    assert issued_things() == (1, 1, 1)


def issued_things() -> tuple[int, int, int]:
    """Registrations, certificates, assigned plates."""
    assigned = Plate.objects.filter(state="assigned").count()
    return Registration.objects.count(), RegistrationCertificate.objects.count(), assigned


# A worker that stops between the writing and the commit, until it is killed.
WORKER = """
import sys, time
import django
django.setup()
from django.conf import settings
from django.db import connections
connections.databases["default"]["NAME"] = sys.argv[2]
from applications import issuing
from registration.service import VehicleRegistration
real = VehicleRegistration.issue
def stop(service, case, now):
    real(service, case, now)
    print("written", case.plate_number, flush=True)
    time.sleep(60)
VehicleRegistration.issue = stop
issuing.issue(sys.argv[1])
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_with_nine_during_the_issue(road: Road):
    """VR.5a: after the restart exactly one plate, one SRTS, one registration."""
    application = road.approved()
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, application.number, connection.settings_dict["NAME"]],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    with worker:
        said = worker.stdout.readline().split()
        worker.send_signal(signal.SIGKILL)
    assert (said[0], worker.returncode) == ("written", -signal.SIGKILL)
    assert issued_things() == (0, 0, 0)
    work()

    assert issued_things() == (1, 1, 1)
    assert road.fresh(application).plate_number == said[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("empty", "code"),
    [
        (lambda: Plate.objects.update(state="assigned"), "plates.stock_empty"),
        (lambda: CertificateBlank.objects.update(state="issued"), "blanks.stock_empty"),
    ],
    ids=["plates", "blanks"],
)
def test_an_empty_stock_holds_the_case_up_and_a_delivery_lets_it_go_on(road: Road, empty, code):
    """VR.5a: the decision stands; plates and SRTS come by themselves once there are any."""
    application = road.approved()
    empty()
    work(rounds=2)
    waiting = road.fresh(application)
    assert (waiting.state, waiting.held_up_by) == (State.APPROVED, code)
    assert waiting.journal.filter(action="held_up").count() == 1
    deliver(road)
    work()

    assert (road.fresh(application).state, road.fresh(application).held_up_by) == (State.ISSUED, "")


def deliver(road: Road) -> None:
    """A series of plates and of blanks arrives at the office."""
    office, now = road.officer.staff.office, timezone.now()
    plate_format = PlateFormat.objects.get(code="person_car_2012")
    stock.enter(office, plate_format, ["888ABC02", "889ABC02", "890ABC02"], reference="N-2", received_by=None, now=now)
    blanks.enter(office, blanks.series("ZZ00000001", 3), received_by=None, now=now)


@pytest.mark.django_db
def test_an_issue_that_is_done_is_not_done_again(road: Road):
    """A message delivered twice, or found again by the sweep, issues nothing more."""
    application = road.issued()
    issuing.issue(application.number)
    OutboxMessage.objects.filter(kind="issue").update(done_at=None)
    work()

    assert issued_things() == (1, 1, 1)
    assert road.fresh(application).version == application.version
