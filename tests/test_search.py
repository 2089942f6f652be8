"""Search: what is found however it was typed, by whom, and that it leaves no trace in addresses."""

import pytest
from django.utils import timezone

from applications.models import JournalEntry
from applications.states import State
from desk.search import read
from people.identifiers import make_bin
from people.models import Organisation
from tests.fixtures_desk import make_case

VIN = "XTA219070R0123456"


@pytest.fixture
def found_by(client):
    """A function: who searches for what → the numbers found."""

    def search(staff, typed):
        client.force_login(staff)
        response = client.post("/search/", {"q": typed}, follow=True)
        assert response.redirect_chain == [("/search/", 302)]
        return [row.number for row in response.context["results"]]

    return search


@pytest.mark.parametrize(
    "typed",
    ["XTA219070R0123456", " xta 219070-r-0123456 ", "ХТА219070R0123456", "хта219070r0123456"],
)
def test_a_vin_is_found_with_spaces_small_and_cyrillic_letters(found_by, officer, case, typed):
    application = case(subject=f"VIN:{VIN}")
    assert found_by(officer, typed) == [application.number]


@pytest.mark.parametrize("typed", ["417KZN02", "417 kzn 02", "417 кzн-02"])
def test_a_plate_is_found(found_by, officer, case, typed):
    application = case(plate_number="417KZH02" if "н" in typed else "417KZN02")
    assert found_by(officer, typed) == [application.number]


def test_a_number_is_found_with_and_without_dashes(found_by, officer, case):
    application = case()
    assert found_by(officer, application.number) == [application.number]
    assert found_by(officer, application.number.replace("-", "")) == [application.number]


def test_a_person_is_found_as_applicant_and_as_representative(found_by, officer, case):
    asked = case()
    acting = case(representative=asked.applicant_person)
    iin = asked.applicant_person.iin
    assert set(found_by(officer, f"{iin[:6]} {iin[6:]}")) == {asked.number, acting.number}


def test_an_organisation_is_found_by_its_bin(found_by, officer, case):
    organisation = Organisation.objects.create(bin=make_bin(2015, 4, 1234), name="ТОО «Дала Логистик»")
    application = case(applicant_organisation=organisation)
    assert found_by(officer, organisation.bin) == [application.number]


def test_other_offices_find_nothing(found_by, officer_astana, front_desk_astana, supervisor, front_desk, case):
    application = case(subject=f"VIN:{VIN}")
    assert found_by(officer_astana, VIN) == found_by(front_desk_astana, VIN) == []
    assert found_by(supervisor, VIN) == found_by(front_desk, VIN) == [application.number]


def test_every_search_is_journaled_with_the_number_masked(found_by, officer, case):
    application = case()
    iin = application.applicant_person.iin
    found_by(officer, iin)
    row = JournalEntry.objects.get(action="searched")
    assert row.chain == "staff:officer"
    assert row.changes == {"by": "party", "for": f"{iin[:4]}•••••{iin[-3:]}", "found": [application.number]}


def test_a_search_costs_the_same_for_one_and_for_many(client, officer, case, django_assert_max_num_queries):
    person = case(State.ISSUED, issued_at=timezone.now()).applicant_person
    for _ in range(20):
        case(State.REFUSED, applicant_person=person)
    client.force_login(officer)
    client.post("/search/", {"q": person.iin})
    client.get("/queue/?show=mine")
    with django_assert_max_num_queries(11):
        assert len(client.get("/search/").context["results"]) == 21


@pytest.mark.parametrize(
    ("typed", "kind", "has_trouble"),
    [
        ("0201-26-004178-8", "number", True),
        ("880612400013", "party", True),
        ("XTA219O70R0123456", "vin", True),
        ("KZ", "short", True),
        ("417KZN02", "plate", False),
    ],
)
def test_what_cannot_be_is_said_with_the_way_out(typed, kind, has_trouble):
    reading = read(typed)
    assert reading.kind == kind
    assert bool(str(reading.trouble)) is has_trouble


def test_the_contact_centre_is_told_the_state_and_nothing_about_anybody(client, contact_centre, almaty_police):
    application = make_case(almaty_police, subject=f"VIN:{VIN}", plate_number="417KZN02")
    client.force_login(contact_centre)
    page = client.post("/contact-centre/", {"number": application.number.replace("-", " ")}, follow=True)
    text = page.content.decode()
    assert application.number in text
    person = application.applicant_person
    for secret in (person.surname, person.iin[-3:] + "<", VIN, "KZN", application.headline):
        assert secret not in text, secret
    assert JournalEntry.objects.get(action="status_told").changes == {"number": application.number}


def test_a_draft_has_no_status_to_tell(client, contact_centre, almaty_front_desk, almaty_police):
    draft = make_case(almaty_police, State.DRAFT, front_desk=almaty_front_desk)
    client.force_login(contact_centre)
    page = client.post("/contact-centre/", {"number": draft.number}, follow=True)
    assert "found" not in page.context
    assert page.context["error"]
