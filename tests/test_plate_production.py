"""Orders to the press by their verbs: made up, sent, arrived piece by piece, faulty ones made again (PD.3, PD.5)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from applications import revoking, storage
from applications.errors import DomainError, InvalidInputError, NotAllowedError
from applications.handover import hand_over
from applications.models import JournalEntry
from applications.services import service
from applications.states import State
from plates.models import ItemState, OrderState, PieceLine, PlateDuplicate, PlateOrder, PlateOrderItem
from plates.production import ordering, reading, stopping
from tests.fixtures_papers import text_of
from tests.fixtures_plates import FADED_FRONT, car_of
from tests.fixtures_registration import guarded, refused_by
from tests.fixtures_road import work
from write_offs import acts
from write_offs.models import WriteOffAct
from write_offs.paper import paper_of

PD = service("PD")


def waiting() -> list[int]:
    return list(PlateOrderItem.objects.filter(state=ItemState.WAITING).values_list("pk", flat=True))


def scan(duplicates, order, number):
    return ordering.arrive_by_number(
        actor=duplicates.road.officer, order_id=order.pk, number=number, now=timezone.now()
    )


def refused(code):
    return pytest.raises(DomainError, check=lambda error: error.code == code)


def test_an_approved_case_waits_for_an_order_with_each_of_its_pieces(duplicates):
    application = duplicates.in_production()
    assert application.state == State.IN_PRODUCTION
    assert [item.place for item in reading.waiting("02")] == ["front", "rear"]
    with override("en"):
        assert [line.value for line in PD.facts_shown(application)[-2:]] == ["waits for an order"] * 2


def test_pieces_arrive_one_by_one_and_the_last_one_makes_the_case_ready(duplicates):
    """PD.5"""
    application = duplicates.in_production()
    order = duplicates.sent(application)
    duplicates.arrive(order, "front")
    order = PlateOrder.objects.get(pk=order.pk)
    assert (order.state, duplicates.road.fresh(application).state) == (OrderState.PARTLY_ARRIVED, State.IN_PRODUCTION)
    duplicates.arrive(order)
    order = PlateOrder.objects.get(pk=order.pk)
    assert (order.state, duplicates.road.fresh(application).state) == (OrderState.ARRIVED, State.READY)
    [entry] = application.journal.filter(action="production_finished")
    assert entry.actor_label == duplicates.road.officer.label


def test_a_scanner_reads_a_set_twice_and_a_third_time_is_refused(duplicates):
    application = duplicates.in_production()
    order = duplicates.sent(application)
    written = f" {duplicates.plate[:3]} {duplicates.plate[3:6].lower()}-{duplicates.plate[6:]}"
    assert [scan(duplicates, order, written).place for _ in range(2)] == ["front", "rear"]
    with refused("plates.arrived_already"):
        scan(duplicates, order, duplicates.plate)


def test_a_number_nobody_ordered_or_of_another_order_is_refused_and_told_apart(duplicates):
    first = duplicates.in_production()
    order = duplicates.sent(first)
    other = PlateOrder.objects.create(
        region_id="02", office=order.office, made_by=order.made_by, made_at=timezone.now(), state="open"
    )
    PlateOrder.objects.filter(pk=other.pk).update(
        state="sent", sent_by=order.made_by, sent_at=timezone.now(), expected_on=timezone.localdate()
    )
    with refused("plates.not_in_order") as unknown:
        scan(duplicates, order, "001AAA02")
    with refused("plates.not_in_order") as elsewhere:
        scan(duplicates, other, duplicates.plate)
    assert order.number not in str(unknown.value)
    assert order.number in str(elsewhere.value)


@pytest.mark.parametrize("number", ["", "  -"])
def test_an_empty_scan_is_said_at_its_field(duplicates, number):
    order = duplicates.sent(duplicates.in_production())
    with pytest.raises(InvalidInputError) as error:
        scan(duplicates, order, number)
    assert list(error.value.fields) == ["number"]


def test_a_faulty_piece_is_ordered_again_and_the_case_waits_for_it(duplicates):
    application = duplicates.in_production()
    order = duplicates.sent(application)
    duplicates.arrive(order, "front")
    rear = order.items.get(place="rear")
    words = {"actor": duplicates.road.officer, "order_id": order.pk, "item_id": rear.pk, "now": timezone.now()}
    again = ordering.reject(**words, fault="Краска отслаивается")
    work()
    order = PlateOrder.objects.get(pk=order.pk)
    assert (order.state, again.state, again.place) == (OrderState.ARRIVED, ItemState.WAITING, "rear")
    assert duplicates.road.fresh(application).state == State.IN_PRODUCTION
    duplicates.arrive(duplicates.sent(application))
    work()
    assert duplicates.road.fresh(application).state == State.ISSUED


def test_a_faulty_piece_is_destroyed_by_two_people_too(duplicates):
    """PD.5: another one is made instead; a piece called faulty must not stay in a single pair of hands."""
    order = duplicates.sent(duplicates.in_production(**FADED_FRONT))
    item = order.items.get()
    words = {"actor": duplicates.road.officer, "now": timezone.now()}
    ordering.reject(order_id=order.pk, item_id=item.pk, fault="Погнут", **words)
    assert [piece.pk for piece in reading.unwanted("02")] == [item.pk]
    assert counts(order) == (1, 0, 1, 0)
    (act,) = stopping.ask_destruction(items=[item.pk], **words)
    acts.confirm(actor=duplicates.road.second, act_id=act.pk, now=timezone.now())
    gone = PlateOrderItem.objects.get(pk=item.pk)
    assert (gone.state, gone.fault, reading.unwanted("02")) == (ItemState.DESTROYED, "Погнут", [])
    assert counts(order) == (1, 0, 1, 0)


def test_a_fault_is_named_and_only_what_is_still_to_come_can_be_faulty(duplicates):
    order = duplicates.sent(duplicates.in_production(**FADED_FRONT))
    item = order.items.get()
    words = {"actor": duplicates.road.officer, "order_id": order.pk, "item_id": item.pk, "now": timezone.now()}
    for unfit in (" ", "ә" * 301):
        with pytest.raises(InvalidInputError):
            ordering.reject(**words, fault=unfit)
    duplicates.arrive(order)
    with refused("plates.arrived_already"):
        ordering.reject(**words, fault="Погнут")


def test_what_was_taken_out_of_an_open_order_waits_again_and_a_sent_order_is_closed(duplicates):
    order = duplicates.made_up(duplicates.in_production())
    words = {"actor": duplicates.road.officer, "order_id": order.pk, "now": timezone.now()}
    front, rear = order.items.order_by("place")
    assert ordering.take_out(**words, item_id=front.pk).state == ItemState.WAITING
    ordering.send(**words, expected_on=timezone.localdate())
    with refused("plates.order_sent"):
        ordering.take_out(**words, item_id=rear.pk)
    with refused("plates.order_sent"):
        ordering.send(**words, expected_on=timezone.localdate())


def test_an_order_is_sent_with_a_promised_day_and_not_empty(duplicates):
    order = duplicates.made_up(duplicates.in_production(**FADED_FRONT))
    words = {"actor": duplicates.road.officer, "order_id": order.pk, "now": timezone.now()}
    for day in (None, timezone.localdate() - timedelta(days=1)):
        with pytest.raises(InvalidInputError) as error:
            ordering.send(**words, expected_on=day)
        assert list(error.value.fields) == ["expected_on"]
    with refused("plates.not_sent"):
        duplicates.arrive(order)
    ordering.take_out(**words, item_id=order.items.get().pk)
    with refused("plates.order_empty"):
        ordering.send(**words, expected_on=timezone.localdate())


def test_an_office_makes_up_one_order_at_a_time(duplicates):
    first = duplicates.made_up(duplicates.in_production(**FADED_FRONT))
    owner = duplicates.road.applicant("P-02")
    other = type(duplicates)(duplicates.road, owner, car_of(owner, "V-01"))
    assert duplicates.made_up(other.in_production(**FADED_FRONT)) == first
    assert first.items.count() == 2
    with refused_by("plate_order_one_open_per_office"):
        PlateOrder.objects.create(region_id="02", office=first.office, made_by=first.made_by, made_at=timezone.now())


def test_of_another_region_nothing_is_seen_or_ordered(duplicates):
    order = duplicates.made_up(duplicates.in_production(**FADED_FRONT))
    stranger = duplicates.road.who("officer_astana")
    with refused("not_found"):
        ordering.send(actor=stranger, order_id=order.pk, expected_on=timezone.localdate(), now=timezone.now())
    with pytest.raises(NotAllowedError):
        ordering.make_up(actor=duplicates.road.desk, items=[1], now=timezone.now())
    assert reading.under_way("01") == []


@pytest.mark.parametrize(("items", "code"), [([], "invalid"), ([999_999], "plates.order_changed")])
def test_nothing_is_ordered_when_a_chosen_piece_does_not_wait(duplicates, items, code):
    duplicates.in_production()
    with refused(code):
        ordering.make_up(
            actor=duplicates.road.officer, items=[*items, *(waiting() if items else [])], now=timezone.now()
        )
    assert not PlateOrder.objects.exists()


def test_every_step_is_in_the_journal_of_the_office(duplicates):
    order = duplicates.sent(duplicates.in_production())
    duplicates.arrive(order)
    told = JournalEntry.objects.filter(chain="office:0201").order_by("sequence")
    assert [entry.action for entry in told][-3:] == ["plate_order_made_up", "plate_order_sent", "plates_arrived"]
    assert {entry.changes["order"] for entry in told if "order" in entry.changes} == {order.number}


def test_an_order_is_overdue_from_the_day_after_the_promised_one_until_all_is_there(duplicates):
    order = duplicates.sent(duplicates.in_production())
    assert not order.is_overdue_on(order.expected_on)
    assert order.is_overdue_on(order.expected_on + timedelta(days=1))
    duplicates.arrive(order)
    order = PlateOrder.objects.get(pk=order.pk)
    assert not order.is_overdue_on(order.expected_on + timedelta(days=1))


def test_a_revoked_decision_cancels_what_nobody_has_ordered(duplicates):
    application = duplicates.in_production()
    assert len(PD.undo(application, timezone.now())) == 1
    assert set(application.plate_items.values_list("state", flat=True)) == {ItemState.CANCELLED}


def test_a_revoked_decision_ends_the_duplicate_once_and_only_the_newest(duplicates):
    first = duplicates.issued(**FADED_FRONT)
    second = duplicates.issued()
    with refused("cannot_be_undone"):
        PD.undo(first, timezone.now())
    ended, put_aside = PD.undo(second, timezone.now())
    assert duplicates.plate in ended.ru
    assert "2" in put_aside.ru
    assert PD.undo(second, timezone.now()) == []
    assert len(PD.undo(first, timezone.now())) == 2


def test_the_database_keeps_orders_and_pieces_sound(duplicates):
    application = duplicates.in_production()
    items = PlateOrderItem.objects.filter(application=application)
    with guarded("plate_item_moves"):
        items.update(state="arrived")
    with refused_by("plate_item_ordered_in_an_order"):
        items.update(state="ordered")
    with refused_by("plate_item_one_piece_per_place"):
        item = items.get(place="front")
        item.pk = None
        item.save(force_insert=True)
    with guarded("plate_item_never_deleted"):
        items.delete()
    order = duplicates.sent(application)
    orders = PlateOrder.objects.filter(pk=order.pk)
    with guarded("plate_order_moves"):
        orders.update(state="open")
    with refused_by("plate_order_sent_by_somebody"):
        orders.update(expected_on=None)
    with refused_by("plate_order_arrived_after_it_was_sent"):
        orders.update(state="arrived")
    empty = PlateOrder.objects.create(
        region_id="02", office=order.office, made_by=order.made_by, made_at=timezone.now()
    )
    with guarded("plate_order_never_deleted"):
        empty.delete()
    with refused_by("plate_item_arrived_at_a_time"):
        items.update(state="arrived")
    with refused_by("plate_item_fault_is_named"):
        items.update(state="faulty", settled_at=timezone.now())


def withdrawn(duplicates, application):
    """The decision withdrawn by a supervisor and a second person."""
    words = {"number": application.number, "version": None, "now": timezone.now()}
    revoking.ask(actor=duplicates.road.second, reason="Знак нашёлся", **words)
    revoking.confirm(actor=duplicates.road.colleague, **words)
    return duplicates.road.fresh(application)


def states(application):
    return sorted(application.plate_items.values_list("state", flat=True))


def counts(order):
    found = reading.orders().get(pk=order.pk)
    return found.pieces, found.arrived, found.faulty, found.dropped


def test_pieces_of_an_order_that_is_not_sent_leave_it(duplicates):
    """PD.5: the press never hears of them."""
    application = duplicates.in_production()
    order = duplicates.made_up(application)
    withdrawn(duplicates, application)

    assert states(application) == [ItemState.CANCELLED] * 2
    assert not order.items.exists()


def test_pieces_at_the_press_arrive_for_nobody_and_two_people_destroy_them(duplicates):
    """PD.5: no second set of a number that is on a vehicle lies about; every piece is accounted for."""
    application = duplicates.in_production()
    order = duplicates.sent(application)
    withdrawn(duplicates, application)
    assert states(application) == [ItemState.STOPPED] * 2
    assert [item.state for item in reading.unwanted("02")] == [ItemState.STOPPED] * 2
    assert counts(order) == (2, 0, 0, 2)
    scan(duplicates, order, duplicates.plate)
    assert counts(order) == (2, 1, 0, 1)
    rear = order.items.get(state=ItemState.STOPPED)
    words = {"actor": duplicates.road.officer, "now": timezone.now()}
    with refused("plates.not_needed"):
        ordering.reject(order_id=order.pk, item_id=rear.pk, fault="Погнут", **words)
    stopping.not_made(order_id=order.pk, item_id=rear.pk, **words)
    front = order.items.get(place="front")
    (act,) = stopping.ask_destruction(items=[front.pk], **words)
    with refused("plates.not_put_aside"):
        stopping.ask_destruction(actor=duplicates.road.second, items=[front.pk], now=timezone.now())
    with refused("four_eyes"):
        acts.confirm(act_id=act.pk, **words)
    acts.drop(act_id=act.pk, **words)
    (act,) = stopping.ask_destruction(items=[front.pk], **words)
    assert [item.act for item in reading.unwanted("02")] == [act.pk]
    acts.confirm(actor=duplicates.road.second, act_id=act.pk, now=timezone.now())

    assert PlateOrder.objects.get(pk=order.pk).state == OrderState.ARRIVED
    assert duplicates.road.fresh(application).state == State.REVOKED
    assert states(application) == [ItemState.CANCELLED, ItemState.DESTROYED]
    assert counts(order) == (2, 1, 0, 1)
    assert reading.unwanted("02") == []
    told = JournalEntry.objects.filter(chain="office:0201").order_by("sequence").values_list("action", flat=True)
    last = ["write_off_drawn_up", "write_off_dropped", "write_off_drawn_up", "written_off"]
    assert list(told)[-6:] == ["plates_arrived", "plate_piece_not_made", *last]


def test_a_needed_piece_is_neither_dropped_nor_destroyed(duplicates):
    order = duplicates.sent(duplicates.in_production())
    item = order.items.first()
    words = {"actor": duplicates.road.officer, "now": timezone.now()}
    with refused("plates.still_needed"):
        stopping.not_made(order_id=order.pk, item_id=item.pk, **words)
    with refused("plates.not_put_aside"):
        stopping.ask_destruction(items=[item.pk], **words)
    with refused("plates.not_put_aside"):
        stopping.ask_destruction(items=[item.pk + 1000], **words)
    with pytest.raises(InvalidInputError):
        stopping.ask_destruction(items=[], **words)


def test_the_act_of_their_destruction_is_a_signed_paper_in_both_languages(duplicates):
    """PD.5: what is destroyed, and who saw it, stands on paper as for the plates of a stock."""
    application = withdrawn(duplicates, duplicates.issued())
    items = list(PlateOrderItem.objects.filter(application=application).values_list("pk", flat=True))
    (act,) = stopping.ask_destruction(actor=duplicates.road.officer, items=items, now=timezone.now())
    acts.confirm(actor=duplicates.road.second, act_id=act.pk, now=timezone.now())
    work(papers=True)
    text = text_of(storage.fetch("papers", paper_of(act).sha256))
    for said in (duplicates.plate, "уничтожены", "жойылды", "Решение отозвано", act.number):
        assert said in text
    for actor in (duplicates.road.officer, duplicates.road.second):
        assert actor.staff.full_name in text


def test_pieces_in_the_office_are_put_aside_when_the_decision_goes(duplicates):
    """PD.5: issued, not handed over yet."""
    application = withdrawn(duplicates, duplicates.issued())

    assert states(application) == [ItemState.DISCARDED] * 2
    assert PlateDuplicate.objects.get().revoked_at is not None


def test_pieces_that_were_handed_over_are_for_the_applicant_to_bring_back(duplicates):
    application = duplicates.issued()
    hand_over(actor=duplicates.road.desk, number=application.number, version=None, now=timezone.now())
    withdrawn(duplicates, application)

    assert states(application) == [ItemState.ARRIVED] * 2


def test_the_database_lets_no_single_person_destroy_a_piece(duplicates):
    application = withdrawn(duplicates, duplicates.issued())
    officer, now = duplicates.road.officer.staff, timezone.now()
    items = PlateOrderItem.objects.filter(application=application)
    with refused_by("plate_item_destroyed_by_an_act"):
        items.update(state="destroyed", destruction_asked_by=officer, destroyed_by=officer, destroyed_at=now)
    keys = list(items.values_list("pk", flat=True))
    (act,) = stopping.ask_destruction(actor=duplicates.road.officer, items=keys, now=now)
    with refused_by("plate_item_destroyed_by_an_act"):
        items.update(state="destroyed", destroyed_by=duplicates.road.second.staff, destroyed_at=now)
    WriteOffAct.objects.update(confirmed_by=duplicates.road.second.staff, confirmed_at=now)
    with refused_by("plate_item_destroyed_by_two"):
        items.update(state="destroyed", destroyed_by=None, destroyed_at=now)
    with refused_by("plate_item_destruction_four_eyes"):
        items.update(state="destroyed", destroyed_by=officer, destroyed_at=now)
    with refused_by("plate_piece_line_fits"):
        PieceLine.objects.create(act=act, item=items.first())
    with guarded("plate_item_moves"):
        items.update(state="arrived")
