"""A slip in the particulars of a foreigner put right: alone before the acceptance, by two people after it (VR.8.1a)."""

from dataclasses import asdict

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from applications.correcting import confirm, correct, reject
from applications.deciding import obstacles
from applications.errors import DomainError, InvalidInputError, NotAllowedError
from applications.models import Application, Correction, JournalEntry
from people.models import Person
from tests.fixtures_registration import guarded
from tests.fixtures_road import Road, work
from tests.test_foreigners import keep, passport

RIGHT = "C01X00T47"
WRONG = "C01X00T41"


@pytest.fixture
def draft(road: Road) -> Application:
    """A draft of a foreigner whose number was mistyped."""
    application = road.fill(road.open(keep(road, passport(document_number=WRONG))), "V-01")
    road.attach(application, "identity")
    return road.fresh(application)


@pytest.fixture
def accepted(road: Road, draft) -> Application:
    road.pay(draft)
    road.submit(draft)
    work()
    return road.fresh(draft)


def ask(road: Road, application: Application, reason: str = "Перепутаны 1 и 7", **changes: object):
    return correct(
        actor=road.desk,
        number=application.number,
        who="applicant",
        said=passport(**changes),
        reason=reason,
        now=timezone.now(),
    )


def second(road: Road, correction: Correction, actor=None, verb=confirm) -> Correction:
    return verb(
        actor=actor or road.officer,
        number=correction.application.number,
        correction_id=correction.pk,
        now=timezone.now(),
    )


def number_of(application: Application) -> str:
    person = Application.objects.get(pk=application.pk).applicant_person
    assert person is not None
    return person.document_number


def asked_number(application: Application) -> str:
    return application.checks.get(code="fines").question["identifier"]


def test_a_reason_is_as_long_as_it_is_kept(road: Road, accepted):
    with pytest.raises(InvalidInputError) as caught:
        ask(road, accepted, reason="ә" * 501)
    assert list(caught.value.fields) == ["reason"]
    assert ask(road, accepted, reason="ә" * 500) is not None


def test_before_the_acceptance_the_desk_corrects_alone_and_registers_are_asked_anew(road: Road, draft):
    """VR.8.1a, VR.9.4: the answers belonged to another document."""
    assert asked_number(draft) == WRONG
    assert ask(road, draft, reason="") is None
    corrected = JournalEntry.objects.get(chain=f"person:{draft.applicant_person_id}", action="person_corrected")

    assert number_of(draft) == RIGHT
    assert corrected.changes == {"document_number": [WRONG, RIGHT]}
    assert asked_number(draft) == RIGHT
    assert draft.checks.get(code="fines").outcome == ""


def test_after_it_a_second_person_confirms_and_the_case_follows(road: Road, accepted):
    """VR.8.1a: journaled with before and after, registers asked anew, papers replaced."""
    correction = ask(road, accepted)
    assert correction is not None
    assert number_of(accepted) == WRONG
    second(road, correction)
    work()
    standings = accepted.papers.order_by("pk").values_list("kind", "standing")

    assert number_of(accepted) == RIGHT
    assert asked_number(accepted) == RIGHT
    assert list(standings) == [("receipt", "replaced"), ("receipt", "valid")]
    assert accepted.journal.get(action="particulars_corrected").changes == {"fields": ["document_number"]}
    told = JournalEntry.objects.get(chain=f"person:{accepted.applicant_person_id}", action="person_corrected")
    assert (told.changes, told.actor) == ({"document_number": [WRONG, RIGHT]}, road.people["officer"])


def test_nobody_confirms_their_own_correction_and_it_bars_the_approval_meanwhile(road: Road, accepted):
    correction = ask(road, accepted)
    with pytest.raises(NotAllowedError) as caught:
        second(road, correction, road.desk)
    assert caught.value.code == "four_eyes"
    assert "correction_open" in {item.code for item in obstacles(road.fresh(accepted), timezone.now())}
    with pytest.raises(DomainError) as twice:
        ask(road, accepted)
    assert twice.value.code == "correction_open"
    second(road, correction, road.desk, reject)

    assert number_of(accepted) == WRONG
    assert "correction_open" not in {item.code for item in obstacles(road.fresh(accepted), timezone.now())}
    with pytest.raises(DomainError):
        second(road, correction)


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"document_number": WRONG}, "x", "document_number"),
        ({"document_number": "12"}, "x", "document_number"),
        ({"citizenship": "KAZ"}, "x", "citizenship"),
        ({}, " ", "reason"),
    ],
    ids=["nothing differs", "no number", "has an IIN", "no reason"],
)
def test_what_cannot_be_is_named(road: Road, accepted, changes, reason, field):
    with pytest.raises(InvalidInputError) as caught:
        ask(road, accepted, reason, **changes)
    assert set(caught.value.fields) == {field}
    assert not Correction.objects.exists()


def test_two_people_never_become_one(road: Road, accepted):
    """Neither when asked, nor when somebody typed the other entry meanwhile."""
    correction = ask(road, accepted)
    keep(road, passport())
    with pytest.raises(InvalidInputError) as caught:
        second(road, correction)
    assert set(caught.value.fields) == {"document_number"}
    second(road, correction, verb=reject)
    with pytest.raises(InvalidInputError):
        ask(road, accepted)

    assert Person.objects.filter(iin=None).count() == 2
    assert number_of(accepted) == WRONG


def test_nothing_changes_under_a_result_that_is_out(road: Road):
    """VR.5a: the SRTS prints the number; first the decision is withdrawn."""
    application = road.fill(road.open(keep(road, passport())), "V-01")
    road.attach(application, "identity")
    road.pay(application)
    road.submit(application)
    work()
    road.inspect(application)
    road.take(application)
    road.approve(application)
    with pytest.raises(DomainError) as under_way:
        ask(road, application, document_number=WRONG)
    work()
    with pytest.raises(DomainError) as printed:
        ask(road, application, document_number=WRONG)

    assert {under_way.value.code, printed.value.code} == {"particulars_printed"}
    assert application.number in str(printed.value.message)
    assert number_of(application) == RIGHT


def test_whom_a_register_knows_is_corrected_there(road: Road):
    application = road.draft()
    with pytest.raises(DomainError) as caught:
        ask(road, application)
    assert caught.value.code == "not_typed"
    with pytest.raises(NotAllowedError):
        correct(
            actor=road.officer,
            number=application.number,
            who="applicant",
            said=passport(),
            reason="x",
            now=timezone.now(),
        )


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"reason": ""}, "correction_has_a_reason"),
        ({"second": "asker"}, "correction_four_eyes"),
        ({"confirmed_at": True}, "correction_confirmed_by_somebody"),
        ({"rejected_at": True}, "correction_confirmed_or_rejected"),
    ],
)
def test_the_database_refuses_a_correction(road: Road, accepted, values, constraint):
    now, desk = timezone.now(), road.people["front_desk"]
    if values.get("second"):
        values = {"confirmed_by": desk, "confirmed_at": now}
    values = {name: now if value is True else value for name, value in values.items()}
    made = {"reason": "x", "changes": {"document_number": [WRONG, RIGHT]}, "asked_by": desk, "asked_at": now} | values
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Correction.objects.create(person=accepted.applicant_person, application=accepted, **made)


def test_the_database_keeps_a_correction_as_it_was_asked(road: Road, accepted):
    correction = ask(road, accepted)
    with guarded("correction_is_fixed"):
        Correction.objects.filter(pk=correction.pk).update(changes={}, reason="other")
    with pytest.raises(IntegrityError, match="correction_one_open_per_person"), transaction.atomic():
        Correction.objects.create(
            person=correction.person,
            application=accepted,
            changes=correction.changes,
            reason="x",
            asked_by=road.people["front_desk"],
            asked_at=timezone.now(),
        )


def signed_in(client, road: Road, username: str):
    client.force_login(road.people[username])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def typed(**changes: str) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(passport()).items()} | {"reason": "1 and 7"} | changes


def test_the_desk_types_it_over_and_the_officer_compares(client, road: Road, accepted):
    address = reverse("desk:particulars", args=[accepted.number, "applicant"])
    desk = signed_in(client, road, "front_desk")
    assert WRONG in desk.get(address).content.decode()
    wrong = desk.post(address, typed(surname=""))
    assert wrong.status_code == 422
    assert desk.post(address, typed(reason="")).status_code == 422
    assert desk.post(address, typed()).url == reverse("desk:case", args=[accepted.number])
    officer = signed_in(client, road, "officer")
    case = officer.get(reverse("desk:case", args=[accepted.number]))
    assert any("second person" in said.title for said in case.context["said"])
    judging = reverse("desk:judge_correction", args=[accepted.number])
    shown = officer.get(judging)
    page = shown.content.decode()
    assert WRONG in page
    assert RIGHT in page
    assert shown.context["current"].document.requirement == "identity"
    assert reverse("desk:document", args=[accepted.number, shown.context["current"].document.pk]) in page
    officer.post(judging, {"step": "confirm"})

    assert number_of(accepted) == RIGHT
    assert officer.get(judging).status_code == 302


def test_in_a_draft_it_is_corrected_at_once(client, road: Road, draft):
    desk = signed_in(client, road, "front_desk")
    details = desk.get(reverse("desk:intake_details", args=[draft.number])).content.decode()
    address = reverse("desk:particulars", args=[draft.number, "applicant"])
    assert address in details
    done = desk.post(address, typed(reason=""))

    assert done.url == reverse("desk:intake_details", args=[draft.number])
    assert number_of(draft) == RIGHT
