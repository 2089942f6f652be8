"""One payment page for all that an application owes, from the promise to the callback, with the real simulator."""

import time
from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from django.utils import timezone
from django.utils.translation import override

from applications import outbox
from applications.models import OutboxMessage
from fees import orders, payments
from fees.charging import all_paid, assess, charge_lines
from fees.models import Charge, MonthlyIndex, Payment, PaymentNotice
from fees.notices import notices_shown
from tests.fixtures_fees import FEE, LINES, MORNING, PLATES, make_application, make_person

# The simulator forgets nothing within a run: every test pays on a page of its own.
SEQUENCE = count(5001)


@pytest.fixture
def drafted(rates, almaty_front_desk, toy_service):
    """A draft assessed a moment ago, its payment page promised and not yet open."""
    # These tests run on the day they are run, which may be later than the last index known.
    MonthlyIndex.objects.create(valid_from=date(2027, 1, 1), value=4600, confidence="low", source="test")
    application = make_application(f"0201-26-{next(SEQUENCE):06d}-9", make_person(104), almaty_front_desk)
    assess(application, LINES, timezone.now())
    return application


def order(application):
    orders.keep_order(OutboxMessage.objects.filter(application=application, kind="payment_order").latest("id"))


def remarks(application):
    with override("en"):
        return {line.remark for line in charge_lines(application)}


def test_one_page_asks_for_all_charges(drafted, simulator):
    assert remarks(drafted) == {"The payment page is being opened."}
    order(drafted)
    (pay_url,) = {line.pay_url for line in charge_lines(drafted)}
    page = simulator.http.get(pay_url).text
    total = sum(line.amount for line in charge_lines(drafted))
    assert f"{int(total):,}".replace(",", "\N{NO-BREAK SPACE}") in page
    assert remarks(drafted) == {""}


def test_ordering_twice_leaves_one_page_and_the_first_time(drafted, simulator):
    order(drafted)
    before = list(Charge.objects.values_list("ordered_at", "pay_url"))
    order(drafted)
    assert list(Charge.objects.values_list("ordered_at", "pay_url")) == before


def test_a_gateway_that_is_away_is_seen_and_asked_again(drafted, simulator):
    simulator.switch("payments", "down")
    with pytest.raises(outbox.Later):
        order(drafted)
    assert remarks(drafted) == {"The payment gateway does not answer. The payment page is asked for again by itself."}
    simulator.reset()
    order(drafted)
    assert remarks(drafted) == {""}


def test_the_outbox_keeps_the_promise_once_the_gateway_is_back(drafted, simulator):
    message = OutboxMessage.objects.get(kind="payment_order")
    simulator.switch("payments", "error")
    outbox.keep(message.pk)
    message.refresh_from_db()
    assert message.done_at is None
    simulator.reset()
    outbox.keep(message.pk)
    message.refresh_from_db()
    assert message.done_at is not None
    assert Charge.objects.filter(ordered_at__isnull=True).count() == 0


def test_a_cancelled_charge_disappears_from_the_page(drafted, simulator):
    order(drafted)
    assess(drafted, (FEE,), timezone.now())
    order(drafted)
    page = simulator.http.get(charge_lines(drafted)[0].pay_url).text
    assert "-01" in page
    assert "-02" not in page


def test_nothing_is_ordered_for_what_is_exempt_or_blocked(rates, almaty_front_desk, simulator):
    application = make_application("0201-26-004181-7", make_person(105), almaty_front_desk)
    assess(application, (replace(PLATES, exemption="veteran"),), MORNING)
    orders.order_payment(application, MORNING)
    assert simulator.calls("payments") == 0
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestPaying:
    """At the simulator's page, with the callback over HTTP."""

    @pytest.fixture(autouse=True)
    def portal_reachable(self, live_server, settings, simulator):
        settings.PORTAL_URL = live_server.url

    def pay(self, application, simulator, way):
        simulator.pay(application.number.replace("-", ""), way)

    def wait_for(self, expected):
        deadline = time.monotonic() + 15
        while PaymentNotice.objects.count() < expected:
            assert time.monotonic() < deadline, "the callbacks did not come"
            time.sleep(0.05)

    def test_one_button_pays_every_charge_with_a_receipt_of_its_own(self, drafted, simulator):
        order(drafted)
        self.pay(drafted, simulator, "pay")
        self.wait_for(3)
        receipts = {line.receipt for line in charge_lines(drafted)}
        assert all_paid(drafted)
        assert len(receipts) == 3
        assert set(Payment.objects.values_list("via", flat=True)) == {"callback"}

    @pytest.mark.parametrize(("way", "verdict"), [("short", "wrong_amount"), ("other", "wrong_payer")])
    def test_a_wrong_payment_is_seen_and_can_be_made_good_on_the_same_page(self, drafted, simulator, way, verdict):
        order(drafted)
        self.pay(drafted, simulator, way)
        self.wait_for(3)
        assert {notice.verdict for notice in notices_shown(drafted)} == {verdict}
        assert not Payment.objects.exists()
        self.pay(drafted, simulator, "pay")
        self.wait_for(6)
        assert all_paid(drafted)

    def test_paying_twice_counts_once(self, drafted, simulator):
        order(drafted)
        self.pay(drafted, simulator, "twice")
        self.wait_for(6)
        assert all_paid(drafted)
        assert [notice.verdict for notice in notices_shown(drafted)] == ["already_paid"] * 3

    def test_a_callback_that_never_comes_is_found_by_the_poll(self, drafted, simulator):
        order(drafted)
        self.pay(drafted, simulator, "silent")
        assert payments.poll_unpaid(timezone.now() + payments.POLL_AFTER * 2) == 3
        assert all_paid(drafted)
        assert set(Payment.objects.values_list("via", flat=True)) == {"poll"}
