"""People, organisations and powers of attorney: what the database refuses and what a paper covers."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from people.identifiers import Sex, make_bin, make_iin
from people.models import Organisation, Person, PowerOfAttorney, Scope

pytestmark = pytest.mark.django_db

BORN = date(1979, 10, 28)


def make_person(iin="791028302728", **fields):
    names = {"surname": "Ахметов", "given_name": "Данияр", "patronymic": "Русланович"}
    return Person.objects.create(**{**names, "iin": iin, "birth_date": BORN, "sex": "male", **fields})


def make_organisation(number="040340008429"):
    return Organisation.objects.create(bin=number, name="ТОО «Береке»", head_name="Омаров Б. С.")


def make_power(**fields):
    values = {
        "number": "2025-117",
        "scope": [Scope.REGISTER, Scope.RECEIVE],
        "issued_on": date(2025, 1, 10),
        "expires_on": date(2026, 1, 10),
        **fields,
    }
    return PowerOfAttorney.objects.create(**values)


@pytest.fixture
def person():
    return make_person()


@pytest.fixture
def representative():
    return make_person(make_iin(date(1990, 5, 1), Sex.FEMALE, 17), birth_date=date(1990, 5, 1), sex="female")


def refuses(constraint):
    """The database refuses, by this constraint and no other."""
    return pytest.raises(IntegrityError, match=constraint)


def test_a_person_is_shown_by_surname_and_initials_and_a_masked_number(person):
    assert person.display_name == "Ахметов Д. Р."
    assert person.full_name == "Ахметов Данияр Русланович"
    assert person.identifier == "791028302728"
    assert person.masked_identifier == "7910•••••728"


def test_a_person_without_patronymic_has_one_initial():
    assert make_person(patronymic="").display_name == "Ахметов Д."


def test_a_foreigner_without_iin_is_known_by_document_and_citizenship():
    foreigner = make_person(None, citizenship="DEU", document_number="C01X00T47")

    assert foreigner.identifier == "C01X00T47"
    assert foreigner.masked_identifier == "•••••47"


def test_an_organisation_is_shown_by_its_name_and_a_masked_number():
    organisation = make_organisation()

    assert organisation.display_name == organisation.full_name == "ТОО «Береке»"
    assert organisation.masked_identifier == "0403•••••429"
    assert organisation.is_private_business


@pytest.mark.parametrize("typed", ["791028302728", "791028 302728", "7910-2830-2728"])
def test_a_number_is_stored_bare_and_found_however_it_is_typed(typed):
    make_person(typed)

    assert Person.objects.get(iin="79 10 28 30 27 28").pk == Person.objects.get(iin=typed).pk
    assert list(Person.objects.values_list("iin", flat=True)) == ["791028302728"]


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"iin": "79102830272"}, "person_iin_twelve_digits"),
        ({"iin": "79102830272X"}, "person_iin_twelve_digits"),
        ({"iin": ""}, "person_iin_twelve_digits"),
        ({"iin": None}, "person_iin_or_document"),
        ({"iin": None, "document_number": "C01", "citizenship": ""}, "person_"),
        ({"sex": "other"}, "person_sex_known"),
        ({"citizenship": "kz"}, "person_citizenship_alpha3"),
    ],
)
def test_the_database_refuses_a_person(fields, constraint):
    with refuses(constraint):
        make_person(**fields)


def test_the_database_refuses_one_iin_twice(person):
    with refuses("iin"):
        make_person()


def test_the_database_refuses_one_foreign_document_twice():
    make_person(None, citizenship="DEU", document_number="C01X00T47")
    make_person(None, citizenship="FRA", document_number="C01X00T47")
    with refuses("person_without_iin_once"):
        make_person(None, citizenship="DEU", document_number="C01X00T47")


def test_the_database_refuses_a_bin_that_is_not_twelve_digits():
    with refuses("organisation_bin_twelve_digits"):
        make_organisation("04034000842")


def test_validation_compares_birth_date_and_sex_with_the_iin():
    person = Person(iin="791028302728", surname="А", given_name="Б", birth_date=date(1980, 1, 1), sex="female")
    with pytest.raises(ValidationError) as caught:
        person.full_clean()

    assert set(caught.value.message_dict) == {"birth_date", "sex"}


@pytest.mark.parametrize(
    ("iin", "code"), [("791028302720", "check_digit"), ("040340008429", "is_a_bin"), ("79102", "length")]
)
def test_validation_names_what_is_wrong_with_an_iin(iin, code):
    person = Person(iin=iin, surname="А", given_name="Б", birth_date=BORN, sex="male")
    with pytest.raises(ValidationError) as caught:
        person.full_clean()

    assert [error.code for error in caught.value.error_dict["iin"]] == [code]


def test_validation_names_what_is_wrong_with_a_bin():
    with pytest.raises(ValidationError) as caught:
        Organisation(bin="791028302728", name="А").full_clean()

    assert [error.code for error in caught.value.error_dict["bin"]] == ["not_a_bin"]


@pytest.mark.parametrize(
    ("on", "covered"),
    [
        (date(2025, 1, 9), False),
        (date(2025, 1, 10), True),
        (date(2026, 1, 10), True),
        (date(2026, 1, 11), False),
    ],
)
def test_a_power_of_attorney_covers_its_term_with_both_ends(person, representative, on, covered):
    power = make_power(representative=representative, grantor_person=person)

    assert power.covers(Scope.REGISTER, on) is covered
    assert power.covers(Scope.LICENCE, on) is False


@pytest.mark.parametrize(("on", "covered"), [(date(2025, 6, 1), True), (date(2025, 6, 2), False)])
def test_a_power_of_attorney_ends_on_the_almaty_day_of_its_revocation(person, representative, on, covered):
    """20:00 UTC on 1 June is already 2 June in Almaty."""
    revoked_at = datetime(2025, 6, 1, 20, 0, tzinfo=UTC)
    power = make_power(representative=representative, grantor_person=person, revoked_at=revoked_at)

    assert power.covers(Scope.RECEIVE, on) is covered


def test_a_power_of_attorney_knows_its_grantor(representative):
    organisation = make_organisation(make_bin(2019, 6, 42))
    power = make_power(representative=representative, grantor_organisation=organisation)

    assert power.grantor == organisation
    assert power.display_name == "2025-117, Ахметов Д. Р."


def test_the_database_refuses_a_power_of_attorney_without_one_grantor(person, representative):
    with refuses("power_of_attorney_one_grantor"), transaction.atomic():
        make_power(representative=representative)
    with refuses("power_of_attorney_one_grantor"):
        make_power(representative=representative, grantor_person=person, grantor_organisation=make_organisation())


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"expires_on": date(2025, 1, 10)}, "power_of_attorney_has_a_term"),
        ({"scope": []}, "power_of_attorney_scope_known"),
        ({"scope": ["fly"]}, "power_of_attorney_scope_known"),
    ],
)
def test_the_database_refuses_a_power_of_attorney(person, representative, fields, constraint):
    with refuses(constraint):
        make_power(representative=representative, grantor_person=person, **fields)


def test_the_database_refuses_a_power_of_attorney_to_oneself(person):
    with refuses("power_of_attorney_to_other"):
        make_power(representative=person, grantor_person=person)
