"""Refusing (VR.5c): a ground is proven by a record or put into words by an officer; nothing is invented (VR.9)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications import holding
from applications.acting import Actor
from applications.errors import DomainError, InvalidInputError, NotAllowedError
from applications.models import Application, OutboxMessage
from applications.services import standard_of
from applications.states import State
from refusals.grounds import choosable, propose
from refusals.models import Refusal, RefusalReason
from refusals.papers import refusal_content
from refusals.refusing import Chosen, compose_letter, refuse
from registration.inspecting import record_inspection
from tests.fixtures_registration import (
    add_check,
    guarded,
    make_case,
    make_registration,
    make_vehicle,
    refused_by,
    vin_of,
)
from tests.fixtures_road import work

FINE = (
    "fines.unexecuted",
    {"count": 1, "amount": "21625", "order": "2026001045310", "due_on": "2026-12-01"},
)
WANTED_CAR = (
    "wanted_vehicles.match",
    {"number": "X", "initiator": "ДП г. Алматы", "case_number": "267501031000344", "since": "2026-03-11"},
)
# Row of the ground: the check that proves it, of whom it is asked, what it found, words of the finding.
EVIDENCE = {
    "VR.9.1": ("recycling", "vehicle", ("recycling.missing", {}), ""),
    "VR.9.3": ("consent", "applicant", ("consent.missing", {}), ""),
    "VR.9.4": ("fines", "applicant", FINE, "2026001045310"),
    "VR.9.5": ("wanted_vehicles", "vehicle", WANTED_CAR, "267501031000344"),
    "VR.9.6": (
        "terrorism_list",
        "applicant",
        ("terrorism_list.match", {"name": "Ахметов", "identifier": "850412330078", "reason": "№ 417"}),
        "417",
    ),
    "VR.9.7": (
        "restrictions",
        "vehicle",
        (
            "restrictions.active",
            {"since": "2026-04-02", "authority": "ЧСИ", "officer": "Абенов", "case_number": "57/26"},
        ),
        "57/26",
    ),
    "VR.9.8": (
        "foreign_registration",
        "vehicle",
        ("foreign_registration.registered", {"country": "RU", "plate": "Е731КХ54", "since": "2025-03-01"}),
        "Е731КХ54",
    ),
}


@pytest.fixture
def case(almaty_stock, front_desk, officer):
    return make_case(front_desk, holder=officer)


@pytest.fixture
def fined(case):
    add_check(case, "fines", ground="VR.9.4", finding=FINE)
    return case


def decide(case, staff, *chosen, now=None):
    choice = [item if isinstance(item, Chosen) else Chosen(item) for item in chosen]
    return refuse(actor=Actor.of(staff), number=case.number, version=None, chosen=choice, now=now or timezone.now())


@pytest.mark.parametrize("row", EVIDENCE)
def test_each_ground_is_proposed_from_its_evidence_and_refuses(case, officer, row):
    code, subject, finding, words = EVIDENCE[row]
    check = add_check(case, code, subject=subject, ground=row, finding=finding)

    proposed = propose(case)
    assert [(item.ground.row, item.check) for item in proposed] == [(row, check)]
    reason = decide(case, officer, row).reasons.get()
    assert (reason.row, reason.proved_by) == (row, check)
    assert words in reason.finding_ru
    assert reason.text_ru == standard_of(case).ground(row, "VR-1").text.ru


def test_a_vehicle_not_shown_is_refused_on_vr_9_9(case, officer):
    record_inspection(
        actor=Actor.of(officer), number=case.number, version=None, data={"was_shown": "no"}, now=timezone.now()
    )
    reason = decide(case, officer, "VR.9.9").reasons.get()

    assert "на осмотр не представлено" in reason.finding_ru
    assert "ұсынылмаған" in reason.finding_kk


def test_a_vehicle_registered_meanwhile_is_refused_on_vr_9_2(case, front_desk, officer):
    make_registration(make_vehicle(vin_of(1)), make_case(front_desk, number=2))
    reason = decide(case, officer, "VR.9.2").reasons.get()

    assert vin_of(1) in reason.finding_ru
    assert reason.proved_by is None


def test_the_letter_hides_the_number_of_a_driver_it_is_about(fined, officer):
    """DL.5: a letter lies on counters; what the case is about is the applicant's own number."""
    number = fined.applicant.identifier
    fined.subject, fined.headline = f"DRIVER:{number}", "B"
    letter = compose_letter(fined, [Chosen("VR.9.4")], officer=officer, now=timezone.now())

    assert number not in str(letter)
    assert fined.applicant.masked_identifier in str(letter)


@pytest.mark.parametrize("row", ["VR.9.3", "VR.9.4", "VR.9.5", "VR.9.6", "VR.9.7", "VR.9.8", "VR.9.9"])
def test_a_ground_without_its_record_cannot_be_chosen(case, officer, row):
    with pytest.raises(DomainError) as refused:
        decide(case, officer, Chosen(row, "Так сказали", "Солай деді"))

    assert (refused.value.code, refused.value.row) == ("ground_not_proven", row)
    assert Application.objects.get(pk=case.pk).state == State.REVIEW
    assert not Refusal.objects.exists()


@pytest.mark.parametrize("row", ["VR.9.1", "VR.9.2"])
def test_what_an_officer_judges_is_put_into_words_of_both_languages(case, officer, row):
    for remarks in (("", ""), ("Подчистка в договоре", ""), ("", "Шартта өшірілген жер бар")):
        with pytest.raises(InvalidInputError):
            decide(case, officer, Chosen(row, *remarks))
    reason = decide(case, officer, Chosen(row, "Подчистка в договоре", "Шартта өшірілген жер бар")).reasons.get()

    assert (reason.row, reason.finding_ru, reason.remark_kk) == (row, "", "Шартта өшірілген жер бар")


@pytest.mark.parametrize("row", ["VR.9.10", "PD.9.1", ""])
def test_a_row_that_is_no_ground_is_refused(case, officer, row):
    with pytest.raises(InvalidInputError) as refused:
        decide(case, officer, Chosen(row, "а", "ә"))

    assert "grounds" in refused.value.fields


def test_a_refusal_needs_a_ground_and_names_it_once(fined, officer):
    with pytest.raises(InvalidInputError):
        decide(fined, officer)
    with pytest.raises(InvalidInputError):
        decide(fined, officer, "VR.9.4", "VR.9.4")
    assert Application.objects.get(pk=fined.pk).state == State.REVIEW


def test_a_refusal_is_decided_journaled_and_printed(fined, officer):
    refusal = decide(fined, officer, "VR.9.4")
    after = Application.objects.get(pk=fined.pk)

    assert (after.state, after.decided_by) == (State.REFUSED, officer)
    assert after.journal.first().action == "refused"
    assert after.papers.get(kind="refusal_letter").content["ru"]["officer"] == officer.full_name
    assert refusal.decided_at == after.decided_at


@pytest.mark.django_db(transaction=True)
def test_a_refusal_takes_at_most_fifteen_queries(fined, officer, django_assert_max_num_queries):
    add_check(fined, "restrictions", subject="vehicle", ground="VR.9.7", finding=EVIDENCE["VR.9.7"][2])
    with django_assert_max_num_queries(15):
        decide(fined, officer, "VR.9.4", "VR.9.7")


def test_the_letter_says_in_both_languages_what_was_found_and_what_to_do(fined, officer):
    decide(fined, officer, Chosen("VR.9.4", "См. приложение", "Қосымшаны қараңыз"))
    letter = refusal_content(Application.objects.get(pk=fined.pk))

    russian, kazakh = (letter[language]["grounds"][0] for language in ("ru", "kk"))
    assert "2026001045310" in russian["findings"][0]
    assert (russian["remarks"], kazakh["remarks"]) == (["См. приложение"], ["Қосымшаны қараңыз"])
    assert "приложение 5" in russian["citation"]
    assert "обратитесь снова" in russian["next_step"]
    assert letter["ru"]["addressee"] == fined.applicant.full_name
    assert letter["kk"]["appeal"] != letter["ru"]["appeal"]


def test_two_answers_under_one_ground_make_one_entry_of_the_letter(case, officer):
    add_check(case, "terrorism_list", ground="VR.9.6", finding=EVIDENCE["VR.9.6"][2])
    add_check(
        case,
        "proliferation_list",
        ground="VR.9.6",
        finding=("proliferation_list.match", {"name": "Ахметов", "identifier": "1", "reason": "№ 9"}),
    )
    refusal = decide(case, officer, "VR.9.6")

    grounds = refusal_content(Application.objects.get(pk=case.pk))["ru"]["grounds"]
    assert refusal.reasons.count() == 2
    assert [(ground["row"], len(ground["findings"])) for ground in grounds] == [("VR.9.6", 2)]


def test_the_preview_is_the_letter_that_is_printed(fined, officer):
    now = timezone.now()
    preview = compose_letter(fined, [Chosen("VR.9.4")], officer=officer, now=now)
    decide(fined, officer, "VR.9.4", now=now)

    assert preview == refusal_content(Application.objects.get(pk=fined.pk))
    assert RefusalReason.objects.count() == 1


def test_a_stale_answer_is_asked_again_before_a_refusal(case, officer):
    past = timezone.now() - timedelta(minutes=1)
    add_check(case, "fines", ground="VR.9.4", finding=FINE, valid_until=past)
    with pytest.raises(DomainError) as refused:
        decide(case, officer, "VR.9.4")

    assert refused.value.code == "evidence_stale"
    assert OutboxMessage.objects.get(kind="checks").payload == {"codes": ["fines"]}
    assert Application.objects.get(pk=case.pk).state == State.REVIEW


@pytest.mark.parametrize("outcome", ["clear", "unavailable", "needs_human", ""])
def test_only_a_hit_proves_a_ground(case, outcome):
    add_check(case, "fines", ground="VR.9.4", finding=FINE, outcome=outcome)

    assert propose(case) == []
    assert [ground.row for ground in choosable(case, [])] == ["VR.9.1", "VR.9.2"]


def test_a_doubtful_match_proves_only_once_a_second_person_confirmed_it(case, officer, supervisor):
    now = timezone.now()
    ruled = {"ruling": "hit", "ruling_reason": "Совпал адрес", "ruled_by": officer, "ruled_at": now}
    check = add_check(
        case, "terrorism_list", ground="VR.9.6", finding=EVIDENCE["VR.9.6"][2], outcome="needs_human", **ruled
    )
    assert propose(case) == []

    type(check).objects.filter(pk=check.pk).update(confirmed_by=supervisor, confirmed_at=now)
    assert [item.ground.row for item in propose(case)] == ["VR.9.6"]


def test_a_check_that_no_longer_applies_proves_nothing(case):
    add_check(
        case, "identity", subject="representative", ground="VR.9.1", finding=("identity.dead", {"died_on": "2026"})
    )

    assert propose(case) == []


def test_a_register_that_holds_nothing_proves_nothing_while_the_paper_serves(case):
    finding = ("vehicle_passport.missing", {})
    add_check(case, "vehicle_passport", subject="vehicle", ground="VR.9.1", finding=finding, paper_serves=True)

    assert propose(case) == []


def test_only_the_officer_who_holds_the_case_refuses(fined, other_officer, front_desk):
    with pytest.raises(NotAllowedError):
        decide(fined, other_officer, "VR.9.4")
    with pytest.raises(NotAllowedError):
        decide(fined, front_desk, "VR.9.4")
    assert not Refusal.objects.exists()


def test_a_case_is_refused_once(fined, officer):
    decide(fined, officer, "VR.9.4")
    with pytest.raises(DomainError) as refused:
        decide(fined, officer, "VR.9.4")

    assert refused.value.code == "illegal_move"
    assert Refusal.objects.count() == 1


@pytest.fixture
def refusal(case, officer):
    return Refusal.objects.create(application=case, decided_by=officer, decided_at=timezone.now())


WORDS = {
    "row": "VR.9.1",
    "citation_ru": "приложение 5",
    "citation_kk": "5-қосымша",
    "text_ru": "Документы",
    "text_kk": "Құжаттар",
    "remark_ru": "Нет подписи",
    "remark_kk": "Қол қойылмаған",
}


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"text_kk": ""}, "refusal_reason_in_two_languages"),
        ({"citation_ru": ""}, "refusal_reason_in_two_languages"),
        ({"remark_kk": ""}, "refusal_reason_says_why"),
        ({"remark_ru": "", "remark_kk": "", "finding_ru": "Штраф"}, "refusal_reason_says_why"),
    ],
)
def test_the_database_refuses_a_reason_nobody_could_read(refusal, changes, constraint):
    with refused_by(constraint):
        RefusalReason.objects.create(refusal=refusal, **{**WORDS, **changes})


def test_the_database_keeps_a_refusal_as_it_was_decided(refusal):
    reason = RefusalReason.objects.create(refusal=refusal, **WORDS)
    with refused_by("refusal_reason_once"):
        RefusalReason.objects.create(refusal=refusal, **WORDS)
    with guarded("refusal_reason_append_only"):
        reason.delete()
    with guarded("refusal_append_only"):
        Refusal.objects.filter(pk=refusal.pk).update(decided_at=timezone.now())


DEMO_CASES = [
    # Nothing can be charged for a vehicle that nobody describes, and nobody has to pay for a refusal.
    ("P-03", "V-28", "VR.9.1", "паспорт", False),
    ("P-14", "V-15", "VR.9.4", "2026000778120", True),
    ("P-01", "V-20", "VR.9.5", "267501031000344", True),
    ("P-02", "V-23", "VR.9.7", "57/26-75-1482", True),
    ("P-05", "V-26", "VR.9.8", "Е731КХ54", True),
]


@pytest.mark.parametrize(("person", "vehicle", "row", "words", "is_charged"), DEMO_CASES)
def test_the_road_leads_each_demo_case_to_its_ground(road, person, vehicle, row, words, is_charged):
    """VR.9.1 (LAW-E1), VR.9.4, VR.9.5, VR.9.7, VR.9.8 as registers over the wire prove them (docs/demo-data.md)."""
    application = road.draft(person, vehicle)
    if is_charged:
        road.pay(application)
    road.submit(application)
    work()
    holding.take(actor=road.officer, number=application.number, now=timezone.now())
    refuse(actor=road.officer, number=application.number, version=None, chosen=[Chosen(row)], now=timezone.now())

    grounds = refusal_content(road.fresh(application))["ru"]["grounds"]
    assert [ground["row"] for ground in grounds] == [row]
    assert words in grounds[0]["findings"][0] + grounds[0]["next_step"]
