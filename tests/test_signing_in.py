"""Signatures taken in over the canonical application by the function behind the portals' door (LAW-O1, VR.8.3e)."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from api import signing_in
from applications.canonical import canonical_bytes
from applications.errors import DomainError
from applications.models import JournalEntry
from registration.models import VehicleDetails
from tests.at_once import colliding
from tests.test_sale_online import EGOV, applied, problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def sale(road):
    return applied(road, road.registered())


def accept(sale, cms):
    words = {"actor": EGOV, "number": sale.number, "requirement": "ownership_proof", "now": timezone.now()}
    return signing_in.keep(signed=signing_in.verified(cms=cms, **words), **words)


def test_both_owners_sign_the_application(road, sale, signatures):
    """LAW-O1: previous and new owner, each once however often the same signature comes."""
    sale = road.fresh(sale)
    for signer in (sale.vehicle_details.seller_identifier, sale.applicant.identifier):
        cms = signatures.sign(signer, canonical_bytes(sale))
        assert accept(sale, cms).pk == accept(sale, cms).pk
    assert "ownership_proof" not in problems(sale)


def test_a_revoked_key_and_another_text_are_refused(road, sale, signatures):
    with pytest.raises(DomainError) as revoked:
        accept(sale, signatures.sign("revoked", canonical_bytes(road.fresh(sale))))
    with pytest.raises(DomainError) as altered:
        accept(sale, signatures.sign(sale.applicant.identifier, b"another"))
    assert (revoked.value.code, altered.value.code) == ("signature.revoked", "signature.altered")
    assert altered.value.status == 422


def test_whoever_changes_a_signed_draft_has_it_signed_anew(road, sale, signatures):
    """LAW-O1: a signature is worth nothing under another text; the earlier one stays on record."""
    sale = road.fresh(sale)
    signers = (sale.vehicle_details.seller_identifier, sale.applicant.identifier)
    for signer in signers:
        accept(sale, signatures.sign(signer, canonical_bytes(sale)))
    VehicleDetails.objects.filter(application=sale).update(sold_on=date(2026, 1, 5))
    changed = road.fresh(sale)
    assert "ownership_proof" in problems(changed)

    for signer in signers:
        accept(changed, signatures.sign(signer, canonical_bytes(changed)))
    assert "ownership_proof" not in problems(changed)
    assert changed.signatures.count() == 4


def test_a_draft_that_changes_while_its_signature_is_verified_is_not_signed(road, sale, signatures):
    sale = road.fresh(sale)
    words = {"actor": EGOV, "number": sale.number, "requirement": "ownership_proof", "now": timezone.now()}
    cms = signatures.sign(sale.applicant.identifier, canonical_bytes(sale))
    signed = signing_in.verified(cms=cms, **words)
    VehicleDetails.objects.filter(application=sale).update(sold_on=date(2026, 1, 5))
    with pytest.raises(DomainError) as refused:
        signing_in.keep(signed=signed, **words)
    assert (refused.value.code, refused.value.status) == ("signature.altered", 422)
    assert not sale.signatures.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_signature_at_once_is_kept_once(road, sale, signatures):
    """A portal that sends its call again before the first one is answered."""
    sale = road.fresh(sale)
    words = {"actor": EGOV, "number": sale.number, "requirement": "ownership_proof", "now": timezone.now()}
    signed = signing_in.verified(cms=signatures.sign(sale.applicant.identifier, canonical_bytes(sale)), **words)
    first, second = colliding([sale], *(lambda: signing_in.keep(signed=signed, **words) for _ in range(2)))
    assert first.pk == second.pk
    assert sale.signatures.count() == 1
    assert JournalEntry.objects.filter(application=sale, action="signed").count() == 1
