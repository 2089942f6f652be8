"""People without an IIN: typed from the document shown, marked, journaled, never overwritten in silence."""

from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications import intake
from applications.checklist import checklist
from applications.errors import InvalidInputError, NotAllowedError
from applications.foreigners import Particulars, keep_foreigner
from applications.models import Application, JournalEntry
from applications.standards import MetBy
from people.models import Person
from tests.fixtures_registers import DEMO
from tests.fixtures_road import Road, scan, work


def passport(row_id: str = "F-01", **changes: object) -> Particulars:
    """What the passport of a foreigner of the demo data says."""
    row = DEMO.first("foreigners", id=row_id)
    assert row is not None
    names = ("citizenship", "document_number", "surname", "given_name", "patronymic", "sex", "address")
    said = Particulars(birth_date=date.fromisoformat(row["birth_date"]), **{name: row[name] for name in names})
    return replace(said, **changes)


def keep(road: Road, said: Particulars) -> Person:
    return keep_foreigner(actor=road.desk, particulars=said, now=timezone.now())


def wrong(road: Road, **changes: object) -> set[str]:
    with pytest.raises(InvalidInputError) as caught:
        keep(road, passport(**changes))
    return set(caught.value.fields)


def identity_of(application: Application) -> MetBy | None:
    needs = checklist(application, timezone.now())
    return next(need.met_by for need in needs if need.requirement.code == "identity")


def test_the_same_passport_shown_again_is_the_same_person_however_it_is_typed(road: Road):
    first = keep(road, passport())
    again = keep(road, passport(document_number=" с01х 00т-47 ", surname="Weber", address=""))

    assert again.pk == first.pk
    assert first.document_number == "C01X00T47"
    assert again.surname == "WEBER"


def test_one_number_of_two_states_is_two_people(road: Road):
    assert keep(road, passport()).pk != keep(road, passport(citizenship="FRA")).pk


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"citizenship": "KAZ"}, {"citizenship"}),
        ({"citizenship": "ZZZ"}, {"citizenship"}),
        ({"document_number": "12"}, {"document_number"}),
        ({"document_number": "ЩЖ123456"}, {"document_number"}),
        ({"surname": "  "}, {"surname"}),
        ({"birth_date": date(1888, 1, 1)}, {"birth_date"}),
        ({"sex": "other"}, {"sex"}),
    ],
)
def test_what_cannot_be_is_named(road: Road, changes: dict, fields: set):
    assert wrong(road, **changes) == fields
    assert not Person.objects.filter(iin=None).exists()


def test_nobody_is_born_tomorrow(road: Road):
    assert wrong(road, birth_date=timezone.localdate() + timedelta(days=1)) == {"birth_date"}


def test_only_a_front_desk_types_people(road: Road):
    with pytest.raises(NotAllowedError):
        keep_foreigner(actor=road.officer, particulars=passport(), now=timezone.now())


def test_every_typing_is_journaled_with_what_was_typed(road: Road):
    person = keep(road, passport())
    typed = JournalEntry.objects.get(chain=f"person:{person.pk}")

    assert typed.actor == road.people["front_desk"]
    assert typed.changes["surname"] == "WEBER"
    assert JournalEntry.objects.filter(chain="staff:front_desk", action="looked_up").count() == 1


def test_a_slip_is_put_right_while_nothing_rests_on_it_and_both_spellings_are_kept(road: Road):
    person = keep(road, passport(surname="WEBR"))
    keep(road, passport())
    corrected = JournalEntry.objects.get(chain=f"person:{person.pk}", action="person_corrected")

    assert Person.objects.get(pk=person.pk).surname == "WEBER"
    assert corrected.changes == {"surname": ["WEBR", "WEBER"]}


def test_what_an_accepted_application_rests_on_is_not_typed_over(road: Road):
    """VR.8.1a: the contradiction is said field by field, the record stays, the look at it is journaled."""
    person = keep(road, passport())
    application = road.fill(road.open(person), "V-01")
    road.attach(application, "identity")
    road.pay(application)
    road.submit(application)
    before = asdict(passport())

    assert wrong(road, surname="MUELLER", birth_date=date(1980, 1, 1)) == {"surname", "birth_date"}
    assert Person.objects.filter(pk=person.pk, **before).exists()
    assert JournalEntry.objects.filter(chain="staff:front_desk", action="looked_up").count() == 2


def test_the_scan_of_the_passport_is_what_proves_a_foreigner(road: Road):
    """VR.8.1a: no register knows the person, so the scan is due before acceptance."""
    application = road.fill(road.open(keep(road, passport())), "V-01")
    road.pay(application)
    lacking = intake.problems(road.fresh(application), timezone.now())
    road.attach(application, "identity")

    assert lacking.keys() == {"identity"}
    assert identity_of(road.fresh(application)) == MetBy.SCAN
    assert intake.problems(road.fresh(application), timezone.now()) == {}


def test_a_registers_word_about_the_representative_does_not_prove_the_foreigner(road: Road):
    """VR.8.1a: the representative is known to the register, the applicant is not."""
    representative = road.applicant("P-02")
    assert isinstance(representative, Person)
    application = road.fill(road.open(keep(road, passport()), representative), "V-01")

    assert application.checks.get(code="identity").subject == "representative"
    assert application.checks.get(code="identity").outcome == "clear"
    assert identity_of(application) is None


def test_two_foreigners_need_two_scans(road: Road):
    application = road.fill(road.open(keep(road, passport()), keep(road, passport("F-02"))), "V-01")
    road.attach(application, "identity")
    one = identity_of(road.fresh(application))
    intake.attach(
        actor=road.desk,
        number=application.number,
        requirement="identity",
        upload=scan("the other passport"),
        now=timezone.now(),
    )

    assert one is None
    assert identity_of(road.fresh(application)) == MetBy.SCAN


@pytest.mark.parametrize(
    ("row_id", "code", "outcome"),
    [
        ("F-01", "consent", "clear"),
        ("F-04", "consent", "hit"),
        ("F-01", "fines", "clear"),
        ("F-02", "fines", "hit"),
        ("F-01", "wanted_persons", "clear"),
        ("F-03", "wanted_persons", "needs_human"),
        ("F-03", "terrorism_list", "clear"),
    ],
)
def test_registers_are_asked_by_the_document_or_by_name_and_birth_date(road: Road, row_id, code, outcome):
    """VR.9.3, VR.9.4, VR.9.5, VR.9.6 of somebody without an IIN, over the wire."""
    application = road.fill(road.open(keep(road, passport(row_id))), "V-01")
    road.attach(application, "identity")
    road.pay(application)
    road.submit(application)
    work()

    assert application.checks.get(code=code, subject="applicant").outcome == outcome
    assert not application.checks.filter(code="identity").exists()


def typed(who: str = "applicant", **changes: str) -> dict[str, str]:
    said = {name: str(value) for name, value in asdict(passport()).items()} | changes
    return {f"{who}-{name}": value for name, value in said.items()}


@pytest.fixture
def desk(client, road: Road):
    client.force_login(road.people["front_desk"])
    return client


def test_the_desk_enters_a_foreigner_and_opens_the_draft(desk):
    answer = desk.post(reverse("desk:intake_by_document", args=["applicant"]), typed())
    token = answer.context["kept"]["token"]
    opened = desk.post(reverse("desk:intake_open"), {"subservice": "VR-1", "applicant": token})

    assert answer.headers["HX-Trigger-After-Settle"] == "party-found"
    assert "WEBER ANNA" in answer.content.decode()
    assert opened.status_code == 302
    assert Application.objects.get().applicant == Person.objects.get(document_number="C01X00T47")


def test_a_mistake_stands_in_its_field_and_the_rest_stays(desk):
    answer = desk.post(reverse("desk:intake_by_document", args=["applicant"]), typed(citizenship="KAZ"))
    page = answer.content.decode()

    assert 'id="id_applicant-citizenship_error"' in page
    assert 'value="WEBER"' in page
    assert not Person.objects.filter(iin=None).exists()
