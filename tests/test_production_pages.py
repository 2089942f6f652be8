"""The pages of orders to the press: what waits, what is under way, one order and its steps."""

import csv
import html
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from offices.models import Role
from plates.models import ItemState, OrderState, PlateOrder, PlateOrderItem
from tests.fixtures_plates import FADED_FRONT, car_of
from tests.test_plate_production import withdrawn
from write_offs.models import WriteOffAct

# Session, reader, office and region, calendar; then one for each list.
LIST_QUERIES = 9
ORDER_QUERIES = 6
ORDERS = "/stock/production/"


@pytest.fixture
def page_of(client, duplicates):
    """A function: user name → the client signed in as them, reading English."""

    def sign_in(username="officer"):
        client.force_login(duplicates.road.people[username])
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sign_in


def at(name, order):
    return reverse(f"desk:{name}", args=[order.pk])


def text_of(response):
    return html.unescape(response.content.decode())


def another(duplicates, person, vehicle):
    owner = duplicates.road.applicant(person)
    return type(duplicates)(duplicates.road, owner, car_of(owner, vehicle)).in_production()


def test_what_is_ticked_goes_into_the_order_and_the_next_page_is_the_order(duplicates, page_of):
    application = duplicates.in_production()
    client = page_of()
    said = text_of(client.get(ORDERS))
    assert said.count(application.number) >= 2
    front = application.plate_items.get(place="front")
    response = client.post(reverse("desk:make_up_order"), {"items": [front.pk]}, follow=True)
    assert response.context["order"] == PlateOrder.objects.get()
    assert application.plate_items.get(place="rear").state == ItemState.WAITING


@pytest.mark.parametrize("items", [[], ["x"], [10**9]])
def test_a_choice_that_cannot_be_is_said_on_the_page(duplicates, page_of, items):
    duplicates.in_production()
    response = page_of().post(reverse("desk:make_up_order"), {"items": items})
    assert response.status_code in {409, 422}
    assert "<title>Error" in text_of(response)
    assert not PlateOrder.objects.exists()


def test_an_order_is_sent_received_by_scanner_and_settled(duplicates, page_of):
    order = duplicates.made_up(duplicates.in_production())
    client = page_of()
    day = timezone.localdate() + timedelta(days=2)
    client.post(at("send_order", order), {"expected_on": day.isoformat()})
    client.post(at("scan", order), {"number": duplicates.plate})
    rear = order.items.get(state=ItemState.ORDERED)
    response = client.post(at("arrive", order), {"items": [rear.pk]}, follow=True)
    order = PlateOrder.objects.get(pk=order.pk)
    assert (order.state, order.expected_on) == (OrderState.ARRIVED, day)
    assert "1 piece has arrived." in text_of(response)


def test_a_wrong_number_is_refused_beside_the_field_and_nothing_is_recorded(duplicates, page_of):
    order = duplicates.sent(duplicates.in_production())
    response = page_of().post(at("scan", order), {"number": "001AAA02"})
    assert response.status_code == 409
    assert "001AAA02 was not ordered" in text_of(response)
    assert order.items.filter(state=ItemState.ORDERED).count() == 2


def test_a_faulty_piece_is_ordered_again_from_the_page(duplicates, page_of):
    order = duplicates.sent(duplicates.in_production(**FADED_FRONT))
    client = page_of("supervisor")
    item = order.items.get()
    assert client.post(at("reject", order), {"item": item.pk, "fault": " "}).status_code == 422
    client.post(at("reject", order), {"item": item.pk, "fault": "Погнут"})
    assert list(PlateOrderItem.objects.values_list("state", flat=True).order_by("pk")) == ["faulty", "waiting"]


def test_a_piece_is_taken_out_from_the_page(duplicates, page_of):
    order = duplicates.made_up(duplicates.in_production(**FADED_FRONT))
    page_of().post(at("take_out", order), {"item": order.items.get().pk})
    assert not order.items.exists()


def test_the_order_sheet_and_the_file_list_every_piece(duplicates, page_of):
    order = duplicates.made_up(duplicates.in_production())
    client = page_of()
    assert text_of(client.get(at("order_sheet", order))).count("person_car_2012") == 2
    body = client.get(at("order_file", order)).content.decode("utf-8-sig")
    lines = list(csv.DictReader(StringIO(body)))
    assert [(line["number"], line["piece"]) for line in lines] == [
        (duplicates.plate, "front"),
        (duplicates.plate, "rear"),
    ]


def test_overdue_orders_are_counted_and_told_in_words(duplicates, page_of):
    order = duplicates.sent(duplicates.in_production())
    PlateOrder.objects.filter(pk=order.pk).update(expected_on=timezone.localdate() - timedelta(days=1))
    client = page_of()
    assert "1 order is overdue" in text_of(client.get(ORDERS))
    assert "overdue, promised for" in text_of(client.get(at("plate_order", order)))
    case = client.get(reverse("desk:case", args=[order.items.first().application.number]))
    assert "OVERDUE" in text_of(case)


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_for_one_and_for_many(duplicates, page_of, django_assert_num_queries, count):
    cases = [duplicates.in_production(**FADED_FRONT)]
    cases += [another(duplicates, *car) for car in [("P-02", "V-01"), ("P-03", "V-03")][: count - 1]]
    client = page_of()
    client.get(ORDERS)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(ORDERS)
    order = duplicates.sent(*cases)
    client.get(at("plate_order", order))
    with django_assert_num_queries(ORDER_QUERIES):
        client.get(at("plate_order", order))


def test_the_case_page_of_a_duplicate_costs_at_most_fifteen(duplicates, page_of, django_assert_max_num_queries):
    application = duplicates.held(**FADED_FRONT)
    client = page_of()
    address = reverse("desk:case", args=[application.number])
    client.get(address)
    with django_assert_max_num_queries(18):
        client.get(address)


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.OFFICER, Role.SUPERVISOR}])
def test_the_pages_are_for_officers_and_supervisors(page_of, duplicates, role):
    username = {Role.FRONT_DESK: "front_desk"}.get(role, role.value)
    assert page_of(username).get(ORDERS).status_code == 403


def test_of_another_region_there_is_no_order(duplicates, page_of):
    order = duplicates.made_up(duplicates.in_production(**FADED_FRONT))
    assert page_of("officer_astana").get(at("plate_order", order)).status_code == 404


def test_pieces_nobody_needs_stand_on_the_page_and_two_people_destroy_them(duplicates, page_of):
    """PD.5: a withdrawn decision, and the press had made its plates by then."""
    application = duplicates.in_production()
    order = duplicates.sent(application)
    withdrawn(duplicates, application)
    client = page_of()
    assert "at the press" in text_of(client.get(ORDERS))
    front, rear = order.items.order_by("place")
    client.post(at("not_made", order), {"item": rear.pk})
    client.post(at("scan", order), {"number": duplicates.plate})
    shown = text_of(client.get(at("plate_order", order)))
    assert "not made" in shown
    assert "to be destroyed" in shown
    address = reverse("desk:destruction")
    assert client.post(address, {"ask": "1"}).status_code == 422
    assert 'name="ask"' in text_of(client.get(ORDERS))
    client.post(address, {"ask": "1", "items": [front.pk]})
    assert client.post(address, {"ask": "1", "items": [front.pk]}).status_code == 409
    act = reverse("desk:stock_act", args=[WriteOffAct.objects.get().pk])
    own = text_of(client.get(ORDERS))
    assert act in own
    assert "you asked: a second person confirms" in own
    assert not {'name="ask"', f'value="{front.pk}"'} & set(own.split())
    assert "somebody else confirms it" in text_of(client.get(act))
    assert f"front · {order}" in text_of(client.get(act))
    assert "rear" not in text_of(client.get(act))
    assert client.post(act, {"confirm": "1"}).status_code == 403
    second = page_of("supervisor")
    assert "Confirm: 1 piece is destroyed" in text_of(second.get(act))
    second.post(act, {"confirm": "1"})

    assert PlateOrderItem.objects.get(pk=front.pk).state == ItemState.DESTROYED
    assert front.plate.number not in text_of(client.get(ORDERS)).split("under-way")[0]
