"""Cases as rows for lists: many at once, in any state the database allows, without walking the road."""

from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from applications.models import Application, Check
from applications.numbers import next_number
from applications.services import service_of
from applications.states import DECIDED_STATES, State
from offices.models import Role
from people.identifiers import IdentifierError, Sex, make_iin
from people.models import Person
from tests.fixtures_offices import make_staff

serials = count(1)


def make_person(**fields):
    """A person with a fresh, valid IIN."""
    born = timezone.localdate().replace(year=1988, month=6, day=12)
    while True:
        try:
            iin = make_iin(born, Sex.FEMALE, next(serials) % 10_000)
            break
        except IdentifierError:
            continue
    names = {"surname": "Ахметова", "given_name": "Гульнара", "patronymic": "Сериковна"}
    return Person.objects.create(iin=iin, birth_date=born, sex="female", **{**names, **fields})


def make_case(office, state=State.REVIEW, *, front_desk=None, left=60, checks=("clear",), **fields):
    """An application in `state` whose due time lies `left` wall-clock minutes from now; `checks` are outcomes."""
    now = timezone.now()
    due_at = now + timedelta(minutes=left)
    accepted = {
        "submitted_at": due_at - timedelta(minutes=120),
        "at_risk_at": due_at - timedelta(minutes=30),
        "due_at": due_at,
        "clock": {"schedule": "standard"},
    }
    if state == State.DRAFT:
        accepted = {}
    if state in DECIDED_STATES:
        accepted |= {"decided_at": now, "decided_by": decider_of(office)}
    serial = next(serials)
    values = {
        "number": next_number(office, now.year),
        "service": "VR",
        "subservice": "VR-1",
        "channel": "front_desk" if front_desk else "egov",
        "applicant_person": None if "applicant_organisation" in fields else make_person(),
        "subject": f"VIN:XTA219070R{serial:07d}",
        "headline": "LADA Granta, 2026",
        "created_at": now,
        **accepted,
        **fields,
    }
    if "handed_over_at" in values:
        values.setdefault("received_by", values["applicant_person"])
    application = Application.objects.create(office=office, front_desk=front_desk, state=state, **values)
    service_of(application).details_model._default_manager.create(application=application)
    Check.objects.bulk_create(
        Check(
            application=application,
            code=f"check_{place}",
            subject="applicant",
            register="fines",
            row="VR.9.1",
            ground="VR.9.1",
            question={},
            outcome=outcome,
        )
        for place, outcome in enumerate(checks)
    )
    return application


@pytest.fixture
def case(almaty_police, almaty_front_desk):
    """A function that stores a case of the Almaty police office, taken in at its front desk."""

    def store(state=State.REVIEW, **fields):
        fields.setdefault("front_desk", almaty_front_desk)
        return make_case(almaty_police, state, **fields)

    return store


def decider_of(office):
    """Somebody of `office` who may decide."""
    return office.staff.first() or make_staff(f"decider_{office.code}", Role.OFFICER, office)
