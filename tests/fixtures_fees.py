"""Rates as shipped, an application that owes money, and a gateway that reports payments over real HTTP."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from applications import services
from applications.models import Application
from applications.standards import Channel, Text
from fees import charging, reference
from fees.charging import ChargeRequest
from fees.models import Charge
from fees.tariffs import VehicleClass
from people.identifiers import Sex, make_iin
from people.models import Person
from registers.payments import sign_callback
from registers.signing import HEADER

# 10 March 2026, 10:00 in Almaty.
MORNING = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)
NAME = Text("Fee", "Сбор", "Алым")
NEW_CAR = VehicleClass(category="M1", year_of_manufacture=2026, engine_cc=1598)
FEE = ChargeRequest("VR.6a", "primary_registration_fee", NAME, vehicle=NEW_CAR)
CERTIFICATE = ChargeRequest("VR.6a", "certificate_duty", NAME)
PLATES = ChargeRequest("VR.6a", "plate_duty", NAME, group="car")
LINES = (FEE, CERTIFICATE, PLATES)


@pytest.fixture
def rates(db):
    return reference.load()


def make_person(serial, **fields):
    """A stored person with a valid IIN."""
    born = date(1990, 4, 12)
    names = {"surname": "Ахметов", "given_name": "Данияр", "birth_date": born, "sex": Sex.MALE.value}
    return Person.objects.create(iin=make_iin(born, Sex.MALE, serial), **{**names, **fields})


def make_application(number, applicant, front_desk, **fields):
    """A stored draft of the toy service that owes nothing yet."""
    return Application.objects.create(
        number=number,
        service="TOY",
        subservice="TOY-1",
        standard_version="toy",
        channel=Channel.FRONT_DESK.value,
        office=front_desk.serves,
        front_desk=front_desk,
        applicant_person=applicant,
        created_at=MORNING,
        **fields,
    )


@pytest.fixture
def owing(rates, almaty_front_desk):
    """A draft that owes three charges, ordered at the gateway a minute ago."""
    application = make_application("0201-26-004178-3", make_person(101), almaty_front_desk)
    charging.assess(application, LINES, MORNING)
    Charge.objects.update(ordered_at=MORNING, pay_url="http://gateway.test/pay")
    return application


@pytest.fixture
def fee(owing):
    return charge_of(owing, "primary_registration_fee")


@dataclass
class ToyService:
    """Owes what a test says."""

    lines: tuple[ChargeRequest, ...] = LINES
    code: str = "TOY"
    assessed: list[datetime] = field(default_factory=list)

    def assess(self, application, now):
        self.assessed.append(now)
        charging.assess(application, self.lines, now)


@pytest.fixture
def toy_service(monkeypatch):
    service = ToyService()
    monkeypatch.setitem(services._plugged.services, "TOY", service)
    return service


@pytest.fixture
def gateway_secret(settings):
    settings.PAYMENT_CALLBACK_SECRET = "the-secret-of-the-tests-0123456789abcdef"


@dataclass
class ReportingGateway:
    """Calls back as the gateway does; every part of a report can be bent."""

    client: object

    def report(self, charge, *, receipt="R-1", amount=None, payer=None, paid_at=MORNING, at=None, **fields):
        """The answer to a signed report about `charge`; `at` is the instant of the signature."""
        body = {
            "reference": charge.reference,
            "receipt": receipt,
            "amount": str(charge.amount) if amount is None else amount,
            "payer_identifier": payer or charge.application.applicant.identifier,
            "paid_at": paid_at if isinstance(paid_at, str) else paid_at.isoformat(),
            **fields,
        }
        return self.send(json.dumps(body).encode(), at=at)

    def send(self, body, *, at=None, signature=None):
        stamp = int((at or datetime.now(UTC)).timestamp())
        header = sign_callback(body, stamp) if signature is None else signature
        url = reverse("api:payment_callback")
        return self.client.post(url, body, content_type="application/json", headers={HEADER: header})


@pytest.fixture
def reporting_gateway(client, gateway_secret):
    return ReportingGateway(client)


def charge_of(application, code):
    """The live charge of that code."""
    return Charge.objects.of(application).live().get(code=code)


def later(**delta):
    """An instant after MORNING."""
    return MORNING + timedelta(**delta)


def tenge(text):
    return Decimal(text)
