"""Shows 4 for VR-3 and VR-4: an issue keeps within the statements of a transition, whatever it replaces."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications import issuing
from tests import fixtures_temporary as temporary
from tests import fixtures_updates as updates
from tests.test_query_counts import MOST, statements

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("reasons", [("colour",), ("certificate",), ("plates",), ("colour", "plates")])
def test_an_update_costs_no_more_than_a_transition(road, reasons):
    application = road.approve(updates.held(road, *reasons, **({"colour": "red"} if "colour" in reasons else {})))
    asked = statements(lambda: issuing.issue(application.number))

    assert len(asked) <= MOST, "\n".join(f"{place:2} {sql[:160]}" for place, sql in enumerate(asked, 1))


def test_a_temporary_registration_costs_no_more_than_a_transition(road):
    application = road.approve(temporary.held(road, temporary.drafted(road)))
    asked = statements(lambda: issuing.issue(application.number))

    assert len(asked) <= MOST, "\n".join(f"{place:2} {sql[:160]}" for place, sql in enumerate(asked, 1))


def test_an_extension_costs_no_more_than_a_transition(road):
    temporary.registered(road, valid_until=(timezone.localdate() + timedelta(days=30)).isoformat())
    application = road.approve(temporary.held(road, temporary.on_record(road, "extension")))
    asked = statements(lambda: issuing.issue(application.number))

    assert len(asked) <= MOST, "\n".join(f"{place:2} {sql[:160]}" for place, sql in enumerate(asked, 1))
