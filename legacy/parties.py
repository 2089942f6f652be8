"""People and organisations of the earlier registers."""

from __future__ import annotations

import re

from legacy.kinds import Column, Kind, differences, insert
from legacy.values import Wrong, day, identifier, one_of, text, yes_or_no
from people.identifiers import IdentifierError, classify, parse_bin, parse_iin
from people.models import Organisation, Person, SexChoice

COUNTRY = re.compile(r"[A-Z]{3}")
PARTY = re.compile(r"([A-Z]{3})[ :]+(\S.{0,29})")


def country(value: str) -> str:
    """Three letters (ISO 3166-1); an empty cell is Kazakhstan."""
    if value and not COUNTRY.fullmatch(value):
        raise Wrong("characters", value[:10])
    return value or "KAZ"


def party(value: str) -> tuple[str, str]:
    """The keys (person, organisation) of an owner as files name it; one of them is empty. Raises Wrong."""
    try:
        if classify(value) == "iin":
            return parse_iin(value).value, ""
        return "", parse_bin(value).value
    except IdentifierError as error:
        foreign = PARTY.fullmatch(value)
        if foreign:
            return f"{foreign[1]}:{foreign[2]}", ""
        if error.code in {"length", "digits"}:
            raise Wrong("party") from error
        raise Wrong("identifier", error.message) from error


def _derive_person(row: dict[str, str | None]) -> dict[str, str | None]:
    if row["iin"] is None:
        if not row["document_number"]:
            raise Wrong("no_identifier")
        return {"key": f"{row['citizenship']}:{row['document_number']}"}
    iin = parse_iin(row["iin"])
    if iin.birth_date is not None and iin.birth_date.isoformat() != row["birth_date"]:
        raise Wrong("contradicts_iin", column="birth_date")
    if iin.sex is not None and iin.sex.value != row["sex"]:
        raise Wrong("contradicts_iin", column="sex")
    return {"key": row["iin"]}


def _said(names: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """An empty cell says nothing: the register may know more."""
    return {name: (f"coalesce(nullif(s.{name}::text, ''), t.{name}::text)", f"t.{name}::text") for name in names}


# SQL: the key under which files name a person of the register.
PERSON_KEY = "coalesce(t.iin, t.citizenship || ':' || t.document_number)"
PERSON_TEXTS = ("surname", "given_name", "patronymic", "birth_date", "sex", "citizenship")
PERSON_MORE = ("document_number", "address", "phone")
ORGANISATION_COLUMNS = ("name", "head_name", "address", "is_private_business")

PEOPLE = Kind(
    name="people",
    columns=(
        Column("iin", identifier(parse_iin, required=False)),
        Column("surname", text(100)),
        Column("given_name", text(100, required=False)),
        Column("patronymic", text(100, required=False)),
        Column("birth_date", day(), "date"),
        Column("sex", one_of(SexChoice.values)),
        Column("citizenship", country),
        Column("document_number", text(30, required=False)),
        Column("address", text(300, required=False)),
        Column("phone", text(30, required=False)),
    ),
    derived={"key": "text"},
    derive=_derive_person,
    models=(Person,),
    key="key",
    known=f"SELECT s.line, {differences(_said(PERSON_TEXTS + PERSON_MORE))} AS differs "
    "FROM staged_people s JOIN people_person t ON t.iin = s.iin WHERE s.iin IS NOT NULL "
    f"UNION ALL SELECT s.line, {differences(_said(PERSON_TEXTS + PERSON_MORE))} "
    "FROM staged_people s JOIN people_person t ON t.iin IS NULL AND t.citizenship = s.citizenship "
    "AND t.document_number = s.document_number WHERE s.iin IS NULL",
    checks=(),
    entries=insert(Person, "{chunk} s", **{name: f"s.{name}" for name in ("iin", *PERSON_TEXTS, *PERSON_MORE)}),
)

ORGANISATIONS = Kind(
    name="organisations",
    columns=(
        Column("bin", identifier(parse_bin)),
        Column("name", text(300)),
        Column("head_name", text(200, required=False)),
        Column("address", text(300, required=False)),
        Column("is_private_business", yes_or_no, "boolean"),
    ),
    derived={},
    derive=lambda row: {},
    models=(Organisation,),
    key="bin",
    known=f"SELECT s.line, {differences(_said(ORGANISATION_COLUMNS))} AS differs "
    "FROM staged_organisations s JOIN people_organisation t ON t.bin = s.bin",
    checks=(),
    entries=insert(Organisation, "{chunk} s", bin="s.bin", **{name: f"s.{name}" for name in ORGANISATION_COLUMNS}),
)
