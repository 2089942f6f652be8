"""The desk's pages about licences: the form, the pictures, the driver, the search, the rules; and what each costs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications import issuing
from applications.models import JournalEntry
from licensing.models import CategoryRule, DriverLicence, LicenceForm
from tests.fixtures_licences import face, hand
from tests.test_query_counts import statements

pytestmark = pytest.mark.django_db

MOST = 15


def signed_in(client, road, username):
    client.force_login(road.people[username])
    return client


def driver(number):
    return DriverLicence.objects.get(number=number).driver_id


def test_the_form_keeps_details_and_pictures_in_one_step(client, road, licences):
    application = licences.open("P-32")
    page = signed_in(client, road, "front_desk")
    address = f"/intake/{application.number}/details/"
    assert 'enctype="multipart/form-data"' in page.get(address).content.decode()
    sent = page.post(address, {"act": "exchange", "photo": face(), "signature": hand(), "stay": "1"})
    details = road.fresh(application).licence_details
    assert (sent.status_code, details.act, details.previous.number) == (302, "exchange", "DL320001")
    shown = page.get(f"/cases/{application.number}/pictures/photo/")
    assert (shown["Content-Type"], shown["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert application.journal.filter(action="viewed", changes__what="photo").exists()


def test_a_bad_picture_is_named_beside_its_field_and_the_rest_is_kept(client, road, licences):
    application = licences.open("P-32")
    page = signed_in(client, road, "front_desk")
    answer = page.post(
        f"/intake/{application.number}/details/", {"act": "exchange", "photo": face((100, 100)), "stay": "1"}
    )
    assert answer.status_code == 422
    assert "100 × 100" in answer.content.decode()
    assert road.fresh(application).licence_details.act == "exchange"


def test_a_picture_of_another_office_is_not_shown(client, road, licences):
    application = licences.capture(licences.open("P-32"))
    answer = signed_in(client, road, "officer_astana").get(f"/cases/{application.number}/pictures/photo/")
    assert answer.status_code == 404


def test_the_driver_page_is_for_the_region_and_every_look_is_journaled(client, road):
    pk = driver("DL460002")
    page = signed_in(client, road, "officer").get(f"/drivers/{pk}/")
    assert "DL460001" in page.content.decode()
    assert JournalEntry.objects.filter(chain=f"driver:{pk}", action="viewed").count() == 1
    assert client.get("/drivers/999999/").status_code == 404
    assert signed_in(client, road, "officer_astana").get(f"/drivers/{pk}/").status_code == 404


def test_an_officer_asks_the_register_of_deprivations(client, road):
    pk = driver("DL430001")
    answer = signed_in(client, road, "officer").post(f"/drivers/{pk}/deprivations/", follow=True)
    assert answer.status_code == 200
    assert DriverLicence.objects.get(number="DL430001").state == "withdrawn"
    assert signed_in(client, road, "front_desk").post(f"/drivers/{pk}/deprivations/").status_code == 403


@pytest.mark.parametrize("typed", ["dl 460002", "920719346079"])
def test_a_driver_is_found_by_licence_or_iin(client, road, typed):
    page = signed_in(client, road, "officer").post("/search/", {"q": typed}, follow=True)
    assert f"/drivers/{driver('DL460002')}/" in page.content.decode()
    assert (
        signed_in(client, road, "officer_astana").post("/search/", {"q": typed}, follow=True).context["drivers"] == []
    )


def test_the_administrator_sees_what_is_missing_and_enters_it(client, road):
    page = signed_in(client, road, "administrator")
    assert [rule.category_id for rule in page.get("/administration/licences/").context["missing"]] == [
        *("BE", "CE", "C1E", "DE", "D1E"),
    ]
    rule = CategoryRule.objects.get(category="BE")
    data = {"since": rule.valid_from, "minimum_age": 19, "experience_years": 1, "source": "ст. 74 п. 3"}
    assert page.post(f"/administration/licences/categories/{rule.pk}/", data).status_code == 302
    rule.refresh_from_db()
    assert (rule.minimum_age, rule.edited_by) == (19, road.people["administrator"])
    form = LicenceForm.objects.get()
    data = {"since": form.valid_from, "number_pattern": "[", "example": "AK000001", "years_valid": 10, "source": "x"}
    assert page.post(f"/administration/licences/forms/{form.pk}/", data).status_code == 422


def test_licence_blanks_are_kept_like_the_others(client, road):
    page = signed_in(client, road, "officer")
    answer = page.post("/stock/licences/receive/", {"first": "AK 700001", "count": 5, "step": "confirm"}, follow=True)
    assert answer.status_code == 200
    shelf = page.get("/stock/").context["blank_shelves"][1]
    assert (shelf.series[0].letters, shelf.series[0].by_state["received"]) == ("AK", 205)
    refused = page.post("/stock/licences/receive/", {"first": "12", "count": 1})
    assert (refused.status_code, "AK000001" in refused.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("person", "subservice", "act", "details"),
    [
        ("P-46", "DL-2", "first_issue", {"categories": ["C"]}),
        ("P-33", "DL-1", "exchange", {}),
    ],
)
def test_an_issue_costs_little(licences, road, person, subservice, act, details):
    application = licences.approved(person, subservice, act, **details)
    assert len(statements(lambda: issuing.issue(application.number))) <= MOST


def test_the_case_page_costs_little(client, road, licences):
    application = licences.held("P-46", "DL-2", "first_issue", categories=["C"])
    page = signed_in(client, road, "officer")
    page.get(f"/cases/{application.number}/")
    with CaptureQueriesContext(connection) as captured:
        answer = page.get(f"/cases/{application.number}/")
    assert answer.status_code == 200
    assert len([query for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]) <= 18


@pytest.mark.parametrize("more", [0, 12])
def test_the_driver_page_costs_the_same_with_a_long_history(client, road, more, django_assert_num_queries):
    pk, first = driver("DL460002"), DriverLicence.objects.get(number="DL460001")
    for place in range(more):
        DriverLicence.objects.create(
            driver_id=pk,
            number=f"XX{place:06d}",
            issued_at=first.issued_at,
            valid_until=first.valid_until,
            office=first.office,
            origin="imported",
            import_reference="x",
            state="replaced",
            state_changed_at=timezone.now(),
        )
    page = signed_in(client, road, "officer")
    with django_assert_num_queries(10):
        page.get(f"/drivers/{pk}/")
