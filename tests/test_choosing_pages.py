"""Choosing a number at the front desk: the page, the charge of the chosen number, and the number that is issued."""

import html

import pytest
from django.conf import settings
from django.utils import timezone

from applications import intake
from fees.models import Charge, Exemption
from fees.tariffs import mci_on, quote
from plates import choosing
from plates.models import Plate, PlateFormat, PlateState
from plates.stock import enter
from registration.choosing import choose
from tests.fixtures_sale import contract, filled, sold


def page_of(application):
    return f"/intake/{application.number}/plate/"


def text_of(response):
    return html.unescape(response.content.decode())


@pytest.fixture
def draft(road):
    application = road.draft()
    car = PlateFormat.objects.get(code="person_car_2012")
    if not Plate.objects.filter(number="777QAZ02").exists():
        numbers = ["777QAZ02", "141QAZ02"]
        enter(application.office, car, numbers, reference="dear", received_by=None, now=timezone.now())
    return application


@pytest.fixture
def desk(road, client):
    client.force_login(road.people["front_desk"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def duty_of(application):
    return Charge.objects.of(application).live().get(code="plate_duty")


def test_a_chosen_number_is_free_again_when_the_old_plates_stay(road):
    """VR.6a: nobody else could have had it until its hold ran out; its duty is charged no more."""
    registered = road.registered()
    application = sold(road, registered, plates_kept="no")
    car = PlateFormat.objects.get(code="person_car_2012")
    enter(application.office, car, ["777QAZ02"], reference="dear", received_by=None, now=timezone.now())
    choose(actor=road.desk, number=application.number, plate="777QAZ02", now=timezone.now())
    assert Plate.objects.get(number="777QAZ02").state == PlateState.RESERVED
    application = filled(road, application, **contract(registered, plates_kept="yes"))

    assert Plate.objects.get(number="777QAZ02").state == PlateState.IN_STOCK
    assert choosing.held(application) is None
    assert application.vehicle_details.plate_choice == "next"
    assert not Charge.objects.of(application).live().filter(code="plate_duty").exists()
    assert application.journal.get(action="plate_given_up").changes == {"plate": "777QAZ02"}


def test_a_number_is_chosen_charged_and_issued(road, draft, desk):
    """VR.6a: the duty follows the group of the chosen number, and that very number is issued."""
    page = text_of(desk.get(page_of(draft) + "?pattern=7%3F7"))
    assert "777QAZ02" in page
    assert "141QAZ02" not in page
    desk.post(page_of(draft), {"plate": "777QAZ02"})
    charge = duty_of(draft)
    assert (charge.group, charge.amount) == ("high_demand_c", 228 * mci_on(timezone.localdate()))

    assert "777 QAZ" in text_of(desk.get(f"/intake/{draft.number}/details/"))
    desk.post(page_of(draft), {"next": "1"})
    assert duty_of(draft).group == "car"
    assert Plate.objects.get(number="777QAZ02").state == PlateState.IN_STOCK


def test_a_taken_number_is_refused_in_words_and_others_are_offered(road, draft, desk):
    now = timezone.now()
    other = road.open(road.applicant("P-02"))
    plate = Plate.objects.get(number="777QAZ02")
    Plate.objects.filter(pk=plate.pk).update(state="reserved", moved_for=other, state_changed_at=now)
    page = desk.post(page_of(draft), {"plate": "777QAZ02"})
    assert page.status_code == 409
    assert "777QAZ02 is not free" in text_of(page)
    assert "141QAZ02" in text_of(page)


def test_a_hold_that_ran_out_bars_acceptance_in_words(road, draft):
    choose(actor=road.desk, number=draft.number, plate="777QAZ02", now=timezone.now())
    assert "plate_choice" not in intake.problems(road.fresh(draft), timezone.now())
    hold = choosing.held(draft)
    assert choosing.release_expired(hold.until.replace(year=hold.until.year + 1)) == 1
    assert intake.problems(road.fresh(draft), timezone.now())["plate_choice"]


@pytest.mark.parametrize("group", ["custom", "same_letters", "high_demand_a", "high_demand_d", "high_demand_c"])
def test_no_exemption_lifts_the_duty_of_a_chosen_number(rates, group):
    today = timezone.localdate()
    exemptions = Exemption.objects.all()
    assert exemptions
    for exemption in exemptions:
        assert exemption.document_requirement == "exemption_proof"
        assert quote(code="plate_duty", group=group, on=today, exemption=exemption.code).amount > 0
        for ordinary in ("car", "motorcycle_or_trailer"):
            assert quote(code="plate_duty", group=ordinary, on=today, exemption=exemption.code).amount == 0
