"""Events written with the change, signed on the wire, in order for each application, offered over three days."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from celery import current_app
from django.db import IntegrityError, transaction
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from applications import deciding, holding, marking
from applications.acting import Actor
from applications.errors import DomainError
from applications.models import Document
from tests.fixtures_api import connect
from tests.fixtures_desk import make_case
from tests.fixtures_webhooks import listen_at
from webhooks import delivering, tasks
from webhooks.events import message, spread
from webhooks.models import Delivery, DeliveryState, Endpoint, Event, EventKind, Outcome
from webhooks.sealing import new_secret, seal, unseal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """The wake-ups that would go to the broker: no worker listens, tests call `hear`."""
    sent: list[tuple[str, int]] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **_options: sent.append((name, args[0])))
    return sent


def case(office, system, **fields):
    return make_case(office, filed_by=system, **fields)


def withdraw(application, system):
    actor = Actor.through(system)
    return deciding.withdraw(
        actor=actor, number=application.number, version=None, reason="changed my mind", now=timezone.now()
    )


def hear(system):
    """What the workers do for one system now."""
    spread(system.pk)
    return [delivering.deliver(endpoint.pk) for endpoint in system.endpoints.all()]


def states(target):
    return [json.loads(body)["data"]["state"] for _path, _headers, body in target.received]


def document_of(application):
    return Document.objects.create(
        application=application,
        requirement="ownership",
        name="Akhmetova.pdf",
        size=1,
        pages=1,
        sha256="0" * 64,
        content_type="application/pdf",
        uploaded_at=timezone.now(),
    )


def test_a_change_of_state_is_told_signed_and_without_personal_data(almaty_police, egov, target):
    secret = new_secret()
    listen_at(egov, target.url(), secret)
    application = case(almaty_police, egov)
    withdraw(application, egov)
    hear(egov)
    ((_path, headers, body),) = target.received
    told = Webhook(secret).verify(body, headers)
    event = Event.objects.get()
    assert told["type"] == "application.state_changed"
    assert told["data"] == {
        "event": event.code,
        "application": application.number,
        "state": "withdrawn",
        "version": 2,
        "due_at": message(event)["data"]["due_at"],
    }
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_an_altered_message_does_not_verify(almaty_police, egov, target):
    secret = new_secret()
    listen_at(egov, target.url(), secret)
    withdraw(case(almaty_police, egov), egov)
    hear(egov)
    ((_path, headers, body),) = target.received
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace(b"withdrawn", b"issued"), headers)


def test_a_document_marked_wrong_names_the_document_and_not_its_words(almaty_police, egov, officer, target):
    listen_at(egov, target.url())
    application = case(almaty_police, egov)
    document = document_of(application)
    marking.mark_wrong(
        actor=Actor.of(officer),
        number=application.number,
        document_id=document.pk,
        reason="Ахметова",
        now=timezone.now(),
    )
    hear(egov)
    told = json.loads(target.received[0][2])
    assert told["type"] == "application.document_marked_wrong"
    assert told["data"]["problem"] == {"document": document.pk, "requirement": "ownership"}
    assert "хмет" not in target.received[0][2].decode()
    assert "Akhmetova" not in target.received[0][2].decode()


def test_what_is_no_change_of_state_is_not_told(almaty_police, egov, officer):
    application = case(almaty_police, egov)
    holding.take(actor=Actor.of(officer), number=application.number, now=timezone.now())
    assert not Event.objects.exists()


def test_applications_of_the_desk_have_no_events(almaty_police, almaty_front_desk, front_desk):
    application = make_case(almaty_police, front_desk=almaty_front_desk)
    deciding.withdraw(
        actor=Actor.of(front_desk), number=application.number, version=None, reason="no", now=timezone.now()
    )
    assert not Event.objects.exists()


def test_a_verb_repeated_is_one_event(almaty_police, egov):
    application = case(almaty_police, egov)
    withdraw(application, egov)
    with pytest.raises(DomainError):
        withdraw(application, egov)
    assert Event.objects.count() == 1


def test_a_change_rolled_back_leaves_no_event(almaty_police, egov):
    application = case(almaty_police, egov)
    with transaction.atomic():
        withdraw(application, egov)
        transaction.set_rollback(True)
    assert not Event.objects.exists()


def test_the_database_refuses_an_event_twice(almaty_police, egov):
    withdraw(case(almaty_police, egov), egov)
    event = Event.objects.get()
    event.pk, event.code = None, "evt_other"
    with pytest.raises(IntegrityError, match="event_once"), transaction.atomic():
        event.save(force_insert=True)


def test_the_sweep_finds_what_was_never_woken(almaty_police, egov, target, woken):
    """A crash between commit and delivery: the rows are there, the wake-ups are not."""
    endpoint = listen_at(egov, target.url())
    withdraw(case(almaty_police, egov), egov)
    woken.clear()
    tasks.sweep()
    assert woken == [("webhooks.tasks.spread", egov.pk)]
    spread(egov.pk)
    Endpoint.objects.update(busy_until=timezone.now() + timedelta(seconds=30))
    assert delivering.deliver(endpoint.pk) == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        woken.clear()
        tasks.sweep()
        assert woken == [("webhooks.tasks.deliver", endpoint.pk)]
        assert delivering.deliver(endpoint.pk) == 1


def test_a_later_event_waits_for_an_earlier_one(almaty_police, egov, officer, target):
    listen_at(egov, target.url())
    application = case(almaty_police, egov)
    document = document_of(application)
    marking.mark_wrong(
        actor=Actor.of(officer), number=application.number, document_id=document.pk, reason="torn", now=timezone.now()
    )
    withdraw(application, egov)
    withdraw(case(almaty_police, egov), egov)
    target.answers = [500]
    hear(egov)
    kinds = [json.loads(body)["type"].split(".")[1] for _path, _headers, body in target.received]
    assert kinds == ["document_marked_wrong", "state_changed"]
    numbers = [json.loads(body)["data"]["application"] for _path, _headers, body in target.received]
    assert numbers[1] != application.number
    with time_machine.travel(timezone.now() + timedelta(seconds=6)):
        hear(egov)
    assert [json.loads(body)["data"]["application"] for _path, _headers, body in target.received[2:]] == [
        application.number,
        application.number,
    ]
    assert states(target)[-1] == "withdrawn"


def test_the_id_stays_the_same_however_often_it_is_sent(almaty_police, egov, target):
    listen_at(egov, target.url())
    withdraw(case(almaty_police, egov), egov)
    target.answers = [500, 503]
    for seconds in (0, 6, 60):
        with time_machine.travel(timezone.now() + timedelta(seconds=seconds)):
            hear(egov)
    ids = [headers["webhook-id"] for _path, headers, _body in target.received]
    assert ids == [Event.objects.get().code] * 3
    assert Delivery.objects.get().attempts == 3


@pytest.mark.parametrize(
    ("always", "location", "outcome"),
    [(500, "", Outcome.REJECTED), (302, "http://127.0.0.1:1/elsewhere", Outcome.REDIRECTED)],
    ids=["500 for days", "redirects"],
)
def test_three_days_of_failures_end_in_a_dead_letter_that_can_be_replayed(
    almaty_police, egov, target, always, location, outcome
):
    target.always, target.location, target.text = always, location, b"<h1>no</h1>" * 1000
    listen_at(egov, target.url())
    withdraw(case(almaty_police, egov), egov)
    started = timezone.now()
    hear(egov)
    for hours in range(73):
        with time_machine.travel(started + timedelta(hours=hours, seconds=30)):
            tasks.sweep()
            hear(egov)
    dead = Delivery.objects.get()
    assert (dead.state, dead.outcome, dead.status) == (DeliveryState.DEAD, outcome, always)
    assert 15 <= dead.attempts == len(target.received)
    assert len(dead.answer) <= 500
    target.always, target.location = 204, ""
    later = started + timedelta(days=4)
    with time_machine.travel(later):
        assert delivering.replay([dead.pk], later) == 1
        hear(egov)
    dead.refresh_from_db()
    assert dead.state == DeliveryState.DELIVERED
    assert target.received[-1][1]["webhook-id"] == target.received[0][1]["webhook-id"]


def test_a_target_that_fails_rests_and_holds_up_nobody(almaty_police, egov, bank, target, other_target):
    target.always = 500
    failing = listen_at(egov, target.url())
    listen_at(bank, other_target.url())
    for _turn in range(20):
        withdraw(case(almaty_police, egov), egov)
    withdraw(case(almaty_police, bank, channel="platform"), bank)
    hear(egov)
    hear(bank)
    failing.refresh_from_db()
    assert len(target.received) == delivering.PATIENT_FAILURES
    assert failing.rests_until > timezone.now()
    assert len(other_target.received) == 1


def test_who_is_woken_for_the_next_turn_finds_the_endpoint_free(almaty_police, egov, target, monkeypatch):
    """Else a long list would stand still after each turn until the sweep comes by."""
    endpoint = listen_at(egov, target.url())
    for _ in range(2):
        withdraw(case(almaty_police, egov), egov)
    spread(egov.pk)
    found = []
    look = Endpoint.objects.filter(pk=endpoint.pk).values_list("busy_until", flat=True)
    monkeypatch.setattr(current_app, "send_task", lambda _name, args, **_options: found.append(look.get()))
    monkeypatch.setattr(delivering, "TURN_SECONDS", 0)
    assert delivering.deliver(endpoint.pk) == 1
    assert found == [None]
    assert delivering.deliver(endpoint.pk) == 1


def test_a_target_that_hangs_is_given_up(almaty_police, egov, target, monkeypatch):
    monkeypatch.setattr("webhooks.sending.PATIENCE", 0.4)
    target.hang_seconds = 3
    listen_at(egov, target.url())
    withdraw(case(almaty_police, egov), egov)
    hear(egov)
    assert Delivery.objects.get().outcome == Outcome.TIMED_OUT


def test_during_a_rotation_both_secrets_hold_and_then_the_new_one_alone(almaty_police, egov, target):
    old, new = new_secret(), new_secret()
    until = timezone.now() + timedelta(hours=24)
    listen_at(egov, target.url(), new, previous_secret=seal(old), previous_until=until)
    withdraw(case(almaty_police, egov), egov)
    hear(egov)
    _path, headers, body = target.received[0]
    for secret in (old, new):
        assert Webhook(secret).verify(body, headers)
    event = Event.objects.get()
    after = delivering.headers(Endpoint.objects.get(), event.code, body, until)
    assert len(after["webhook-signature"].split()) == 1


def test_secrets_are_stored_encrypted(egov):
    secret = new_secret()
    endpoint = listen_at(egov, "https://hooks.example.kz/", secret)
    assert secret not in endpoint.secret
    assert secret[6:] not in endpoint.secret
    assert unseal(endpoint.secret) == secret


def test_an_endpoint_gets_only_the_events_it_asked_for(almaty_police, egov, target):
    listen_at(egov, target.url(), kinds=[EventKind.DOCUMENT_MARKED_WRONG])
    withdraw(case(almaty_police, egov), egov)
    hear(egov)
    assert target.received == []
    assert Event.objects.get().position == 1


def test_polling_sees_the_same_events_of_its_own_system_in_order(almaty_police, egov, bank):
    for system, channel in ((egov, "egov"), (bank, "platform"), (egov, "egov")):
        withdraw(case(almaty_police, system, channel=channel), system)
    spread(egov.pk)
    first, second = Event.objects.after(egov, 0)
    assert (first.position, second.position) == (1, 2)
    assert list(Event.objects.after(egov, 1)) == [second]
    assert not Event.objects.after(bank, 0).exists()


@pytest.mark.parametrize("count", [1, 20])
def test_spreading_costs_the_same_for_one_event_and_for_many(
    almaty_police, egov, target, count, django_assert_num_queries
):
    listen_at(egov, target.url())
    for _turn in range(count):
        withdraw(case(almaty_police, egov), egov)
    with django_assert_num_queries(8):
        spread(egov.pk)
    assert Delivery.objects.count() == count


def test_a_system_out_of_service_is_told_nothing(almaty_police, target):
    system = connect("closed")
    listen_at(system, target.url())
    withdraw(case(almaty_police, system), system)
    system.is_active = False
    system.save()
    hear(system)
    assert target.received == []
    assert Delivery.objects.get().state == DeliveryState.WAITING
