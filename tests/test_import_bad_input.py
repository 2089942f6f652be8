"""What can be wrong with files and rows of the earlier register: said with file, line and the way out."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from legacy.models import RegistryImport
from legacy.reading import FileTrouble
from offices.models import Office
from people.models import Person
from plates.stock import enter
from registration import blanks
from registration.models import Registration, RegistrationCertificate, Vehicle
from tests.fixtures_legacy import (
    GOOD,
    OTHER,
    OTHER_PLATE,
    OTHER_SRTS,
    OTHER_VIN,
    OWNER,
    PLATE,
    SRTS,
    certificate,
    ownership,
    person,
    registration,
    vehicle,
)

TODAY = timezone.localdate()


@pytest.fixture
def almaty_office(registry):
    return Office.objects.get(code="0201")


def refused(registry) -> str:
    """The sentence with which the folder is refused as a whole; nothing is written then."""
    with translation.override("en"), pytest.raises(FileTrouble) as trouble:
        registry.load()
    assert not RegistryImport.objects.exists()
    assert not Person.objects.exists()
    return str(trouble.value)


def test_a_file_in_another_encoding_is_named_with_the_way_out(registry):
    registry.write(**GOOD)
    registry.path("people").write_bytes(registry.path("people").read_text("utf-8").encode("cp1251", "replace"))
    says = refused(registry)
    assert says.startswith("people.csv is not in UTF-8 (near line 1)")
    assert "iconv -f CP1251 -t UTF-8" in says


def test_the_command_says_so_in_one_sentence(registry):
    registry.write(**GOOD)
    registry.change("people", "Ахметов".encode(), "Ахметов".encode("cp1251"))
    with pytest.raises(CommandError, match=r"people\.csv не в UTF-8"):
        call_command("import_registry", str(registry.folder), "--dry-run", "--report", str(registry.report_path))


def test_a_missing_column_is_named(registry):
    registry.write(**GOOD)
    registry.change("vehicles", b",colour,", b",color,")
    assert "vehicles.csv has no column colour" in refused(registry)


def test_an_extra_column_is_named_for_it_may_be_a_misspelt_one(registry):
    registry.write(people=[person()])
    registry.path("people").write_text("remark," + registry.path("people").read_text("utf-8"), "utf-8")
    assert "people.csv has columns that are not known: remark" in refused(registry)


def test_a_column_named_twice_is_refused(registry):
    registry.write(people=[person()])
    registry.change("people", b"phone", b"phone,phone")
    assert refused(registry) == "people.csv names a column twice."


@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf", b",,,\n"])
def test_an_empty_file_is_refused(registry, content):
    registry.path("people").write_bytes(content)
    assert "people.csv is empty" in refused(registry)


def test_semicolons_are_named(registry):
    registry.write(people=[person()])
    registry.change("people", b",", b";")
    assert "separated by semicolons" in refused(registry)


def test_a_heading_alone_is_a_file_with_no_rows(registry):
    registry.write(people=[])
    assert registry.load().counts["people.csv"] == {"read": 0, "loaded": 0, "known": 0, "bad": 0}


def test_a_file_that_is_none_of_ours_is_refused(registry):
    registry.write(**GOOD)
    registry.path("vehicles").rename(registry.path("vehicle"))
    assert refused(registry).startswith("vehicle.csv: no such file is known")


def test_a_folder_without_files_is_refused(registry):
    assert "holds none of the files" in refused(registry)


def test_what_has_no_line_ends_is_refused_before_it_fills_the_memory(registry):
    with registry.path("people").open("wb") as file:
        file.seek(1024**3)  # a sparse gigabyte of NUL bytes
        file.write(b"\0")
    assert "people.csv, line 1 is longer than" in refused(registry)


def test_a_quotation_mark_that_is_never_closed_is_refused(registry):
    registry.write(people=[person(address="Абая, 10"), *[person(OTHER)] * 3])
    registry.change("people", ' "Абая, 10"'.strip().encode(), '"Абая, 10'.encode())
    assert "the quotation marks do not match" in refused(registry)


@pytest.mark.parametrize(("before", "after"), [(b"", b"\xef\xbb\xbf"), (b"\r\n", b"\n"), (b"\r\n", b"\r\n")])
def test_byte_order_mark_and_line_ends_of_any_kind_are_read(registry, before, after):
    registry.write(people=[person()])
    content = registry.path("people").read_bytes()
    registry.path("people").write_bytes(content.replace(before, after) if before else after + content)
    assert registry.load().counts["people.csv"]["loaded"] == 1


def test_a_line_end_inside_quotation_marks_belongs_to_the_value_and_lines_are_still_counted(registry):
    registry.write(people=[person(address="г. Алматы,\nул. Абая, 10"), person(OTHER, sex="x")])
    registry.load()
    assert registry.reported() == [("people.csv", 4, "choice")]
    assert Person.objects.get().address == "г. Алматы,\nул. Абая, 10"


def test_a_nul_byte_makes_a_row_bad(registry):
    registry.write(people=[person(surname="Ахметов?"), person(OTHER)])
    registry.change("people", "Ахметов?".encode(), "Ахметов\0".encode())
    registry.load()
    assert registry.reported() == [("people.csv", 2, "nul")]
    assert Person.objects.get().iin == OTHER


def test_a_row_with_too_many_values_is_bad(registry):
    registry.write(people=[person(phone="end"), person(OTHER)])
    registry.change("people", b"end", b"end,more")
    registry.load()
    assert registry.reported() == [("people.csv", 2, "fields")]


WRONG_DIGIT = OWNER[:11] + str((int(OWNER[11]) + 1) % 10)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"iin": WRONG_DIGIT}, "identifier"),
        ({"iin": ""}, "no_identifier"),
        ({"surname": ""}, "required"),
        ({"surname": "А" * 101}, "too_long"),
        ({"birth_date": "12.04.1985"}, "date"),
        ({"birth_date": "1985-02-30"}, "date"),
        ({"birth_date": "1899-12-31"}, "date_early"),
        ({"birth_date": f"{TODAY.year + 1}-01-01"}, "date_future"),
        ({"birth_date": "1985-04-13"}, "contradicts_iin"),
        ({"sex": "female"}, "contradicts_iin"),
        ({"citizenship": "Казахстан"}, "characters"),
    ],
)
def test_a_person_that_cannot_be(registry, values, code):
    assert registry.codes(people=[person(OTHER), person(**values)])[0] == ("people.csv", 3, code)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"vin": "XWFVK2344JK36057"}, "identifier"),
        ({"vin": "XWFVK2344OK360571"}, "identifier"),
        ({"vin": ""}, "no_number"),
        ({"year": "1899"}, "number_range"),
        ({"year": "2019 г."}, "number"),
        ({"year": "2_019"}, "number"),
        ({"engine_power_kw": "NaN"}, "number"),
        ({"engine_power_kw": "1e-99999"}, "number"),
        ({"colour": "белый"}, "choice"),
        ({"is_electric": "да"}, "choice"),
        ({"is_electric": "yes", "is_hybrid": "yes"}, "electric_hybrid"),
        ({"unladen_mass_kg": ""}, "required"),
    ],
)
def test_a_vehicle_that_cannot_be(registry, values, code):
    assert registry.codes(vehicles=[vehicle(**values)])[0] == ("vehicles.csv", 2, code)


def test_what_belongs_to_a_bad_row_is_not_loaded_either(registry):
    reported = registry.codes(vehicles=[vehicle(colour="белый")])
    assert reported == [
        ("vehicles.csv", 2, "choice"),
        ("ownerships.csv", 2, "vehicle_unknown"),
        ("registrations.csv", 2, "vehicle_unknown"),
        ("certificates.csv", 2, "vehicle_unknown"),
    ]
    assert not Registration.objects.exists()


def test_one_vin_twice_with_different_data_is_loaded_neither_way(registry):
    reported = registry.codes(vehicles=[vehicle(), vehicle(colour="black"), vehicle(OTHER_VIN)])
    assert reported[:2] == [("vehicles.csv", 2, "duplicate"), ("vehicles.csv", 3, "duplicate")]
    assert Vehicle.objects.get().vin == OTHER_VIN


def test_one_row_twice_is_loaded_once(registry):
    assert registry.codes(vehicles=[vehicle(), vehicle()]) == []
    assert Vehicle.objects.count() == Registration.objects.count() == 1


def test_a_vin_of_the_register_with_other_data_is_reported(registry):
    assert registry.codes() == []
    assert registry.codes(vehicles=[vehicle(model="Corolla")]) == [("vehicles.csv", 2, "conflict")]
    assert "model" in registry.report_path.read_text("utf-8")


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([ownership(owner=OTHER)], ["owner_unknown"]),
        ([ownership(owner=WRONG_DIGIT)], ["identifier"]),
        ([ownership(owner="Ахметов")], ["party"]),
        ([ownership(since="1899-01-01")], ["date_early"]),
        ([ownership(since=f"{TODAY.year + 1}-01-01")], ["date_future"]),
        ([ownership(until="2019-06-14")], ["period"]),
        ([ownership(), ownership(since="2021-01-01")], ["overlap", "overlap"]),
    ],
)
def test_an_ownership_that_cannot_be(registry, rows, codes):
    reported = registry.codes(ownerships=rows)
    assert [code for file, _line, code in reported if file == "ownerships.csv"] == codes
    assert ("registrations.csv", 2, "owner_missing") in reported


def test_an_ownership_over_one_of_the_register_is_reported(registry):
    registry.codes()
    assert registry.codes(ownerships=[ownership(since="2018-01-01")]) == [("ownerships.csv", 2, "overlap_register")]


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([registration(office="9999")], ["office_unknown"]),
        ([registration(office="0203")], ["office_unknown"]),
        ([registration(plate="")], ["required"]),
        ([registration(plate="12")], ["plate_format"]),
        ([registration(plate="63TRB02X")], ["plate_format"]),
        ([registration(plate="204SKM17")], ["plate_region"]),
        ([registration(), registration(plate=OTHER_PLATE, registered_on="2020-01-01")], ["overlap", "overlap"]),
        ([registration(kind="sale")], ["choice"]),
    ],
)
def test_a_registration_that_cannot_be(registry, rows, codes):
    reported = registry.codes(registrations=rows)
    assert [code for file, _line, code in reported if file == "registrations.csv"] == codes
    assert not Registration.objects.exists()


def test_one_plate_on_two_vehicles_is_loaded_on_neither(registry):
    reported = registry.codes(
        vehicles=[vehicle(), vehicle(OTHER_VIN)],
        ownerships=[ownership(), ownership(OTHER_VIN)],
        registrations=[registration(), registration(OTHER_VIN)],
    )
    assert reported[:2] == [("registrations.csv", 2, "plate_overlap"), ("registrations.csv", 3, "plate_overlap")]


def test_a_plate_in_the_stock_of_an_office_is_reported(registry, plate_formats, almaty_office):
    enter(
        almaty_office,
        plate_formats["person_car_2012"],
        [PLATE],
        reference="1",
        received_by=None,
        now=timezone.now(),
    )
    assert registry.codes()[0] == ("registrations.csv", 2, "plate_in_stock")


def test_a_plate_of_another_vehicle_of_the_register_is_reported(registry):
    registry.codes()
    reported = registry.codes(
        vehicles=[vehicle(OTHER_VIN)],
        ownerships=[ownership(OTHER_VIN)],
        registrations=[registration(OTHER_VIN)],
        certificates=[],
    )
    assert reported == [("registrations.csv", 2, "plate_elsewhere")]


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([certificate("AE2060001")], ["characters"]),
        ([certificate(issued_on="2019-06-13")], ["registration_missing"]),
        ([certificate(), certificate(OTHER_SRTS, issued_on="2020-01-01")], ["two_valid", "two_valid"]),
    ],
)
def test_an_srts_that_cannot_be(registry, rows, codes):
    assert [code for _file, _line, code in registry.codes(certificates=rows)] == codes
    assert not RegistrationCertificate.objects.exists()


def test_an_srts_of_an_ended_registration_is_not_valid(registry):
    reported = registry.codes(registrations=[registration(ended_on="2024-01-01")])
    assert reported == [("certificates.csv", 2, "registration_over")]


def test_a_blank_in_stock_is_no_srts(registry, almaty_office):
    blanks.enter(almaty_office, [SRTS], received_by=None, now=timezone.now())
    assert registry.codes() == [("certificates.csv", 2, "blank_known")]


def test_the_report_names_file_line_and_reason_in_the_language(registry):
    registry.write(**{**GOOD, "people": [person(iin=WRONG_DIGIT)]})
    with translation.override("kk"):
        registry.load()
    lines = registry.report_path.read_text("utf-8-sig").splitlines()
    assert lines[0] == "file,line,code,reason"
    assert lines[1].startswith("people.csv,2,identifier,«iin»: ")
    assert WRONG_DIGIT not in lines[1]
