"""The payment gateway: a page for what is owed, the ways of paying, the signed callback, and asking what is paid."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from threading import Barrier, BrokenBarrierError

import pytest
from django.utils import timezone

from registers.contract import Outcome, PaymentReference, PaymentsQuestion, ask
from registers.payments import (
    GatewayError,
    OrderItem,
    PaymentPage,
    open_page,
    read_callback,
    sign_callback,
    verify_callback,
)
from registers.signing import HEADER, SignatureRefusedError
from registers.simulator.gateway import Gateway, Item, Page
from tests.fixtures_registers import CALLBACK_SECRET, demo_person

PAYER = demo_person("P-01")["iin"]
BODY = b'{"reference": "A-1", "receipt": "R1", "amount": "21625"}'


@pytest.fixture
def open_order(simulator, scripted_server):
    """Opens a page with one charge, whose reference is the page's number; its callback goes to the scripted portal."""

    def open_it(amount: str = "21625", reference: str = "", **items: str) -> PaymentPage:
        order = reference or uuid.uuid4().hex
        name = "Алғашқы тіркеу алымы · Сбор за первичную регистрацию"
        amounts = items or {order: amount}
        return open_page(
            order=order,
            items=[OrderItem(one, Decimal(value), name) for one, value in amounts.items()],
            payer_identifier=PAYER,
            return_url="http://127.0.0.1:9/back",
            callback_url=f"{scripted_server.url}/callback",
        )

    return open_it


def asked(page: PaymentPage, amount: str = "21625"):
    return ask(PaymentsQuestion((PaymentReference(page.order, amount),)))


def test_page_shows_amount_and_purpose_in_both_languages(simulator, open_order):
    page = simulator.http.get(open_order().pay_url).text
    assert "21\N{NO-BREAK SPACE}625 ₸" in page
    assert "Алғашқы тіркеу алымы · Сбор за первичную регистрацию" in page
    assert "Төлеу · Оплатить" in page


def test_payment_is_called_back_signed_and_found_by_asking(simulator, open_order, scripted_server):
    """VR.8.1b, PD.9.3, DL.8.1c: paid is what the gateway says."""
    order = open_order()
    assert asked(order).findings[0].code == "payments.unpaid"
    assert simulator.pay(order.order).headers["Location"] == "http://127.0.0.1:9/back"
    callback = scripted_server.wait()[0]
    verify_callback(callback["headers"][HEADER], callback["body"], timezone.now())
    told = read_callback(callback["body"])
    assert (told.reference, told.amount, told.payer_identifier) == (order.order, Decimal(21625), PAYER)
    answer = asked(order)
    assert answer.outcome == Outcome.CLEAR
    assert [receipt["receipt"] for receipt in answer.facts["receipts"]] == [told.receipt]


def test_one_tenge_less_is_not_enough(simulator, open_order, scripted_server):
    """PD.9.3."""
    order = open_order()
    simulator.pay(order.order, "short")
    answer = asked(order)
    assert (answer.outcome, answer.findings[0].code) == (Outcome.HIT, "payments.amount_short")
    assert answer.findings[0].params["paid"] == "21624"


def test_another_payer_is_told(simulator, open_order, scripted_server):
    simulator.pay(open_order().order, "other")
    assert read_callback(scripted_server.wait()[0]["body"]).payer_identifier != PAYER


def test_paying_twice_gives_two_receipts(simulator, open_order, scripted_server):
    order = open_order()
    simulator.pay(order.order, "twice")
    receipts = {read_callback(request["body"]).receipt for request in scripted_server.wait(2)}
    assert len(receipts) == 2
    assert len(asked(order).facts["receipts"]) == 2


def test_late_callback_comes_after_asking_already_knows(simulator, open_order, scripted_server):
    order = open_order()
    simulator.pay(order.order, "late")
    assert asked(order).outcome == Outcome.CLEAR
    assert read_callback(scripted_server.wait()[0]["body"]).reference == order.order


def test_payment_without_callback_is_found_by_asking(simulator, open_order, scripted_server):
    order = open_order()
    simulator.pay(order.order, "silent")
    assert asked(order).outcome == Outcome.CLEAR
    assert scripted_server.requests == []


def test_callback_is_repeated_until_the_portal_takes_it(simulator, open_order, scripted_server):
    scripted_server.say({}, status=503)
    simulator.pay(open_order().order)
    scripted_server.wait()
    scripted_server.say({})
    first, second, *_ = scripted_server.wait()
    assert first["body"] == second["body"]
    verify_callback(second["headers"][HEADER], second["body"], timezone.now())


def test_one_unpaid_reference_among_paid_ones_is_a_hit(simulator, open_order):
    paid, unpaid = open_order(reference="M-1"), open_order(reference="M-2")
    simulator.pay(paid.order, "silent")
    references = tuple(PaymentReference(order.order, "21625") for order in (paid, unpaid))
    answer = ask(PaymentsQuestion(references))
    assert answer.outcome == Outcome.HIT
    assert [finding.params["reference"] for finding in answer.findings] == ["M-2"]


def test_opening_twice_leaves_one_page_with_the_newest_items_and_what_was_paid(simulator, open_order):
    open_order(reference="D-1", fee="100", duty="200")
    simulator.pay("D-1", "silent")
    page = open_order(reference="D-1", plates="12110")
    assert (page.order, page.total) == ("D-1", Decimal(12110))
    shown = simulator.http.get(page.pay_url).text
    assert "12\N{NO-BREAK SPACE}110 ₸" in shown
    assert shown.count("<li>") == 2
    assert {status["status"] for status in statuses(simulator, "fee", "duty")} == {"paid"}
    assert statuses(simulator, "plates")[0]["status"] == "unpaid"


def test_charge_of_another_page_is_refused(simulator, open_order):
    open_order(reference="E-1", shared="100")
    with pytest.raises(GatewayError) as refused:
        open_order(reference="E-2", shared="100")
    assert refused.value.finding.code == "unavailable.status"


def test_short_payment_is_asked_for_again_and_a_full_one_is_not(simulator, open_order):
    page = open_order(reference="F-1", first="100", second="200")
    simulator.pay("F-1", "short")
    assert "<button" in simulator.http.get(page.pay_url).text
    simulator.pay("F-1", "silent")
    simulator.pay("F-1", "silent")
    assert [len(status["receipts"]) for status in statuses(simulator, "first", "second")] == [2, 2]


def statuses(simulator, *references: str):
    asked_for = {"references": [{"reference": reference} for reference in references]}
    return simulator.http.post("/payments", json=asked_for).json()["payments"]


@pytest.mark.parametrize("mode", ["error", "garbage", "down", "hang"])
def test_no_order_is_opened_while_the_gateway_is_in_trouble(mode, simulator, open_order, settings):
    settings.REGISTER_TIMEOUTS = {"payments": 0.3}
    simulator.switch("payments", mode)
    with pytest.raises(GatewayError):
        open_order()


def test_paid_page_offers_no_second_payment(simulator, open_order):
    order = open_order()
    simulator.pay(order.order, "silent")
    page = simulator.http.get(order.pay_url).text
    assert "Төленді · Оплачено" in page
    assert "<button" not in page


def test_page_escapes_what_it_is_told(simulator, scripted_server):
    open_page(
        order="X-1",
        items=[OrderItem("x", Decimal(1), "<script>alert(1)</script>")],
        payer_identifier=PAYER,
        return_url='http://127.0.0.1:9/"><script>',
        callback_url=scripted_server.url,
    )
    before = simulator.http.get("/pay/X-1").text
    simulator.pay("X-1", "silent")
    assert "<script" not in before + simulator.http.get("/pay/X-1").text


class TestSignature:
    """ASVS 4.1.5: a callback is believed only as the gateway signed it, and only when fresh."""

    @pytest.fixture(autouse=True)
    def shared_secret(self, settings):
        settings.PAYMENT_CALLBACK_SECRET = CALLBACK_SECRET

    def refusal(self, header: str, body: bytes, now) -> str:
        with pytest.raises(SignatureRefusedError) as refused:
            verify_callback(header, body, now)
        return refused.value.code

    def test_fresh_and_untouched_is_believed(self):
        now = timezone.now()
        verify_callback(sign_callback(BODY, int(now.timestamp()) - 299), BODY, now)

    def test_altered_body_or_time_is_refused(self):
        now = timezone.now()
        signed = int(now.timestamp()) - 4000
        header = sign_callback(BODY, signed)
        fresh_time = header.replace(str(signed), str(int(now.timestamp())))
        assert self.refusal(header, BODY.replace(b"21625", b"1"), now) == "altered"
        assert self.refusal(fresh_time, BODY, now) == "altered"

    def test_old_and_future_ones_are_refused(self):
        now = timezone.now()
        header = sign_callback(BODY, int(now.timestamp()))
        assert self.refusal(header, BODY, now + timedelta(seconds=302)) == "stale"
        assert self.refusal(header, BODY, now - timedelta(seconds=302)) == "stale"

    def test_other_secret_is_refused(self, settings):
        now = timezone.now()
        header = sign_callback(BODY, int(now.timestamp()))
        settings.PAYMENT_CALLBACK_SECRET = "another-secret"
        assert self.refusal(header, BODY, now) == "altered"

    @pytest.mark.parametrize("header", ["", "t=1", "v1=ab", "t=x,v1=" + "0" * 64, "t=1,v1=" + "0" * 63, "t=1;v1=0"])
    def test_malformed_header_is_refused(self, header):
        assert self.refusal(header, BODY, timezone.now()) == "malformed"

    def test_without_a_secret_nothing_is_signed_or_believed(self, settings):
        settings.PAYMENT_CALLBACK_SECRET = ""
        with pytest.raises(ValueError, match="PAYMENT_CALLBACK_SECRET"):
            sign_callback(BODY, 1)
        with pytest.raises(ValueError, match="PAYMENT_CALLBACK_SECRET"):
            verify_callback("t=1,v1=" + "0" * 64, BODY, timezone.now())

    @pytest.mark.parametrize("change", [{"amount": 21625}, {"paid_at": "2026-01-01T00:00:00"}, {"receipt": None}])
    def test_content_that_is_signed_but_malformed_is_refused(self, change):
        content = {
            "reference": "A",
            "receipt": "R",
            "amount": "1",
            "payer_identifier": PAYER,
            "paid_at": "2026-01-01T00:00:00Z",
        }
        assert read_callback(json.dumps(content).encode()).receipt == "R"
        with pytest.raises(ValueError, match="validation error"):
            read_callback(json.dumps({**content, **change}).encode())


def test_two_presses_at_one_instant_pay_once(monkeypatch):
    """A payer who clicks twice, or whose browser sends twice: the second press finds nothing left to pay."""
    gateway = Gateway(secret=CALLBACK_SECRET, state=None, late_seconds=0)
    fields = {"order": "A1", "payer_identifier": PAYER, "return_url": "http://x/", "callback_url": "http://x/"}
    page = gateway.open({**fields, "items": [{"reference": "A-1", "amount": "21625", "description": "fee"}]})
    looked, both_looked = gateway.unsettled, Barrier(2)

    def look_and_wait(page: Page) -> list[Item]:
        found = looked(page)
        with suppress(BrokenBarrierError):
            both_looked.wait(timeout=0.3)
        return found

    monkeypatch.setattr(gateway, "unsettled", look_and_wait)
    with ThreadPoolExecutor(2) as pool:
        for press in [pool.submit(gateway.pay, page, "silent") for _press in range(2)]:
            press.result()
    assert len(gateway.receipts(page)) == 1
