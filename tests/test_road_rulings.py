"""A name match without IIN is decided by an officer and confirmed by a second person (VR.9.5, VR.9.6)."""

import pytest
from django.utils import timezone

from applications import deciding
from applications.errors import DomainError
from applications.models import Application, Check
from applications.states import State
from refusals.grounds import propose
from tests.fixtures_road import Road

pytestmark = pytest.mark.django_db

REASON = "Иное место рождения, фотография не совпадает"
DOUBTS = [
    pytest.param("P-17", "V-01", "wanted_persons", "VR.9.5", id="VR.9.5 name of a wanted person"),
    pytest.param("P-20", "V-01", "terrorism_list", "VR.9.6", id="VR.9.6 name on the terrorism list"),
    pytest.param("P-22", "V-01", "proliferation_list", "VR.9.6", id="VR.9.6 name on the proliferation list"),
    pytest.param("O-05", "V-13", "terrorism_list", "VR.9.6", id="VR.9.6 name of an organisation"),
]
every_doubt = pytest.mark.parametrize(("person", "vehicle", "code", "row"), DOUBTS, scope="module")


def rule(road: Road, application: Application, code: str, ruling: str, username: str = "officer") -> Check:
    check = application.checks.get(code=code, outcome="needs_human")
    return deciding.rule(
        actor=road.who(username),
        number=application.number,
        version=None,
        check_id=check.pk,
        ruling=ruling,
        reason=REASON,
        now=timezone.now(),
    )


def confirm(road: Road, application: Application, check: Check, username: str) -> Check:
    return deciding.confirm_ruling(
        actor=road.who(username), number=application.number, version=None, check_id=check.pk, now=timezone.now()
    )


def refusal_of(road: Road, application: Application) -> DomainError:
    with pytest.raises(DomainError) as refused:
        road.approve(application)
    return refused.value


@every_doubt
def test_a_doubt_bars_approval_until_two_people_have_cleared_it(road: Road, person, vehicle, code, row):
    application = road.held(person, vehicle)
    assert (refusal_of(road, application).row, propose(application)) == (row, [])
    check = rule(road, application, code, "clear")
    assert "needs_ruling" in refusal_of(road, application).fields
    confirm(road, application, check, "officer2")

    assert road.approve(application).state == State.APPROVED


@every_doubt
def test_a_confirmed_hit_is_a_ground(road: Road, person, vehicle, code, row):
    application = road.held(person, vehicle)
    check = rule(road, application, code, "hit")
    assert propose(application) == []
    confirm(road, application, check, "supervisor")
    (proposed,) = propose(application)

    assert (proposed.ground.row, proposed.check.pk) == (row, check.pk)
    assert refusal_of(road, application).row == row


@pytest.mark.parametrize(
    ("username", "code"),
    [("officer", "four_eyes"), ("front_desk", "role"), ("officer_astana", "not_found"), ("contact_centre", "role")],
)
def test_who_cannot_be_the_second_pair_of_eyes(road: Road, username, code):
    """VR.9.6: not the one who ruled, nobody outside the office, nobody who does not decide."""
    application = road.held("P-20")
    check = rule(road, application, "terrorism_list", "clear")
    with pytest.raises(DomainError) as refused:
        confirm(road, application, check, username)

    assert refused.value.code == code
    assert Check.objects.get(pk=check.pk).confirmed_by is None


def test_a_ruling_needs_a_reason_and_a_holder(road: Road):
    """VR.9.6: no click without words; only who holds the case rules."""
    application = road.held("P-20")
    check = application.checks.get(code="terrorism_list")
    said = {"number": application.number, "version": None, "check_id": check.pk, "now": timezone.now()}
    with pytest.raises(DomainError) as silent:
        deciding.rule(actor=road.officer, ruling="clear", reason="  ", **said)
    with pytest.raises(DomainError) as bystander:
        deciding.rule(actor=road.colleague, ruling="clear", reason=REASON, **said)

    assert (silent.value.code, bystander.value.code) == ("invalid", "not_holder")
    assert Check.objects.get(pk=check.pk).ruling == ""


def test_a_clear_answer_leaves_nothing_to_rule_on(road: Road):
    """VR.9.5: nobody overrides a register by hand."""
    application = road.held("P-16")
    check = application.checks.get(code="wanted_persons")
    with pytest.raises(DomainError) as refused:
        deciding.rule(
            actor=road.officer,
            number=application.number,
            version=None,
            check_id=check.pk,
            ruling="clear",
            reason=REASON,
            now=timezone.now(),
        )

    assert refused.value.code == "no_doubt"
    assert Check.objects.get(pk=check.pk).conclusion == "hit"
