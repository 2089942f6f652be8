"""The list of reasons of a deregistration, kept by the administrator (VR.5b)."""

import pytest
from django.urls import reverse

from applications.models import JournalEntry
from registration import reference
from registration.models import DeregistrationReason

pytestmark = pytest.mark.django_db

TYPED = {
    "code": "gift",
    "name_en": "Gift",
    "name_ru": "Дарение",
    "name_kk": "Сыйға тарту",
    "is_offered": "on",
    "source": "письмо МВД",
    "place": "35",
}


@pytest.fixture
def client(client, administrator):
    client.force_login(administrator)
    return client


def test_a_reason_is_entered_and_journaled(client):
    reference.load()
    response = client.post(reverse("desk:deregistration_reason_new"), TYPED)

    assert response.status_code == 302
    assert DeregistrationReason.objects.get(pk="gift").confidence == "medium"
    assert JournalEntry.objects.get(action="changed").changes["reason"] == "gift"
    assert "Дарение" in client.get(reverse("desk:deregistration_reasons")).content.decode()


def test_what_an_administrator_changed_outlives_the_reference_data(client):
    reference.load()
    typed = {**TYPED, "name_ru": "Вывоз", "code": "another"}
    client.post(reverse("desk:deregistration_reason", args=["export"]), typed)
    reference.load()

    assert DeregistrationReason.objects.get(pk="export").name_ru == "Вывоз"
    assert not DeregistrationReason.objects.filter(pk="another").exists()


@pytest.mark.parametrize(("field", "value"), [("code", "Подарок"), ("name_kk", ""), ("source", "")])
def test_a_reason_without_code_name_or_source_is_not_entered(client, field, value):
    response = client.post(reverse("desk:deregistration_reason_new"), {**TYPED, field: value})

    assert response.status_code == 422
    assert not DeregistrationReason.objects.exists()


def test_nobody_else_keeps_the_list(client, front_desk):
    client.force_login(front_desk)
    assert client.get(reverse("desk:deregistration_reasons")).status_code == 403
