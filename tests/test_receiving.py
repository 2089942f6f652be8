"""Who received the result, and by which paper; a revoked paper lets nobody act."""

import html
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from applications.errors import DomainError, InvalidInputError, NotAllowedError
from applications.handover import hand_over
from applications.models import Application, JournalEntry
from applications.powers import revoke_power_of_attorney
from people.models import Person, PowerOfAttorney, Scope
from tests.fixtures_registers import demo_person
from tests.fixtures_road import Road
from tests.test_representation import give, token_of


def hand(road: Road, application: Application, **more: object) -> Application:
    return hand_over(actor=road.desk, number=application.number, version=None, now=timezone.now(), **more)


def refused(road: Road, application: Application, **more: object) -> set[str]:
    with pytest.raises(InvalidInputError) as caught:
        hand(road, application, **more)
    assert road.fresh(application).handed_over_at is None
    return set(caught.value.fields)


def messenger(road: Road, row_id: str = "P-02") -> Person:
    found = road.applicant(row_id)
    assert isinstance(found, Person)
    return found


def test_the_applicant_receives_without_a_paper(road: Road):
    application = hand(road, road.issued())

    assert application.received_by == application.applicant_person
    assert application.received_with is None


def test_somebody_else_receives_by_a_paper_that_allows_it(road: Road):
    """VR.5a: the applicant applied in person; another comes for plates and SRTS."""
    application = road.issued()
    power = give(road, application.applicant, messenger(road), [Scope.RECEIVE])
    hand(road, application, receiver=messenger(road), power=power)
    told = application.journal.get(action="handed_over").changes

    assert road.fresh(application).received_with == power
    assert told["receiver"] == messenger(road).full_name
    assert told["power"] == "1-118"


@pytest.mark.parametrize("scope", [[Scope.REGISTER], [Scope.PLATES, Scope.LICENCE]], ids=["register", "others"])
def test_a_paper_for_other_deeds_receives_nothing(road: Road, scope):
    application = road.issued()
    power = give(road, application.applicant, messenger(road), scope)

    assert refused(road, application, receiver=messenger(road), power=power) == {"receiver"}


def test_without_a_paper_nobody_else_receives(road: Road):
    application = road.issued()
    someone_elses = give(road, road.applicant("P-03"), messenger(road), [Scope.RECEIVE])

    assert refused(road, application, receiver=messenger(road)) == {"receiver"}
    assert refused(road, application, receiver=messenger(road), power=someone_elses) == {"receiver"}


def test_a_paper_that_ran_out_meanwhile_receives_nothing(road: Road):
    application = road.issued()
    power = give(road, application.applicant, messenger(road), [Scope.RECEIVE])
    PowerOfAttorney.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    power.refresh_from_db()

    assert refused(road, application, receiver=messenger(road), power=power) == {"receiver"}


def test_the_head_receives_for_the_organisation(road: Road):
    application = hand(road, road.issued("O-01"))

    assert application.received_by == application.representative
    assert application.received_with is None


def test_the_database_knows_who_received(road: Road):
    application = road.issued()
    with pytest.raises(IntegrityError, match="application_handed_over_to_somebody"):
        Application.objects.filter(pk=application.pk).update(handed_over_at=timezone.now())


def test_the_database_refuses_a_paper_without_a_representative(road: Road):
    application = road.draft()
    power = give(road, application.applicant, messenger(road))
    with pytest.raises(IntegrityError, match="application_paper_has_a_representative"):
        Application.objects.filter(pk=application.pk).update(power_of_attorney=power)


def test_a_revoked_paper_lets_nobody_act_and_open_cases_are_told(road: Road):
    application = road.represented("P-02", [Scope.REGISTER, Scope.RECEIVE])
    power = application.power_of_attorney
    assert power is not None
    revoke_power_of_attorney(actor=road.desk, power_id=power.pk, reason="Письмо доверителя", now=timezone.now())
    road.pay(application)
    with pytest.raises(DomainError) as caught:
        road.submit(road.fresh(application))

    assert "power_of_attorney" in caught.value.fields
    assert application.journal.get(action="power_revoked").changes["reason"] == "Письмо доверителя"
    assert JournalEntry.objects.filter(chain=f"power:{power.pk}", action="power_revoked").count() == 1
    with pytest.raises(InvalidInputError):
        give(road, application.applicant, messenger(road), [Scope.REGISTER])


def test_a_paper_is_revoked_once_with_a_reason_by_the_desk_or_a_supervisor(road: Road):
    power = give(road, road.applicant("P-01"), messenger(road))
    revoke = {"power_id": power.pk, "now": timezone.now()}
    with pytest.raises(InvalidInputError):
        revoke_power_of_attorney(actor=road.desk, reason=" ", **revoke)
    with pytest.raises(NotAllowedError):
        revoke_power_of_attorney(actor=road.officer, reason="x", **revoke)
    revoke_power_of_attorney(actor=road.second, reason="Заявление доверителя", **revoke)
    with pytest.raises(DomainError) as caught:
        revoke_power_of_attorney(actor=road.desk, reason="снова", **revoke)

    assert caught.value.code == "power_revoked"


def text_of(response) -> str:
    return html.unescape(response.content.decode())


@pytest.fixture
def desk(client, road: Road):
    client.force_login(road.people["front_desk"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_the_desk_takes_the_paper_of_whoever_came_and_hands_over(desk, road: Road):
    application = road.issued()
    today = timezone.localdate()
    form = {
        "receiver": token_of(desk, "receiver", demo_person("P-02")["iin"]),
        "number": "7-12",
        "issued_on": (today - timedelta(days=3)).isoformat(),
        "expires_on": (today + timedelta(days=30)).isoformat(),
        "scope": ["receive"],
    }
    page = desk.post(reverse("desk:other_receiver", args=[application.number]), form)
    shown = desk.get(page.url)
    chosen = {"receiver": shown.context["chosen"], "version": road.fresh(application).version}
    desk.post(reverse("desk:hand_over", args=[application.number]), chosen)

    assert [item.problem for item in shown.context["receivers"]] == ["", ""]
    assert road.fresh(application).received_by == messenger(road)
    assert road.fresh(application).received_with == PowerOfAttorney.objects.get()


def test_what_lacks_is_said_in_the_same_words_on_top_and_beside_its_field(desk, road: Road):
    """The paper is judged once somebody is found: the head of an organisation needs none."""
    address = reverse("desk:other_receiver", args=[road.issued().number])
    nobody = desk.post(address, {"receiver": "", "number": "7-12"})
    bare = desk.post(address, {"receiver": token_of(desk, "receiver", demo_person("P-02")["iin"]), "number": "7-12"})

    assert (nobody.status_code, bare.status_code) == (422, 422)
    assert set(nobody.context["error"].fields) == {"receiver"}
    said = text_of(nobody)
    assert said.count("Find the person who came first.") == 2
    assert said.count('class="error"') == 1
    assert 'value="7-12"' in said
    assert text_of(bare).count("Enter the day on which it was given.") == 2
    assert "This field is required" not in text_of(bare)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "by power of attorney No. 1-118 until"),
        ("ru", "по доверенности № 1-118 до"),
        ("kk", "№ 1-118 сенімхат бойынша (мерзімі –"),
    ],
)
def test_a_paper_is_named_in_one_sentence_of_the_language(desk, road: Road, language, says):
    application = road.issued()
    give(road, application.applicant, messenger(road), [Scope.RECEIVE])
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    assert says in text_of(desk.get(reverse("desk:hand_over", args=[application.number])))


def test_a_paper_that_does_not_allow_it_is_shown_with_its_reason(desk, road: Road):
    application = road.issued()
    power = give(road, application.applicant, messenger(road), [Scope.REGISTER])
    chosen = {"receiver": f"power:{power.pk}", "version": application.version}
    answer = desk.post(reverse("desk:hand_over", args=[application.number]), chosen)

    assert answer.status_code == 422
    assert "1-118" in answer.context["error"].fields["receiver"]
    assert road.fresh(application).received_by is None


def test_the_desk_revokes_a_paper_with_a_reason(desk, road: Road):
    power = give(road, road.applicant("P-01"), messenger(road))
    address = reverse("desk:power", args=[power.pk])
    bare = desk.post(address, {"reason": ""})
    done = desk.post(address, {"reason": "Revoked by letter"})

    assert bare.status_code == 422
    assert done.status_code == 302
    assert PowerOfAttorney.objects.get(pk=power.pk).revoked_at is not None


def test_a_power_revoked_after_the_result_gives_it_to_nobody_but_the_applicant(road: Road):
    """CC.170: the way out stands in the refusal."""
    application = road.issued()
    power = give(road, application.applicant, messenger(road), [Scope.RECEIVE])
    revoke_power_of_attorney(actor=road.desk, power_id=power.pk, reason="Письмо", now=timezone.now())
    power.refresh_from_db()
    with pytest.raises(InvalidInputError) as caught:
        hand(road, application, receiver=messenger(road), power=power)

    assert "1-118" in str(caught.value.fields["receiver"])
    assert hand(road, application).received_by == application.applicant
