"""Files of the earlier register become entries, once, whatever happens in between."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from applications.journal import verify
from applications.models import JournalEntry
from legacy import loading
from legacy.models import RegistryImport
from offices.models import Staff
from people.models import Person
from plates.models import Plate, PlateMovement
from registration.models import Ownership, PlateAssignment, Registration, RegistrationCertificate, Vehicle
from registration.on_record import find
from tests.fixtures_legacy import (
    COMPANY,
    GOOD,
    OTHER,
    OTHER_PLATE,
    OTHER_SRTS,
    OTHER_VIN,
    OWNER,
    PLATE,
    SRTS,
    VIN,
    certificate,
    ownership,
    person,
    registration,
    vehicle,
)
from tests.fixtures_registration import guarded, refused_by


def test_a_vehicle_comes_in_with_all_that_belongs_to_it(registry):
    registry.write(**GOOD)
    outcome = registry.load()
    assert {numbers["loaded"] for numbers in outcome.counts.values()} == {1}
    entry = Registration.objects.get()
    assert (entry.vehicle.vin, entry.office.code, entry.application) == (VIN, "0201", None)
    assert Ownership.objects.get().owner.identifier == OWNER
    assert PlateAssignment.objects.get().plate.number == PLATE
    assert RegistrationCertificate.objects.get().number == SRTS


def test_what_came_in_is_found_as_any_vehicle_on_record(registry):
    registry.write(**GOOD)
    registry.load()
    assert find(PLATE) == find(SRTS) == find(VIN) == Vehicle.objects.get()


def test_entries_tell_the_import_that_brought_them(registry):
    registry.write(**GOOD)
    outcome = registry.load()
    for model in (Vehicle, Ownership, Registration):
        assert model.objects.get().registry_import_id == outcome.pk
    assert Plate.objects.get().receipt.reference.startswith(f"registry import {outcome.pk}, ")


def test_a_plate_goes_through_the_states_that_every_plate_goes_through(registry):
    ended = registration(ended_on="2024-02-01")
    registry.write(**{**GOOD, "registrations": [ended], "certificates": [certificate(state="ended")]})
    registry.load()
    moves = PlateMovement.objects.values_list("from_state", "to_state")
    assert list(moves) == [("in_stock", "assigned"), ("assigned", "surrendered")]
    assert PlateAssignment.objects.get().ended_at == Registration.objects.get().ended_at


def test_a_second_owner_may_keep_the_plates_and_take_them_to_another_region(registry):
    sold = ownership(until="2022-03-01")
    bought = ownership(owner=COMPANY, since="2022-03-01")
    company = {"bin": COMPANY, "name": "ТОО «Дала Авто»", "is_private_business": "yes"}
    moved = registration(registered_on="2022-03-01", office="0101", kind="registration")
    registry.write(
        **{**GOOD, "organisations": [company], "ownerships": [bought, sold]},
    )
    registry.write(registrations=[moved, registration(ended_on="2022-03-01")])
    registry.write(certificates=[certificate(state="replaced"), certificate(OTHER_SRTS, issued_on="2022-03-01")])
    outcome = registry.load()
    assert registry.reported() == []
    assert outcome.counts["registrations.csv"]["loaded"] == 2
    assert Plate.objects.get().state == "assigned"


def test_a_foreigner_without_an_iin_owns_by_country_and_document(registry):
    foreigner = person("", citizenship="UZB", document_number="AA1234567")
    registry.write(**{**GOOD, "people": [foreigner], "ownerships": [ownership(owner="UZB AA1234567")]})
    registry.load()
    assert registry.reported() == []
    assert Ownership.objects.get().owner == Person.objects.get(document_number="AA1234567")


def test_a_trailer_without_a_vin_is_known_by_its_chassis_number(registry):
    trailer = vehicle("", chassis_number="kz-817-004512", category="O1", fuel="none")
    files = {"vehicles": [trailer], "ownerships": [ownership("KZ817004512")], "certificates": []}
    registry.write(**{**GOOD, **files, "registrations": [registration("KZ 817 004512", "63TRB02")]})
    registry.load()
    assert registry.reported() == []
    assert find("63TRB02").chassis_number == "KZ817004512"


def test_the_same_files_again_change_nothing(registry):
    registry.write(**GOOD)
    registry.load()
    again = registry.load()
    assert {(numbers["loaded"], numbers["known"], numbers["bad"]) for numbers in again.counts.values()} == {(0, 1, 0)}
    assert Vehicle.objects.count() == Registration.objects.count() == RegistrationCertificate.objects.count() == 1


def test_more_rows_are_added_to_what_is_there(registry):
    registry.write(**GOOD)
    registry.load()
    registry.write(
        people=[person(), person(OTHER)],
        vehicles=[vehicle(), vehicle(OTHER_VIN)],
        ownerships=[ownership(), ownership(OTHER_VIN, OTHER)],
        registrations=[registration(), registration(OTHER_VIN, OTHER_PLATE)],
        certificates=[certificate(), certificate(OTHER_SRTS, OTHER_VIN)],
    )
    outcome = registry.load()
    assert {(numbers["loaded"], numbers["known"]) for numbers in outcome.counts.values()} == {(1, 1)}
    assert registry.reported() == []


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("people", person(surname="Ахметова")),
        ("vehicles", vehicle(colour="black")),
        ("ownerships", ownership(until="2023-01-01")),
        ("registrations", registration(plate=OTHER_PLATE)),
        ("certificates", certificate(state="replaced")),
    ],
)
def test_a_known_entry_that_says_otherwise_is_reported_and_not_overwritten(registry, name, changed):
    registry.write(**GOOD)
    registry.load()
    registry.write(**{name: [changed]})
    outcome = registry.load()
    assert registry.reported() == [(f"{name}.csv", 2, "conflict")]
    assert outcome.counts[f"{name}.csv"]["loaded"] == 0
    assert Vehicle.objects.get().colour == "white"


def test_an_empty_cell_about_a_known_person_contradicts_nothing(registry):
    registry.write(**{**GOOD, "people": [person(address="г. Алматы, ул. Абая, 10")]})
    registry.load()
    registry.write(people=[person()])
    assert registry.load().counts["people.csv"]["known"] == 1


def test_a_dry_run_checks_and_writes_nothing(registry):
    registry.write(**{**GOOD, "certificates": [certificate(issued_on="2001-01-01")]})
    outcome = registry.load(dry=True)
    assert registry.reported() == [("certificates.csv", 2, "registration_missing")]
    assert outcome.counts["vehicles.csv"] == {"read": 1, "loaded": 1, "known": 0, "bad": 0}
    assert not Vehicle.objects.exists()
    assert not RegistryImport.objects.exists()


def many(count):
    """A file of people who differ by document number."""
    return [person("", citizenship="UZB", document_number=f"AA{number:07d}") for number in range(count)]


def test_an_import_broken_off_is_gone_on_with(registry, monkeypatch):
    registry.write(people=many(25))
    monkeypatch.setattr(loading, "CHUNK", 10)
    write, chunks = loading._write, []

    def broken(*args):
        if len(chunks) == 2:
            raise KeyboardInterrupt
        chunks.append(args)
        write(*args)

    monkeypatch.setattr(loading, "_write", broken)
    with pytest.raises(KeyboardInterrupt):
        registry.load()
    assert Person.objects.count() == RegistryImport.objects.get(finished_at=None).counts["people.csv"]["loaded"] == 20
    monkeypatch.setattr(loading, "_write", write)
    outcome = registry.load()
    assert outcome.counts["people.csv"] == {"read": 25, "loaded": 25, "known": 0, "bad": 0}
    assert Person.objects.count() == 25
    assert RegistryImport.objects.get().finished_at is not None


def test_a_row_that_only_the_database_refuses_stands_alone(registry, monkeypatch):
    registry.write(people=many(25))
    monkeypatch.setattr(loading, "CHUNK", 10)
    write = loading._write

    def suspicious(kind, current, places):
        write(kind, current, places)
        if Person.objects.filter(document_number="AA0000013").exists():
            Person.objects.create(surname="X", birth_date="1990-01-01", sex="male", citizenship="x")

    monkeypatch.setattr(loading, "_write", suspicious)
    outcome = registry.load()
    assert registry.reported() == [("people.csv", 15, "database")]
    assert outcome.counts["people.csv"] == {"read": 25, "loaded": 24, "known": 0, "bad": 1}


def test_an_import_is_journaled_from_beginning_to_end(registry):
    registry.write(**GOOD)
    outcome = registry.load()
    entries = JournalEntry.objects.filter(chain="import").order_by("sequence")
    assert [entry.action for entry in entries] == ["registry_import_started", "registry_imported"]
    assert entries[1].changes["import"] == outcome.pk
    assert entries[1].changes["counts"]["vehicles.csv"]["loaded"] == 1
    assert verify("import") is None


@pytest.mark.parametrize(("language", "word"), [("ru", "загружено: 1"), ("kk", "жүктелді: 1"), ("en", "1 loaded")])
def test_the_command_tells_its_summary_in_three_languages(registry, language, word):
    registry.write(**GOOD)
    out = StringIO()
    arguments = [str(registry.folder), "--by", "administrator", "--report", str(registry.report_path)]
    call_command("import_registry", *arguments, "--language", language, stdout=out)
    assert out.getvalue().count(word) == 5
    assert RegistryImport.objects.get().started_by == Staff.objects.get(username="administrator")


@pytest.mark.parametrize("by", [[], ["--by", "officer"], ["--by", "nobody"]])
def test_the_command_wants_an_administrator_who_answers(registry, by):
    registry.write(**GOOD)
    with pytest.raises(CommandError):
        call_command("import_registry", str(registry.folder), *by, "--report", str(registry.report_path))
    assert not Vehicle.objects.exists()


def test_the_command_ends_with_two_when_rows_are_bad(registry):
    registry.write(**{**GOOD, "people": [person(birth_date="1985-04-13")]})
    arguments = [str(registry.folder), "--dry-run", "--report", str(registry.report_path)]
    with pytest.raises(CommandError) as ended:
        call_command("import_registry", *arguments, stdout=StringIO())
    assert ended.value.returncode == 2


def test_an_entry_has_an_application_or_an_import(registry):
    registry.write(**GOOD)
    registry.load()
    with refused_by("ownership_by_application_or_import"):
        Ownership.objects.update(registry_import=None)
    with refused_by("registration_by_application_or_import"):
        Registration.objects.update(registry_import=None)


def test_an_import_is_never_deleted_nor_its_files_changed(registry):
    registry.write(people=[person()])
    registry.load()
    with guarded("registry_import_never_deleted"):
        RegistryImport.objects.all().delete()
    with guarded("registry_import_is_fixed"):
        RegistryImport.objects.update(files={})


def test_the_same_files_are_not_begun_twice(registry):
    values = {"digest": "0" * 64, "files": {}, "started_at": timezone.now()}
    RegistryImport.objects.create(**values)
    with refused_by("registry_import_one_unfinished"):
        RegistryImport.objects.create(**values)
