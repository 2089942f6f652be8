"""The stock page: what an office has, what waits for more, and entering plates and SRTS blanks (VR.5a)."""

import html

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from applications import outbox
from applications.models import Application, JournalEntry, OutboxMessage
from applications.states import State
from offices.models import Role
from plates.models import Plate, PlateReceipt
from plates.stock import shelves
from registration import blanks
from registration.models import BlankState, CertificateBlank
from tests.fixtures_desk import make_case
from tests.fixtures_offices import make_office, make_staff
from write_offs.models import WriteOffAct

# Session, reader, office, waiting cases, calendar, three of plates, blanks.
QUERIES = 11
STOCK = "/stock/"
DELIVERY = {"format": "person_car_2012", "first": "500 kzn 02", "count": "3", "reference": "N-17"}


@pytest.fixture
def stocked(almaty_stock):
    """The Almaty police with five plates of each kind and five blanks; one plate and one blank are given out."""
    Plate.objects.filter(number="417KZN02").update(state="assigned")
    CertificateBlank.objects.filter(number="AB00000001").update(state="issued")
    return almaty_stock


@pytest.fixture
def signed_in(client):
    """A function: account → the client, signed in and reading English."""

    def sign_in(staff):
        client.force_login(staff)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sign_in


def at(name, office=None):
    return reverse(f"desk:{name}") + (f"?office={office.code}" if office else "")


def text_of(response):
    return html.unescape(response.content.decode())


def shelf_of(office, code="person_car_2012"):
    return next(shelf for shelf in shelves(office) if shelf.format.code == code)


def held_up(office, code):
    """An approved case whose issue waits for `code`, with the promise that is tried again."""
    application = make_case(office, State.APPROVED, held_up_by=code)
    outbox.promise("issue", application=application, now=timezone.now())
    return application


@pytest.fixture
def woken(monkeypatch):
    """The outbox messages that a worker is asked for, in order."""
    asked = []
    monkeypatch.setattr(outbox, "wake", lambda message_id, _countdown=0: asked.append(message_id))
    return asked


def test_the_counts_add_up_to_what_was_received(stocked, officer, signed_in):
    page = signed_in(officer).get(STOCK)
    assert page.context["shelves"]
    for shelf, _level, _colour in page.context["shelves"]:
        assert sum(shelf.by_state.values()) == shelf.received
    [series] = page.context["blank_shelves"][0].series
    assert (series.received, series.by_state) == (
        5,
        {**dict.fromkeys(BlankState.values, 0), "received": 4, "issued": 1},
    )


def test_the_next_plate_and_blank_are_those_that_the_issue_takes(stocked, officer, signed_in):
    said = text_of(signed_in(officer).get(STOCK))
    assert shelf_of(stocked).next_number == "418KZN02"
    assert 'aria-label="Plate 418KZN02"' in said
    assert "AB00000002" in said


def test_a_number_of_higher_demand_is_not_the_next_one(stocked):
    Plate.objects.filter(number="418KZN02").update(is_high_demand=True)
    shelf = shelf_of(stocked)
    assert (shelf.next_number, shelf.dear, shelf.free) == ("419KZN02", 1, 3)


def test_cars_of_people_stand_first(stocked):
    codes = [shelf.format.code for shelf in shelves(stocked)]
    assert codes[:2] == ["person_car_2012", "organisation_car_2012"]
    assert codes[-1] == "trailer_2012"
    assert "person_car_1993" not in codes


def test_low_and_empty_stock_is_said_in_words(stocked, officer, signed_in):
    said = text_of(signed_in(officer).get(STOCK))
    assert "4 left, order more" in said
    # The office never had plates for foreign holders, and issues for them would wait all the same.
    assert shelf_of(stocked, "foreign_person_car_2012").free == 0
    assert "none left" in said


def test_what_waits_for_the_stock_is_listed_with_its_reason(stocked, officer, signed_in):
    plate, blank = held_up(stocked, "plates.stock_empty"), held_up(stocked, "blanks.stock_empty")
    held_up(stocked, "vehicle.already_registered")
    page = signed_in(officer).get(STOCK)
    listed = {row.number: row.reason for row in page.context["waiting"]}
    assert listed == {plate.number: "waits for a plate", blank.number: "waits for a blank"}
    assert reverse("desk:case", args=[plate.number]) in text_of(page)


@pytest.mark.parametrize("waiting", [1, 20])
def test_the_page_costs_the_same_however_much_waits(stocked, officer, signed_in, waiting, django_assert_num_queries):
    for _turn in range(waiting):
        held_up(stocked, "plates.stock_empty")
    client = signed_in(officer)
    client.get(reverse("desk:session"))  # the first request of a session writes when it began
    with django_assert_num_queries(QUERIES):
        client.get(STOCK)


def test_a_series_is_said_back_before_it_is_entered(stocked, officer, signed_in):
    client = signed_in(officer)
    preview = client.post(at("receive_plates"), DELIVERY)
    said = text_of(preview)
    assert preview.status_code == 200
    assert all(word in said for word in ("Plate 500KZN02", "Plate 502KZN02", "3 numbers enter the stock"))
    assert not PlateReceipt.objects.filter(reference="N-17").exists()
    assert not JournalEntry.objects.filter(action="plates_received").exists()


def test_a_confirmed_series_is_in_the_stock_and_in_the_journal(stocked, officer, signed_in):
    client = signed_in(officer)
    done = client.post(at("receive_plates"), {**DELIVERY, "step": "confirm"}, follow=True)
    assert "3 plates are in the stock now." in text_of(done)
    receipt = PlateReceipt.objects.get(reference="N-17")
    assert (receipt.first_number, receipt.last_number, receipt.received_by) == ("500KZN02", "502KZN02", officer)
    assert JournalEntry.objects.get(action="plates_received").changes["count"] == 3


def test_correcting_brings_back_what_was_typed(stocked, officer, signed_in):
    page = signed_in(officer).post(at("receive_plates"), {**DELIVERY, "step": "correct"})
    assert page.status_code == 200
    assert 'value="500 kzn 02"' in text_of(page)
    assert not PlateReceipt.objects.filter(reference="N-17").exists()


@pytest.mark.parametrize(
    "first", ["500KZN02", "500 kzn 02", "500-KZN-02", "500 \N{CYRILLIC CAPITAL LETTER KA}ZN 02", "500kzn"]
)
def test_any_writing_of_the_first_number_is_understood(stocked, officer, signed_in, first):
    typed = {**DELIVERY, "first": first, "count": " 1 0 ", "step": "confirm"}
    signed_in(officer).post(at("receive_plates"), typed)
    receipt = PlateReceipt.objects.get(reference="N-17")
    assert (receipt.first_number, receipt.last_number, receipt.count) == ("500KZN02", "509KZN02", 10)


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"first": "500KZN01"}, "first", "region 02"),
        ({"first": "500KZ02"}, "first", "look like 123ABC01"),
        ({"first": "415KZN02"}, "first", "in the register already: 417KZN02"),
        ({"count": "0"}, "count", "greater than or equal to 1"),
        ({"count": "many"}, "count", "whole number"),
        ({"count": "10001"}, "count", "less than or equal to 10000"),
        ({"first": "998ZZZ02", "count": "5"}, "count", "not so many numbers of this format"),
        ({"reference": ""}, "reference", "required"),
        ({"reference": "417KZN02"}, "reference", "417KZN02 … 421KZN02"),
        ({"format": "temporary_registration_5y"}, "format", "Select a valid choice"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    stocked, officer, signed_in, typed, field, says
):
    page = signed_in(officer).post(at("receive_plates"), {**DELIVERY, **typed, "step": "confirm"})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert says in text_of(page)
    assert all(f'value="{value}"' in text_of(page) for name, value in typed.items() if value and name != "format")


def test_entering_plates_wakes_what_waited_for_them_there(
    stocked, officer, signed_in, woken, astana_police, django_capture_on_commit_callbacks
):
    waiting = held_up(stocked, "plates.stock_empty")
    held_up(stocked, "blanks.stock_empty")
    held_up(astana_police, "plates.stock_empty")
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(officer).post(at("receive_plates"), {**DELIVERY, "step": "confirm"})
    assert woken == [OutboxMessage.objects.get(application=waiting).pk]


def test_a_preview_wakes_nothing(stocked, officer, signed_in, woken, django_capture_on_commit_callbacks):
    held_up(stocked, "plates.stock_empty")
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(officer).post(at("receive_plates"), DELIVERY)
    assert woken == []


def test_an_issue_held_up_by_plates_goes_on_once_they_are_entered(road, signed_in, django_capture_on_commit_callbacks):
    """VR.5a: the decision stands while the stock is empty, and a delivery is all that is needed."""
    application = road.approved()
    Plate.objects.filter(office=application.office, state="in_stock").update(state="assigned")
    message = OutboxMessage.objects.get(application=application, kind="issue")
    outbox.keep(message.pk)
    assert road.fresh(application).held_up_by == "plates.stock_empty"
    road.woken.clear()
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(road.people["officer"]).post(
            at("receive_plates"), {**DELIVERY, "first": "801 QAZ", "step": "confirm"}
        )
    assert message.pk in road.woken
    outbox.keep(message.pk)
    assert (road.fresh(application).state, road.fresh(application).plate_number) == (State.ISSUED, "801QAZ02")


def test_blanks_are_said_back_then_entered_and_wake_what_waited(
    stocked, officer, signed_in, woken, django_capture_on_commit_callbacks
):
    waiting = held_up(stocked, "blanks.stock_empty")
    typed = {"first": "ас 0000 0099", "count": "2"}
    client = signed_in(officer)
    assert "2 blanks enter the stock" in text_of(client.post(at("receive_blanks"), typed))
    assert not CertificateBlank.objects.filter(number="AC00000099").exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(at("receive_blanks"), {**typed, "step": "confirm"})
    assert blanks.by_series(stocked)[1].last == "AC00000100"
    assert woken == [OutboxMessage.objects.get(application=waiting).pk]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"first": "AC123", "count": "2"}, "first"),
        ({"first": "AC99999999", "count": "2"}, "count"),
        ({"first": "AB00000005", "count": "2"}, "first"),
    ],
)
def test_blanks_that_cannot_be_entered_are_said_beside_the_field(stocked, officer, signed_in, typed, field):
    page = signed_in(officer).post(at("receive_blanks"), {**typed, "step": "confirm"})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert CertificateBlank.objects.count() == 5


def test_an_act_on_blanks_is_drawn_up_from_their_shelf(stocked, officer, supervisor, signed_in):
    client = signed_in(officer)
    address = f"{at('stock_act_new')}?stock=srts_blanks&office={stocked.code}"
    assert address in text_of(client.get(STOCK))
    assert "Which SRTS blanks are written off?" in text_of(client.get(address))
    typed = {"kind": "spoiled", "numbers": "ab 00000003, AB00000004", "explanation": "Jammed in the printer"}
    page = client.post(address, typed, follow=True)
    assert "somebody else confirms it" in text_of(page)
    act = WriteOffAct.objects.get()
    assert (act.stock, act.kind, act.drawn_up_by) == ("srts_blanks", "spoiled", officer)
    assert "SRTS blanks: spoiled" in text_of(client.get(at("stock_acts")))

    client = signed_in(supervisor)
    page = client.post(reverse("desk:stock_act", args=[act.pk]), {"confirm": "1"}, follow=True)
    assert "AB00000003" in text_of(page)
    assert blanks.counts(stocked)["spoiled"] == 2


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"numbers": "AB00000001"}, "numbers"),
        ({"numbers": "AB00000099"}, "numbers"),
        ({"kind": "destroyed"}, "kind"),
        ({"explanation": " "}, "explanation"),
    ],
)
def test_an_issued_or_unknown_blank_is_not_written_off(stocked, officer, signed_in, typed, field):
    written = {"kind": "spoiled", "numbers": "AB00000002", "explanation": "Torn", **typed}
    page = signed_in(officer).post(f"{at('stock_act_new')}?stock=srts_blanks", written)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert not WriteOffAct.objects.exists()


def test_an_act_is_on_a_stock_that_there_is(stocked, officer, signed_in):
    assert signed_in(officer).get(f"{at('stock_act_new')}?stock=pencils").status_code == 404


def test_stock_of_another_region_does_not_exist_for_the_reader(stocked, officer_astana, signed_in):
    client = signed_in(officer_astana)
    for name in ("stock", "receive_plates", "receive_blanks", "stock_act_new"):
        assert client.get(at(name, stocked)).status_code == 404
    assert "AB0000000" not in text_of(client.get(STOCK))
    typed = {"kind": "spoiled", "numbers": "AB00000002", "explanation": "Torn"}
    assert "not in this stock now" in text_of(client.post(f"{at('stock_act_new')}?stock=srts_blanks", typed))


def test_a_supervisor_chooses_among_the_police_offices_of_the_region(
    stocked, supervisor, officer, almaty_front_desk, astana_police, signed_in
):
    second = make_office("0205")
    client = signed_in(supervisor)
    page = client.get(at("stock", second))
    assert (page.context["office"], page.context["offices"]) == (second, [stocked, second])
    client.post(at("receive_plates", second), {**DELIVERY, "step": "confirm"})
    assert shelf_of(second).received == 3
    assert signed_in(officer).get(at("stock", second)).status_code == 404


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.CONTACT_CENTRE, Role.AUDITOR, Role.ADMINISTRATOR])
def test_the_stock_is_for_officers_and_supervisors(almaty_police, almaty_front_desk, signed_in, role):
    client = signed_in(make_staff("other", role, almaty_front_desk if role == Role.FRONT_DESK else None))
    for name in ("stock", "receive_plates", "receive_blanks", "stock_act_new"):
        assert client.get(at(name)).status_code == 403
        assert client.post(at(name)).status_code in {403, 405}
    assert Application.objects.count() == 0
