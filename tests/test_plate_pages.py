"""The pages of single plates, of acts and of terms (shown to officers, confirmed by a second person)."""

import html

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from applications.acting import Actor
from plates import movements
from plates.models import Plate, PlateState, PlateTerm
from plates.numbers import series
from plates.stock import enter, shelves
from write_offs.models import WriteOffAct

PORTAL = Actor.automatic()


@pytest.fixture
def signed_in(client):
    def sign_in(staff):
        client.force_login(staff)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        client.get(reverse("desk:session"))
        return client

    return sign_in


def text_of(response):
    return html.unescape(response.content.decode())


def page_of(number):
    return reverse("desk:stock_plate", args=[Plate.objects.get(number=number).pk])


def lost(number):
    plate = Plate.objects.get(number=number)
    movements.move(plate, PlateState.ASSIGNED, actor=PORTAL, now=timezone.now())
    movements.lost(plate, actor=PORTAL, now=timezone.now(), is_stolen=True, explanation="stolen at night")


def test_a_plate_tells_its_history_and_can_be_found(almaty_stock, officer, signed_in):
    lost("417KZN02")
    client = signed_in(officer)
    page = text_of(client.get(page_of("417KZN02")))
    assert "Wanted since" in page
    assert page.index("stolen at night") < page.index("delivery note")

    refused = client.post(page_of("417KZN02"), {"deed": "found", "reason": ""})
    assert refused.status_code == 422
    refused = client.post(page_of("417KZN02"), {"deed": "found", "reason": "ә" * 501})
    assert refused.status_code == 422
    assert "At most 500 characters are kept here, and these are 501." in text_of(refused)
    client.post(page_of("417KZN02"), {"deed": "found", "reason": "ә" * 500})
    assert Plate.objects.get(number="417KZN02").state == PlateState.TO_DESTROY


@pytest.mark.parametrize("more", [0, 60])
def test_the_list_costs_the_same_however_long(
    almaty_stock, plate_formats, officer, signed_in, more, django_assert_num_queries
):
    if more:
        car = plate_formats["person_car_2012"]
        numbers = series(car, "500KZN02", more)
        enter(almaty_stock, car, numbers, reference="more", received_by=None, now=timezone.now())
    client = signed_in(officer)
    with django_assert_num_queries(5):
        page = client.post("/stock/plates/", {"state": "in_stock"})
    assert len(page.context["plates"]) == 20 + more


def test_a_history_costs_the_same_however_long(almaty_stock, officer, signed_in, django_assert_num_queries):
    client, address = signed_in(officer), page_of("418KZN02")
    with django_assert_num_queries(7):
        client.get(address)
    plate = Plate.objects.get(number="418KZN02")
    movements.move(plate, PlateState.ASSIGNED, actor=Actor.of(officer), now=timezone.now())
    for verb in (movements.surrendered, movements.given_back) * 5:
        verb(plate, actor=Actor.of(officer), now=timezone.now())
    with django_assert_num_queries(7):
        client.get(address)


def test_what_is_ticked_or_looked_for_comes_in_the_body(almaty_stock, officer, signed_in):
    """A plate's number is personal once it is on a car, and addresses are written to logs."""
    client = signed_in(officer)
    found = client.post("/stock/plates/", {"number": "417 kzn"})
    assert [plate.number for plate, _colour in found.context["plates"]] == ["417KZN02"]
    assert len(client.get("/stock/plates/?number=417KZN02").context["plates"]) == 20
    begun = client.post("/stock/acts/new/", {"begin": "1", "numbers": ["417KZN02", "418KZN02"]})
    assert begun.context["form"]["numbers"].value() == "417KZN02\n418KZN02"
    assert not begun.context["form"].errors
    assert not WriteOffAct.objects.exists()


def test_an_act_needs_two_people(almaty_stock, officer, other_officer, signed_in):
    client = signed_in(officer)
    typed = {"kind": "destroyed", "numbers": "417 KZN 02, 418KZN02", "explanation": "bent"}
    client.post("/stock/acts/new/", typed)
    act = WriteOffAct.objects.get()
    address = f"/stock/acts/{act.pk}/"
    assert "somebody else confirms it" in text_of(client.get(address))
    client.post(address, {"confirm": "1"})
    assert shelves(almaty_stock)[0].by_state["destroyed"] == 0

    assert "waits for confirmation" in text_of(client.get("/stock/acts/"))
    client = signed_in(other_officer) if other_officer.office_id == officer.office_id else None
    if client:
        client.post(address, {"confirm": "1"})
        assert shelves(almaty_stock)[0].by_state["destroyed"] == 2


def test_what_is_wrong_with_an_act_stands_beside_its_field(almaty_stock, officer, signed_in):
    typed = {"kind": "destroyed", "numbers": "999 AAA 02", "explanation": "bent"}
    page = signed_in(officer).post("/stock/acts/new/", typed)
    assert page.status_code == 422
    assert "999AAA02" in text_of(page)
    assert not WriteOffAct.objects.exists()


def test_an_administrator_enters_a_term_with_its_source(almaty_stock, administrator, signed_in):
    typed = {"code": "storage_days", "amount": "180", "valid_from": "2030-01-01", "source": "order No. 1"}
    client = signed_in(administrator)
    assert client.post("/plate-terms/", {**typed, "source": ""}).status_code == 422
    assert client.post("/plate-terms/", typed).status_code == 302
    assert client.post("/plate-terms/", typed).status_code == 422

    first, second = PlateTerm.objects.filter(code="storage_days").order_by("valid_from")
    assert (first.amount, str(first.valid_to), second.amount) == (30, "2029-12-31", 180)


def test_only_officers_see_plates_and_only_their_own(almaty_stock, front_desk, astana_police, officer, signed_in):
    assert signed_in(front_desk).get(page_of("417KZN02")).status_code == 403
    officer.office = astana_police
    officer.save()
    assert signed_in(officer).get(page_of("417KZN02")).status_code == 404
