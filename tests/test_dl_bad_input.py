"""Bad input of DL-1 and DL-2: what cannot be granted, and every reason that a register gives against it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from applications import intake
from applications.errors import DomainError, InvalidInputError
from applications.standards import Channel
from licensing.capturing import capture
from licensing.models import CategoryRule, DriverLicence
from offices.models import Office
from tests.fixtures_licences import FOREIGN, face, hand
from tests.fixtures_registration import refuse_on
from tests.fixtures_road import scan

pytestmark = pytest.mark.django_db


def wrong(licences, person, subservice, act, **details):
    """Field → message, as the desk shows it beside the form."""
    application = licences.open(person, subservice)
    with pytest.raises(InvalidInputError) as refused:
        licences.fill(application, act, **details)
    return {name: str(message) for name, message in refused.value.fields.items()}


def test_a_licence_for_a_seventeen_year_old_in_b(licences):
    """DL.9.2: the field is named, and the day from which it is possible; A1 is open from 16 by themselves."""
    found = wrong(licences, "P-35", "DL-2", "first_issue", categories=["B"])
    assert list(found) == ["categories"]
    assert "15.06.2028" in found["categories"]
    issued = licences.issued("P-35", "DL-2", "first_issue", categories=["A1"])
    assert issued.state == "issued"


def test_category_d_without_experience(licences):
    """DL.9.2: five years of driving; the register knows of one, and says from which day D is possible."""
    found = wrong(licences, "P-47", "DL-2", "first_issue", categories=["D"])
    since = timezone.localdate() - timedelta(days=366)
    assert f"{since:%d.%m.}{since.year + 5}" in found["categories"]


def test_experience_in_c1_is_asked_for_c(licences):
    DriverLicence.objects.filter(number="DL460002").update(state="lost")
    found = wrong(licences, "P-47", "DL-2", "first_issue", categories=["C"])
    assert "C" in found["categories"]


def test_a_category_nobody_knows_blocks_with_the_way_out(licences, road):
    """BE, CE …: age and experience were not found; an administrator enters them, nobody guesses."""
    found = wrong(licences, "P-46", "DL-2", "first_issue", categories=["BE"])
    assert "BE" in found["categories"]
    CategoryRule.objects.filter(category="BE").update(minimum_age=18, experience_years=1)
    application = licences.fill(licences.open("P-46", "DL-2"), "first_issue", categories=["BE"])
    assert application.headline.startswith("B, C1, BE")


def test_what_is_held_is_not_applied_for_again(licences):
    assert "B" in wrong(licences, "P-46", "DL-2", "first_issue", categories=["B"])["categories"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"foreign_country": "Uzb1"}, "foreign_country"),
        ({"foreign_country": "KAZ"}, "foreign_country"),
        ({"foreign_issued_on": "2099-01-01"}, "foreign_issued_on"),
        ({"since_B": "2099-01-01"}, "since_B"),
        ({"since_B": "", "since_BE": "2015-01-01"}, "since_BE"),
    ],
)
def test_a_foreign_licence_typed_wrongly(licences, change, field):
    assert field in wrong(licences, "P-48", "DL-1", "foreign", **{**FOREIGN, **change})


def problems(licences, person, subservice, act, **details):
    application = licences.fill(licences.open(person, subservice), act, **details)
    return intake.problems(application, timezone.now())


def test_what_a_draft_still_lacks_is_named_by_its_field(licences):
    assert "act" in problems(licences, "P-34", "DL-1", "exchange")
    assert "loss_declared" in problems(licences, "P-33", "DL-1", "loss")
    assert "categories" in problems(licences, "P-42", "DL-2", "first_issue")
    found = problems(licences, "P-32", "DL-1", "exchange")
    assert {"photo", "signature", "payment"} <= set(found)


def test_an_organisation_cannot_apply(licences, road):
    head = road.find("850412330078")
    application = licences.open("O-01", "DL-2", representative=head)
    assert "applicant" in intake.problems(application, timezone.now())


def test_a_foreign_licence_needs_its_scan(licences):
    """DL.9.1: what was typed is compared with the document."""
    application = licences.fill(licences.open("P-48", "DL-1"), "foreign", **FOREIGN)
    assert "foreign_licence" in intake.problems(application, timezone.now())


@pytest.mark.parametrize("channel", [Channel.EGOV, Channel.PLATFORM])
def test_dl_2_is_refused_at_the_door_online(licences, road, channel):
    """DL.2x: never through egov.kz or a platform; DL-1 is (DL.2)."""
    more = {"service_code": "DL", "channel": channel, "now": timezone.now(), "office": Office.objects.get(code="0201")}
    who = {"actor": road.desk.automatic("egov"), "applicant": road.applicant("P-34")}
    with pytest.raises(DomainError) as refused:
        intake.open_draft(subservice="DL-2", **more, **who)
    assert refused.value.code == "channel_not_offered"
    assert intake.open_draft(subservice="DL-1", **more, **who).state == "draft"


# Applicant, act, what is asked, the check that bars it and the finding that the officer reads.
BARRED = [
    ("P-36", "DL-1", "exchange", {}, "medical_certificate", "medical_certificates.expired"),
    (
        *("P-37", "DL-1", "exchange", {"medical_certificate_number": "073-26-410033"}),
        *("medical_certificate", "medical_certificates.other_person"),
    ),
    ("P-38", "DL-1", "exchange", {}, "medical_certificate", "medical_certificates.unfit"),
    ("P-39", "DL-1", "exchange", {}, "medical_certificate", "medical_certificates.categories_missing"),
    ("P-43", "DL-1", "exchange", {}, "deprivation", "deprivations.in_force"),
    ("P-40", "DL-2", "first_issue", {"categories": ["B"]}, "driving_course", "driving_courses.annulled"),
    ("P-41", "DL-2", "first_issue", {"categories": ["B"]}, "exams", "exams.theory_not_passed"),
    ("P-42", "DL-2", "first_issue", {"categories": ["B"]}, "exams", "exams.practice_not_passed"),
    ("P-45", "DL-2", "after_deprivation", {"categories": ["B"]}, "exams", "exams.theory_not_passed"),
    ("P-32", "DL-2", "after_deprivation", {"categories": ["B"]}, "deprivation", "deprivations.none"),
]


@pytest.mark.parametrize(("person", "subservice", "act", "details", "check", "finding"), BARRED)
def test_a_register_bars_it_and_the_refusal_rests_on_dl_9_2(
    licences, road, person, subservice, act, details, check, finding
):
    """DL.8.1b, DL.8.1d, DL-2, DL.9.2: the register's word alone; no licence comes of it."""
    application = licences.held(person, subservice, act, **details)
    barred = application.checks.get(code=check)
    assert (barred.outcome, [item["code"] for item in barred.findings]) == ("hit", [finding])
    with pytest.raises(DomainError):
        road.approve(application)
    refuse_on(road, road.fresh(application), "DL.9.2")
    assert not DriverLicence.objects.filter(application=application).exists()


def test_an_exchange_of_a_withdrawn_licence_is_refused_by_the_own_register(licences, road):
    """DL.9.2: withdrawn by a ruling that is served; the court register and the register of licences agree."""
    application = licences.held("P-44", "DL-1", "exchange")
    with pytest.raises(DomainError) as barred:
        road.approve(application)
    assert barred.value.row == "DL.9.2"
    refuse_on(road, road.fresh(application), "DL.9.2")
    assert DriverLicence.objects.get(number="DL440001").state == "withdrawn"


def test_a_register_that_is_away_is_never_a_clear_answer(licences, road):
    """DL.8.1b: the medical certificate is unavailable; the case waits and is not approved."""
    road.simulator.switch("medical_certificates", "down")
    application = licences.in_review("P-33", "DL-1", "exchange")
    check = application.checks.get(code="medical_certificate")
    assert (check.outcome, application.state) == ("unavailable", "checking")


def test_only_overdue_fines_bar_dl_9_3(licences, road):
    """P-13 has a fine within its payment term, P-14 two overdue ones."""
    for person, outcome in (("P-13", "clear"), ("P-14", "hit")):
        application = licences.fill(licences.open(person, "DL-1"), "foreign", **FOREIGN)
        assert application.checks.get(code="fines").outcome == outcome


def test_no_consent_dl_9_4_and_nobody_asks_whether_the_person_is_wanted(licences):
    """DL.9.4; P-16 is wanted, which is no ground of DL."""
    without = licences.fill(licences.open("P-24", "DL-1"), "foreign", **FOREIGN)
    assert without.checks.get(code="consent").outcome == "hit"
    wanted = licences.fill(licences.open("P-16", "DL-1"), "foreign", **FOREIGN)
    assert set(wanted.checks.values_list("code", flat=True)) == {
        *("identity", "fines", "consent", "medical_certificate", "deprivation"),
    }


@pytest.mark.parametrize(
    ("what", "upload"),
    [("photo", face((200, 200))), ("signature", hand((90, 30))), ("face", face())],
)
def test_a_picture_that_cannot_be_printed(licences, road, what, upload):
    application = licences.open("P-32")
    with pytest.raises(InvalidInputError):
        capture(actor=road.desk, number=application.number, what=what, upload=upload, now=timezone.now())
    assert application.licence_details.photo_id is None


def test_pictures_are_taken_of_a_draft_only(licences, road):
    application = licences.in_review("P-32", "DL-1", "exchange")
    with pytest.raises(DomainError) as late:
        capture(actor=road.desk, number=application.number, what="photo", upload=scan("late"), now=timezone.now())
    assert late.value.code == "illegal_move"


def test_the_rules_of_the_day_hold_at_approval_too(licences, road):
    """DL.9.2: the age is raised after the intake; the approval is barred in words, and the refusal is proven."""
    application = licences.held("P-34", "DL-2", "first_issue", categories=["B"])
    CategoryRule.objects.filter(category="B").update(minimum_age=30)
    with pytest.raises(DomainError) as barred:
        road.approve(application)
    assert barred.value.row == "DL.9.2"
