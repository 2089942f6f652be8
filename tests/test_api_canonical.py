"""The text that is signed: the same bytes for the same application, other bytes for any other."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from applications import intake
from applications.canonical import canonical, canonical_bytes, plain
from tests.fixtures_road import Road

pytestmark = pytest.mark.django_db


def test_the_same_application_is_the_same_bytes_in_every_language(road: Road):
    application = road.draft()
    texts = set()
    for language in ("en", "ru", "kk"):
        with translation.override(language):
            texts.add(canonical_bytes(road.fresh(application)))
    assert len(texts) == 1
    said = json.loads(texts.pop())
    assert said["applicant"] == application.applicant.identifier
    assert said["details"]["vin"] == application.vehicle_details.vin
    assert [item["requirement"] for item in said["documents"]] == ["ownership_proof"]


def test_a_changed_detail_or_document_is_another_text(road: Road):
    application = road.draft()
    before = canonical_bytes(application)
    document = application.documents.get()
    intake.remove(actor=road.desk, number=application.number, document_id=document.pk, now=timezone.now())
    without = canonical_bytes(road.fresh(application))
    changed = road.fill(application, "V-02")
    assert len({before, without, canonical_bytes(changed)}) == 3


def test_keys_are_in_the_order_of_their_utf_16_units():
    """RFC 8785, 3.2.3: the example whose order differs from that of code points."""
    keys = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\xf6": 7}
    assert list(json.loads(canonical(keys))) == ["\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33"]
    assert canonical({"b": ["ә", True, None], "a": 1}) == '{"a":1,"b":["ә",true,null]}'.encode()


def test_a_number_that_is_not_whole_is_text():
    assert plain({"power": Decimal("77.50")}) == {"power": "77.50"}
    with pytest.raises(ValueError, match="float"):
        canonical({"power": 77.5})
