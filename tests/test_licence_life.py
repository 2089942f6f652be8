"""What becomes of a licence after its issue: it expires, is lost, withdrawn, given back, revoked with its decision."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from applications import issuing, revoking
from applications.errors import DomainError
from applications.journal import verify
from applications.models import JournalEntry
from licensing import blanks
from licensing.administration import enter_form, enter_rule
from licensing.expiring import expire_licences
from licensing.models import CategoryRule, Driver, DriverLicence, LicenceBlank, LicenceForm
from licensing.rules import form_on
from licensing.withdrawing import ask_about
from tests.fixtures_road import work

pytestmark = pytest.mark.django_db


def licence(number):
    return DriverLicence.objects.select_related("driver__person").get(number=number)


def test_a_licence_expires_the_day_after_its_last(road, licences):
    """DL.8.1b turns on it: on the last day it still holds in Almaty, whatever day it is in London."""
    last = timezone.make_aware(timezone.datetime.combine(licence("DL320001").valid_until, timezone.datetime.min.time()))
    assert expire_licences(last + timedelta(hours=23, minutes=59)) == 0
    assert expire_licences(last + timedelta(hours=24, minutes=1)) == 1
    assert licence("DL320001").state == "expired"
    assert verify("licences") is None


def test_a_lost_licence_is_replaced_and_stays_lost(licences):
    """DL-1: the same duty, no medical certificate before expiry (DL.8.1b)."""
    application = licences.issued("P-32", "DL-1", "loss", loss_declared="Утеряно в поезде")
    assert application.state == "issued"
    assert (licence("DL320001").state, licence("DL320001").state_reason) == ("lost", "Утеряно в поезде")
    assert not application.checks.filter(code="medical_certificate").exists()


def test_a_change_of_name_is_printed_from_the_population_register(licences, road):
    application = licences.issued("P-32", "DL-1", "data_change", previous_handed_in="on")
    content = application.papers.get(kind="driver_licence").content
    assert (content["surname"], content["replaces"], content["granted"]) == ("Асанов", "DL320001", ["B"])
    assert application.licence_details.previous_handed_in


def test_a_ruling_withdraws_the_licence_and_nobody_types_it(road):
    """DL-2: the register of deprivations says so, an officer only asks."""
    asked = ask_about(actor=road.officer, licence=licence("DL430001"), now=timezone.now())
    assert (asked.state, "7514-26-00-3/1177" in asked.state_reason) == ("withdrawn", True)
    again = ask_about(actor=road.officer, licence=asked, now=timezone.now())
    assert again.state == "withdrawn"
    actions = JournalEntry.objects.filter(chain=f"driver:{asked.driver_id}").values_list("action", flat=True)
    assert set(actions) == {"licence_withdrawn", "deprivation_asked"}


def test_a_licence_wrongly_withdrawn_is_given_back(road):
    """P-33's ruling was set aside: the licence is what it would be without it, an expired one."""
    DriverLicence.objects.filter(number="DL330001").update(state="withdrawn", state_reason="7599-25-00-4/0099")
    given_back = ask_about(actor=road.officer, licence=licence("DL330001"), now=timezone.now())
    assert given_back.state == "expired"
    road.simulator.switch("deprivations", "down")
    with pytest.raises(DomainError) as away:
        ask_about(actor=road.officer, licence=licence("DL430001"), now=timezone.now())
    assert (away.value.code, licence("DL430001").state) == ("register_away", "valid")


def revoked(road, application):
    revoking.ask(
        actor=road.second, number=application.number, version=None, reason="Ошибка реестра", now=timezone.now()
    )
    revoking.confirm(actor=road.colleague, number=application.number, version=None, now=timezone.now())


@pytest.mark.parametrize(
    ("person", "subservice", "act", "details", "number", "state"),
    [
        ("P-32", "DL-1", "exchange", {}, "DL320001", "valid"),
        ("P-33", "DL-1", "exchange", {}, "DL330001", "expired"),
        ("P-44", "DL-2", "after_deprivation", {"categories": ["B"]}, "DL440001", "withdrawn"),
        ("P-32", "DL-1", "loss", {"loss_declared": "Утеряно"}, "DL320001", "lost"),
    ],
)
def test_a_revoked_decision_gives_the_previous_licence_back(
    licences, road, person, subservice, act, details, number, state
):
    application = licences.issued(person, subservice, act, **details)
    revoked(road, application)
    assert DriverLicence.objects.get(application=application).state == "revoked"
    assert licence(number).state == state


def test_a_decision_on_which_another_rests_is_not_undone(licences, road):
    first = licences.issued("P-32", "DL-1", "exchange")
    licences.issued("P-32", "DL-1", "loss", loss_declared="Утеряно")
    with pytest.raises(DomainError) as refused:
        revoked(road, first)
    assert refused.value.code == "cannot_be_undone"


def test_an_issue_waits_for_blanks_and_goes_on_by_itself(licences, road):
    LicenceBlank.objects.filter(state="received").update(state="issued")
    application = licences.issued("P-32", "DL-1", "exchange")
    assert (application.state, application.held_up_by) == ("approved", blanks.STOCK_EMPTY)
    assert licence("DL320001").state == "valid"
    stock, now = blanks.STOCK, timezone.now()
    stock.receive(actor=road.officer, office=application.office, first="AK 900001", count=3, now=now)
    work()
    assert licence("AK900001").application_id == application.pk


def test_another_licence_meanwhile_is_not_overwritten(licences, road):
    """Two applications of one driver cannot both be open; the register may still change under one of them."""
    application = licences.approved("P-34", "DL-2", "first_issue", categories=["B"])
    driver = Driver.objects.create(person=application.applicant_person)
    DriverLicence.objects.create(
        driver=driver,
        number="XX000001",
        issued_at=timezone.now() - timedelta(days=3),
        valid_until=timezone.localdate() + timedelta(days=3000),
        office=application.office,
        origin="imported",
        import_reference="late.csv:1",
        state_changed_at=timezone.now(),
    )
    with pytest.raises(DomainError) as changed:
        issuing.issue(application.number)
    assert changed.value.code == "licence_changed"


def test_a_second_open_application_of_one_driver_is_refused(licences, road):
    licences.in_review("P-32", "DL-1", "exchange")
    second = licences.paid("P-32", "DL-1", "data_change")
    with pytest.raises(DomainError) as refused:
        road.submit(second)
    assert refused.value.code in {"second_open", "incomplete"}


def test_an_administrator_enters_what_the_sources_did_not_say(road):
    """The number pattern, and ages by day: the old row ends where the new one begins."""
    administrator, now, today = road.who("administrator"), timezone.now(), timezone.localdate()
    rule = CategoryRule.objects.get(category="CE")
    values = {"minimum_age": 21, "experience_years": 1, "special_category": None, "special_years": None}
    fresh = enter_rule(actor=administrator, pk=rule.pk, since=today, source="ст. 74", now=now, **values)
    rule.refresh_from_db()
    assert (rule.valid_to, fresh.valid_from, fresh.is_complete) == (today - timedelta(days=1), today, True)
    form = LicenceForm.objects.get()
    with pytest.raises(DomainError) as wrong:
        enter_form(
            actor=administrator,
            pk=form.pk,
            since=form.valid_from,
            source="приказ",
            now=now,
            number_pattern="[A-Z]{2}",
            example="A1",
            years_valid=10,
        )
    assert "example" in wrong.value.fields
    assert form_on(today).years_valid == 10


def test_the_term_is_a_setting_and_blocks_when_it_is_empty(licences, road):
    LicenceForm.objects.update(years_valid=None)
    application = licences.held("P-32", "DL-1", "exchange")
    with pytest.raises(DomainError) as barred:
        road.approve(application)
    assert barred.value.row == "DL.5"
