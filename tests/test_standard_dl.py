"""Rows DL: what the standard of driver licences asks, when and of whom."""

from datetime import date
from decimal import Decimal

import pytest

from applications.standards import ApplicantKind, Channel, DueAt, Facts, MetBy, in_force
from licensing.standard import VERSIONS

TODAY = date(2026, 3, 2)
STANDARD = in_force(VERSIONS, TODAY)


def case(subservice="DL-1", channel=Channel.FRONT_DESK, **details):
    return Facts(subservice, channel, ApplicantKind.PERSON, TODAY, "", details)


@pytest.mark.parametrize(
    ("row", "subservice", "channel", "offered"),
    [
        ("DL.2", "DL-1", Channel.FRONT_DESK, True),
        ("DL.2", "DL-1", Channel.EGOV, True),
        ("DL.2", "DL-1", Channel.PLATFORM, True),
        ("DL.2x", "DL-2", Channel.FRONT_DESK, True),
        ("DL.2x", "DL-2", Channel.EGOV, False),
        ("DL.2x", "DL-2", Channel.PLATFORM, False),
    ],
)
def test_channels(row, subservice, channel, offered):
    assert STANDARD.offers(subservice, channel) is offered
    assert STANDARD.subservice(subservice).row == row


@pytest.mark.parametrize(
    ("subservice", "channel", "minutes"),
    [
        ("DL-1", Channel.FRONT_DESK, 120),
        ("DL-2", Channel.FRONT_DESK, 120),
        ("DL-1", Channel.EGOV, 60),
        ("DL-1", Channel.PLATFORM, 60),
    ],
)
def test_term_dl_3(subservice, channel, minutes):
    term = STANDARD.term(case(subservice, channel))
    assert (term.row, term.minutes) == ("DL.3", minutes)


@pytest.mark.parametrize("channel", [Channel.EGOV, Channel.PLATFORM])
def test_first_issue_has_neither_term_nor_documents_online_dl_2x(channel):
    assert STANDARD.requirements_for(case("DL-2", channel)) == []
    with pytest.raises(LookupError):
        STANDARD.term(case("DL-2", channel))


DESK = {"identity": "DL.8.1a", "medical_certificate": "DL.8.1b", "payment": "DL.8.1c"}
ONLINE = {"identity": "DL.8.2a", "medical_certificate": "DL.8.2b", "payment": "DL.8.2c"}


def without_medical(rows):
    return {code: row for code, row in rows.items() if code != "medical_certificate"}


@pytest.mark.parametrize(
    ("these", "expected"),
    [
        pytest.param(case(), DESK, id="DL.8.1b"),
        pytest.param(case(exchanged_before_expiry=True), without_medical(DESK), id="DL.8.1b exchanged before expiry"),
        pytest.param(case(channel=Channel.EGOV), ONLINE, id="DL.8.2b"),
        pytest.param(
            case(channel=Channel.PLATFORM, exchanged_before_expiry=True),
            without_medical(ONLINE),
            id="DL.8.2b exchanged before expiry",
        ),
        pytest.param(case("DL-2"), DESK | {"driving_course": "DL.8.1d"}, id="DL.8.1d first issue"),
        pytest.param(case("DL-2", act="after_deprivation"), DESK, id="DL.8.1d not after deprivation"),
        pytest.param(
            case("DL-2", act="after_deprivation", exchanged_before_expiry=True), DESK, id="DL.8.1b DL-2 is no exchange"
        ),
    ],
)
def test_documents(these, expected):
    assert {rule.code: rule.row for rule in STANDARD.requirements_for(these)} == expected


@pytest.mark.parametrize(
    ("row", "met_by", "due"),
    [
        ("DL.8.1a", {MetBy.REGISTER, MetBy.SCAN}, DueAt.DECISION),
        ("DL.8.1b", {MetBy.REGISTER}, DueAt.DECISION),
        ("DL.8.1c", {MetBy.PAYMENT}, DueAt.SUBMISSION),
        ("DL.8.1d", {MetBy.REGISTER}, DueAt.DECISION),
        ("DL.8.2a", {MetBy.REGISTER, MetBy.SCAN}, DueAt.DECISION),
        ("DL.8.2b", {MetBy.REGISTER}, DueAt.DECISION),
        ("DL.8.2c", {MetBy.PAYMENT}, DueAt.SUBMISSION),
    ],
)
def test_how_and_when_a_requirement_is_met(row, met_by, due):
    (found,) = [rule for rule in STANDARD.requirements if rule.row == row]
    assert (set(found.met_by), found.due) == (met_by, due)


@pytest.mark.parametrize("subservice", ["DL-1", "DL-2"])
def test_duty_dl_6(subservice):
    (charge,) = STANDARD.charges_for(case(subservice))
    assert (charge.row, charge.code, charge.printed_rate) == ("DL.6", "licence_duty", Decimal("1.25"))


EVERY_CASE = {
    "identity": "DL.9.1",
    "fines": "DL.9.3",
    "consent": "DL.9.4",
    "payments": "DL.9.1",
    "deprivation": "DL.9.2",
}
EXAMS = {"exams": "DL.9.2"}
MEDICAL = {"medical_certificate": "DL.9.2"}


@pytest.mark.parametrize(
    ("these", "expected"),
    [
        pytest.param(case(), EVERY_CASE | MEDICAL, id="DL-1"),
        pytest.param(case(channel=Channel.EGOV), EVERY_CASE | MEDICAL, id="DL-1 online"),
        pytest.param(case(exchanged_before_expiry=True), EVERY_CASE, id="DL-1 exchanged before expiry"),
        pytest.param(
            case("DL-2"),
            EVERY_CASE | MEDICAL | EXAMS | {"driving_course": "DL.9.2"},
            id="DL-2 first issue",
        ),
        pytest.param(
            case("DL-2", act="after_deprivation"),
            EVERY_CASE | MEDICAL | EXAMS,
            id="DL-2 after deprivation",
        ),
    ],
)
def test_questions_to_the_registers(these, expected):
    questions = STANDARD.checks_for(these)
    assert {rule.code: rule.ground for rule in questions} == expected
    assert len(questions) == len(expected)


def test_only_overdue_fines_refuse_dl_9_3():
    fines = next(rule for rule in STANDARD.checks if rule.code == "fines")
    assert fines.parameters == {"scope": "overdue"}


def test_grounds_dl_9():
    assert [ground.row for ground in STANDARD.grounds_for("DL-1")] == [f"DL.9.{item}" for item in range(1, 5)]


# The last row of the matrix of shared/law/standards.md: which question is DL's, and by which row.
MATRIX = {"medical_certificate": "DL.8.1b", "driving_course": "DL.8.1d", "deprivation": "DL-2", "exams": "DL-2"}


def test_the_matrix_of_registers_holds_for_a_first_issue():
    """DL.8.1b, DL.8.1d, DL-2; no wanted persons and no financing lists (they are VR's and PD's)."""
    rows = {rule.code: rule.row for rule in STANDARD.checks_for(case("DL-2")) if rule.code in MATRIX}
    assert rows == MATRIX
    asked = {rule.register for rule in STANDARD.checks}
    assert not asked & {"wanted_persons", "wanted_vehicles", "terrorism_list", "proliferation_list", "restrictions"}


def test_an_exchange_asks_about_deprivations_by_the_rules_dl_9_2():
    """Whoever is deprived has nothing to exchange; the matrix names the question for DL-2 alone, by its own row."""
    (rule,) = [rule for rule in STANDARD.checks_for(case()) if rule.code == "deprivation"]
    assert (rule.row, rule.ground, rule.register) == ("DL.9.2", "DL.9.2", "deprivations")
