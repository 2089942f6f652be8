"""What administrators change about accounts, offices and the calendar, and how it is journaled."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from applications.acting import Actor
from applications.administration import (
    remove_calendar_exception,
    save_calendar_exception,
    save_office,
    save_staff,
    set_password,
)
from applications.errors import DomainError, InvalidInputError, NotAllowedError, NotFoundError
from applications.models import JournalEntry
from fees import reference
from fees.tariffs import mci_on
from offices.calendar import working_calendar
from offices.forms import CalendarExceptionForm, OfficeForm, PasswordForm, StaffForm
from offices.models import CalendarException, Office, Role, Staff

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DAY_OFF = {
    "date": "2026-11-24",
    "name_ru": "Выходной",
    "name_kk": "Демалыс",
    "name_en": "Day off",
    "basis": "Приказ № 1",
}


@pytest.fixture
def actor(administrator):
    return Actor.of(administrator, "10.0.0.9")


def entries(chain):
    return list(JournalEntry.objects.filter(chain=chain).order_by("sequence"))


def account(office, **fields):
    values = {"username": "newcomer", "surname": "Ли", "given_name": "Анна", "role": Role.OFFICER, "language": "ru"}
    return StaffForm({**values, "office": office.pk if office else "", "is_active": "on", **fields})


def test_a_new_account_has_no_password_until_one_is_set(actor, almaty_police, client):
    form = account(almaty_police)
    assert form.is_valid(), form.errors
    staff = save_staff(actor=actor, staff=form.instance, now=NOW)

    assert not staff.has_usable_password()
    set_password(actor=actor, staff=staff, password="сложный-пароль-2026", now=NOW)
    assert client.login(username="newcomer", password="сложный-пароль-2026")
    assert [entry.action for entry in entries("staff:newcomer")] == ["created", "password_set"]
    assert "password" not in str([entry.changes for entry in entries("staff:newcomer")])


def test_a_form_says_which_office_a_role_needs(almaty_front_desk):
    assert "office" in account(almaty_front_desk).errors
    assert "office" in account(None).errors


def test_the_verb_refuses_what_a_form_was_not_asked(actor, almaty_front_desk):
    staff = Staff(username="x", surname="Ли", given_name="Анна", role=Role.OFFICER, office=almaty_front_desk)
    with pytest.raises(InvalidInputError) as caught:
        save_staff(actor=actor, staff=staff, now=NOW)

    assert set(caught.value.fields) == {"office"}


def test_a_change_is_journaled_with_before_and_after(actor, officer):
    officer.is_active = False
    save_staff(actor=actor, staff=officer, now=NOW)
    (entry,) = entries("staff:officer")

    assert entry.changes == {"before": {"is_active": True}, "after": {"is_active": False}}
    assert (entry.actor, entry.address, entry.at) == (actor.staff, "10.0.0.9", NOW)


def test_saving_without_a_change_leaves_no_trace(actor, officer):
    save_staff(actor=actor, staff=officer, now=NOW)

    assert entries("staff:officer") == []


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.AUDITOR}])
def test_administrators_cannot_lock_themselves_out(actor, administrator, change):
    for name, value in change.items():
        setattr(administrator, name, value)
    with pytest.raises(DomainError) as caught:
        save_staff(actor=Actor.of(Staff.objects.get(pk=administrator.pk)), staff=administrator, now=NOW)

    assert caught.value.code == "own_account"


@pytest.mark.parametrize("account", ["front_desk", "officer", "supervisor", "contact_centre", "auditor"])
def test_only_administrators_administer(request, account, almaty_police):
    staff = request.getfixturevalue(account)
    actor = Actor.of(staff)
    with pytest.raises(NotAllowedError):
        save_staff(actor=actor, staff=staff, now=NOW)
    with pytest.raises(NotAllowedError):
        set_password(actor=actor, staff=staff, password="x", now=NOW)
    with pytest.raises(NotAllowedError):
        save_office(actor=actor, office=almaty_police, now=NOW)
    with pytest.raises(NotAllowedError):
        save_calendar_exception(actor=actor, exception=CalendarException(), now=NOW)
    with pytest.raises(NotAllowedError):
        remove_calendar_exception(actor=actor, exception_id=0, now=NOW)


def test_an_office_keeps_what_it_is_and_changes_its_hours(actor, almaty_front_desk):
    posted = {**OfficeForm(instance=almaty_front_desk).initial, "code": "0299", "kind": "police", "schedule": "duty"}
    form = OfficeForm(posted, instance=almaty_front_desk)
    assert form.is_valid(), form.errors
    save_office(actor=actor, office=form.instance, now=NOW)

    stored = Office.objects.get(pk=almaty_front_desk.pk)
    assert (stored.code, stored.kind, stored.schedule) == ("0203", "front_desk", "duty")
    assert entries("office:0203")[0].changes["after"] == {"schedule": "duty"}


@pytest.mark.parametrize(
    ("change", "field"), [({"code": "0103"}, "code"), ({"serves": ""}, "serves"), ({"kind": "police"}, "serves")]
)
def test_a_form_says_what_is_wrong_with_a_new_office(almaty_police, change, field):
    posted = {
        "code": "0205",
        "region": "02",
        "kind": "front_desk",
        "serves": almaty_police.pk,
        "schedule": "standard",
        "name_ru": "Отдел",
        "name_kk": "Бөлім",
        "name_en": "Office",
    }
    assert OfficeForm(posted).is_valid()

    assert set(OfficeForm({**posted, **change}).errors) == {field}


def test_a_day_off_entered_today_is_in_the_calendar_at_once_and_can_be_taken_back(actor):
    form = CalendarExceptionForm(DAY_OFF)
    assert form.is_valid(), form.errors
    exception = save_calendar_exception(actor=actor, exception=form.instance, now=NOW)
    assert not working_calendar().is_working(date(2026, 11, 24))

    remove_calendar_exception(actor=actor, exception_id=exception.pk, now=NOW)
    assert working_calendar().is_working(date(2026, 11, 24))
    assert [entry.action for entry in entries("calendar")] == ["created", "removed"]
    with pytest.raises(NotFoundError):
        remove_calendar_exception(actor=actor, exception_id=exception.pk, now=NOW)


def test_a_day_is_entered_once_and_with_its_basis(actor):
    save_calendar_exception(actor=actor, exception=CalendarExceptionForm(DAY_OFF).save(commit=False), now=NOW)

    assert set(CalendarExceptionForm(DAY_OFF).errors) == {"date"}
    assert set(CalendarExceptionForm({**DAY_OFF, "date": "2026-11-25", "basis": ""}).errors) == {"basis"}


def test_an_older_page_does_not_undo_a_password_set_meanwhile(actor, officer, client):
    page = Staff.objects.get(pk=officer.pk)
    set_password(actor=actor, staff=officer, password="сложный-пароль-2026", now=NOW)
    page.given_name = "Болат"
    save_staff(actor=actor, staff=page, now=NOW)

    assert client.login(username="officer", password="сложный-пароль-2026")
    assert Staff.objects.get(pk=officer.pk).given_name == "Болат"


def test_the_second_of_two_administrators_at_once_gets_a_clear_error(actor, monkeypatch):
    """What the form's own look at the table cannot see: the other row arrives between look and write."""
    save_calendar_exception(actor=actor, exception=CalendarExceptionForm(DAY_OFF).save(commit=False), now=NOW)
    second = CalendarException(**{**DAY_OFF, "date": date(2026, 11, 24)}, is_working=False)
    monkeypatch.setattr(second, "full_clean", lambda: None)
    with pytest.raises(DomainError) as caught:
        save_calendar_exception(actor=actor, exception=second, now=NOW)

    assert caught.value.code == "taken"


def test_a_weak_password_is_refused(officer):
    assert "password" in PasswordForm({"password": "12345"}, staff=officer).errors
    assert PasswordForm({"password": "сложный-пароль-2026"}, staff=officer).is_valid()


def test_next_years_index_is_entered_once_and_overlaps_nothing(administrator, client):
    reference.load()
    client.force_login(administrator)
    form = {"value": "4600", "valid_from": "2027-01-01", "valid_to": "", "basis": "Закон о бюджете на 2027 год"}
    address = reverse("desk:monthly_index")
    first, second = client.post(address, form), client.post(address, form)

    assert mci_on(date(2027, 3, 1)) == 4600
    assert first.status_code == 302
    assert second.status_code == 422
    assert "valid_from" in second.context["form"].errors
