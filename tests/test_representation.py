"""Who may act for whom, and by which paper: organisations, people, powers of attorney on record."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.errors import InvalidInputError
from applications.models import Application, JournalEntry
from applications.powers import keep_power_of_attorney
from people.models import Person, PowerOfAttorney, Scope
from tests.fixtures_registers import demo_organisation, demo_person
from tests.fixtures_road import Road, work


def give(road: Road, grantor, representative, scope=(Scope.REGISTER,), *, number="1-118", days=365) -> PowerOfAttorney:
    today = timezone.localdate()
    return keep_power_of_attorney(
        actor=road.desk,
        grantor=grantor,
        representative=representative,
        number=number,
        scope=[str(item) for item in scope],
        issued_on=today - timedelta(days=30),
        expires_on=today + timedelta(days=days),
        now=timezone.now(),
    )


@pytest.fixture
def desk(client, road: Road):
    client.force_login(road.people["front_desk"])
    return client


def token_of(desk, who: str, identifier: str) -> str:
    page = desk.post(reverse("desk:intake_look_up"), {"who": who, f"{who}_identifier": identifier})
    work()
    return page.context["token"]


def parties(desk, applicant: str, representative: str) -> dict[str, str]:
    """Both looked up, as the form then carries them."""
    number = demo_organisation(applicant)["bin"] if applicant.startswith("O") else demo_person(applicant)["iin"]
    return {
        "subservice": "VR-1",
        "applicant": token_of(desk, "applicant", number),
        "representative": token_of(desk, "representative", demo_person(representative)["iin"]),
    }


def opened(desk, form: dict) -> Application:
    answer = desk.post(reverse("desk:intake_open"), form)
    assert answer.status_code == 302, answer.context["error"].fields
    return Application.objects.get(number=answer.url.split("/")[2])


def refused(desk, form: dict) -> set[str]:
    answer = desk.post(reverse("desk:intake_open"), form)
    assert answer.status_code == 422
    assert not Application.objects.exists()
    return set(answer.context["error"].fields)


@pytest.mark.parametrize("organisation", ["O-01", "O-02", "O-09", "O-10", "O-11"])
def test_the_head_needs_no_paper(desk, road: Road, organisation: str):
    """A company, a state body, a foreign company's branch, a branch, joint individual entrepreneurs."""
    head = next(row for row in ("P-03", "P-07", "P-04", "P-12", "P-05") if is_head_of(row, organisation))
    application = opened(desk, parties(desk, organisation, head))
    application = road.fill(application)

    assert application.power_of_attorney is None
    assert application.checks.get(code="organisations").outcome == "clear"
    road.pay(application)
    assert road.submit(application).state == "submitted"


def is_head_of(person: str, organisation: str) -> bool:
    return demo_organisation(organisation)["head_iin"] == demo_person(person)["iin"]


def test_somebody_else_needs_a_paper_of_the_organisation(desk):
    assert refused(desk, parties(desk, "O-01", "P-02")) == {"number", "issued_on", "expires_on", "scope"}


def test_the_head_of_another_organisation_is_somebody_else(desk):
    assert "number" in refused(desk, parties(desk, "O-02", "P-03"))


def test_a_paper_on_record_is_chosen_instead_of_typed(desk, road: Road):
    power = give(road, road.applicant("O-01"), road.applicant("P-02"))
    form = parties(desk, "O-01", "P-02")
    page = desk.post(reverse("desk:intake_acting"), form)
    application = opened(desk, {**form, "power": power.pk})

    assert list(page.context["powers"]) == [power]
    assert application.power_of_attorney == power
    assert PowerOfAttorney.objects.count() == 1


def test_a_paper_between_other_people_cannot_be_chosen(desk, road: Road):
    power = give(road, road.applicant("O-02"), road.applicant("P-02"))

    assert refused(desk, {**parties(desk, "O-01", "P-02"), "power": power.pk}) == {"power"}


def test_a_paper_for_another_deed_is_refused_at_the_first_step(desk, road: Road):
    power = give(road, road.applicant("O-01"), road.applicant("P-02"), [Scope.RECEIVE, Scope.LICENCE])

    assert refused(desk, {**parties(desk, "O-01", "P-02"), "power": power.pk}) == {"scope"}


def test_a_paper_that_ran_out_is_not_offered(desk, road: Road):
    power = give(road, road.applicant("P-01"), road.applicant("P-02"), days=1)
    PowerOfAttorney.objects.filter(pk=power.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    form = parties(desk, "P-01", "P-02")
    page = desk.post(reverse("desk:intake_acting"), form)

    assert list(page.context["powers"]) == []
    assert refused(desk, {**form, "power": power.pk}) == {"scope"}


def test_a_liquidated_organisation_opens_nothing(desk):
    """VR.9.1: the register of legal entities says so at the first step."""
    form = parties(desk, "O-06", "P-08")

    assert refused(desk, form) == {"applicant"}


def test_a_slip_in_a_paper_is_put_right_until_an_application_rests_on_it(road: Road):
    """The terms on record are never widened in silence."""
    application = road.represented("P-02", [Scope.REGISTER])
    grantor, holder = application.applicant, application.representative
    assert isinstance(holder, Person)
    give(road, grantor, holder, [Scope.REGISTER, Scope.UPDATE])
    road.pay(application)
    road.submit(application)
    with pytest.raises(InvalidInputError) as caught:
        give(road, grantor, holder, list(Scope))

    power = PowerOfAttorney.objects.get()
    assert caught.value.fields.keys() == {"number"}
    assert power.scope == ["register", "update"]
    assert set(JournalEntry.objects.filter(chain=f"power:{power.pk}").values_list("action", flat=True)) == {
        "power_entered",
        "power_corrected",
    }
