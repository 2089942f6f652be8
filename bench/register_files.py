"""Files of an earlier register of any size: what they hold follows from the number of the vehicle alone."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bench.seeding import GIVEN_NAMES, LETTERS, SURNAMES, iin_of
from people.identifiers import IdentifierError, make_bin

# Four vehicles in ten of Almaty, the others of three more offices.
OFFICES = ("0201", "0201", "0201", "0201", "0101", "0101", "0901", "0901", "1701", "1701")
PER_ORGANISATION = 100
MODELS = (("LADA", "Granta"), ("Hyundai", "Tucson"), ("Toyota", "Camry"), ("Kia", "Sportage"), ("Chevrolet", "Cobalt"))
# People of the register come after the applicants of bench/seeding.py and those of the demo data, whose numbers are
# theirs already; up to 4.2 million nobody else has one.
FIRST_PERSON = 1_200_000
Rows = Iterable[Sequence[object]]


def is_of_organisation(serial: int) -> bool:
    """Whether an organisation owns the vehicle: one in ten."""
    return serial % 10 == 9


def was_sold(serial: int) -> bool:
    """Whether the vehicle had an owner before, under whom it had the same plates: one in ten."""
    return serial % 10 == 4


def vin_of(serial: int) -> str:
    return f"XTB{serial:014d}"


def plate_of(serial: int) -> str:
    # Two letters give 484 000 numbers, so those of organisations are counted apart; both begin after the demo data's.
    count, letters = (150_000 + serial // 10, 2) if is_of_organisation(serial) else (2_000_000 + serial, 3)
    word = "".join(LETTERS[count // 999 // 22**place % 22] for place in range(letters))
    return f"{count % 999 + 1:03d}{word}{office_of(serial)[:2]}"


def office_of(serial: int) -> str:
    # By hundreds, so that plates of two and of three letters run through all offices alike.
    return OFFICES[serial // 1_000 % 10]


def certificate_of(serial: int, *, earlier: bool = False) -> str:
    return f"{'BA' if earlier else 'BB'}{serial:08d}"


def person_of(serial: int) -> str:
    return iin_of(FIRST_PERSON + serial)[0]


def organisation_of(serial: int) -> str:
    """The BIN of the owner, an organisation with a hundred vehicles."""
    number = serial // 10 // PER_ORGANISATION
    for attempt in range(10):
        try:
            return make_bin(2000 + number // 9_000 % 20, 1 + number % 12, number % 9_000 * 10 + attempt)
        except IdentifierError:
            continue
    raise ValueError(serial)


def write(folder: Path, first: int, last: int) -> int:
    """Write the five or six files for vehicles `first` up to `last`. Returns the number of rows in all."""
    serials = range(first, last)
    return sum(
        (
            _write(folder, "people", PEOPLE, _people(serials)),
            _write(folder, "organisations", "bin,name,head_name,address,is_private_business", _organisations(serials)),
            _write(folder, "vehicles", VEHICLES, _vehicles(serials)),
            _write(folder, "ownerships", "vehicle,owner,since,until", _ownerships(serials)),
            _write(
                folder, "registrations", "vehicle,office,kind,registered_on,ended_on,plate", _registrations(serials)
            ),
            _write(folder, "certificates", "number,vehicle,issued_on,state", _certificates(serials)),
        )
    )


def _write(folder: Path, name: str, columns: str, rows: Rows) -> int:
    count = 0
    with Path(folder, f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns.split(","))
        for count, row in enumerate(rows, start=1):  # noqa: B007 the last one is the number of rows
            writer.writerow(row)
    return count


PEOPLE = "iin,surname,given_name,patronymic,birth_date,sex,citizenship,document_number,address,phone"
REGISTRATIONS = "vehicle,office,kind,registered_on,ended_on,plate"
VEHICLES = (
    "vin,body_number,chassis_number,category,make,model,year,colour,body_type,engine_number,engine_volume_cm3,"
    "engine_power_kw,unladen_mass_kg,maximum_mass_kg,fuel,is_electric,is_hybrid,is_tractor_unit,ecological_class,"
    "special_marks,passport_number"
)


def _people(serials: range) -> Iterator[Sequence[object]]:
    for serial in serials:
        iin, born = iin_of(FIRST_PERSON + serial)
        names = (SURNAMES[serial % 10], GIVEN_NAMES[serial // 10 % 10], "Маратович")
        yield iin, *names, born, "male", "KAZ", f"{serial:09d}", f"г. Алматы, ул. Абая, {serial % 300 + 1}", ""


def _organisations(serials: range) -> Iterator[Sequence[object]]:
    for serial in serials:
        if serial % (10 * PER_ORGANISATION) == 9:
            yield organisation_of(serial), f"ТОО «Парк {serial // 1000}»", "", "г. Алматы, пр. Абая, 1", "yes"


def _vehicles(serials: range) -> Iterator[Sequence[object]]:
    for serial in serials:
        make, model = MODELS[serial % 5]
        what = (
            "M1",
            make,
            model,
            _year(serial),
            "white",
            "седан",
            f"E{serial:09d}",
            1596,
            "78.00",
            1160,
            1560,
            "petrol",
        )
        yield vin_of(serial), "", "", *what, "no", "no", "no", 5, "", f"1643{serial:011d}"


def _year(serial: int) -> int:
    return 2005 + serial % 15


def _since(serial: int) -> str:
    return f"{_year(serial)}-{serial % 12 + 1:02d}-{serial % 28 + 1:02d}"


def _owner(serial: int) -> str:
    return organisation_of(serial) if is_of_organisation(serial) else person_of(serial)


def _ownerships(serials: range) -> Iterator[Sequence[object]]:
    for serial in serials:
        if was_sold(serial):
            yield vin_of(serial), person_of(serial - 1), _since(serial), _sale(serial)
            yield vin_of(serial), _owner(serial), _sale(serial), ""
        else:
            yield vin_of(serial), _owner(serial), _since(serial), ""


def _sale(serial: int) -> str:
    return f"2021-{serial % 12 + 1:02d}-{serial % 28 + 1:02d}"


def _registrations(serials: range) -> Iterator[Sequence[object]]:
    for serial in serials:
        place, plate = (vin_of(serial), office_of(serial)), plate_of(serial)
        if was_sold(serial):
            yield *place, "primary", _since(serial), _sale(serial), plate
            yield *place, "registration", _sale(serial), "", plate
        else:
            yield *place, "primary", _since(serial), "", plate


def _certificates(serials: range) -> Iterator[Sequence[object]]:
    for serial in serials:
        if was_sold(serial):
            yield certificate_of(serial, earlier=True), vin_of(serial), _since(serial), "replaced"
        yield certificate_of(serial), vin_of(serial), _sale(serial) if was_sold(serial) else _since(serial), "valid"
