"""Public pages of the services: every standard as readable tables, generated from its data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

import plates.standard
from applications.services import all_services, in_force_today, service_if_any
from applications.standards import (
    Channel,
    CollectedBy,
    DueAt,
    MetBy,
    Requirement,
    Standard,
    Term,
    in_force,
)

CHANNEL_NAMES = {
    Channel.FRONT_DESK: _("Government Corporation"),
    Channel.EGOV: _("egov.kz portal"),
    Channel.PLATFORM: _("Other platforms"),
}
MET_BY_NAMES = {
    MetBy.SCAN: _("scan or paper"),
    MetBy.REGISTER: _("state register"),
    MetBy.PAYMENT: _("payment known to the systems"),
    MetBy.INSPECTION: _("inspection of the vehicle"),
    MetBy.SURRENDER: _("handing in"),
    MetBy.SIGNATURE: _("electronic signature"),
    MetBy.RECORD: _("the portal's own register"),
}
DUE_NAMES = {
    DueAt.SUBMISSION: _("with the application"),
    DueAt.DECISION: _("before the decision"),
    DueAt.HANDOVER: _("when the result is handed over"),
}
SUBJECT_NAMES = {
    "applicant": _("applicant"),
    "representative": _("representative"),
    "vehicle": _("vehicle"),
    "corrected_number": _("vehicle by its corrected number"),
    "application": _("application"),
}
COLLECTOR_NAMES = {
    CollectedBy.TREASURY: _("the budget"),
    CollectedBy.OPERATOR: _("the operator, proven by its certificate"),
}
TERM_GROUP_NAMES = {
    plates.standard.CAPITAL: _("Astana and Almaty"),
    plates.standard.REGION: _("Regions and Shymkent"),
}


# Days as everybody in the country writes them, whatever the language.
DAY = "d.m.Y"


class DayForm(forms.Form):
    """The day whose rules are shown; empty means today (Asia/Almaty)."""

    on = forms.DateField(
        required=False,
        label=_("Rules in force on"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )


@dataclass(frozen=True)
class Line:
    """One line of a table: its cells, the rows of the law it stands on, and what may be chosen within it."""

    cells: tuple[object, ...]
    rows: tuple[str, ...]
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A panel of the page. `answers` says in a sentence what the table tells."""

    title: str | Promise
    answers: str | Promise
    headers: tuple[str | Promise, ...]
    lines: list[Line]


def _channels(channels: Iterable[Channel]) -> str:
    held = set(channels)
    return ", ".join(str(name) for channel, name in CHANNEL_NAMES.items() if channel in held)


def _applies_to(standard: Standard, subservices: frozenset[str]) -> str | Promise:
    """Which sub-services a rule is for, as codes."""
    codes = [subservice.code for subservice in standard.subservices]
    if not subservices or subservices >= set(codes):
        return _("all")
    return ", ".join(code for code in codes if code in subservices)


def _length(term: Term) -> str:
    if term.minutes is not None:
        return ngettext("%(count)d working minute", "%(count)d working minutes", term.minutes) % {"count": term.minutes}
    days = term.working_days or 0
    return ngettext("%(count)d working day", "%(count)d working days", days) % {"count": days}


def _terms(standard: Standard) -> Table:
    """One line per sub-service and term; a channel that is not offered has no line."""
    lines = []
    for subservice in standard.subservices:
        for term in standard.terms:
            channels = term.channels & subservice.channels
            if subservice.code not in term.subservices or not channels:
                continue
            where = (TERM_GROUP_NAMES[term.term_group],) if term.term_group else ()
            cells = (f"{subservice.code} · {subservice.name}", _channels(channels), *where, _length(term))
            lines.append(Line(cells, tuple(dict.fromkeys((subservice.row, term.row)))))
    by_group = any(term.term_group for term in standard.terms)
    return Table(
        _("Where to apply and how long it takes"),
        _("Channels of the service and the term in which it is rendered."),
        (_("Service"), _("Channel"), *((_("Where"),) if by_group else ()), _("Term")),
        lines,
    )


def _document(standard: Standard, requirement: Requirement) -> Line:
    choices = tuple(str(option.name) for option in requirement.options if option.channels & requirement.channels)
    return Line(
        (
            requirement.name,
            requirement.when.says,
            _applies_to(standard, requirement.subservices),
            ", ".join(str(MET_BY_NAMES[way]) for way in requirement.met_by),
            DUE_NAMES[requirement.due],
        ),
        (requirement.row, *requirement.besides),
        choices,
    )


def _documents(standard: Standard, on: date) -> list[Table]:
    """The documents of the day `on`, a table for the channels that ask for the same ones, in the order of the law."""
    lines: dict[frozenset[Channel], list[Line]] = {}
    for requirement in standard.requirements:
        if requirement.is_in_force(on):
            lines.setdefault(requirement.channels, []).append(_document(standard, requirement))
    headers = (_("Document or fact"), _("When"), _("Service"), _("Proven by"), _("Due"))
    return [
        Table(_("What the law asks for"), _channels(channels), headers, of_channels)
        for channels, of_channels in lines.items()
    ]


def _charges(standard: Standard) -> Table:
    charged = [
        Line(
            (
                rule.name,
                rule.when.says,
                _applies_to(standard, rule.subservices),
                number_format(rule.printed_rate) if rule.printed_rate is not None else _("by tariff"),
                COLLECTOR_NAMES[rule.collected_by],
                DUE_NAMES[rule.before],
            ),
            (rule.row,),
        )
        for rule in standard.charges
    ]
    free = [
        Line(
            (rule.name, rule.when.says, _applies_to(standard, rule.subservices), number_format(0), "", ""), (rule.row,)
        )
        for rule in standard.free
    ]
    headers = (_("Payment"), _("When"), _("Service"), _("Rate, MCI"), _("Paid to"), _("Due"))
    return Table(
        _("What it costs"), _("Rates are dated tariffs in monthly calculation indices."), headers, charged + free
    )


def _checks(standard: Standard) -> Table:
    lines = [
        Line(
            (
                rule.name,
                ", ".join(str(SUBJECT_NAMES[subject]) for subject in rule.subjects),
                rule.when.says,
                _applies_to(standard, rule.subservices),
                rule.ground,
            ),
            (rule.row,),
        )
        for rule in standard.checks
    ]
    headers = (_("Question"), _("About"), _("When"), _("Service"), _("A hit refuses under"))
    return Table(_("What the registers are asked"), _("A register that does not answer bars approval."), headers, lines)


def _grounds(standard: Standard) -> Table:
    lines = [
        Line(
            (ground.text, ground.proved_by, _applies_to(standard, ground.subservices), ground.citation.place),
            (ground.row,),
        )
        for ground in standard.grounds
    ]
    headers = (_("Ground"), _("Proven by"), _("Service"), _("Where it stands"))
    return Table(_("When the service is refused"), str(standard.grounds[0].citation.act), headers, lines)


def _day(day: date | None) -> str:
    return date_format(day, DAY) if day else "—"


def _dates(standard: Standard) -> Table:
    lines = [
        Line(
            (
                requirement.name,
                requirement.when.says,
                _day(requirement.effective_from or standard.effective_from),
                _day(requirement.effective_until),
            ),
            (requirement.row, *requirement.besides),
        )
        for requirement in standard.requirements
        if requirement.effective_from or requirement.effective_until
    ]
    headers = (_("Rule"), _("When"), _("First day"), _("Last day"))
    return Table(_("Rules with a day of their own"), _("The day of submission decides."), headers, lines)


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """The list of the services with their channels and terms, each linked to its standard."""
    listed = [
        {"standard": standard, "terms": _terms(standard)}
        for standard in (in_force_today(service) for service in all_services())
    ]
    return render(request, "public/services.html", {"services": listed})


@require_safe
def service(request: HttpRequest, code: str) -> HttpResponse:
    """The standard of one service in the version in force on `?on=YYYY-MM-DD`, by default today."""
    known = service_if_any(code.upper())
    if known is None:
        raise Http404
    versions = known.versions
    form = DayForm(request.GET if "on" in request.GET else None)
    chosen = form.cleaned_data["on"] if form.is_valid() else None
    on = chosen or timezone.localdate()
    context: dict[str, Any] = {"form": form, "on": on, "title": versions[-1].title, "first": versions[0].effective_from}
    try:
        standard = in_force(versions, on)
    except LookupError:
        return render(request, "public/service.html", context | {"standard": None})
    tables = [_terms(standard), *_documents(standard, on), _charges(standard), _checks(standard), _grounds(standard)]
    dates = _dates(standard)
    context |= {"standard": standard, "tables": [*tables, dates] if dates.lines else tables}
    return render(request, "public/service.html", context)
