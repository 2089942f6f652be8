"""Offices, accounts and who sees which office; reference and demo data."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError
from django.utils import translation

from offices import demo
from offices.access import offices_visible_to
from offices.models import Office, OfficeKind, Region, Role, ScheduleKind, Staff, TermGroup
from tests.fixtures_offices import make_office, make_staff

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def refuses(constraint):
    return pytest.raises(IntegrityError, match=constraint)


def codes(staff):
    return set(offices_visible_to(staff).values_list("code", flat=True))


@pytest.fixture
def everywhere(almaty_front_desk, almaty_duty_desk, astana_front_desk):
    """Two regions: a police office and two front desks, a police office and one front desk."""


@pytest.mark.parametrize(
    ("account", "visible"),
    [
        ("front_desk", {"0203"}),
        ("officer", {"0201", "0203", "0204"}),
        ("supervisor", {"0201", "0203", "0204"}),
        ("front_desk_astana", {"0103"}),
        ("officer_astana", {"0101", "0103"}),
        ("contact_centre", {"0101", "0103", "0201", "0203", "0204"}),
        ("auditor", {"0101", "0103", "0201", "0203", "0204"}),
        ("administrator", {"0101", "0103", "0201", "0203", "0204"}),
    ],
)
def test_an_account_sees_its_offices_and_no_others(request, everywhere, account, visible):
    assert codes(request.getfixturevalue(account)) == visible


def test_an_officer_and_a_supervisor_part_ways_in_a_region_with_two_police_offices(everywhere, officer, supervisor):
    make_office("0205")

    assert "0205" not in codes(officer)
    assert "0205" in codes(supervisor)


def test_an_inactive_account_sees_nothing(everywhere, auditor):
    auditor.is_active = False

    assert codes(auditor) == set()


def test_pd_3_only_astana_and_almaty_have_the_short_term(regions):
    """Shymkent (17) stands with the regions, by name."""
    capitals = Region.objects.filter(term_group=TermGroup.CAPITAL)

    assert set(capitals.values_list("code", flat=True)) == {"01", "02"}
    assert Region.objects.filter(term_group=TermGroup.REGION).count() == 18


@pytest.mark.parametrize(
    ("language", "name"), [("ru", "г. Шымкент"), ("kk", "Шымкент қаласы"), ("en", "Shymkent city")]
)
def test_a_name_is_in_the_active_language(regions, language, name):
    shymkent = Region.objects.get(pk="17")
    with translation.override(language):
        assert str(shymkent) == shymkent.name == name
    assert shymkent.name_in(language) == name


@pytest.mark.parametrize("code", ["0301", "02A1", "021", ""])
def test_the_database_refuses_an_office_code_that_does_not_begin_with_its_region(regions, code):
    with refuses("office_code_begins_with_region"):
        Office.objects.create(code=code, region_id="02", kind=OfficeKind.POLICE)


def test_the_database_refuses_a_front_desk_that_serves_nobody(regions):
    with refuses("office_front_desk_serves_one_police"):
        make_office("0203", OfficeKind.FRONT_DESK)


def test_the_database_refuses_a_police_office_that_serves_another(almaty_police):
    with refuses("office_front_desk_serves_one_police"):
        make_office("0202", serves=almaty_police)


def test_the_database_refuses_a_front_desk_of_another_region(astana_police):
    with refuses("must serve a police office of its own region"):
        make_office("0203", OfficeKind.FRONT_DESK, serves=astana_police)


def test_the_database_refuses_a_front_desk_that_serves_a_front_desk(almaty_front_desk):
    with refuses("must serve a police office of its own region"):
        make_office("0204", OfficeKind.FRONT_DESK, serves=almaty_front_desk)


@pytest.mark.parametrize("change", [{"code": "0209"}, {"region_id": "01"}, {"kind": OfficeKind.FRONT_DESK}])
def test_the_database_refuses_to_change_what_an_office_is(almaty_police, change):
    with pytest.raises(DatabaseError):
        Office.objects.filter(pk=almaty_police.pk).update(**change)


def test_an_office_may_change_its_hours(almaty_police):
    Office.objects.filter(pk=almaty_police.pk).update(schedule=ScheduleKind.DUTY)

    assert Office.objects.get(pk=almaty_police.pk).schedule == ScheduleKind.DUTY


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.OFFICER, Role.SUPERVISOR])
def test_the_database_refuses_a_role_without_the_office_it_needs(db, role):
    with pytest.raises(IntegrityError):
        make_staff("nobody", role)


@pytest.mark.parametrize(
    ("role", "office"),
    [
        (Role.FRONT_DESK, "almaty_police"),
        (Role.OFFICER, "almaty_front_desk"),
        (Role.SUPERVISOR, "almaty_front_desk"),
    ],
)
def test_the_database_refuses_a_role_in_the_wrong_kind_of_office(request, role, office):
    with refuses("cannot sit in an office of kind"):
        make_staff("misplaced", role, request.getfixturevalue(office))


def test_the_database_refuses_to_turn_a_front_desk_account_into_an_officer(front_desk):
    """Who takes in does not decide: the role cannot be changed where the account sits."""
    with refuses("cannot sit in an office of kind"):
        Staff.objects.filter(pk=front_desk.pk).update(role=Role.OFFICER)


def test_the_database_refuses_an_unknown_role(db):
    with refuses("staff_role_known"):
        make_staff("somebody", "boss")


def test_an_account_is_shown_by_initial_and_surname(officer, auditor):
    assert officer.short_name == "Б. Омаров"
    assert officer.full_name == "Омаров Бауыржан Серикович"
    assert officer.region.code == "02"
    assert auditor.region is None


def test_reference_data_loads_any_number_of_times(db):
    output = StringIO()
    call_command("load_reference", stdout=output)
    call_command("load_reference", stdout=output)

    assert Region.objects.count() == 20
    assert output.getvalue().count("offices: regions 20") == 2


def test_demo_data_has_an_account_for_every_role_and_both_schedules(regions):
    demo.load(NOW)
    counts = demo.load(NOW)

    assert Staff.objects.count() == counts["staff"]
    assert set(Staff.objects.values_list("role", flat=True)) == set(Role.values)
    assert set(Office.objects.values_list("schedule", flat=True)) == set(ScheduleKind.values)
    assert Office.objects.get(code="0201").front_desks.filter(code="0204").exists()


def test_a_second_start_signs_nobody_out(regions):
    """A session dies with the password it was opened under, even if the same one is hashed again."""
    demo.load(NOW)
    before = Staff.objects.get(username="officer").password
    demo.load(NOW)

    assert Staff.objects.get(username="officer").password == before


def test_the_printed_demo_logins_open_the_desk(regions):
    demo.load(NOW)
    output = StringIO()
    call_command("demo_logins", stdout=output)
    lines = [line.split() for line in output.getvalue().splitlines()[1:]]

    assert len(lines) == Staff.objects.count()
    for role, username, password, *_rest in lines:
        staff = authenticate(username=username, password=password)
        assert isinstance(staff, Staff)
        assert staff.role == role
