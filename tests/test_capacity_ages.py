"""The ages of legal capacity are an administrator's settings with their place in the law (CC.22, CC.23)."""

import pytest
from django.urls import reverse

from applications.models import JournalEntry
from applications.representation import ages
from people import reference
from people.models import CapacityAge

pytestmark = pytest.mark.django_db
TYPED = {"years": "16", "source": "Гражданский кодекс, ст. 22", "note": ""}


@pytest.fixture
def client(client, administrator):
    CapacityAge.objects.all().delete()
    reference.load()
    client.force_login(administrator)
    return client


def test_an_age_is_entered_journaled_and_outlives_the_reference_data(client):
    answer = client.post(reverse("desk:capacity_age", args=["acts_with_consent"]), TYPED)
    reference.load()

    assert answer.status_code == 302
    assert ages() == {"acts_with_consent": 16, "acts_alone": 18}
    changes = JournalEntry.objects.get(action="capacity_age_set").changes
    assert (changes["before"]["years"], changes["after"]["years"]) == (14, 16)


@pytest.mark.parametrize(
    ("other", "field"), [({"years": "19"}, "years"), ({"years": "0"}, "years"), ({"source": " "}, "source")]
)
def test_what_cannot_be_is_said_at_its_field(client, other, field):
    answer = client.post(reverse("desk:capacity_age", args=["acts_with_consent"]), {**TYPED, **other})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert ages()["acts_with_consent"] == 14


def test_the_page_is_the_administrators(client, officer):
    assert client.get(reverse("desk:capacity_ages")).status_code == 200
    client.force_login(officer)
    assert client.get(reverse("desk:capacity_ages")).status_code == 403
