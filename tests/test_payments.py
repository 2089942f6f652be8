"""Money comes only from the gateway: signed, once, in full, by the right person; the rest is seen and not counted."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from applications.acting import pulse
from applications.models import Check, JournalEntry, OutboxMessage
from applications.states import State
from fees import payments
from fees.charging import all_paid, assess, charge_lines
from fees.models import Charge, MonthlyIndex, Payment, PaymentNotice, Via
from fees.notices import notices_shown
from registers.answers import Answer, Outcome
from tests.at_once import at_once
from tests.fixtures_fees import LINES, MORNING, charge_of, later, make_application, make_person, tenge

NEW_YEAR = datetime(2026, 12, 31, 19, 30, tzinfo=UTC)
OLD_YEAR = NEW_YEAR - timedelta(hours=1)


def verdict(response):
    assert response.status_code == 200, response.content
    return response.json()["verdict"]


def test_a_signed_report_pays_its_charge_vr_8_1b(owing, fee, reporting_gateway, django_capture_on_commit_callbacks):
    before = pulse([owing.office_id])
    with django_capture_on_commit_callbacks(execute=True):
        assert verdict(reporting_gateway.report(fee)) == "applied"
    line = charge_lines(owing)[0]
    assert (line.is_paid, line.receipt, line.paid_at, line.pay_url) == (True, "R-1", MORNING, "")
    assert pulse([owing.office_id]) != before
    entry = JournalEntry.objects.filter(application=owing).first()
    assert (entry.action, entry.actor_label, entry.changes["verdict"]) == ("payment_reported", "gateway", "applied")


def test_the_representative_may_pay(owing, fee, reporting_gateway):
    representative = make_person(102)
    type(owing).objects.filter(pk=owing.pk).update(representative=representative)
    assert verdict(reporting_gateway.report(fee, payer=representative.identifier)) == "applied"


def test_the_last_payment_wakes_what_waits_for_the_money(owing, reporting_gateway):
    Check.objects.create(application=owing, code="payments", register="payments", row="VR.8.1b", ground="", question={})
    first, *others = Charge.objects.live()
    verdict(reporting_gateway.report(first, receipt="R-0"))
    assert not OutboxMessage.objects.filter(kind="checks").exists()
    for place, charge in enumerate(others, start=1):
        verdict(reporting_gateway.report(charge, receipt=f"R-{place}"))
    assert all_paid(owing)
    assert OutboxMessage.objects.get(kind="checks").payload == {"codes": ["payments"]}


def test_the_last_payment_wakes_a_check_that_was_not_asked_yet(owing, reporting_gateway):
    for place, charge in enumerate(Charge.objects.live()):
        verdict(reporting_gateway.report(charge, receipt=f"R-{place}"))
    assert OutboxMessage.objects.get(kind="checks").application == owing


def test_the_same_report_again_is_answered_alike_and_pays_once(owing, fee, reporting_gateway):
    answers = [verdict(reporting_gateway.report(fee)) for _ in range(3)]
    assert answers == ["applied", "duplicate", "duplicate"]
    assert Payment.objects.count() == 1
    assert PaymentNotice.objects.count() == 3
    assert notices_shown(owing) == []


@pytest.mark.parametrize(
    ("bend", "expected"),
    [
        ({"amount": "1080"}, "wrong_amount"),
        ({"amount": "1082"}, "wrong_amount"),
        ({"amount": "0.01"}, "wrong_amount"),
        ({"payer": "791028302728"}, "wrong_payer"),
    ],
)
def test_what_does_not_fit_is_seen_and_not_counted(owing, fee, reporting_gateway, bend, expected):
    """One tenge less, one more, somebody else: the charge stays unpaid, and the desk says what came and what to do."""
    assert verdict(reporting_gateway.report(fee, **bend)) == expected
    with override("en"):
        (notice,) = notices_shown(owing)
    assert not Payment.objects.exists()
    assert (notice.verdict, notice.receipt) == (expected, "R-1")
    assert notice.what_to_do
    assert not charge_lines(owing)[0].is_paid


def test_a_shown_notice_masks_the_payer(owing, fee, reporting_gateway):
    reporting_gateway.report(fee, payer="791028302728")
    (notice,) = notices_shown(owing)
    assert "791028302728" not in repr(notice)


def test_after_a_wrong_amount_the_right_one_still_counts(owing, fee, reporting_gateway):
    assert verdict(reporting_gateway.report(fee, amount="1")) == "wrong_amount"
    assert verdict(reporting_gateway.report(fee, receipt="R-2")) == "applied"
    assert [notice.receipt for notice in notices_shown(owing)] == ["R-1"]


def test_a_receipt_pays_one_charge_only(owing, fee, reporting_gateway):
    plates = charge_of(owing, "plate_duty")
    verdict(reporting_gateway.report(fee))
    assert verdict(reporting_gateway.report(plates)) == "receipt_spent"
    assert Payment.objects.get().charge == fee


def test_a_receipt_of_one_application_pays_no_other(owing, fee, reporting_gateway, almaty_front_desk):
    other = make_application("0201-26-004179-1", make_person(103), almaty_front_desk)
    assess(other, LINES, MORNING)
    verdict(reporting_gateway.report(fee))
    assert verdict(reporting_gateway.report(charge_of(other, "primary_registration_fee"))) == "receipt_spent"
    assert not charge_lines(other)[0].is_paid


def test_a_second_receipt_for_a_paid_charge_is_shown_for_refund(owing, fee, reporting_gateway):
    verdict(reporting_gateway.report(fee))
    assert verdict(reporting_gateway.report(fee, receipt="R-2")) == "already_paid"
    assert [notice.verdict for notice in notices_shown(owing)] == ["already_paid"]


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.REFUSED])
def test_money_for_a_closed_application_is_late(owing, fee, officer, reporting_gateway, state):
    decided = {"decided_by": officer, "decided_at": MORNING, "submitted_at": MORNING, "due_at": MORNING}
    type(owing).objects.filter(pk=owing.pk).update(state=state, at_risk_at=MORNING, **decided)
    assert verdict(reporting_gateway.report(fee)) == "late"
    assert [notice.verdict for notice in notices_shown(owing)] == ["late"]


def test_money_for_a_charge_that_ended_before_is_late(owing, fee, reporting_gateway):
    assess(owing, LINES[1:], later(hours=1))
    assert verdict(reporting_gateway.report(fee, paid_at=later(hours=2))) == "late"
    assert verdict(reporting_gateway.report(fee, receipt="R-2", paid_at=MORNING)) == "late"
    assert not Payment.objects.exists()


def test_a_reference_that_nobody_gave_is_kept_and_pays_nothing(fee, reporting_gateway):
    assert verdict(reporting_gateway.report(fee, reference="0101260000017-01")) == "unknown_reference"
    assert PaymentNotice.objects.get().application is None
    assert not Payment.objects.exists()


class TestNewYear:
    """Tax Code, article 615 point 1: the index of the day of payment counts."""

    @pytest.fixture(autouse=True)
    def new_index(self, owing):
        MonthlyIndex.objects.create(valid_from=date(2027, 1, 1), value=4600, confidence="high", source="test")

    def test_the_old_amount_paid_in_the_new_year_is_wrong(self, owing, fee, reporting_gateway):
        assert verdict(reporting_gateway.report(fee, paid_at=NEW_YEAR)) == "wrong_amount"
        assert [notice.verdict for notice in notices_shown(owing)] == ["wrong_amount"]
        assert OutboxMessage.objects.filter(kind="reassess", application=owing).exists()

    def test_money_paid_in_time_counts_although_the_charge_was_replaced_since(self, owing, fee, reporting_gateway):
        assess(owing, LINES, NEW_YEAR)
        assert verdict(reporting_gateway.report(fee, paid_at=OLD_YEAR)) == "applied"
        assess(owing, LINES, NEW_YEAR)
        fees_now = [line for line in charge_lines(owing) if line.code == fee.code]
        assert [(line.reference, line.amount, line.is_paid) for line in fees_now] == [
            (fee.reference, tenge("1081"), True)
        ]

    def test_the_new_amount_counts(self, owing, fee, reporting_gateway):
        assess(owing, LINES, NEW_YEAR)
        now_due = charge_of(owing, fee.code)
        assert now_due.amount == tenge("1150")
        assert verdict(reporting_gateway.report(now_due, paid_at=NEW_YEAR)) == "applied"
        assert verdict(reporting_gateway.report(fee, receipt="R-2", paid_at=OLD_YEAR)) == "late"


class TestPoll:
    """A callback that never comes is found by asking."""

    @pytest.fixture
    def gateway_says(self, monkeypatch):
        """Let the gateway's answer be what a test says; returns the questions that were put."""
        said = {"receipts": [], "outcome": Outcome.HIT, "asked": []}

        def ask(question, *, now):
            said["asked"].append([reference.reference for reference in question.references])
            return Answer("payments", said["outcome"], (), {"receipts": said["receipts"]}, "id", now, now, None, "")

        monkeypatch.setattr(payments, "ask", ask)
        return said

    def receipt(self, charge, **change):
        said = {
            "reference": charge.reference,
            "receipt": "R-1",
            "amount": str(charge.amount),
            "payer_identifier": charge.application.applicant.identifier,
            "paid_at": MORNING.isoformat(),
        }
        return {**said, **change}

    def test_a_lost_callback_is_made_good(self, owing, fee, gateway_says):
        gateway_says["receipts"] = [self.receipt(fee)]
        assert payments.poll_unpaid(later(seconds=31)) == 1
        assert charge_lines(owing)[0].is_paid
        assert Payment.objects.get().via == "poll"

    def test_it_waits_half_a_minute_and_then_asks_about_everything_at_once(self, owing, gateway_says):
        assert payments.poll_unpaid(later(seconds=29)) == 0
        payments.poll_unpaid(later(seconds=31))
        payments.poll_unpaid(later(seconds=45))
        payments.poll_unpaid(later(seconds=62))
        assert [len(asked) for asked in gateway_says["asked"]] == [3, 3]

    def test_an_old_order_is_asked_about_seldom(self, owing, gateway_says):
        for minute in (61, 62, 66, 72):
            payments.poll_unpaid(later(minutes=minute))
        assert len(gateway_says["asked"]) == 2

    def test_a_report_seen_before_is_not_taken_in_again(self, owing, fee, gateway_says):
        gateway_says["receipts"] = [self.receipt(fee, amount="1")]
        assert payments.poll_unpaid(later(minutes=1)) == 1
        assert payments.poll_unpaid(later(minutes=2)) == 0
        assert PaymentNotice.objects.get().verdict == "wrong_amount"

    def test_a_gateway_that_is_away_changes_nothing(self, owing, fee, gateway_says):
        gateway_says |= {"outcome": Outcome.UNAVAILABLE, "receipts": [self.receipt(fee)]}
        assert payments.poll_unpaid(later(minutes=1)) == 0
        assert not PaymentNotice.objects.exists()

    def test_paid_and_closed_ones_are_not_asked_about(self, owing, gateway_says):
        type(owing).objects.filter(pk=owing.pk).update(state=State.WITHDRAWN)
        payments.poll_unpaid(later(minutes=1))
        assert gateway_says["asked"] == []

    def test_nonsense_among_the_receipts_is_passed_over(self, owing, fee, gateway_says):
        gateway_says["receipts"] = [self.receipt(fee, receipt="x" * 70), self.receipt(fee)]
        assert payments.poll_unpaid(later(minutes=1)) == 1


def report_of(charge, receipt="R-1"):
    return payments.Report(
        via=Via.CALLBACK,
        reference=charge.reference,
        receipt=receipt,
        amount=charge.amount,
        payer_identifier=charge.application.applicant.identifier,
        paid_at=MORNING,
        raw="",
    )


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_callbacks_make_one_payment(self, owing):
        reports = [report_of(charge_of(owing, "plate_duty"))] * 2
        verdicts = at_once(*(lambda it=it: payments.receive(it, MORNING) for it in reports))
        assert sorted(verdicts) == ["applied", "duplicate"]
        assert Payment.objects.count() == 1

    def test_two_receipts_for_one_charge_make_one_payment(self, owing):
        reports = [report_of(charge_of(owing, "plate_duty"), receipt) for receipt in ("R-1", "R-2")]
        verdicts = at_once(*(lambda it=it: payments.receive(it, MORNING) for it in reports))
        assert sorted(verdicts) == ["already_paid", "applied"]
        assert Payment.objects.count() == 1

    def test_one_receipt_for_two_applications_is_spent_once(self, owing, almaty_front_desk):
        other = make_application("0201-26-004179-1", make_person(103), almaty_front_desk)
        assess(other, LINES, MORNING)
        reports = [report_of(charge_of(application, "plate_duty")) for application in (owing, other)]
        verdicts = at_once(*(lambda it=it: payments.receive(it, MORNING) for it in reports))
        assert sorted(verdicts) == ["applied", "receipt_spent"]
        assert Payment.objects.count() == 1

    def test_a_payment_and_a_new_assessment_leave_one_truth(self, owing):
        charge = charge_of(owing, "plate_duty")
        verdict, _charges = at_once(
            lambda: payments.receive(report_of(charge), MORNING), lambda: assess(owing, LINES[:2], later(seconds=1))
        )
        charge.refresh_from_db()
        assert (verdict == "applied") == (charge.cancelled_at is None)
        assert Payment.objects.count() == (verdict == "applied")


def test_amounts_are_exact_decimals(fee, reporting_gateway):
    reporting_gateway.report(fee, amount="1081.00")
    assert Payment.objects.get().amount == Decimal("1081.00")
