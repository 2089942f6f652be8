"""A power of attorney revoked after the acceptance bars the approval until somebody stands by the case (CC.170)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from applications.deciding import obstacles, withdraw
from applications.errors import DomainError, InvalidInputError, NotAllowedError
from applications.models import Application
from applications.powers import keep_power_of_attorney, revoke_power_of_attorney
from applications.states import State
from applications.upholding import uphold
from people.models import Person, Scope
from registers.contract import Outcome
from tests.fixtures_registers import demo_person
from tests.fixtures_road import Road, work
from tests.test_representation import token_of

MOST_QUERIES = 40


@pytest.fixture
def revoked(road: Road) -> Application:
    """Everything there to decide, held by the officer, when the grantor takes the power back."""
    application = road.represented("P-02", [Scope.REGISTER, Scope.RECEIVE])
    road.pay(application)
    road.submit(application)
    work()
    road.inspect(application)
    road.take(application)
    assert not obstacles(road.fresh(application), timezone.now())
    power = application.power_of_attorney
    assert power is not None
    revoke_power_of_attorney(actor=road.desk, power_id=power.pk, reason="Письмо доверителя", now=timezone.now())
    return road.fresh(application)


def stand_by(road: Road, application: Application, representative=None, power=None, actor=None) -> Application:
    return uphold(
        actor=actor or road.desk,
        number=application.number,
        version=None,
        representative=representative,
        power=power,
        now=timezone.now(),
    )


def other(road: Road) -> Person:
    found = road.applicant("P-03")
    assert isinstance(found, Person)
    return found


def given(road: Road, application: Application, scope: list[str]):
    today = timezone.localdate()
    return keep_power_of_attorney(
        actor=road.desk,
        grantor=application.applicant,
        representative=other(road),
        number="2-200",
        scope=scope,
        issued_on=today,
        expires_on=today + timedelta(days=365),
        now=timezone.now(),
    )


def test_a_revoked_power_bars_the_approval_and_says_the_way_out(road: Road, revoked):
    """CC.170"""
    with pytest.raises(DomainError) as caught:
        road.approve(revoked)

    assert caught.value.code == "not_approvable"
    assert caught.value.row == "CC.170"
    assert "power_revoked" in caught.value.fields
    assert road.fresh(revoked).state == State.REVIEW


def test_the_applicant_in_person_stands_by_it_and_it_is_approved(road: Road, revoked):
    """CC.170: what was filed by the power stands."""
    stand_by(road, revoked)
    work()
    application = road.approve(revoked)

    assert application.state == State.APPROVED
    assert (application.representative, application.power_of_attorney) == (None, None)
    told = revoked.journal.get(action="upheld").changes
    assert told == {"who": revoked.applicant.full_name, "power": "", "former": "1-118"}


def test_another_representative_with_a_valid_power_stands_by_it_and_is_asked_about(road: Road, revoked):
    """CC.170, VR.9.5: a power given after the acceptance serves; the registers are asked about its holder."""
    stand_by(road, revoked, other(road), given(road, revoked, [Scope.REGISTER]))
    asked = revoked.checks.get(code="wanted_persons", subject="representative")
    assert asked.question["iin"] == other(road).iin
    assert asked.outcome == ""
    work()

    assert road.approve(revoked).representative == other(road)


def test_an_answer_about_the_former_representative_bars_nothing(road: Road, revoked):
    """VR.9.5: it was about whoever acts no more."""
    revoked.checks.filter(code="wanted_persons", subject="representative").update(outcome=Outcome.HIT.value)
    stand_by(road, revoked)
    work()

    assert not obstacles(road.fresh(revoked), timezone.now())


@pytest.mark.parametrize("scope", [[Scope.PLATES], [Scope.RECEIVE]])
def test_a_paper_for_another_deed_does_not_do(road: Road, revoked, scope):
    with pytest.raises(InvalidInputError) as caught:
        stand_by(road, revoked, other(road), given(road, revoked, scope))

    assert list(caught.value.fields) == ["power_of_attorney"]
    assert road.fresh(revoked).power_of_attorney == revoked.power_of_attorney


def test_nobody_stands_by_it_without_a_paper_nor_by_the_revoked_one(road: Road, revoked):
    for representative, power in ((other(road), None), (revoked.representative, revoked.power_of_attorney)):
        with pytest.raises(InvalidInputError):
            stand_by(road, revoked, representative, power)


def test_only_a_front_desk_records_it_and_only_where_a_power_was_revoked(road: Road, revoked):
    with pytest.raises(NotAllowedError):
        stand_by(road, revoked, actor=road.officer)
    stand_by(road, revoked)
    with pytest.raises(DomainError) as caught:
        stand_by(road, revoked)
    assert caught.value.code == "power_stands"


def test_it_may_be_withdrawn_instead(road: Road, revoked):
    withdraw(actor=road.desk, number=revoked.number, version=None, reason="Доверитель отказался", now=timezone.now())
    with pytest.raises(DomainError) as caught:
        stand_by(road, revoked)
    assert caught.value.code == "illegal_move"


@pytest.fixture
def desk(client, road: Road):
    client.force_login(road.people["front_desk"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def address(application: Application) -> str:
    return reverse("desk:stand_by", args=[application.number])


def test_the_desk_is_led_from_the_case_to_the_choice(desk, road: Road, revoked):
    case = desk.get(reverse("desk:case", args=[revoked.number]))
    assert case.context["steps"].stand_by
    assert any("nobody acts" in said.title for said in case.context["said"])
    bare = desk.post(address(revoked), {"version": revoked.version})
    assert bare.status_code == 422
    assert "who" in bare.context["error"].fields
    done = desk.post(address(revoked), {"who": "applicant", "version": revoked.version})

    assert done.status_code == 302
    assert road.fresh(revoked).representative is None
    assert not desk.get(reverse("desk:case", args=[revoked.number])).context["steps"].stand_by


def test_the_desk_chooses_a_paper_on_record_or_types_one(desk, road: Road, revoked):
    power = given(road, revoked, [Scope.REGISTER])
    page = desk.get(address(revoked))
    assert [value for value, _power in page.context["powers"]] == [f"power:{power.pk}"]
    today = timezone.localdate()
    typed = {
        "who": "other",
        "version": revoked.version,
        "receiver": token_of(desk, "receiver", demo_person("P-04")["iin"]),
        "number": "7-12",
        "issued_on": today.isoformat(),
        "expires_on": (today + timedelta(days=365)).isoformat(),
        "scope": ["register"],
    }
    assert desk.post(address(revoked), {**typed, "scope": ["plates"]}).status_code == 422
    assert desk.post(address(revoked), {**typed, "number": "7-13"}).status_code == 302
    assert road.fresh(revoked).power_of_attorney.number == "7-13"


def test_the_page_costs_the_same_with_many_papers(desk, road: Road, revoked, django_assert_max_num_queries):
    given(road, revoked, [Scope.REGISTER])
    with django_assert_max_num_queries(MOST_QUERIES):
        desk.get(address(revoked))


def test_the_officer_reads_the_reason_and_cannot_approve(client, road: Road, revoked):
    client.force_login(road.people["officer"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(reverse("desk:case", args=[revoked.number]))

    assert page.context["steps"].barred == "The power of attorney is revoked"
    for name in ("case", "approve"):
        told = client.get(reverse(f"desk:{name}", args=[revoked.number])).content.decode()
        assert told.count("another representative with a valid power") == 1
    assert not page.context["steps"].stand_by


@pytest.mark.django_db(transaction=True)
def test_the_fields_of_somebody_else_open_with_their_choice_alone(road: Road, revoked, sign_in_browser):
    page = sign_in_browser(road.people["front_desk"], language="en")
    page.goto(address(revoked))
    number = page.locator("#receiver_identifier")
    page.check("input[name=who][value=applicant]")
    assert not number.is_visible()
    page.check("input[name=who][value=other]")
    assert number.is_visible()
    page.click("#stand-by button.btn-primary")
    page.locator(".alert-box a").first.click()
    assert number.evaluate("field => field === document.activeElement")
