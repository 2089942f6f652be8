"""Withdrawing through a portal, and choosing a number: what the verbs allow, for the version read, once."""

from __future__ import annotations

import pytest
from django.utils import timezone
from django.utils.translation import override

from applications.following import standing
from applications.models import Application, JournalEntry
from plates.choosing import held
from plates.models import Plate
from refusals.refusing import refuse
from tests.fixtures_api import opened
from tests.fixtures_registers import demo_person
from tests.fixtures_road import work
from tests.test_api_walk import sale
from tests.test_query_counts import BAD_PAPERS

pytestmark = pytest.mark.django_db


def draft(road, portal, **details):
    """A sale of a registered vehicle as a portal fills it in, with the registers' answers there."""
    registered = road.registered()
    number = opened(portal, demo_person("P-02")["iin"]).json()["number"]
    case = f"applications/{number}"
    saved = portal.put(f"{case}/details", {**sale(road, registered), **details}, match=portal.get(case)["ETag"])
    assert saved.status_code == 200, saved.content
    work()
    return Application.objects.get(number=number)


def test_a_draft_is_withdrawn_once_and_for_the_version_read(portal):
    made = opened(portal, demo_person("P-02")["iin"])
    path, reason = f"applications/{made.json()['number']}/withdraw", {"reason": "Changed my mind"}
    assert portal.post(path, {"reason": ""}, match=made["ETag"]).status_code == 422
    assert portal.post(path, reason, match=99).json()["code"] == "stale"
    done = portal.post(path, reason, match=made["ETag"])
    assert (done.status_code, done.json()["state"]) == (200, "withdrawn")
    assert (made.json()["may_withdraw"], done.json()["may_withdraw"]) == (True, False)
    again = portal.post(path, reason, match=done["ETag"])
    assert (again.status_code, again.json()["code"]) == (409, "illegal_move")


def test_an_application_says_how_long_it_can_be_withdrawn(road, portal, egov):
    """Until somebody has decided, and not a moment longer: portals need not know which states these are."""
    application = road.held()
    Application.objects.filter(pk=application.pk).update(filed_by=egov, channel="egov", front_desk=None)
    case = f"applications/{application.number}"
    assert portal.get(case).json()["may_withdraw"] is True
    refuse(actor=road.officer, number=application.number, version=None, chosen=BAD_PAPERS, now=timezone.now())
    now = portal.get(case)
    assert now.json()["may_withdraw"] is False
    assert portal.post(f"{case}/withdraw", {"reason": "Sold"}, match=now["ETag"]).json()["code"] == "illegal_move"


def test_a_number_is_found_held_and_given_up(road, portal):
    """VR.6a over the portals' door."""
    application = draft(road, portal, plates_kept="no")
    case = f"applications/{application.number}"
    assert portal.get(case).json()["chooses_plates"] is True
    found = portal.post(f"{case}/plates/search", {"pattern": ""}, key=None)
    assert found.status_code == 200, found.content
    first, second = (item["number"] for item in found.json()["numbers"][:2])
    assert portal.put(f"{case}/plate", {"number": first}).json() == {"number": first}
    assert portal.post(f"{case}/plates/search", {"pattern": ""}, key=None).json()["held"] == first
    assert portal.put(f"{case}/plate", {"number": "nonsense"}).status_code in {409, 422}
    assert portal.put(f"{case}/plate", {"number": second}).status_code == 200
    assert held(application).plate.number == second
    assert portal.call("DELETE", f"{case}/plate").status_code == 204
    assert held(application) is None


def test_no_number_is_chosen_where_none_is_given(road, portal):
    """VR.6a: neither while the old plates stay on, nor for a duplicate, nor once the draft is closed."""
    kept = draft(road, portal, plates_kept="yes")
    duplicate = opened(portal, demo_person("P-02")["iin"], "PD").json()["number"]
    number = Plate.objects.values_list("number", flat=True).first()
    for case in (kept.number, duplicate):
        assert portal.get(f"applications/{case}").json()["chooses_plates"] is False
        for method, path, body in (
            ("POST", "plates/search", {"pattern": ""}),
            ("PUT", "plate", {"number": number}),
            ("DELETE", "plate", None),
        ):
            answer = portal.call(method, f"applications/{case}/{path}", body)
            assert (answer.status_code, answer.json()["code"]) == (409, "plates.no_choice"), (case, path)
    case = f"applications/{kept.number}"
    closed = portal.post(f"{case}/withdraw", {"reason": "Sold"}, match=portal.get(case)["ETag"])
    assert closed.status_code == 200
    assert portal.put(f"{case}/plate", {"number": number}).json()["code"] == "illegal_move"


def test_a_refusal_says_its_grounds_in_the_readers_language(road, portal, egov):
    """VR.9.1: in the words of the letter, Kazakh or otherwise Russian."""
    application = road.held()
    refuse(actor=road.officer, number=application.number, version=None, chosen=BAD_PAPERS, now=timezone.now())
    Application.objects.filter(pk=application.pk).update(filed_by=egov, channel="egov", front_desk=None)
    said = {}
    for language in ("kk", "en"):
        answer = portal.get(f"applications/{application.number}/results", headers={"Accept-Language": language})
        (said[language],) = answer.json()["refusal"]
    assert {reason["row"] for reason in said.values()} == {"VR.9.1"}
    assert (said["kk"]["remark"], said["en"]["remark"]) == ("Құжат оқылмайды.", "Документ не читается.")
    assert set(said["kk"]) == {"row", "text", "citation", "finding", "remark"}


def test_an_application_speaks_to_the_applicant_in_the_readers_language(road, portal, egov):
    """What was applied for, and what the state means in the words of the status page; of a draft nothing yet."""
    draft = opened(portal, demo_person("P-02")["iin"], "PD").json()
    assert (draft["subservice_text"], draft["state_meaning"]) == ("Duplicate plate", "")
    application = road.held()
    Application.objects.filter(pk=application.pk).update(filed_by=egov, channel="egov", front_desk=None)
    said = portal.get(f"applications/{application.number}", headers={"Accept-Language": "kk"}).json()
    with override("kk"):
        shown = standing(Application.objects.get(pk=application.pk))
    assert (said["subservice_text"], said["state_meaning"]) == (shown.service, shown.meaning)


def test_another_language_is_another_representation(portal):
    """A reader of Russian is not told "unchanged" of what was read in English; a change asks for the version alone."""
    case = f"applications/{opened(portal, demo_person('P-02')['iin']).json()['number']}"
    english = portal.get(case)
    assert "Accept-Language" in english["Vary"]
    assert portal.get(case, headers={"If-None-Match": english["ETag"]}).status_code == 304
    russian = portal.get(case, headers={"If-None-Match": english["ETag"], "Accept-Language": "ru"})
    assert russian.status_code == 200
    assert russian["ETag"] != english["ETag"]
    assert russian.json()["state_text"] != english.json()["state_text"]
    assert portal.post(f"{case}/withdraw", {"reason": "Sold"}, match=russian["ETag"]).status_code == 200


def test_a_system_that_reads_personal_data_leaves_a_trace(portal, egov):
    """Journal of looks: the details and the text to sign name people in full; the overview hides their numbers."""
    number = opened(portal, demo_person("P-02")["iin"]).json()["number"]
    for path in ("", "/details", "/canonical"):
        assert portal.get(f"applications/{number}{path}").status_code == 200
    looks = JournalEntry.objects.filter(application__number=number, action="viewed")
    assert [entry.changes["what"] for entry in looks.order_by("sequence")] == ["details", "canonical text"]
    assert {entry.actor_label for entry in looks} == {egov.name_ru}
