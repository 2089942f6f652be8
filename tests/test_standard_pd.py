"""Rows PD: what the standard of duplicate plates asks, when and of whom."""

from datetime import date
from decimal import Decimal

import pytest

from applications.standards import ApplicantKind, Channel, DueAt, Facts, MetBy, in_force
from plates.standard import VERSIONS

TODAY = date(2026, 3, 2)
STANDARD = in_force(VERSIONS, TODAY)


def case(channel=Channel.FRONT_DESK, applicant=ApplicantKind.PERSON, term_group="capital", **details):
    return Facts("PD", channel, applicant, TODAY, term_group, details)


@pytest.mark.parametrize(("channel", "offered"), [("front_desk", True), ("egov", True), ("platform", False)])
def test_channels_pd_2(channel, offered):
    assert STANDARD.offers("PD", Channel(channel)) is offered


@pytest.mark.parametrize("channel", [Channel.FRONT_DESK, Channel.EGOV])
@pytest.mark.parametrize(("group", "days"), [("capital", 5), ("region", 15)])
def test_term_by_group_of_regions_pd_3(channel, group, days):
    term = STANDARD.term(case(channel, term_group=group))
    assert (term.row, term.working_days, term.minutes) == ("PD.3", days, None)


@pytest.mark.parametrize("these", [case(Channel.PLATFORM), case(term_group="")], ids=["no platform", "no group"])
def test_no_term_where_the_law_names_none_pd_3(these):
    with pytest.raises(LookupError):
        STANDARD.term(these)


@pytest.mark.parametrize(
    ("row", "these", "expected"),
    [
        ("PD.8.1", case(), {"identity", "payment"}),
        ("PD.8.1", case(previous_plates_exist=True), {"identity", "payment", "previous_plates"}),
        ("PD.8.2", case(Channel.EGOV), {"signed_application", "own_plate", "payment"}),
        (
            "PD.8.2",
            case(Channel.EGOV, previous_plates_exist=True),
            {"signed_application", "own_plate", "payment", "previous_plates"},
        ),
    ],
)
def test_documents(row, these, expected):
    found = STANDARD.requirements_for(these)
    assert {rule.code for rule in found} == expected
    assert {rule.row for rule in found} == {row}


@pytest.mark.parametrize(
    ("row", "channel", "code", "met_by", "due"),
    [
        ("PD.8.1", Channel.FRONT_DESK, "identity", {MetBy.REGISTER, MetBy.SCAN}, DueAt.DECISION),
        ("PD.8.1", Channel.FRONT_DESK, "payment", {MetBy.PAYMENT}, DueAt.SUBMISSION),
        ("PD.8.1", Channel.FRONT_DESK, "previous_plates", {MetBy.SURRENDER}, DueAt.HANDOVER),
        ("PD.8.2", Channel.EGOV, "signed_application", {MetBy.SIGNATURE}, DueAt.SUBMISSION),
        ("PD.8.2", Channel.EGOV, "own_plate", {MetBy.RECORD}, DueAt.SUBMISSION),
        ("PD.8.2", Channel.EGOV, "previous_plates", {MetBy.SURRENDER}, DueAt.HANDOVER),
    ],
)
def test_how_and_when_a_requirement_is_met(row, channel, code, met_by, due):
    found = next(rule for rule in STANDARD.requirements if channel in rule.channels and rule.code == code)
    assert (found.row, set(found.met_by), found.due) == (row, met_by, due)


@pytest.mark.parametrize(
    ("plate_count", "variant", "rate"), [(2, "two", "2.8"), (1, "one", "1.4"), (None, "two", "2.8")], ids=str
)
def test_duty_by_number_of_plates_pd_6(plate_count, variant, rate):
    (charge,) = STANDARD.charges_for(case(plate_count=plate_count))
    assert (charge.row, charge.code, charge.variant) == ("PD.6", "plate_duplicate_duty", variant)
    assert charge.printed_rate == Decimal(rate)


def test_questions_to_the_registers():
    questions = STANDARD.checks_for(case())
    assert {rule.code: (rule.ground, rule.subjects) for rule in questions} == {
        "identity": ("PD.9.2", ("applicant", "representative")),
        "payments": ("PD.9.3", ("application",)),
        "fines": ("PD.9.4", ("applicant",)),
        "terrorism_list": ("PD.9.5", ("applicant",)),
        "wanted_persons": ("PD.9.6", ("applicant", "representative")),
        "wanted_vehicles": ("PD.9.6", ("vehicle",)),
        "consent": ("PD.9.7", ("applicant",)),
    }
    assert next(rule for rule in questions if rule.code == "fines").parameters == {"scope": "overdue"}


def test_an_organisation_is_asked_about_as_one_pd_9_6():
    questions = {rule.code: rule.subjects for rule in STANDARD.checks_for(case(applicant=ApplicantKind.ORGANISATION))}
    assert questions["organisations"] == ("applicant",)
    assert questions["identity"] == questions["wanted_persons"] == ("representative",)


def test_grounds_pd_9():
    assert [ground.row for ground in STANDARD.grounds_for("PD")] == [f"PD.9.{item}" for item in range(1, 8)]
    assert "недостоверн" not in STANDARD.ground("PD.9.1", "PD").text.ru
