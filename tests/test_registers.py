"""What the registers answer, read over the wire from the simulator: the table of docs/demo-data.md drives it."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from registers import matching
from registers.contract import (
    REGISTERS,
    Answer,
    Finding,
    FinesQuestion,
    IdentityQuestion,
    Outcome,
    SanctionsQuestion,
    VehiclePassportQuestion,
    ask,
    question_from_json,
    question_to_json,
)
from registers.findings import MESSAGES, describe
from registers.questions import QUESTION_TYPES
from registers.sanctions import ListEntry
from tests.demo_table import DemoRow, demo_question, demo_rows
from tests.fixtures_registers import demo_person, demo_vehicle

ROWS = demo_rows()
FINES = FinesQuestion(identifier="850412330078", scope="any")
IDENTITY = IdentityQuestion(iin="850412330078")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.label)
def test_register_gives_the_outcome_of_the_demo_table(row: DemoRow, simulator):
    answer = ask(demo_question(row))
    assert answer.outcome == row.outcome
    assert {finding.code for finding in answer.findings} == ({row.finding} if row.finding else set())
    assert (answer.valid_until is None) == (answer.outcome == Outcome.UNAVAILABLE)
    assert Answer.from_json(answer.to_json()) == answer


def test_demo_table_covers_every_register_and_every_finding():
    shown_apart = {"payments.unpaid", "payments.amount_short"}
    by_switch = {"unavailable.timeout", "unavailable.refused", "unavailable.breaker_open"}
    assert {row.register for row in ROWS} == set(REGISTERS) - {"payments"}
    assert {row.finding for row in ROWS if row.finding} == set(MESSAGES) - shown_apart - by_switch


def test_demo_table_has_every_outcome_that_a_register_can_give():
    outcomes = {register: {row.outcome for row in ROWS if row.register == register} for register in REGISTERS}
    needs_human = {register for register, seen in outcomes.items() if "needs_human" in seen}
    assert needs_human == {"wanted_persons", "wanted_vehicles", "terrorism_list", "proliferation_list"}
    assert all({"clear", "hit"} <= seen for register, seen in outcomes.items() if register != "payments")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.row)
def test_question_survives_json(row: DemoRow):
    question = demo_question(row)
    assert question_from_json(question_to_json(question)) == question
    assert type(question) is QUESTION_TYPES[row.register]


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_finding_is_told_in_every_language_even_if_a_parameter_is_lost(code: str, language: str):
    with translation.override(language):
        text = describe(Finding(code, {"amount": "1240000", "since": "2026-04-02", "country": "RU"}))
    assert text
    assert "%(" not in text


def test_a_case_number_that_looks_like_a_day_is_told_as_it_is():
    """The page of the case once broke on it."""
    params = {"number": "1", "initiator": "Police", "case_number": "2026-45-67", "since": "2026-04-02"}
    with translation.override("en"):
        text = describe(Finding("wanted_vehicles.match", params))
    assert "case No. 2026-45-67" in text
    assert "02.04.2026" in text


def test_finding_of_restriction_names_what_the_letter_of_refusal_needs(simulator):
    """VR.9.7: authority, officer, case, sum and how it is lifted."""
    row = next(row for row in ROWS if row.finding == "restrictions.active_with_amount")
    finding = ask(demo_question(row)).findings[0]
    with translation.override("en"):
        text = describe(finding)
    assert "ЧСИ Абенов С. К." in text
    assert "1\N{NO-BREAK SPACE}240\N{NO-BREAK SPACE}000 tenge" in text
    assert "02.04.2026" in text


def test_a_vin_written_with_spaces_is_kept_as_the_register_of_vehicles_keeps_it(scripted_registers, simulator_process):
    question = VehiclePassportQuestion(vin=demo_vehicle("V-01")["vin"])
    told = simulator_process.http.post("/vehicle_passport", json=asdict(question)).json()
    told["passport"]["vehicle"]["vin"] = f" {question.vin[:3].lower()} {question.vin[3:]} "
    scripted_registers.say(told)
    answer = ask(question)
    assert (answer.outcome, answer.facts["vehicle"]["vin"]) == (Outcome.CLEAR, question.vin)


def test_facts_of_a_passport_describe_the_vehicle(simulator):
    """VR.8.1d: what the officer would otherwise type comes from the passport."""
    answer = ask(demo_question(next(row for row in ROWS if row.register == "vehicle_passport")))
    vehicle: Any = answer.facts["vehicle"]
    assert (vehicle["make"], vehicle["engine_volume_cm3"], vehicle["is_electric"]) == ("Toyota", 2487, False)
    assert vehicle["year"] == timezone.localdate().year


def test_fine_falls_due_at_the_end_of_its_last_day_in_kazakhstan(simulator):
    """DL.9.3, PD.9.4: the term ends with the day in Kazakhstan, which is not yet over when it is in London."""
    person = demo_person("P-13")
    question = FinesQuestion(identifier=person["iin"], scope="overdue")
    due_on = ask(question).facts["fines"][0]["due_on"]  # type: ignore[index, call-overload]
    last_minute = datetime.fromisoformat(f"{due_on}T23:59").replace(tzinfo=ZoneInfo("Asia/Almaty"))
    assert ask(question, now=last_minute).outcome == Outcome.CLEAR
    assert ask(question, now=last_minute + timedelta(minutes=1)).outcome == Outcome.HIT


def test_answer_holds_as_long_as_the_settings_say(simulator, settings):
    settings.REGISTER_VALID_MINUTES = {"identity": 7}
    now = timezone.now()
    answer = ask(IDENTITY, now=now)
    assert answer.asked_at == now
    assert answer.answered_at is not None
    assert answer.valid_until == answer.answered_at + timedelta(minutes=7)


class TestMatching:
    """VR.9.5, VR.9.6, PD.9.5, PD.9.6: number first, then name and birth date, and then a human."""

    def entry(self, **changes: Any):
        values = {"identifier": None, "surname": "Омарова", "given_name": "Сәуле", "patronymic": "Тұрсынқызы"}
        return ListEntry(**{**values, "birth_date": None, "reason": "", **changes})

    subject = SanctionsQuestion("terrorism", "person", "930404450146", "ОМАРОВА", "сәуле", "Тұрсынқызы", "1993-04-04")

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"identifier": "930404450146", "surname": "Другая"}, matching.Match.SAME),
            ({"identifier": "930404450147"}, matching.Match.OTHER),
            ({"birth_date": datetime(1993, 4, 4).date()}, matching.Match.POSSIBLE),  # noqa: DTZ001
            ({"birth_date": datetime(1993, 4, 5).date()}, matching.Match.OTHER),  # noqa: DTZ001
            ({}, matching.Match.POSSIBLE),
            ({"patronymic": ""}, matching.Match.POSSIBLE),
            ({"patronymic": "Ахметқызы"}, matching.Match.OTHER),
            ({"given_name": "Сауле"}, matching.Match.OTHER),
        ],
    )
    def test_entry(self, changes, expected):
        assert matching.match(self.subject.identifier, self.subject, self.entry(**changes)) is expected

    def test_sure_match_counts_more_than_a_possible_one(self):
        entries = [self.entry(), self.entry(identifier="930404450146")]
        verdict = matching.verdict("terrorism_list", self.subject.identifier, self.subject, entries)
        assert verdict.outcome == Outcome.HIT
        assert [finding.code for finding in verdict.findings] == ["terrorism_list.match"]
