"""What each register answers, from the tables. The shapes here are the wire contract that the clients check."""

from collections.abc import Callable
from typing import Any

from registers.simulator.data import Data, Row

Question = dict[str, Any]
ReplyBody = dict[str, Any]
VEHICLE_NUMBERS = ("vin", "body_number", "chassis_number")


def identity(data: Data, question: Question) -> ReplyBody:
    """The person with the IIN."""
    row = data.first("people", iin=question["iin"])
    return {"person": row and _person(row)}


def organisations(data: Data, question: Question) -> ReplyBody:
    """The organisation with the BIN and its head."""
    row = data.first("organisations", bin=question["bin"])
    return {"organisation": row and _organisation(data, row)}


def consent(data: Data, question: Question) -> ReplyBody:
    """The consent of a person or organisation; someone unknown has given none. Without an IIN the document counts."""
    number = question["iin_or_bin"]
    tables = (("people", "iin"), ("organisations", "bin"), ("foreigners", "document_number"))
    row = next((row for table, column in tables if (row := data.first(table, **{column: number}))), None)
    if row is None:
        return {"state": "missing", "given_on": None, "revoked_on": None}
    return {
        "state": row["consent"],
        "given_on": row["consent_given_on"] or None,
        "revoked_on": row["consent_revoked_on"] or None,
    }


def fines(data: Data, question: Question) -> ReplyBody:
    """All fines; which of them count is the asking side's question."""
    rows = data.rows("fines", identifier=question["identifier"])
    return {"fines": [{**_without(row, "identifier"), "executed_on": row["executed_on"] or None} for row in rows]}


def wanted_persons(data: Data, question: Question) -> ReplyBody:
    """Entries with the IIN or the surname."""
    rows = data.rows("wanted_persons")
    return {"entries": [_entry(row) for row in rows if _is_near(row, question["iin"], question["surname"])]}


def terrorism_list(data: Data, question: Question) -> ReplyBody:
    """Entries of the terrorism list with the number or the surname."""
    return _list(data, "terrorism", question)


def proliferation_list(data: Data, question: Question) -> ReplyBody:
    """Entries of the proliferation list with the number or the surname."""
    return _list(data, "proliferation", question)


def wanted_vehicles(data: Data, question: Question) -> ReplyBody:
    """Entries that share any number with the vehicle."""
    entries = []
    for row in data.rows("wanted_vehicles"):
        vehicle = data.first("vehicles", id=row["vehicle"]) or {}
        numbers = {name: vehicle.get(name, "") for name in (*VEHICLE_NUMBERS, "plate")}
        if any(number and number == question.get(name) for name, number in numbers.items()):
            entries.append({**_without(row, "vehicle"), **numbers})
    return {"entries": entries}


def restrictions(data: Data, question: Question) -> ReplyBody:
    """All restrictions, lifted ones included."""
    return {
        "restrictions": [
            {**row, "amount": row["amount"] or None, "lifted_on": row["lifted_on"] or None}
            for row in _of_vehicle(data, "restrictions", question)
        ]
    }


def foreign_registration(data: Data, question: Question) -> ReplyBody:
    """All registrations abroad, ended ones included."""
    rows = _of_vehicle(data, "foreign_registrations", question)
    return {"registrations": [{**row, "deregistered_on": row["deregistered_on"] or None} for row in rows]}


def vehicle_passport(data: Data, question: Question) -> ReplyBody:
    """The passport with the number, or of the vehicle."""
    if question.get("passport_number"):
        row = data.first("passports", number=question["passport_number"])
    else:
        vehicle = data.vehicle(question)
        row = vehicle and data.first("passports", vehicle=vehicle["id"])
    if not row:
        return {"passport": None}
    vehicle = data.first("vehicles", id=row["vehicle"])
    passport = {**_without(row, "vehicle"), "imported_on": row["imported_on"] or None}
    return {"passport": {**passport, "vehicle": vehicle and _vehicle(vehicle)}}


def recycling(data: Data, question: Question) -> ReplyBody:
    """Certificates with the number asked for, or of the vehicle; and the operator's statement of an exemption."""
    number = (question.get("certificate_number") or "").replace(" ", "").lstrip("№")
    vehicle = data.vehicle(question)
    rows = data.rows("recycling_certificates", number=number) if number else []
    if not number and vehicle:
        rows = data.rows("recycling_certificates", vehicle=vehicle["id"])
    exemption = vehicle and data.first("recycling_exemptions", vehicle=vehicle["id"])
    return {
        "certificates": [_certificate(data, row) for row in rows],
        "exemption": exemption and {"made_or_imported_on": exemption["made_or_imported_on"]},
    }


def temporary_import(data: Data, question: Question) -> ReplyBody:
    """The declarations that name the vehicle, each with what customs know of it."""
    vehicle = data.vehicle(question)
    rows = _of_vehicle(data, "temporary_imports", question)
    declared = {"vehicle": _vehicle(vehicle)} if vehicle else {}
    return {"declarations": [{**row, "closed_on": row["closed_on"] or None, **declared} for row in rows]}


def medical_certificates(data: Data, question: Question) -> ReplyBody:
    """The certificate with the number asked for, or all of the person."""
    key = {"number": question["number"]} if question.get("number") else {"identifier": question["identifier"]}
    rows = data.rows("medical_certificates", **key)
    return {
        "certificates": [
            {**row, "is_fit": row["is_fit"] == "yes", "categories": row["categories"].split()} for row in rows
        ]
    }


def driving_courses(data: Data, question: Question) -> ReplyBody:
    """All certificates of completed courses."""
    rows = data.rows("driving_courses", identifier=question["identifier"])
    return {"certificates": [{**row, "is_annulled": row["is_annulled"] == "yes"} for row in rows]}


def exams(data: Data, question: Question) -> ReplyBody:
    """All attempts at exams."""
    rows = data.rows("exams", identifier=question["identifier"])
    return {
        "attempts": [
            {**row, "attempt": int(row["attempt"]), "score": int(row["score"]), "is_passed": row["is_passed"] == "yes"}
            for row in rows
        ]
    }


def deprivations(data: Data, question: Question) -> ReplyBody:
    """All rulings, served and set aside ones included."""
    rows = data.rows("deprivations", identifier=question["identifier"])
    return {"deprivations": [{**row, "set_aside_on": row["set_aside_on"] or None} for row in rows]}


REPLIES: dict[str, Callable[[Data, Question], ReplyBody]] = {
    reply.__name__: reply
    for reply in (
        identity,
        organisations,
        consent,
        fines,
        wanted_persons,
        wanted_vehicles,
        terrorism_list,
        proliferation_list,
        restrictions,
        foreign_registration,
        vehicle_passport,
        recycling,
        temporary_import,
        medical_certificates,
        driving_courses,
        exams,
        deprivations,
    )
}


def subject_numbers(question: Question) -> list[str]:
    """The numbers that a question is about, to look up who has only trouble in the registers."""
    names = ("iin", "bin", "iin_or_bin", "identifier", *VEHICLE_NUMBERS)
    return [question[name] for name in names if question.get(name)]


def _person(row: Row) -> ReplyBody:
    document = {
        "kind": row["document_kind"],
        "number": row["document_number"],
        "issued_on": row["document_issued_on"],
        "issued_by": row["document_issued_by"],
        "valid_until": row["document_valid_until"] or None,
        "status": row["document_status"],
    }
    names = ("iin", "surname", "given_name", "patronymic", "birth_date", "sex", "citizenship")
    return {
        **{name: row[name] for name in names},
        "died_on": row["died_on"] or None,
        "document": document if row["document_number"] else None,
        "address": _address(row),
    }


def _organisation(data: Data, row: Row) -> ReplyBody:
    head = data.first("people", iin=row["head_iin"])
    names = ("bin", "name_ru", "name_kk", "kind", "registered_on")
    return {
        **{name: row[name] for name in names},
        "liquidated_on": row["liquidated_on"] or None,
        "head": head and {"iin": head["iin"], "full_name": _full_name(head)},
        "address": _address(row),
    }


def _full_name(row: Row) -> str:
    return " ".join(name for name in (row["surname"], row["given_name"], row["patronymic"]) if name)


def _address(row: Row) -> ReplyBody:
    return {"region_code": row["region_code"], "text_ru": row["address_ru"], "text_kk": row["address_kk"]}


def _vehicle(row: Row) -> ReplyBody:
    whole = ("year", "engine_volume_cm3", "unladen_mass_kg", "maximum_mass_kg", "ecological_class")
    flags = ("is_electric", "is_hybrid", "is_tractor_unit")
    return {
        **_without(row, "id", "plate", "note"),
        **{name: int(row[name]) if row[name] else None for name in whole},
        **{name: row[name] == "yes" for name in flags},
        "engine_power_kw": row["engine_power_kw"] or None,
    }


def _certificate(data: Data, row: Row) -> ReplyBody:
    vehicle = data.first("vehicles", id=row["vehicle"]) or {}
    numbers = {name: vehicle.get(name, "") for name in VEHICLE_NUMBERS}
    if row["printed_vin"]:
        numbers["vin"] = row["printed_vin"]
    corrections = data.rows("recycling_corrections", certificate=row["number"])
    return {
        **_without(row, "vehicle", "printed_vin"),
        **numbers,
        "year": int(vehicle.get("year", "0")),
        "category": vehicle.get("category", ""),
        "is_tractor_unit": vehicle.get("is_tractor_unit") == "yes",
        "is_electric": vehicle.get("is_electric") == "yes",
        "volume_or_mass": int(vehicle.get("engine_volume_cm3") or vehicle.get("maximum_mass_kg") or 0),
        "annulled_on": row["annulled_on"] or None,
        "corrections": [_without(item, "certificate") for item in corrections],
    }


def _of_vehicle(data: Data, table: str, question: Question) -> list[Row]:
    vehicle = data.vehicle(question)
    return [_without(row, "vehicle") for row in data.rows(table, vehicle=vehicle["id"])] if vehicle else []


def _list(data: Data, name: str, question: Question) -> ReplyBody:
    rows = data.rows("sanctions", list=name)
    near = [row for row in rows if _is_near(row, question["identifier"], question["surname"])]
    return {"entries": [_entry(row) for row in near]}


def _is_near(row: Row, identifier: str, surname: str) -> bool:
    return row["identifier"] == identifier or row["surname"].casefold() == surname.casefold()


def _entry(row: Row) -> ReplyBody:
    return {**row, "identifier": row["identifier"] or None, "birth_date": row["birth_date"] or None}


def _without(row: Row, *columns: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in columns}
