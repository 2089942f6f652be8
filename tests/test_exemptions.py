"""What exemptions from duties cover is an administrator's setting with its place in the law (VR.6a, PD.6)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from applications.acting import Actor
from applications.errors import InvalidInputError, NotAllowedError
from applications.models import JournalEntry
from fees import reference
from fees.exemptions import set_exemption
from fees.models import Exemption

pytestmark = pytest.mark.django_db
BASIS = "Налоговый кодекс, ст. 671, разъяснение от 01.11.2026"
COVERS = ["plate_duty/car", "plate_duplicate_duty/two"]


@pytest.fixture
def save(rates, administrator):
    """A function: what differs → the exemption of veterans as the administrator saves it."""

    def saved(staff=administrator, **other):
        words = {"code": "veteran", "applies_to": COVERS, "valid_to": None, "basis": BASIS, "now": timezone.now()}
        return set_exemption(actor=Actor.of(staff), **{**words, **other})

    return saved


def test_duplicates_are_not_covered_until_somebody_says_so(rates):
    """PD.6: the Tax Code leaves it open, so it is off."""
    assert not Exemption.objects.filter(applies_to__contains=["plate_duplicate_duty/two"]).exists()


def test_a_change_is_kept_journaled_and_not_overwritten_by_the_reference_data(save):
    save()
    reference.load()
    kept = Exemption.objects.get(code="veteran")
    assert (kept.applies_to, kept.basis) == (sorted(COVERS), BASIS)
    entry = JournalEntry.objects.get(action="exemption_changed")
    assert entry.changes["before"]["applies_to"] == ["plate_duty/car", "plate_duty/motorcycle_or_trailer"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"applies_to": []}, "applies_to"),
        ({"applies_to": ["registration_fee"]}, "applies_to"),
        ({"basis": "  "}, "basis"),
        ({"valid_to": timezone.localdate() - timedelta(days=4000)}, "valid_to"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(save, wrong, field):
    with pytest.raises(InvalidInputError) as refused:
        save(**wrong)
    assert list(refused.value.fields) == [field]


def test_only_an_administrator_changes_it(save, officer):
    with pytest.raises(NotAllowedError):
        save(officer)


def test_the_database_wants_a_basis_and_an_end_after_the_beginning(save, administrator):
    for wrong in ({"edited_by": administrator, "basis": ""}, {"valid_to": "2000-01-01"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Exemption.objects.filter(code="parent").update(**wrong)


def test_the_page_saves_and_says_what_is_wrong(rates, administrator, client):
    client.force_login(administrator)
    address = "/administration/exemptions/veteran/"
    assert client.post(address, {"applies_to": [], "basis": ""}).status_code == 422
    response = client.post(address, {"applies_to": COVERS, "basis": BASIS}, follow=True)
    assert response.redirect_chain[-1][0] == "/administration/exemptions/"
    assert BASIS in response.content.decode()


def test_the_page_is_the_administrators(officer, client):
    client.force_login(officer)
    assert client.get("/administration/exemptions/").status_code == 403
