"""The licence of an application as lines for the officer: the register's own, and what other registers answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.services import DetailsView
from licensing.acts import act_of
from licensing.licences import issued_on
from licensing.models import Act, DriverLicence, LicenceDetails
from licensing.wanted import wanted


def day(value: date | str | None) -> str:
    """A day as the desk writes it; empty for none."""
    if not value:
        return ""
    return date_format(date.fromisoformat(value) if isinstance(value, str) else value, "d.m.Y")


def licence_lines(application: Application) -> Sequence[DetailsView]:
    """What is applied for, the previous licence, and the answers it rests on."""
    act = act_of(application)
    if act is None:
        return ()
    details: LicenceDetails = application.licence_details
    facts = {check.code: check.facts for check in application.checks.all()}
    lines = (
        *_applied_for(details),
        *_previous(details.previous),
        *_foreign(details),
        *_medical(facts.get("medical_certificate") or {}),
        *_courses(facts.get("driving_course") or {}, wanted(details).new),
        *_exams(facts.get("exams") or {}),
        *_deprivations(facts.get("deprivation") or {}),
    )
    return [DetailsView(str(label), value) for label, value in lines if value]


Line = tuple[Any, str]


def _applied_for(details: LicenceDetails) -> Iterator[Line]:
    granted = wanted(details)
    yield _("Issued for"), str(Act(details.act).label)
    yield _("Categories"), ", ".join(granted.categories)
    yield _("of them new"), ", ".join(granted.new) if granted.kept else ""
    for code, since in {**granted.kept, **granted.foreign}.items():
        yield _("%(code)s held since") % {"code": code}, day(since)
    yield _("Declared about the loss"), details.loss_declared
    yield _("Previous licence handed in"), str(_("yes")) if details.previous_handed_in else ""


def _previous(previous: DriverLicence | None) -> Iterator[Line]:
    if previous is None:
        return
    state = previous.get_state_display()
    parts = {"number": previous.number, "issued": day(issued_on(previous)), "until": day(previous.valid_until)}
    said = _("%(number)s of %(issued)s, until %(until)s") % parts
    yield _("Licence in the register"), f"{said} – {state}"
    yield _("Restrictions on it"), previous.restrictions
    yield _("Reason"), previous.state_reason


def _foreign(details: LicenceDetails) -> Iterator[Line]:
    if details.act != Act.FOREIGN:
        return
    yield _("Country"), details.foreign_country
    yield _("Number of the foreign licence"), details.foreign_number
    yield _("Issued on"), day(details.foreign_issued_on)
    yield _("Valid until"), day(details.foreign_valid_until)


def _medical(facts: Mapping[str, Any]) -> Iterator[Line]:
    if not facts:
        return
    number, until = facts.get("number", ""), day(facts.get("valid_until"))
    yield _("Medical certificate"), _("%(number)s, until %(until)s") % {"number": number, "until": until}
    yield _("Fit for"), ", ".join(facts.get("categories") or ())
    yield _("Restrictions"), str(facts.get("restrictions") or "")


def _courses(facts: Mapping[str, Any], codes: Sequence[str]) -> Iterator[Line]:
    for item in facts.get("certificates") or ():
        if item["category"] in codes:
            yield (
                _("Driving course, %(code)s") % {"code": item["category"]},
                f"{item['number']}, {item['school']}, {day(item['completed_on'])}",
            )


KINDS = {"theory": _("Theory, %(code)s"), "practice": _("Practice, %(code)s")}


def _exams(facts: Mapping[str, Any]) -> Iterator[Line]:
    """The last attempt of each exam: day, result and which attempt it was."""
    last: dict[tuple[str, str], Mapping[str, Any]] = {}
    for item in facts.get("attempts") or ():
        last[item["kind"], item["category"]] = item
    for (kind, code), item in last.items():
        result = _("passed") if item["is_passed"] else _("not passed")
        attempt = _("attempt %(n)d") % {"n": item["attempt"]}
        yield KINDS[kind] % {"code": code}, f"{day(item['taken_on'])} – {result}, {attempt}"


def _deprivations(facts: Mapping[str, Any]) -> Iterator[Line]:
    for item in facts.get("deprivations") or ():
        term = f"{day(item['in_force_from'])} – {day(item['until'])}"
        yield _("Deprived of the right"), f"{term}, {item['court']}"
