"""No payment but the gateway's own: forged reports, what the database refuses, and no door for anybody else."""

import inspect
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, transaction
from django.forms import BaseForm
from django.urls import URLPattern, URLResolver, get_resolver, reverse

import fees.charging
import fees.orders
import fees.reassessing
import fees.tariffs
from fees import payments
from fees.charging import assess
from fees.models import Charge, Payment, PaymentNotice, Verdict
from tests.fixtures_fees import LINES, MORNING, charge_of, later


class TestForgery:
    """ASVS 4.1.5: only what the gateway signed, unaltered and fresh, is read at all."""

    @pytest.fixture(autouse=True)
    def nothing_noted_yet(self):
        cache.delete("fees:forged")

    def body(self, fee):
        return json.dumps({"reference": fee.reference, "receipt": "R-1", "amount": "1081"}).encode()

    @pytest.mark.parametrize("signature", ["", "t=1,v1=00", "t=1760000000,v1=" + "0" * 64])
    def test_an_unsigned_report_is_refused_and_nothing_of_it_is_kept(self, fee, reporting_gateway, signature):
        response = reporting_gateway.send(self.body(fee), signature=signature)
        assert (response.status_code, response.json()["code"]) == (401, "bad_signature")
        notice = PaymentNotice.objects.get()
        assert (notice.verdict, notice.raw, notice.reference, notice.payer_identifier) == ("bad_signature", "", "", "")

    def test_a_flood_of_forgeries_is_one_row(self, fee, reporting_gateway):
        for _ in range(5):
            reporting_gateway.send(self.body(fee), signature="")
        assert PaymentNotice.objects.count() == 1

    def test_an_old_report_replayed_is_refused(self, fee, reporting_gateway):
        old = datetime.now(UTC) - timedelta(minutes=6)
        assert reporting_gateway.report(fee, at=old).status_code == 401
        assert not Payment.objects.exists()

    def test_without_a_secret_nothing_is_believed(self, fee, client, settings):
        settings.PAYMENT_CALLBACK_SECRET = ""
        url = reverse("api:payment_callback")
        response = client.post(
            url, b"{}", content_type="application/json", headers={"X-Signature": "t=1,v1=" + "0" * 64}
        )
        assert response.status_code == 401

    @pytest.mark.parametrize(
        "change",
        [
            {"amount": "-5"},
            {"amount": 1081},
            {"receipt": ""},
            {"receipt": "x" * 65},
            {"payer_identifier": "x" * 33},
            {"amount": "9" * 13},
            {"paid_at": "0001-01-01T00:00:00+05:00"},
            {"paid_at": "9999-12-31T23:59:59-05:00"},
            {"reference": "a\x00b"},
            {"paid_at": "yesterday"},
            {"paid_at": "2026-03-10T10:00:00"},
        ],
    )
    def test_signed_nonsense_is_answered_400(self, fee, reporting_gateway, change):
        response = reporting_gateway.report(fee, **change)
        assert (response.status_code, response.json()["code"]) == (400, "malformed")
        assert not PaymentNotice.objects.exists()

    def test_a_report_too_big_to_be_one_is_answered_400(self, fee, reporting_gateway):
        assert reporting_gateway.send(b"x" * 20_000).status_code == 400

    def test_only_post_is_answered(self, client):
        assert client.get(reverse("api:payment_callback")).status_code == 405


class TestDatabase:
    """The database itself refuses a payment that nobody reported."""

    def payment(self, charge, notice, **change):
        fields = {"receipt": "R-9", "amount": charge.amount, "payer_identifier": "x", "via": "callback"}
        return Payment(charge=charge, notice=notice, paid_at=MORNING, received_at=MORNING, **{**fields, **change})

    def notice(self, charge, **change):
        fields = {"reference": charge.reference, "receipt": "R-9", "amount": charge.amount, "verdict": Verdict.APPLIED}
        return PaymentNotice.objects.create(
            charge=charge, application=charge.application, via="callback", received_at=MORNING, **{**fields, **change}
        )

    def refused(self, payment):
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            payment.save()
        return str(caught.value)

    def test_without_a_notice(self, fee):
        assert "was not reported" in self.refused(self.payment(fee, None))

    def test_with_a_notice_that_says_something_else(self, fee):
        assert "was not reported" in self.refused(self.payment(fee, self.notice(fee, verdict=Verdict.WRONG_PAYER)))
        assert "was not reported" in self.refused(self.payment(fee, self.notice(fee, receipt="R-8")))

    @pytest.mark.parametrize("less", [1, -1])
    def test_of_another_amount(self, fee, less):
        amount = fee.amount - less
        refusal = self.refused(self.payment(fee, self.notice(fee, amount=amount), amount=amount))
        assert "does not pay charge" in refusal

    def test_for_a_cancelled_charge(self, owing, fee):
        assess(owing, LINES[1:], later(hours=1))
        assert "does not pay charge" in self.refused(self.payment(fee, self.notice(fee)))

    def test_twice(self, owing, fee, reporting_gateway):
        reporting_gateway.report(fee, receipt="R-9")
        plates = charge_of(owing, "plate_duty")
        assert "charge_id" in self.refused(self.payment(fee, self.notice(fee, receipt="R-8"), receipt="R-8"))
        assert "receipt" in self.refused(self.payment(plates, self.notice(plates)))

    def test_payments_and_notices_are_never_changed_or_deleted(self, fee, reporting_gateway):
        reporting_gateway.report(fee)
        for rows, change in ((Payment, {"amount": 1}), (PaymentNotice, {"verdict": "late"})):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.objects.update(**change)
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.objects.all()._raw_delete("default")


def urls(patterns, prefix=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from urls(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.callback


def test_nobody_can_enter_a_payment(owing, fee, rates):
    """Abuse case A: no form, no page and no public function but the gateway's door and the poll writes a payment."""
    written_by = [
        f"{module.__name__}.{name}"
        for module in (fees.charging, fees.orders, fees.reassessing, fees.tariffs, payments)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and "Payment.objects.create" in inspect.getsource(function)
    ]
    assert written_by == ["fees.payments._apply"]
    money_urls = [url for url, view in urls(get_resolver().url_patterns) if view.__module__.startswith("fees")]
    assert money_urls == []
    forms = [form for form in everything_below(BaseForm) if getattr(getattr(form, "_meta", None), "model", None)]
    assert not [form for form in forms if form._meta.model in {Payment, PaymentNotice, Charge}]
    assert not apps.is_installed("django.contrib.admin")


def everything_below(kind):
    for child in kind.__subclasses__():
        yield child
        yield from everything_below(child)


def test_signed_in_staff_cannot_report_a_payment(fee, client, front_desk, officer, administrator, gateway_secret):
    """Abuse case A: being staff, even an administrator, is worth nothing at the gateway's door."""
    body = json.dumps({"reference": fee.reference, "receipt": "R-1", "amount": "1081"})
    for account in (front_desk, officer, administrator):
        client.force_login(account)
        answer = client.post(reverse("api:payment_callback"), body, content_type="application/json")
        assert answer.status_code == 401
    assert not Payment.objects.exists()
