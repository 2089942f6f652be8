"""Offices of two regions and one account of each role, named by what they are."""

import pytest

from offices import reference
from offices.models import Office, OfficeKind, Role, ScheduleKind, Staff


@pytest.fixture
def regions(db):
    """The twenty regions and the calendar exceptions, as shipped."""
    return reference.load()


def make_office(code, kind=OfficeKind.POLICE, *, serves=None, schedule=ScheduleKind.STANDARD):
    """A stored office in the region that its code names."""
    return Office.objects.create(
        code=code,
        region_id=code[:2],
        kind=kind,
        serves=serves,
        schedule=schedule,
        name_en=f"Office {code}",
        name_ru=f"Отдел {code}",
        name_kk=f"{code} бөлімі",
    )


def make_staff(username, role, office=None, **fields):
    """A stored account that nobody can sign in to with a password; tests use force_login."""
    names = {"surname": "Омаров", "given_name": "Бауыржан", "patronymic": "Серикович"}
    return Staff.objects.create_user(username, role=role, office=office, **{**names, **fields})


@pytest.fixture
def almaty_police(regions):
    return make_office("0201")


@pytest.fixture
def almaty_front_desk(almaty_police):
    return make_office("0203", OfficeKind.FRONT_DESK, serves=almaty_police)


@pytest.fixture
def almaty_duty_desk(almaty_police):
    return make_office("0204", OfficeKind.FRONT_DESK, serves=almaty_police, schedule=ScheduleKind.DUTY)


@pytest.fixture
def astana_police(regions):
    return make_office("0101")


@pytest.fixture
def astana_front_desk(astana_police):
    return make_office("0103", OfficeKind.FRONT_DESK, serves=astana_police)


@pytest.fixture
def front_desk(almaty_front_desk):
    return make_staff("front_desk", Role.FRONT_DESK, almaty_front_desk, surname="Сейткали", given_name="Айгерим")


@pytest.fixture
def officer(almaty_police):
    return make_staff("officer", Role.OFFICER, almaty_police)


@pytest.fixture
def other_officer(almaty_police):
    """A colleague of `officer` in the same office."""
    return make_staff("officer2", Role.OFFICER, almaty_police, surname="Касымова", given_name="Динара")


@pytest.fixture
def supervisor(almaty_police):
    return make_staff("supervisor", Role.SUPERVISOR, almaty_police, surname="Абдрахманов", given_name="Тимур")


@pytest.fixture
def contact_centre(db):
    return make_staff("contact_centre", Role.CONTACT_CENTRE)


@pytest.fixture
def auditor(db):
    return make_staff("auditor", Role.AUDITOR)


@pytest.fixture
def administrator(db):
    return make_staff("administrator", Role.ADMINISTRATOR)


@pytest.fixture
def front_desk_astana(astana_front_desk):
    return make_staff("front_desk_astana", Role.FRONT_DESK, astana_front_desk)


@pytest.fixture
def officer_astana(astana_police):
    """An officer of another region: the stranger of every test on visibility."""
    return make_staff("officer_astana", Role.OFFICER, astana_police)
