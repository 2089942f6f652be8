"""The inspection act (VR.8.1j) and what a failed one proves (VR.9.9)."""

import pytest
from django.utils import timezone

from applications.acting import Actor
from applications.errors import DomainError, InvalidInputError, NotAllowedError, NotFoundError
from applications.models import Application, Document, Paper
from applications.services import service
from applications.states import State
from registration.inspecting import record_inspection
from registration.models import InspectionAct
from registration.papers import inspection_content
from tests.fixtures_registration import make_case, refused_by, vin_of

PASSED = {
    "was_shown": "yes",
    "marking": "intact",
    "vin_matches": "yes",
    "body_matches": "yes",
    "engine_matches": "yes",
}
NOT_SHOWN = {"was_shown": "no"}
FORGED = {**PASSED, "marking": "forged", "remarks": "Перебит номер на раме", "remarks_kk": "Рамадағы нөмір өзгертілген"}
DIFFERS = {**PASSED, "vin_matches": "no", "remarks": "На кузове другой VIN"}


@pytest.fixture
def case(almaty_stock, front_desk):
    return make_case(front_desk)


def inspect(case, staff, data=None, version=None):
    return record_inspection(
        actor=Actor.of(staff), number=case.number, version=version, data=data or PASSED, now=timezone.now()
    )


@pytest.mark.parametrize(
    ("seen", "result", "row"),
    [
        (PASSED, "identified", ""),
        (NOT_SHOWN, "not_shown", "VR.9.9"),
        (FORGED, "not_identifiable", "VR.9.9"),
        ({**FORGED, "marking": "hidden"}, "not_identifiable", "VR.9.9"),
        ({**FORGED, "marking": "altered"}, "not_identifiable", "VR.9.9"),
        ({**FORGED, "marking": "destroyed"}, "not_identifiable", "VR.9.9"),
        (DIFFERS, "differs", "VR.9.1"),
    ],
)
def test_what_was_seen_decides_the_result_and_the_ground(case, officer, seen, result, row):
    act = inspect(case, officer, seen)
    grounds = service("VR").grounds_found(case)

    assert act.result == result
    assert [ground.row for ground in grounds] == ([row] if row else [])
    assert act.is_passed is not bool(row)


@pytest.mark.parametrize("seen", [NOT_SHOWN, FORGED, DIFFERS])
def test_a_failed_inspection_bars_approval(case, officer, seen):
    inspect(case, officer, seen)
    with pytest.raises(DomainError) as refused:
        service("VR").before_approval(Application.objects.get(pk=case.pk))

    assert refused.value.code == "inspection_failed"
    assert refused.value.row in {"VR.9.9", "VR.9.1"}


def test_without_an_act_the_requirement_of_the_inspection_is_open(case, officer):
    plugged = service("VR")
    assert plugged.fulfilled(case) == frozenset()
    with pytest.raises(DomainError) as refused:
        plugged.before_approval(case)
    assert (refused.value.code, refused.value.row) == ("inspection_missing", "VR.8.1j")

    inspect(case, officer)
    assert plugged.fulfilled(case) == {"inspection"}
    plugged.before_approval(Application.objects.get(pk=case.pk))


def test_the_ground_tells_the_applicant_what_was_found_in_both_languages(case, officer):
    inspect(case, officer, FORGED)
    ground = service("VR").grounds_found(case)[0]

    assert "подделана. Перебит номер на раме" in ground.says.ru
    assert "қолдан жасалған. Рамадағы нөмір өзгертілген" in ground.says.kk


def test_the_act_is_journaled_printed_and_counts_as_a_change(case, officer):
    act = inspect(case, officer, version=case.version)
    after = Application.objects.get(pk=case.pk)

    assert after.version == case.version + 1
    assert after.journal.first().action == "inspected"
    assert Paper.objects.get(application=case).content["number"] == act.number


@pytest.mark.django_db(transaction=True)
def test_an_inspection_takes_at_most_fifteen_queries(case, officer, django_assert_max_num_queries):
    inspect(case, officer)
    with django_assert_max_num_queries(15):
        inspect(case, officer)


def test_an_act_may_be_written_anew_and_replaces_its_paper(case, officer):
    inspect(case, officer, NOT_SHOWN)
    inspect(case, officer)

    assert InspectionAct.objects.get().is_passed
    assert sorted(case.papers.values_list("standing", flat=True)) == ["replaced", "valid"]
    assert case.papers.get(standing="valid").content["result_code"] == "identified"


def test_the_paper_compares_number_by_number(case, officer):
    inspect(case, officer, DIFFERS)
    printed = inspection_content(Application.objects.get(pk=case.pk))

    vin, body, engine = printed["comparisons"]
    assert (vin["expected"], vin["matches"]) == (vin_of(1), False)
    assert (body["expected"], body["matches"], engine["expected"]) == ("", True, "21127-4400123")
    assert printed["vehicle"]["make"] == "LADA"
    assert printed["remarks"]["kk"] == printed["remarks"]["ru"] == "На кузове другой VIN"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"was_shown": ""}, "was_shown"),
        ({"marking": ""}, "marking"),
        ({"vin_matches": ""}, "vin_matches"),
        ({"marking": "polished"}, "marking"),
        ({"marking": "forged"}, "remarks"),
        ({"engine_matches": "no"}, "remarks"),
    ],
)
def test_what_is_not_said_is_asked_for(case, officer, changes, field):
    with pytest.raises(InvalidInputError) as refused:
        inspect(case, officer, {**PASSED, **changes})

    assert list(refused.value.fields) == [field]
    assert not InspectionAct.objects.exists()


@pytest.mark.parametrize("state", [State.DRAFT, State.APPROVED, State.WITHDRAWN])
def test_an_inspection_belongs_between_acceptance_and_decision(almaty_stock, front_desk, officer, state):
    case = make_case(front_desk, number=7, state=state, holder=officer if state == State.APPROVED else None)
    with pytest.raises(DomainError) as refused:
        inspect(case, officer)

    assert refused.value.code == "illegal_move"
    assert not InspectionAct.objects.exists()


def test_a_stranger_does_not_inspect(case, front_desk, officer_astana):
    with pytest.raises(NotAllowedError):
        inspect(case, front_desk)
    with pytest.raises(NotFoundError):
        inspect(case, officer_astana)


def test_who_took_the_application_in_does_not_inspect(case, officer):
    Application.objects.filter(pk=case.pk).update(accepted_by=officer)
    with pytest.raises(NotAllowedError) as refused:
        inspect(case, officer)

    assert refused.value.code == "four_eyes"


def test_a_stale_page_records_nothing(case, officer):
    with pytest.raises(DomainError) as refused:
        inspect(case, officer, version=case.version - 1)

    assert refused.value.code == "stale"
    assert not InspectionAct.objects.exists()


def document(application):
    return Document.objects.create(
        application=application,
        requirement="inspection",
        sha256="a" * 64,
        name="front.jpg",
        content_type="image/jpeg",
        size=10,
        pages=1,
        uploaded_at=timezone.now(),
    )


def test_only_photos_of_this_application_are_kept(case, front_desk, officer):
    own, foreign = document(case), document(make_case(front_desk, number=2))
    act = inspect(case, officer, {**PASSED, "photos": [str(own.pk), str(foreign.pk), "x"]})

    assert list(act.photos.all()) == [own]


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"result": "not_shown"}, "inspection_result_follows_from_what_was_seen"),
        ({"result": "identified", "marking": "forged"}, "inspection_result_follows_from_what_was_seen"),
        ({"result": "identified", "vin_matches": False}, "inspection_result_follows_from_what_was_seen"),
        ({"result": "differs", "remarks": "Иной VIN"}, "inspection_result_follows_from_what_was_seen"),
        ({"result": "not_shown", "was_shown": False}, "inspection_of_nothing_compares_nothing"),
        ({"result": "not_identifiable", "marking": "forged"}, "inspection_failure_is_described"),
    ],
)
def test_the_database_refuses_an_act_that_contradicts_itself(case, officer, fields, constraint):
    seen = {
        "was_shown": True,
        "marking": "intact",
        **dict.fromkeys(("vin_matches", "body_matches", "engine_matches"), True),
    }
    with refused_by(constraint):
        InspectionAct.objects.create(
            application=case, number="A-1", inspected_by=officer, inspected_at=timezone.now(), **{**seen, **fields}
        )
