"""The citizens' status page: what it tells, to whom, how often, and what it leaves nowhere."""

import logging
import re
import secrets
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import signing
from django.utils import timezone

from applications.acting import Actor, record
from applications.numbers import check_digit, normalise_number
from applications.states import State
from tests.fixtures_desk import make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(almaty_police, almaty_front_desk):
    # Questions are counted per number in a cache that outlives the test: each test gets a number of its own.
    body = f"020126{secrets.randbelow(900_000) + 100_000}"
    number = normalise_number(body + check_digit(body))
    application = make_case(almaty_police, front_desk=almaty_front_desk, plate_number="417KZN02", number=number)
    for action in ("opened", "accepted", "checks_started", "viewed", "registers_answered", "registers_answered"):
        record(application, Actor.automatic(), action, application.submitted_at)
    return application


@pytest.fixture
def ask(client):
    """Put the question of a citizen at an address of their own."""
    own = f"2001:db8::{secrets.token_hex(2)}:{secrets.token_hex(2)}"

    def post(number, digits, address=own, language="ru"):
        client.cookies["language"] = client.cookies["__Host-language"] = language
        return client.post("/status/", {"number": number, "digits": digits}, secure=True, REMOTE_ADDR=address)

    return post


def last_digits(application):
    return application.applicant.identifier[-4:]


def other_number(application):
    """A well-formed number that nobody has."""
    body = "020126" + str((int(application.number[8:14]) + 50_000) % 1_000_000).zfill(6)
    return body + check_digit(body)


def test_the_applicant_is_told_state_end_office_and_steps(ask, application):
    answer = ask(application.number.replace("-", " "), last_digits(application))
    standing = answer.context["standing"]
    assert answer.status_code == 200
    assert standing.due_at == application.due_at
    assert standing.holder == application.office
    words = ["Заявление принято", "Направлены запросы в государственные реестры", "Государственные реестры ответили"]
    assert [step.words for step in standing.steps] == words


def test_nothing_personal_is_told(ask, application):
    page = ask(application.number, last_digits(application)).content.decode()
    person = application.applicant
    secrets_of_the_case = (person.surname, person.given_name, person.iin, person.iin[-4:], "KZN", application.headline)
    assert not [word for word in secrets_of_the_case if word in page.replace(application.number, "")]


def test_an_unknown_number_and_wrong_digits_get_the_same_answer(ask, application):
    wrong = str((int(last_digits(application)) + 1) % 10_000).zfill(4)
    told = [ask(application.number, wrong), ask(other_number(application), wrong), ask(application.number, "")]
    assert [answer.status_code for answer in told] == [422, 422, 422]
    errors = [answer.context["form"].non_field_errors() for answer in told[:2]]
    assert len(errors[0]) == 1
    assert errors[0] == errors[1]
    assert "standing" not in told[0].context


def test_a_draft_has_no_standing(ask, almaty_police, almaty_front_desk):
    draft = make_case(almaty_police, State.DRAFT, front_desk=almaty_front_desk)
    assert ask(draft.number, last_digits(draft)).status_code == 422


def test_who_has_no_iin_gives_the_end_of_the_document(ask, application):
    person = application.applicant
    person.iin, person.document_number, person.citizenship = None, "AB45217x", "UZB"
    person.save()
    assert ask(application.number, "217X").status_code == 200


def test_questions_are_limited_per_address(ask, application, settings):
    """ASVS 2.4.1: 429 with Retry-After; another address is not held up."""
    settings.STATUS_QUESTIONS_PER_MINUTE = 2
    statuses = [ask("1", "1111").status_code for _turn in range(3)]
    limited = ask(application.number, last_digits(application))
    assert 422 in statuses
    assert limited.status_code == 429
    assert 1 <= int(limited["Retry-After"]) <= 60
    assert ask(application.number, last_digits(application), address="2001:db8:9::1").status_code == 200


@pytest.mark.parametrize("is_known", [True, False])
def test_the_digits_of_one_application_cannot_be_tried_through(ask, application, settings, is_known):
    settings.STATUS_QUESTIONS_PER_APPLICATION = 3
    number = application.number if is_known else other_number(application)
    for turn in range(6):
        answer = ask(number, f"{turn:04}", address=f"2001:db8:{turn}::7")
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 900


def test_no_number_and_no_digits_reach_address_or_log(ask, application, caplog):
    """ASVS 14.2.1, 16.2.5."""
    digits = last_digits(application)
    with caplog.at_level(logging.DEBUG):
        answer, wrong = ask(application.number, digits), ask(application.number, "0000")
    said = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert application.number not in said
    assert digits not in re.findall(r"\d+", said)
    assert (answer.request["QUERY_STRING"], answer.request["PATH_INFO"]) == ("", "/status/")
    assert all("no-store" in each["Cache-Control"] for each in (answer, wrong))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", "Сотрудник полиции рассматривает заявление"),
        ("kk", "Полиция қызметкері өтінішті қарап"),
        ("en", "An officer of the police looks at the application"),
    ],
)
def test_the_page_speaks_three_languages(ask, application, language, words):
    assert words in ask(application.number, last_digits(application), language=language).content.decode()


def test_the_answer_stays_when_the_language_is_switched(client, ask, application):
    told = ask(application.number, last_digits(application)).context["told"]
    answer = client.post("/status/", {"told": told, "language": "kk", "next": "/status/"}, secure=True)
    assert "Полиция қызметкері өтінішті қарап" in answer.content.decode()
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "kk"
    assert "no-store" in answer["Cache-Control"]


def test_an_answer_is_given_again_for_a_quarter_of_an_hour_and_to_its_page_alone(client, ask, application):
    told = ask(application.number, last_digits(application)).context["told"]
    forged = signing.dumps(application.number, salt="another page")
    switch = {"language": "kk", "next": "/status/"}
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        late = client.post("/status/", {"told": told, **switch}, secure=True)
    for answer in (late, client.post("/status/", {"told": forged, **switch}, secure=True)):
        assert (answer.status_code, answer["Location"]) == (302, "/status/")
        assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "kk"


def test_the_contact_centre_reads_the_same_words(client, ask, application, contact_centre):
    citizen = ask(application.number, last_digits(application)).context["standing"]
    client.force_login(contact_centre)
    page = client.post("/contact-centre/", {"number": application.number}, follow=True)
    assert page.context["found"]["standing"] == citizen
    assert citizen.meaning in page.content.decode()


def test_a_page_costs_two_queries(ask, application, django_assert_num_queries):
    for _time in range(5):
        record(application, Actor.automatic(), "document_marked_wrong", application.submitted_at)
    with django_assert_num_queries(2):
        ask(application.number, last_digits(application))
