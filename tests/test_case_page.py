"""The case page: its one answer, its evidence, who sees what of it, and what one look costs."""

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape

from applications import checking
from applications.acting import record
from applications.checking import COOL_DOWN
from applications.models import Application, Check, JournalEntry
from applications.outbox import Later
from applications.states import State
from applications.timeline import WORDS, said
from desk.changed import changed
from desk.said import day_and_time
from tests.fixtures_registers import forget_failures
from tests.fixtures_road import work

MOST_QUERIES = 15
ALMATY = ZoneInfo("Asia/Almaty")


def at(name, application, *args):
    return reverse(f"desk:{name}", args=[application.number, *args])


@pytest.fixture
def signed_in(client, road):
    """A function: username → the client, signed in as that account of the demo office."""

    def sign_in(username="officer"):
        client.force_login(road.people[username])
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sign_in


def test_a_clean_case_answers_yes_in_its_first_line(road, signed_in):
    """Every register clear, inspected (VR.8.1j), paid (VR.8.1b)."""
    response = signed_in().get(at("case", road.held()))
    assert response.context["verdict"].word == "yes"
    assert {card.tone for card in response.context["verdict"].cards} == {"ok"}
    assert response.context["steps"].barred == ""


def test_obstacles_stand_first_each_with_its_row_and_remedy(road, signed_in):
    """VR.9.4 unexecuted fines, VR.8.1j no inspection yet."""
    application = road.in_review("P-14")
    response = signed_in().get(at("case", application))
    first, second = response.context["verdict"].cards[:2]
    assert (response.context["verdict"].word, {first.row, second.row}) == ("no: 2 obstacles", {"VR.9.4", "VR.8.1j"})
    assert at("inspection", application) in response.content.decode()


@pytest.mark.parametrize(("username", "status"), [("officer_astana", 404), ("contact_centre", 403), ("auditor", 403)])
def test_others_are_not_shown_the_case(road, signed_in, username, status):
    application = road.in_review()
    assert signed_in(username).get(at("case", application)).status_code == status
    assert not application.journal.filter(action="viewed").exists()


def test_the_page_costs_the_same_with_a_long_history(road, signed_in, django_assert_max_num_queries):
    application = road.held()
    client = signed_in()
    client.get(reverse("desk:session"))  # the first request of a session writes when it began
    with django_assert_max_num_queries(MOST_QUERIES) as short:
        client.get(at("case", application))
    for _count in range(120):
        record(application, road.officer, "asked_again", timezone.now(), {"checks": ["fines"]})
    with django_assert_max_num_queries(MOST_QUERIES) as long:
        assert client.get(at("case", application)).status_code == 200
    assert len(long) == len(short)


def test_one_opening_is_one_look_and_a_refresh_is_none(road, signed_in):
    application = road.held()
    client = signed_in()
    token = client.get(at("case", application)).context["token"]
    assert client.get(at("case_refreshed", application), {"token": token}).status_code == 204
    assert client.get(at("case_refreshed", application), {"token": "old"}).status_code == 200
    looks = application.journal.filter(action="viewed")
    assert [look.changes for look in looks] == [{"what": "case"}]


def test_whatever_the_journal_tells_renews_the_open_page(road, signed_in):
    """A paper that was made changes no version of the case, and still shows."""
    application = road.in_review()
    client = signed_in()
    token = client.get(at("case", application)).context["token"]
    work(papers=True)
    response = client.get(at("case_refreshed", application), {"token": token})
    assert response.status_code == 200
    assert response.context["papers"][0].is_ready


def test_the_identifier_is_masked_until_one_journaled_click(road, signed_in):
    application = road.held()
    client = signed_in()
    number = application.applicant.identifier
    assert number not in client.get(at("case", application)).content.decode()
    assert number in client.post(at("reveal", application)).content.decode()
    assert application.journal.filter(action="viewed", changes={"what": "identifier"}).count() == 1


def test_a_register_that_is_away_shows_in_three_places(road, signed_in, simulator):
    application = road.in_review()
    simulator.switch("restrictions", "down")
    with pytest.raises(Later):
        checking.run(application.number, ["restrictions"])
    page = signed_in().get(at("case", application))
    name = escape("Restrictions on registration acts")
    content = page.content.decode()
    assert [said.tone for said in page.context["said"]] == ["risk"]
    assert page.context["verdict"].waits[0].title == name
    assert re.search(rf"<dt>{name}</dt><dd class=\"changed\">unavailable", content)
    assert page.context["verdict"].word.startswith("no:")


def test_who_is_on_the_lists_is_told_to_the_holder_only(road, signed_in):
    """VR.9.6: the lists of financing terrorism and proliferation."""
    application = road.in_review("P-19")
    check = application.checks.get(code="terrorism_list")
    words = "On the list for financing terrorism"
    for username in ("officer", "supervisor", "front_desk"):
        assert words not in signed_in(username).get(at("case", application)).content.decode()
    assert signed_in("officer").get(at("check", application, check.pk)).status_code == 404
    road.take(application)
    assert words in signed_in("officer").get(at("case", application)).content.decode()


def test_a_card_opens_to_the_raw_answer_and_earlier_ones(road, signed_in):
    application = road.held()
    check = application.checks.get(code="fines")
    Check.objects.filter(pk=check.pk).update(asked_at=timezone.now() - 2 * COOL_DOWN)
    client = signed_in()
    assert (
        client.post(at("ask_again", application), {"code": "fines"}, headers={"HX-Request": "true"}).status_code == 204
    )
    work()
    page = client.get(at("check", application, check.pk), headers={"HX-Request": "true"}).content.decode()
    assert all(answer.request_id in page for answer in check.answers.all())
    assert check.answers.count() >= 2
    assert application.journal.filter(action="viewed", changes={"what": "check fines:applicant"}).exists()


def test_asking_again_at_once_is_refused_kindly(road, signed_in):
    application = road.held()
    Check.objects.filter(application=application).update(asked_at=timezone.now())
    response = signed_in().post(at("ask_again", application), {"code": "fines"}, headers={"HX-Request": "true"})
    assert response.status_code == 429
    assert response.headers["HX-Retarget"] == "#problem"


def test_a_doubtful_match_is_judged_by_one_and_confirmed_by_another(road, signed_in):
    """VR.9.5: a wanted person of the same name without IIN."""
    application = road.held("P-17")
    check = application.checks.get(code="wanted_persons")
    data = {"version": application.version, "ruling": "clear", "reason": ""}
    empty = signed_in().post(at("rule", application, check.pk), data)
    assert (empty.status_code, "Choose an answer" in empty.content.decode()) == (422, True)
    signed_in().post(at("rule", application, check.pk), {**data, "reason": "Other place of birth"})
    assert signed_in().post(at("confirm_ruling", application, check.pk)).status_code == 403
    signed_in("officer2").post(at("confirm_ruling", application, check.pk))
    assert signed_in().get(at("case", application)).context["verdict"].word == "yes"


def test_a_document_marked_wrong_no_longer_meets_its_requirement(road, signed_in):
    """VR.8.1h: the mark stands at the very document, with the reason the applicant reads."""
    application = road.held()
    document = application.documents.get()
    client = signed_in()
    assert client.post(at("mark_document", application, document.pk), {"reason": " "}).status_code == 422
    client.post(at("mark_document", application, document.pk), {"reason": "Page two is cut off"})
    page = client.get(at("case", application))
    assert "Page two is cut off" in page.content.decode()
    assert page.context["needs"][-2].is_met is False


def test_a_document_of_another_case_by_its_id_is_not_there(road, signed_in):
    mine, other = road.in_review(), road.in_review("P-02", "V-02")
    client = signed_in()
    assert client.get(at("document", mine, other.documents.get().pk)).status_code == 404
    shown = client.get(at("document", mine, mine.documents.get().pk))
    assert (shown.status_code, shown["X-Frame-Options"]) == (200, "SAMEORIGIN")
    assert mine.journal.filter(changes={"what": f"document {mine.documents.get().pk}"}).count() == 1


def test_taking_a_case_that_a_colleague_took_first_says_who(road, signed_in):
    application = road.in_review()
    assert signed_in().post(at("case_take", application)).status_code == 302
    response = signed_in("officer2").post(at("case_take", application))
    assert response.status_code == 409
    assert "Б. Омаров" in response.content.decode()


def test_taking_over_needs_a_reason_and_keeps_it(road, signed_in):
    application = road.held()
    client = signed_in("officer2")
    assert client.post(at("take_over", application), {"reason": "", "version": application.version}).status_code == 422
    client.post(at("take_over", application), {"reason": "Shift ended", "version": application.version})
    entry = application.journal.get(action="taken_over")
    assert (entry.changes["reason"], road.fresh(application).holder) == ("Shift ended", road.people["officer2"])


def test_releasing_puts_the_case_back(road, signed_in):
    application = road.held()
    signed_in().post(at("release", application), {"version": application.version})
    assert road.fresh(application).holder is None


def test_the_front_desk_reads_and_withdraws_but_does_not_judge(road, signed_in):
    application = road.in_review()
    client = signed_in("front_desk")
    page = client.get(at("case", application))
    assert (page.status_code, "case-verdict" in page.content.decode()) == (200, False)
    assert client.post(at("case_take", application)).status_code == 403
    client.post(at("withdraw", application), {"reason": "Sold the car", "version": application.version})
    assert road.fresh(application).state == State.WITHDRAWN


def test_an_empty_stock_is_said_in_words(road, signed_in):
    """VR.5a: approved, and waiting for plates, is no dead end."""
    application = road.approved()
    Application.objects.filter(pk=application.pk).update(held_up_by="plates.stock_empty")
    said = signed_in().get(at("case", application)).context["said"]
    assert said[0].tone == "risk"
    assert "No plates of this kind" in said[0].title
    assert said[0].lead.endswith("stock.")
    assert not said[0].lead.endswith("..")


@pytest.mark.parametrize("typed", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "2026-99-99", "NaN"])
def test_a_reason_that_looks_like_an_instant_is_told_as_it_was_typed(typed):
    """One such reason, kept for good, would have broken the page of the journal for good."""
    assert changed(JournalEntry(action="withdrawn", changes={"reason": typed}))[0][1] == typed


def test_an_amount_is_grouped_wherever_the_journal_tells_it():
    said_of = {"verdict": "applied", "amount": "12110.00", "receipt": "7"}
    with translation.override("ru"):
        assert said("payment_reported", said_of, {}) == "Оплата поступила: 12\N{NO-BREAK SPACE}110 тенге"


def test_a_match_that_nobody_judged_says_what_bars_the_approval(road, signed_in):
    application = road.held("P-17", "V-03")
    barred = signed_in().get(at("case", application)).context["steps"].barred
    assert barred == "Wanted persons: somebody must judge the match"


def test_answers_that_still_hold_are_not_told_as_none():
    with translation.override("en"):
        assert said("registers_answered", {"outcomes": {}}, {}).startswith("The earlier answers")
        assert said("registers_answered", {"outcomes": {"fines:applicant": "clear"}}, {}).endswith(": 1")


def test_a_look_tells_at_what_in_words():
    with translation.override("ru"):
        assert said("viewed", {"what": "case"}, {}) == "Просмотрено: дело"
        assert said("viewed", {"what": "document 7"}, {}) == "Просмотрено: документ 7"
        assert said("viewed", {"what": "1-118"}, {}) == "Просмотрено: 1-118"


def test_every_step_that_a_case_journals_has_words():
    """No code of an action reaches a person."""
    root = Path(settings.BASE_DIR)
    folders = ("applications", "fees", "refusals", "plates", "registration")
    calls = re.compile(r"\brecord\(\s*[\w.]+, [\w.()]+, \"(\w+)\"", re.DOTALL)
    actions = {
        action
        for folder in folders
        for path in root.joinpath(folder).rglob("*.py")
        for action in calls.findall(path.read_text())
    }
    assert len(actions) > 15
    assert actions <= set(WORDS)
    noted = re.compile(r"\bnote\(\w+, (?:actor, )?\"(\w+)\"|\bnoted\([^()]*action=\"(\w+)\"", re.DOTALL)
    told = {"".join(found) for path in root.rglob("[a-z]*/**/*.py") for found in noted.findall(path.read_text())}
    assert len(told) > 15
    assert told <= set(WORDS)
    assert said("paper_made", {"kind": "receipt"}, {"receipt": "Receipt"}) != "paper made"
    assert JournalEntry._meta.get_field("action").max_length >= max(map(len, WORDS))


@pytest.mark.django_db(transaction=True)
def test_an_open_page_renews_itself_and_is_worked_by_keyboard(road, sign_in_browser, simulator):
    """A register that goes away and comes back shows by itself; scans turn by a printed key; A opens the approval."""
    application = road.held()
    page = sign_in_browser(road.people["officer"], language="en")
    page.goto(at("case", application))
    page.locator(f"#check-{application.checks.get(code='fines').pk} summary").click()
    page.locator(".evidence pre").wait_for()
    page.keyboard.press("r")
    assert page.locator(".sheet:not([hidden])").get_attribute("data-turns") == "1"
    simulator.switch("restrictions", "down")
    with pytest.raises(Later):
        checking.run(application.number, ["restrictions"])
    page.locator("#step-barred").wait_for()
    assert page.locator("#case-said").inner_text().startswith("No answer: Restrictions")
    assert page.locator(".evidence pre").is_visible()
    simulator.reset()
    forget_failures()
    checking.run(application.number, ["restrictions"])
    page.locator("a#step-approve").wait_for()
    page.keyboard.press("a")
    page.wait_for_url(f"**{at('approve', application)}")


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "25 November, 10:36"), ("ru", "25 ноября, 10:36"), ("kk", "25 қараша, 10:36")],
)
def test_a_day_in_running_text_is_written_as_the_language_has_it(language, said):
    with translation.override(language):
        assert day_and_time(datetime(2026, 11, 25, 10, 36, tzinfo=ALMATY)) == said
