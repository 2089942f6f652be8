"""Signatures taken in over the canonical application by the function behind the portals' door (LAW-O1, VR.8.3e)."""

from __future__ import annotations

import pytest
from django.utils import timezone

from api.canonical import canonical_bytes
from api.signing_in import accept_signature
from applications.errors import DomainError
from tests.test_sale_online import EGOV, applied, problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def sale(road):
    return applied(road, road.registered())


def accept(sale, cms):
    words = {"number": sale.number, "requirement": "ownership_proof", "now": timezone.now()}
    return accept_signature(actor=EGOV, cms=cms, **words)


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
