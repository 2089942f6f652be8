"""Minors as applicants: who acts for them, what proves it. The order is silent; the ages are data, no rule of it."""

from datetime import date

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from applications import intake
from applications.models import Application
from applications.representation import representation_problems, representation_requirements
from applications.services import facts_of
from people.models import Capacity, CapacityAge, Person, Scope
from people.reference import load
from tests.fixtures_registers import demo_person
from tests.fixtures_road import Road, work
from tests.test_representation import give, opened, parties, refused

pytestmark = pytest.mark.django_db
CHILD, TEENAGER, PARENT = "P-61", "P-35", "P-01"


def test_a_child_acts_through_a_parent_whose_right_is_proved_by_a_scan(client, road: Road):
    client.force_login(road.people["front_desk"])
    application = road.fill(opened(client, parties(client, CHILD, PARENT)))
    road.pay(application)
    lacking = intake.problems(road.fresh(application), timezone.now())
    road.attach(application, "legal_representation")

    assert application.representative is not None
    assert application.power_of_attorney is None
    assert lacking.keys() == {"legal_representation"}
    assert road.submit(road.fresh(application)).state == "submitted"


def test_a_child_alone_is_refused_at_the_first_step(client, road: Road):
    client.force_login(road.people["front_desk"])
    form = parties(client, CHILD, PARENT)

    assert refused(client, {**form, "representative": ""}) == {"representative"}


def test_the_first_step_says_that_a_parent_acts(client, road: Road):
    client.force_login(road.people["front_desk"])
    form = parties(client, CHILD, PARENT)
    answer = client.get(reverse("desk:intake_found", args=["applicant", form["applicant"]]))
    paper = client.post(reverse("desk:intake_acting"), form)

    assert answer.context["age"] == 12
    assert answer.context["needs_consent"] is False
    assert paper.context["acting"] == "legal"


def test_from_fourteen_one_acts_with_a_parents_written_consent(road: Road):
    application = road.fill(road.open(road.applicant(TEENAGER)))
    road.pay(application)
    lacking = intake.problems(road.fresh(application), timezone.now())

    assert lacking.keys() == {"consent_of_parent"}
    road.attach(application, "consent_of_parent")
    assert intake.problems(road.fresh(application), timezone.now()) == {}


def test_a_grown_up_is_not_represented_by_law(road: Road):
    application = road.open(road.applicant("P-02"), person(road, PARENT))

    assert problems(application) == {"power_of_attorney"}


def test_a_minor_represents_nobody(road: Road):
    application = road.open(road.applicant(CHILD), person(road, TEENAGER))

    assert problems(application) == {"representative"}


def test_a_childs_power_of_attorney_is_none(road: Road):
    child, parent = road.applicant(CHILD), person(road, PARENT)
    application = road.open(child, parent, give(road, child, parent))

    assert problems(application) == {"power_of_attorney"}


def test_a_licence_is_asked_for_by_the_driver_alone(road: Road):
    """From which age is the standard's word (DL.9.2), not that of this rule."""
    application = road.open(road.applicant(TEENAGER))
    facts = facts_of(application)

    assert representation_problems(application, facts, Scope.LICENCE) == {}
    assert representation_requirements(application, facts, Scope.LICENCE) == []
    assert [rule.code for rule in representation_requirements(application, facts, Scope.PLATES)] == [
        "consent_of_parent"
    ]


def problems(application: Application) -> set[str]:
    return set(representation_problems(application, facts_of(application), Scope.REGISTER))


def person(road: Road, row_id: str) -> Person:
    found = road.applicant(row_id)
    assert isinstance(found, Person)
    return found


def test_the_ages_are_an_administrators_rows(road: Road):
    """A correction outlives the next load of the reference data."""
    CapacityAge.objects.filter(code=Capacity.WITH_CONSENT).update(years=10)
    load()
    application = road.open(road.applicant(CHILD))

    assert problems(application) == set()
    assert set(CapacityAge.objects.values_list("confidence", flat=True)) == {"low"}


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2010, 6, 15), date(2028, 6, 14), 17),
        (date(2010, 6, 15), date(2028, 6, 15), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_years_are_whole_on_the_birthday(born, on, age):
    assert Person(birth_date=born).age_on(on) == age


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [({"years": 22}, "capacity_age_possible"), ({"code": "flies"}, "capacity_known")],
)
def test_the_database_refuses_an_age_that_no_law_has(fields, constraint):
    values = {"code": Capacity.ALONE, "years": 18, "confidence": "low", "source": "test"}
    with pytest.raises(IntegrityError, match=constraint):
        CapacityAge.objects.create(**values | fields)


def test_the_registers_are_asked_about_child_and_parent(road: Road):
    """VR.9.5, VR.9.6: the representative is asked about like any other."""
    application = road.fill(road.open(road.applicant(CHILD), person(road, PARENT)))
    road.attach(application, "legal_representation")
    road.pay(application)
    road.submit(application)
    work()

    asked = set(application.checks.filter(code="wanted_persons").values_list("subject", flat=True))
    assert asked == {"applicant", "representative"}
    assert application.checks.get(code="identity", subject="applicant").facts["iin"] == demo_person(CHILD)["iin"]
