"""The queue: what it shows, in which order, to whom, and at what price."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation

from applications.acting import Actor, beat
from applications.holding import take
from applications.models import Application, JournalEntry
from applications.states import State
from desk import clocks, rows, worklist
from desk.worklist import Chosen
from offices.calendar import working_calendar
from tests.fixtures_desk import make_case

ALMATY = ZoneInfo("Asia/Almaty")


@pytest.fixture
def client_of(client):
    """A function that signs the test client in as somebody."""

    def sign_in(staff):
        client.force_login(staff)
        client.cookies["language"] = "en"
        return client

    return sign_in


def shown(response):
    return [row.number for row in response.context["page"].rows]


def test_the_day_starts_on_the_queue_soonest_due_first(client_of, officer, case):
    later, soonest, middle = case(left=90), case(left=5), case(left=40)
    response = client_of(officer).get("/", follow=True)
    assert response.redirect_chain[-1][0] == "/queue/"
    assert shown(response) == [soonest.number, middle.number, later.number]


def test_a_case_about_its_applicant_hides_their_number_in_the_list(client_of, officer, case):
    """DL: what the case is about is the driver, whose IIN no list shows."""
    application = case()
    number = application.applicant.identifier
    Application.objects.filter(pk=application.pk).update(subject=f"DRIVER:{number}")
    page = client_of(officer).get("/queue/")

    assert number not in page.content.decode()
    assert page.context["page"].rows[0].subject == application.applicant.masked_identifier


def test_chips_count_what_their_lists_hold(client_of, officer, other_officer, case):
    now = timezone.now()
    case(left=-5)
    case(left=10, holder=officer, held_since=now)
    case(left=90, holder=other_officer, held_since=now, checks=("clear", "unavailable"))
    case(State.ISSUED, issued_at=now)
    client = client_of(officer)
    counts = {chip["code"]: chip["count"] for chip in client.get("/queue/").context["chips"]}
    assert counts == {"all": 3, "mine": 1, "overdue": 1, "risk": 1, "register": 1, "handover": 1}
    for code, count in counts.items():
        assert len(shown(client.get(f"/queue/?show={code}"))) == count, code


def test_filters_start_open_are_shown_and_come_off(client_of, officer, case):
    case()
    portal = case(front_desk=None)
    client = client_of(officer)
    assert client.get("/queue/").context["filters"] == []
    response = client.get("/queue/?channel=egov")
    assert shown(response) == [portal.number]
    assert response.context["filters"] == [{"word": "egov.kz portal", "without": "?"}]
    assert "1 line in this list" in response.content.decode()


def test_a_front_desk_sees_its_own_drafts_and_what_to_hand_over(client_of, front_desk, front_desk_astana, case):
    draft, result = case(State.DRAFT), case(State.ISSUED, issued_at=timezone.now())
    handed = case(State.ISSUED, issued_at=timezone.now(), handed_over_at=timezone.now())
    client = client_of(front_desk)
    assert shown(client.get("/queue/")) == [result.number, draft.number]
    assert handed.number not in client.get("/queue/?show=handover").content.decode()
    assert shown(client_of(front_desk_astana).get("/queue/")) == []


def test_pages_follow_each_other_without_gap_or_repeat(client_of, officer, almaty_police):
    due = timezone.now() + timedelta(hours=1)
    for _ in range(worklist.PAGE + 3):
        # The same due time for all: the order must still be one order.
        make_case(almaty_police, due_at=due)
    client = client_of(officer)
    first = client.get("/queue/")
    second = client.get(f"/queue/{first.context['next_address']}")
    assert (len(shown(first)), len(shown(second))) == (50, 3)
    assert len({*shown(first), *shown(second)}) == 53
    assert second.context["next_address"] == ""


@pytest.mark.parametrize("after", ["nonsense", "~", "2026-13-45T00:00:00Z~7", "2026-01-01~7", "~9999999999999999"])
def test_a_bent_place_in_the_address_does_no_harm(client_of, officer, case, after):
    case()
    assert client_of(officer).get("/queue/", {"after": after}).status_code == 200


@pytest.mark.parametrize("cases", [1, 50])
@pytest.mark.parametrize("history", [0, 40])
def test_eight_queries_for_one_row_and_for_fifty(
    client_of, officer, supervisor, almaty_police, django_assert_max_num_queries, cases, history
):
    for _ in range(cases):
        application = make_case(almaty_police, checks=("clear", "hit", "", "unavailable", "needs_human"))
        JournalEntry.objects.bulk_create(
            JournalEntry(
                chain=f"application:{application.number}",
                application=application,
                at=timezone.now(),
                actor_label="portal",
                action="viewed",
            )
            for _ in range(history)
        )
    for staff in (officer, supervisor):
        client = client_of(staff)
        client.get("/queue/?show=mine")
        with django_assert_max_num_queries(8):
            assert len(shown(client.get("/queue/"))) == cases


def test_taking_shows_at_once_in_row_and_counts(client_of, officer, case):
    application = case()
    response = client_of(officer).post(
        f"/queue/{application.number}/take/", {"show": "all"}, headers={"HX-Request": "true"}
    )
    (row,) = response.context["page"].rows
    assert (row.is_mine, row.may_take) == (True, False)
    assert {chip["code"]: chip["count"] for chip in response.context["chips"]}["mine"] == 1
    assert Application.objects.get().holder == officer


def test_who_is_second_reads_who_was_first(client_of, officer, other_officer, case):
    application = case()
    take(actor=Actor.of(other_officer), number=application.number, now=timezone.now())
    response = client_of(officer).post(f"/queue/{application.number}/take/", headers={"HX-Request": "true"})
    assert response.status_code == 409
    assert other_officer.short_name in response.content.decode()
    assert response.headers["HX-Retarget"] == "#problem"


def test_an_application_of_another_office_is_not_there(client_of, officer_astana, case):
    application = case()
    response = client_of(officer_astana).post(f"/queue/{application.number}/take/")
    assert response.status_code == 404
    assert Application.objects.get().holder is None


def test_take_next_opens_the_soonest_due_free_case(client_of, officer, case):
    case(left=50)
    soonest = case(left=20)
    response = client_of(officer).post("/queue/next/")
    assert response.headers["Location"] == rows.address_of(soonest)
    empty = client_of(officer)
    empty.post("/queue/next/")
    assert "Nothing waits for a decision" in empty.post("/queue/next/", follow=True).content.decode()


def test_a_refresh_costs_one_query_until_something_changes(client_of, officer, case, django_assert_num_queries):
    case()
    client = client_of(officer)
    with time_machine.travel(timezone.now(), tick=False):
        state = {"token": client.get("/queue/").context["token"], "show": "all"}
        with django_assert_num_queries(1):
            quiet = client.get("/queue/refresh/", state)
        beat(officer.office_id)
        changed = client.get("/queue/refresh/", state)
    assert (quiet.status_code, changed.status_code) == (204, 200)
    assert changed.context["token"] != state["token"]


def test_looking_at_the_queue_is_no_sign_of_its_owner(client_of, officer, case):
    client = client_of(officer)
    client.get("/queue/")
    seen = f"seen:{client.session.session_key}"
    ten_minutes_ago = timezone.now().timestamp() - 600
    cache.set(seen, ten_minutes_ago)
    client.get("/queue/refresh/", headers={"X-Background": "1"})
    assert cache.get(seen) == ten_minutes_ago
    client.get("/queue/")
    assert cache.get(seen) > ten_minutes_ago


def face_at(now, *, due_at, at_risk_at=None, submitted_at=None, state=State.REVIEW):
    application = Application(
        state=state,
        submitted_at=submitted_at or due_at - timedelta(hours=2),
        due_at=due_at,
        at_risk_at=at_risk_at or due_at - timedelta(minutes=30),
        clock={"schedule": "standard"},
    )
    return clocks.face(application, now, working_calendar())


@pytest.mark.parametrize(
    ("now", "due", "tone", "amount"),
    [
        ("2026-11-24 10:42", "2026-11-24 10:56", "risk", "14 min"),
        ("2026-11-24 10:42", "2026-11-24 12:26", "calm", "1 h 44 min"),
        ("2026-11-24 10:56", "2026-11-24 10:56", "late", "−1 min"),
        ("2026-11-24 11:02", "2026-11-24 10:56", "late", "−6 min"),
        # Friday ten minutes before closing, due Monday half past nine: the weekend is not working time.
        ("2026-11-27 17:50", "2026-11-30 09:30", "calm", "40 min"),
        # PD.3 counts working days: the weekend between is none.
        ("2026-11-26 10:00", "2026-12-01 18:00", "calm", "3 days"),
    ],
)
@pytest.mark.django_db
def test_the_clock_shows_working_time_left(now, due, tone, amount):
    """VR.7a, PD.3: the number is working time by the office's hours, with a word beside it."""
    instant, due_at = (datetime.fromisoformat(text).replace(tzinfo=ALMATY) for text in (now, due))
    with translation.override("en"):
        face = face_at(instant, due_at=due_at)
    assert (face.tone, face.amount) == (tone, amount)
    assert face.word


def test_an_unknown_view_or_filter_falls_back_to_everything(officer):
    chosen = Chosen.read({"show": "everything", "service": "XX", "channel": "'; --"}, officer.role)
    assert chosen == Chosen("all")


def test_reading_needs_a_sign_in():
    response = Client().get("/queue/")
    assert response.status_code == 302
    assert response.headers["Location"] == "/sign-in/?next=%2Fqueue%2F"
