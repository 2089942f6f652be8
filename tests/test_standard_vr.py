"""Rows VR, LAW-E1, LAW-E2 and LAW-O1: what the registration standard asks, when and of whom."""

from datetime import date

import pytest

from applications.standards import ApplicantKind, Channel, CollectedBy, DueAt, Facts, MetBy, in_force
from registration.standard import VERSIONS, OwnershipProof, facts

TODAY = date(2026, 3, 2)
STANDARD = in_force(VERSIONS, TODAY)
ALL = ["VR-1", "VR-2", "VR-3", "VR-4"]
DEREGISTRATION = {"act": "deregistration"}


def case(subservice="VR-1", channel=Channel.FRONT_DESK, applicant=ApplicantKind.PERSON, on=TODAY, **details):
    return Facts(subservice=subservice, channel=channel, applicant=applicant, on=on, details=details)


def asked(these: Facts) -> dict[str, str]:
    """Code → row of the requirements that apply; a code asked twice would hide one, so that is refused."""
    found = STANDARD.requirements_for(these)
    assert len({rule.code for rule in found}) == len(found)
    return {rule.code: rule.row for rule in found}


def requirement(code: str, these: Facts):
    return next(rule for rule in STANDARD.requirements_for(these) if rule.code == code)


@pytest.mark.parametrize(
    ("row", "subservice", "channel", "minutes"),
    [
        ("VR.3a", "VR-1", Channel.FRONT_DESK, 120),
        ("VR.3a", "VR-2", Channel.FRONT_DESK, 90),
        ("VR.3a", "VR-3", Channel.FRONT_DESK, 90),
        ("VR.3a", "VR-4", Channel.FRONT_DESK, 90),
        ("VR.3b", "VR-1", Channel.EGOV, 120),
        ("VR.3b", "VR-1", Channel.PLATFORM, 120),
        ("VR.3b", "VR-2", Channel.EGOV, 60),
        ("VR.3b", "VR-3", Channel.PLATFORM, 60),
        ("VR.3b", "VR-4", Channel.EGOV, 60),
    ],
)
def test_term(row, subservice, channel, minutes):
    term = STANDARD.term(case(subservice, channel))
    assert (term.row, term.minutes, term.working_days) == (row, minutes, None)


@pytest.mark.parametrize("subservice", ALL)
@pytest.mark.parametrize("channel", list(Channel))
def test_every_channel_is_offered_vr_2(subservice, channel):
    assert STANDARD.offers(subservice, channel)


# What is always asked, before any condition of the case holds.
AT_THE_DESK = {
    "identity": "VR.8.1a",
    "payment": "VR.8.1b",
    "ownership_proof": "VR.8.1h",
    "inspection": "VR.8.1j",
}
AT_DEREGISTRATION = {"identity": "VR.8.2a", "ownership_proof": "VR.8.2b", "previous_papers": "VR.8.2c"}
PRIMARY_AT_THE_DESK = AT_THE_DESK | {"recycling_certificate": "VR.8.1c", "vehicle_passport": "VR.8.1d"}
ONLINE = {"payment": "VR.8.3a", "vehicle_passport": "VR.8.3c", "ownership_proof": "VR.8.3e"}
PRIMARY_ONLINE = ONLINE | {"recycling_certificate": "VR.8.3b", "inspection": "VR.9.9"}


@pytest.mark.parametrize(
    ("these", "expected"),
    [
        pytest.param(case("VR-1"), PRIMARY_AT_THE_DESK, id="VR.8.1 primary registration"),
        pytest.param(case("VR-2"), AT_THE_DESK, id="VR.8.1 registration"),
        pytest.param(case("VR-4"), AT_THE_DESK, id="VR.8.1 temporary registration"),
        pytest.param(case("VR-3", certificate_replaced=True), AT_THE_DESK, id="VR.8.1 update with a new SRTS"),
        pytest.param(
            case("VR-3"),
            {code: row for code, row in AT_THE_DESK.items() if code != "payment"},
            id="VR.8.1b nothing due for an update that keeps the SRTS",
        ),
        pytest.param(case("VR-2", **DEREGISTRATION), AT_DEREGISTRATION, id="VR.8.2 deregistration"),
        pytest.param(case("VR-4", **DEREGISTRATION), AT_DEREGISTRATION, id="VR.8.2 end of a temporary registration"),
        pytest.param(case("VR-1", Channel.EGOV), PRIMARY_ONLINE, id="VR.8.3 primary registration"),
        pytest.param(case("VR-1", Channel.PLATFORM), PRIMARY_ONLINE, id="VR.8.3 primary registration on a platform"),
        pytest.param(case("VR-2", Channel.EGOV), ONLINE, id="VR.8.3 registration"),
        pytest.param(case("VR-3", Channel.EGOV), {}, id="VR.8.3 lists nothing for an update"),
        pytest.param(
            case("VR-3", Channel.EGOV, certificate_replaced=True),
            {"payment": "VR.6d"},
            id="VR.6d an update with a new SRTS is paid over a portal, too",
        ),
        pytest.param(case("VR-2", Channel.EGOV, **DEREGISTRATION), {}, id="VR.8.3 lists nothing for a deregistration"),
    ],
)
def test_documents_always_asked(these, expected):
    assert asked(these) == expected


@pytest.mark.parametrize(
    ("row", "code", "fact", "subservice", "channel"),
    [
        ("VR.8.1e", "temporary_import", "temporarily_imported", "VR-4", Channel.FRONT_DESK),
        ("VR.8.1f", "previous_papers", "previous_papers_exist", "VR-2", Channel.FRONT_DESK),
        ("VR.8.1g", "transfer_order", "previous_owner_is_organisation", "VR-2", Channel.FRONT_DESK),
        ("VR.8.1i", "conformity_certificate", "altered_construction", "VR-1", Channel.FRONT_DESK),
        ("VR.8.3d", "transfer_order", "previous_owner_is_organisation", "VR-2", Channel.PLATFORM),
    ],
)
def test_documents_asked_only_if(row, code, fact, subservice, channel):
    without = asked(case(subservice, channel))
    with_fact = asked(case(subservice, channel, **{fact: True}))
    assert code not in without
    assert with_fact == without | {code: row}


def test_deregistration_drops_the_conditions_of_a_registration_vr_8_2():
    everything = dict.fromkeys(
        ["temporarily_imported", "previous_papers_exist", "previous_owner_is_organisation", "altered_construction"],
        True,
    )
    assert asked(case("VR-2", **DEREGISTRATION, **everything)) == AT_DEREGISTRATION


def test_old_plates_come_in_for_new_ones_of_an_act_filed_online_vr_8_1f():
    """VR.8.1f: at the counter where the new ones are given out; what stays on the vehicle is not sent anywhere."""
    changed = asked(case("VR-2", Channel.EGOV, previous_papers_exist=True))
    assert changed == ONLINE | {"previous_papers": "VR.8.1f"}
    kept = asked(case("VR-2", Channel.EGOV, previous_papers_exist=True, plates_kept=True))
    assert kept == asked(case("VR-2", Channel.EGOV))
    rule = requirement("previous_papers", case("VR-2", Channel.PLATFORM, previous_papers_exist=True))
    assert (set(rule.met_by), rule.due) == ({MetBy.SURRENDER}, DueAt.HANDOVER)


def test_electronic_passport_spares_the_scan_online_vr_8_3c():
    assert "vehicle_passport" in asked(case("VR-1", Channel.EGOV))
    assert "vehicle_passport" not in asked(case("VR-1", Channel.EGOV, electronic_passport_exists=True))


@pytest.mark.parametrize(
    ("row", "these", "code", "met_by", "due"),
    [
        ("VR.8.1a", case(), "identity", {MetBy.REGISTER, MetBy.SCAN}, DueAt.DECISION),
        ("VR.8.1b", case(), "payment", {MetBy.PAYMENT}, DueAt.SUBMISSION),
        ("VR.8.1c", case(), "recycling_certificate", {MetBy.REGISTER}, DueAt.DECISION),
        ("VR.8.1d", case(), "vehicle_passport", {MetBy.REGISTER}, DueAt.DECISION),
        ("VR.8.1f", case("VR-2", previous_papers_exist=True), "previous_papers", {MetBy.SURRENDER}, DueAt.HANDOVER),
        ("VR.8.1h", case(), "ownership_proof", {MetBy.SCAN}, DueAt.SUBMISSION),
        ("VR.8.1j", case(), "inspection", {MetBy.INSPECTION}, DueAt.DECISION),
        ("VR.8.2c", case("VR-2", **DEREGISTRATION), "previous_papers", {MetBy.SURRENDER}, DueAt.DECISION),
        ("VR.8.3a", case(channel=Channel.EGOV), "payment", {MetBy.PAYMENT}, DueAt.SUBMISSION),
        ("VR.8.3b", case(channel=Channel.EGOV), "recycling_certificate", {MetBy.REGISTER}, DueAt.DECISION),
        ("VR.8.3c", case(channel=Channel.EGOV), "vehicle_passport", {MetBy.REGISTER, MetBy.SCAN}, DueAt.DECISION),
        ("VR.8.3e", case(channel=Channel.EGOV), "ownership_proof", {MetBy.SCAN, MetBy.SIGNATURE}, DueAt.SUBMISSION),
        ("VR.9.9", case(channel=Channel.EGOV), "inspection", {MetBy.INSPECTION}, DueAt.DECISION),
    ],
)
def test_how_and_when_a_requirement_is_met(row, these, code, met_by, due):
    found = requirement(code, these)
    assert (found.row, set(found.met_by), found.due) == (row, met_by, due)


@pytest.mark.parametrize(
    ("row", "applicant", "on", "scan_serves"),
    [
        ("LAW-E1", ApplicantKind.PERSON, date(2024, 12, 31), True),
        ("LAW-E1", ApplicantKind.PERSON, date(2025, 1, 1), False),
        ("LAW-E2", ApplicantKind.ORGANISATION, date(2024, 10, 19), True),
        ("LAW-E2", ApplicantKind.ORGANISATION, date(2024, 10, 20), False),
        ("LAW-E1", ApplicantKind.PERSON, date(2024, 10, 20), True),
    ],
)
def test_paper_passport_serves_until(row, applicant, on, scan_serves):
    these = case(applicant=applicant, on=on)
    passport = requirement("vehicle_passport", these)
    question = next(rule for rule in STANDARD.checks_for(these) if rule.code == "vehicle_passport")
    assert (passport.row, passport.besides) == ("VR.8.1d", (row,))
    assert (MetBy.SCAN in passport.met_by) is scan_serves
    assert MetBy.REGISTER in passport.met_by
    assert question.paper_serves is scan_serves


def test_customs_papers_serve_where_customs_hold_nothing_vr_8_1e():
    """The papers are the applicant's to bring (VR.8.1e), so what customs simply do not hold is no ground of refusal."""
    these = case("VR-4", temporarily_imported=True)
    (question,) = (rule for rule in STANDARD.checks_for(these) if rule.code == "temporary_import")
    assert MetBy.SCAN in requirement("temporary_import", these).met_by
    assert (question.ground, question.paper_serves) == ("VR.9.1", True)


def test_law_e_dates_do_not_reach_the_online_channels_vr_8_3c():
    for on in (date(2024, 10, 19), TODAY):
        these = case(channel=Channel.EGOV, on=on)
        assert MetBy.SCAN in requirement("vehicle_passport", these).met_by


@pytest.mark.parametrize(
    ("row", "these", "forms"),
    [
        ("VR.8.1h", case(), {"notarised", "seized_sale", "bailiff_ruling"}),
        ("VR.8.2b", case("VR-2", **DEREGISTRATION), {"notarised", "seized_sale", "bailiff_ruling"}),
        ("VR.8.3e", case(channel=Channel.EGOV), {"notarised", "both_signatures", "seized_sale", "bailiff_ruling"}),
        ("VR.8.3e", case(channel=Channel.PLATFORM), {"notarised", "both_signatures", "seized_sale", "bailiff_ruling"}),
    ],
)
def test_forms_of_the_ownership_proof_law_o1(row, these, forms):
    proof = requirement("ownership_proof", these)
    options = proof.options_for(these.channel)
    assert (proof.row, "LAW-O1" in proof.besides) == (row, True)
    assert {option.code for option in options} == forms
    assert {option.met_by for option in options} <= set(proof.met_by)


def test_only_two_signatures_are_no_paper_law_o1():
    signed = {option.code for option in requirement("ownership_proof", case()).options if option.met_by != MetBy.SCAN}
    assert signed == {OwnershipProof.BOTH_SIGNATURES}


FEE_AND_CERTIFICATE = [("VR.6a", "registration_fee"), ("VR.6a", "certificate_duty")]


@pytest.mark.parametrize(
    ("these", "expected"),
    [
        pytest.param(
            case("VR-1"),
            [
                ("VR.6a", "primary_registration_fee"),
                ("VR.6a", "certificate_duty"),
                ("VR.6a", "plate_duty"),
                ("VR.6b", "recycling_payment"),
            ],
            id="VR.6a VR.6b primary registration",
        ),
        pytest.param(case("VR-2"), [*FEE_AND_CERTIFICATE, ("VR.6a", "plate_duty")], id="VR.6a registration"),
        pytest.param(
            case("VR-2", plates_kept=True), FEE_AND_CERTIFICATE, id="VR.6a registration that keeps the plates"
        ),
        pytest.param(case("VR-4"), [*FEE_AND_CERTIFICATE, ("VR.6a", "plate_duty")], id="VR.6a temporary registration"),
        pytest.param(case("VR-2", **DEREGISTRATION), [], id="VR.6c deregistration"),
        pytest.param(case("VR-4", **DEREGISTRATION), [], id="VR.6c end of a temporary registration"),
        pytest.param(
            case("VR-3", certificate_replaced=True),
            [("VR.6d", "registration_fee"), ("VR.6d", "certificate_duty")],
            id="VR.6d update with a new SRTS",
        ),
        pytest.param(case("VR-3"), [], id="VR.6d update that keeps the SRTS"),
    ],
)
def test_charges(these, expected):
    charges = STANDARD.charges_for(these)
    assert [(rule.row, rule.code) for rule in charges] == expected
    assert {rule.before for rule in charges} <= {DueAt.SUBMISSION}


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("subservice", ALL)
@pytest.mark.parametrize(
    "details", [{}, DEREGISTRATION, {"certificate_replaced": True}, {"plates_kept": True}], ids=str
)
def test_free_means_no_charge_and_no_proof_of_payment_vr_6c_vr_6d(channel, subservice, details):
    these = case(subservice, channel, **details)
    free = [rule for rule in STANDARD.free if these.subservice in rule.subservices and rule.when.holds(these)]
    charged = bool(STANDARD.charges_for(these))
    assert charged is not bool(free)
    assert ("payments" in {rule.code for rule in STANDARD.checks_for(these)}) is charged
    assert charged or "payment" not in asked(these)


def test_recycling_payment_is_not_collected_by_the_portal_vr_6b():
    collected = {rule.code: rule.collected_by for rule in STANDARD.charges}
    assert collected.pop("recycling_payment") == CollectedBy.OPERATOR
    assert set(collected.values()) == {CollectedBy.TREASURY}


BOTH = ("applicant", "representative")
EVERY_CASE = {
    "identity": ("VR.9.1", BOTH),
    "consent": ("VR.9.3", ("applicant",)),
    "fines": ("VR.9.4", ("applicant",)),
    "wanted_persons": ("VR.9.5", BOTH),
    "wanted_vehicles": ("VR.9.5", ("vehicle", "corrected_number")),
    "terrorism_list": ("VR.9.6", BOTH),
    "proliferation_list": ("VR.9.6", BOTH),
    "restrictions": ("VR.9.7", ("vehicle", "corrected_number")),
}
PAID = {"payments": ("VR.9.1", ("application",))}
PASSPORT = {"vehicle_passport": ("VR.9.1", ("vehicle",))}
PRIMARY = PAID | PASSPORT | {"foreign_registration": ("VR.9.8", ("vehicle",)), "recycling": ("VR.9.1", ("vehicle",))}


@pytest.mark.parametrize(
    ("these", "expected"),
    [
        pytest.param(case("VR-1"), EVERY_CASE | PRIMARY, id="VR-1 at a front desk"),
        pytest.param(case("VR-1", Channel.EGOV), EVERY_CASE | PRIMARY, id="VR-1 online"),
        pytest.param(case("VR-2"), EVERY_CASE | PAID, id="VR-2 at a front desk"),
        pytest.param(case("VR-2", Channel.EGOV), EVERY_CASE | PAID | PASSPORT, id="VR-2 online"),
        pytest.param(case("VR-2", **DEREGISTRATION), EVERY_CASE, id="VR-2 deregistration"),
        pytest.param(case("VR-2", Channel.EGOV, **DEREGISTRATION), EVERY_CASE, id="VR-2 deregistration online"),
        pytest.param(case("VR-3"), EVERY_CASE, id="VR-3"),
        pytest.param(
            case("VR-4", temporarily_imported=True),
            EVERY_CASE | PAID | {"temporary_import": ("VR.9.1", ("vehicle",))},
            id="VR-4 of a temporarily imported vehicle",
        ),
    ],
)
def test_questions_to_the_registers(these, expected):
    questions = STANDARD.checks_for(these)
    assert len({rule.code for rule in questions}) == len(questions)
    assert {rule.code: (rule.ground, rule.subjects) for rule in questions} == expected


def test_an_organisation_is_asked_about_as_one_vr_9_1_vr_9_5():
    questions = {rule.code: rule.subjects for rule in STANDARD.checks_for(case(applicant=ApplicantKind.ORGANISATION))}
    assert questions["organisations"] == ("applicant",)
    assert questions["identity"] == questions["wanted_persons"] == ("representative",)
    assert questions["terrorism_list"] == questions["proliferation_list"] == BOTH


def test_any_unexecuted_fine_refuses_vr_9_4():
    fines = next(rule for rule in STANDARD.checks if rule.code == "fines")
    assert fines.parameters == {"scope": "any"}


@pytest.mark.parametrize("subservice", ALL)
def test_grounds_of_each_subservice_vr_9(subservice):
    rows = [ground.row for ground in STANDARD.grounds_for(subservice)]
    expected = [f"VR.9.{item}" for item in range(1, 10)]
    if subservice != facts.PRIMARY:
        expected.remove("VR.9.8")
    assert rows == expected


def test_half_of_a_ground_is_for_primary_registration_only_vr_9_9():
    primary = STANDARD.ground("VR.9.9", "VR-1").text
    other = STANDARD.ground("VR.9.9", "VR-2").text
    assert "осмотр" in primary.ru
    assert "осмотр" not in other.ru
    assert "маркировка" in primary.ru
    assert "маркировка" in other.ru


def test_a_ground_of_primary_registration_cannot_be_had_elsewhere_vr_9_8():
    assert STANDARD.ground("VR.9.8", "VR-1").citation.item == "8"
    with pytest.raises(LookupError):
        STANDARD.ground("VR.9.8", "VR-3")
