"""What the database refuses about drivers, licences and grants (DL.5, DL.9.2), tried by violating inserts."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import Error, transaction

from licensing import reference
from licensing.models import CategoryRule, Driver, DriverLicence, LicenceGrant
from people.models import Person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def categories():
    reference.load()


def driver(iin: str = "850314332071", born: date = date(1985, 3, 14)) -> Driver:
    person = Person.objects.create(iin=iin, surname="Асанов", given_name="Мұрат", birth_date=born, sex="male")
    return Driver.objects.create(person=person)


def imported(almaty_police, owner: Driver, number: str = "AK123456", **changes: object) -> DriverLicence:
    values = {
        "driver": owner,
        "number": number,
        "issued_at": NOW - timedelta(days=400),
        "valid_until": date(2035, 10, 21),
        "office": almaty_police,
        "origin": "imported",
        "import_reference": "licences.csv:2",
        "state_changed_at": NOW,
    }
    return DriverLicence.objects.create(**{**values, **changes})


@contextmanager
def refused_by(name: str):
    with pytest.raises(Error) as caught, transaction.atomic():
        yield
    assert caught.value.__cause__.diag.constraint_name == name


def test_one_valid_licence_per_driver(almaty_police):
    owner = driver()
    imported(almaty_police, owner)
    with refused_by("licence_one_valid_per_driver"):
        imported(almaty_police, owner, number="AK123457")
    imported(almaty_police, owner, number="AK123458", state="expired")
    assert owner.licences.count() == 2


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"import_reference": ""}, "licence_issued_or_imported"),
        ({"origin": "issued"}, "licence_issued_or_imported"),
        ({"state": "withdrawn"}, "licence_withdrawn_by_a_ruling"),
        ({"state": "eaten"}, "licence_state_known"),
        ({"number": "ak 1"}, "licence_number_compact"),
        ({"valid_until": date(2020, 1, 1)}, "licence_ends_after_its_issue"),
    ],
)
def test_a_licence_that_cannot_be(almaty_police, changes, name):
    with refused_by(name):
        imported(almaty_police, driver(), **changes)
    assert not DriverLicence.objects.exists()


def test_a_licence_is_fixed_and_stays(almaty_police):
    licence = imported(almaty_police, driver())
    with pytest.raises(Error), transaction.atomic():
        DriverLicence.objects.filter(pk=licence.pk).update(valid_until=date(2040, 1, 1))
    with pytest.raises(Error), transaction.atomic():
        licence.delete()
    DriverLicence.objects.filter(pk=licence.pk).update(state="lost")
    with pytest.raises(Error), transaction.atomic():
        DriverLicence.objects.filter(pk=licence.pk).update(state="valid")
    assert DriverLicence.objects.get().state == "lost"


def test_nobody_is_granted_a_category_below_its_age(almaty_police):
    """DL.9.2: B is open from the eighteenth birthday, A1 from the sixteenth."""
    minor = driver("100615535081", date(2010, 6, 15))
    licence = imported(almaty_police, minor, issued_at=NOW)
    with refused_by("grant_age_reached"):
        LicenceGrant.objects.create(licence=licence, category_id="B", since=NOW.date())
    with refused_by("grant_not_after_its_licence"):
        LicenceGrant.objects.create(licence=licence, category_id="A1", since=date(2026, 12, 1))
    LicenceGrant.objects.create(licence=licence, category_id="A1", since=NOW.date())
    with refused_by("grant_once_per_licence"):
        LicenceGrant.objects.create(licence=licence, category_id="A1", since=NOW.date())
    assert list(licence.grants.values_list("category", flat=True)) == ["A1"]


def test_what_was_granted_before_the_rule_is_not_judged_by_it(almaty_police):
    owner = driver(born=date(1990, 1, 1))
    licence = imported(almaty_police, owner)
    grant = LicenceGrant.objects.create(licence=licence, category_id="D", since=date(2011, 5, 5))
    with pytest.raises(Error), transaction.atomic():
        LicenceGrant.objects.filter(pk=grant.pk).update(since=date(2001, 1, 1))
    assert LicenceGrant.objects.get().since == date(2011, 5, 5)


def test_one_rule_of_a_category_a_day():
    with refused_by("category_rule_one_a_day"):
        CategoryRule.objects.create(
            category_id="B", valid_from=date(2025, 1, 1), minimum_age=18, experience_years=0, confidence="low"
        )
    with refused_by("category_rule_special_experience_is_part"):
        CategoryRule.objects.filter(category="C").update(special_years=4)
    assert not CategoryRule.objects.get(category="BE").is_complete
