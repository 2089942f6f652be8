"""The front desk's five steps as pages: saved as they go, closed to others, honest about what is wrong."""

import re
import secrets
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.models import Application
from applications.states import State
from people.models import PowerOfAttorney
from tests.fixtures_registers import demo_organisation, demo_person, demo_vehicle
from tests.fixtures_road import Road, scan, work

STEPS = ("details", "documents", "payment", "review")
PAPER = {"number": "1-204", "issued_on": "2026-01-10", "expires_on": "2030-01-10", "scope": ["register"]}


@pytest.fixture
def desk(client, road: Road):
    client.force_login(road.people["front_desk"])
    return client


def found(desk, who: str, identifier: str) -> str:
    """Look a party up as the page does; the token that the form then carries."""
    page = desk.post(reverse("desk:intake_look_up"), {"who": who, f"{who}_identifier": identifier})
    work()
    return page.context["token"]


def opened(desk, row_id: str = "P-01", **more) -> Application:
    """A draft opened through the pages."""
    applicant = found(desk, "applicant", demo_person(row_id)["iin"])
    answer = desk.post(reverse("desk:intake_open"), {"subservice": "VR-1", "applicant": applicant, **more})
    assert answer.status_code == 302, answer.context["error"].fields
    return Application.objects.get(number=answer.url.split("/")[2])


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def step(name: str, application: Application) -> str:
    return reverse(f"desk:intake_{name}", args=[application.number])


def test_the_name_comes_from_the_register(desk):
    person = demo_person("P-02")
    page = desk.post(reverse("desk:intake_look_up"), {"who": "applicant", "applicant_identifier": person["iin"]})
    work()
    answer = desk.get(reverse("desk:intake_found", args=["applicant", page.context["token"]]))

    assert person["surname"] in answer.content.decode()
    assert person["iin"] not in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "says"),
    [("850412330079", "онтрольн|check"), ("12345", "12"), ("", "12")],
    ids=["wrong check digit", "too short", "empty"],
)
def test_a_wrong_iin_is_told_at_once(desk, typed, says):
    answer = desk.post(reverse("desk:intake_look_up"), {"who": "applicant", "applicant_identifier": typed})

    assert any(word in answer.content.decode() for word in says.split("|"))
    assert "hx-get" not in answer.content.decode()


def test_a_dead_persons_iin_opens_nothing(desk):
    token = found(desk, "applicant", demo_person("P-26")["iin"])
    answer = desk.post(reverse("desk:intake_open"), {"subservice": "VR-1", "applicant": token})

    assert answer.status_code == 422
    assert not Application.objects.exists()


def test_a_draft_waits_for_a_closed_browser(desk):
    application = opened(desk)
    vin = demo_vehicle("V-01")["vin"]
    desk.post(step("details", application), {"vin": vin, "stay": "1"})
    work()

    assert application.number in desk.get(reverse("desk:intake_start")).content.decode()
    assert vin in desk.get(step("details", application)).content.decode()


def test_details_typed_wrong_are_kept_and_named(desk):
    application = opened(desk)
    answer = desk.post(step("details", application), {"vin": "XTA21907OR0123456"})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "XTA21907OR0123456" in page
    assert 'id="id_vin_error"' in page
    assert answer.context["error"].fields.keys() == {"vin"}


def test_a_bad_file_is_named_and_the_good_ones_stay(desk):
    application = opened(desk)
    desk.post(step("details", application), {"vin": demo_vehicle("V-01")["vin"]})
    work()
    files = [scan("good"), SimpleUploadedFile("program.pdf", b"MZ\x90\x00" + b"\x00" * 200)]
    answer = desk.post(step("attach", application), {"requirement": "ownership_proof", "upload": files})

    assert answer.status_code == 422
    assert "program.pdf" in answer.content.decode()
    assert list(application.documents.values_list("name", flat=True)) == ["good.jpg"]


def test_an_incomplete_draft_is_not_accepted(desk):
    application = opened(desk)
    answer = desk.post(step("review", application))

    assert answer.status_code == 422
    assert "VR.8.1h" in answer.content.decode()
    assert fresh(application).state == State.DRAFT


def test_a_complete_draft_is_accepted_once_however_often_it_is_sent(desk, road):
    application = road.paid()
    form = {"form_key": secrets.token_hex(8)}
    first, second = desk.post(step("review", application), form), desk.post(step("review", application), form)

    assert fresh(application).state == State.SUBMITTED
    assert urlsplit(first.url).path == urlsplit(second.url).path == step("accepted", application)
    assert application.journal.filter(action="accepted").count() == 1


def test_an_organisation_acts_through_somebody(desk):
    applicant = found(desk, "applicant", demo_organisation("O-01")["bin"])
    answer = desk.post(reverse("desk:intake_open"), {"subservice": "VR-1", "applicant": applicant})

    assert answer.status_code == 422
    assert answer.context["error"].fields.keys() == {"representative"}


@pytest.mark.parametrize("expires_on", ["2026-02-01", "2025-12-01"], ids=["ran out", "ends before it began"])
def test_a_power_of_attorney_that_does_not_hold_opens_nothing(desk, expires_on):
    applicant = found(desk, "applicant", demo_organisation("O-01")["bin"])
    representative = found(desk, "representative", demo_person("P-02")["iin"])
    form = {**PAPER, "expires_on": expires_on, "applicant": applicant, "representative": representative}
    answer = desk.post(reverse("desk:intake_open"), {"subservice": "VR-1", **form})

    assert answer.context["error"].fields.keys() == {"expires_on"}
    assert not PowerOfAttorney.objects.exists()


def test_a_representative_with_a_paper_that_holds_opens_the_draft(desk):
    representative = found(desk, "representative", demo_person("P-02")["iin"])
    application = opened(desk, representative=representative, **PAPER)

    assert application.representative is not None
    assert application.power_of_attorney.covers("register", application.created_at.date())


@pytest.mark.parametrize("name", STEPS)
def test_another_desk_never_sees_the_draft(desk, road, client, name):
    application = opened(desk)
    client.force_login(road.people["front_desk_astana"])

    assert client.get(step(name, application)).status_code == 404
    assert client.post(step("details", application), {"vin": ""}).status_code == 404


@pytest.mark.parametrize("name", STEPS)
def test_a_step_costs_the_same_however_much_is_in_it(desk, road, name, django_assert_max_num_queries):
    application = road.paid()
    with django_assert_max_num_queries(24):
        assert desk.get(step(name, application)).status_code == 200


@pytest.mark.parametrize("name", [*STEPS, "choose_plate"])
def test_a_changed_draft_sends_only_panels_that_the_page_has(desk, road, name):
    """A panel without its place would be a fault of the script in the officer's browser."""
    application = road.draft()
    address = (
        reverse("desk:choose_plate", args=[application.number]) if name == "choose_plate" else step(name, application)
    )
    page = desk.get(address).content.decode()
    pulse = unescape(re.search(r'id="intake-pulse" hx-get="([^"]+)"', page)[1])
    Application.objects.filter(pk=application.pk).update(version=application.version + 1)

    answer = desk.get(pulse).content.decode()
    sent = re.findall(r'id="([^"]+)" hx-swap-oob', answer)
    assert {"intake-aside", "intake-steps"} <= set(sent)
    assert [panel for panel in sent if f'id="{panel}"' not in page] == []


def test_a_step_that_there_is_not_is_named(desk, road):
    application = road.draft()
    answer = desk.get(step("refreshed", application), {"version": 0, "step": "payed"})
    assert answer.status_code == 422


def test_an_unchanged_draft_is_not_sent_again(desk):
    application = opened(desk)
    address = step("refreshed", application)

    assert desk.get(address, {"version": application.version, "step": "details"}).status_code == 204
    assert desk.get(address, {"version": 0, "step": "details"}).status_code == 200


def test_without_an_applicant_the_page_says_so_on_top_and_beside_the_field(desk):
    answer = desk.post(reverse("desk:intake_open"), {"subservice": "VR-1", "applicant": ""})
    said = str(answer.context["error"].fields["applicant"])

    assert answer.status_code == 422
    assert "БИН" in said
    assert unescape(answer.content.decode()).count(said) == 2
