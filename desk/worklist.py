"""The lists a role works from: which cases, counted how, fifty at a time, soonest due first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.acting import pulse
from applications.models import Application, ApplicationQuerySet, Check
from applications.models.application import CHANNELS
from applications.numbers import row_key
from applications.services import all_services
from applications.states import OPEN_STATES, State
from desk.rows import Row, rows
from fees.models import Charge
from offices.access import offices_visible_to
from offices.models import Role, Staff
from registers.contract import Outcome

PAGE = 50
OFFICES_KEPT_SECONDS = 60
TO_HAND_OVER = Q(state__in=[State.ISSUED, State.REFUSED], handed_over_at__isnull=True, front_desk__isnull=False)
IN_WORK = Q(state__in=OPEN_STATES)
# Drafts, cases in work and results to hand over, as one condition that the front desk's index answers alone.
AT_THE_DESK = Q(
    state__in=[State.DRAFT, *OPEN_STATES, State.ISSUED, State.REFUSED],
    handed_over_at__isnull=True,
    front_desk__isnull=False,
)


@dataclass(frozen=True)
class View:
    """One chip above the list. `condition` may look at who asks and when."""

    code: str
    word: str | Promise
    condition: Callable[[Staff, datetime], Q]
    tone: str = ""


@dataclass(frozen=True)
class Chosen:
    """What the reader asked the list to show; nothing is remembered from page to page but the address."""

    view: str
    service: str = ""
    channel: str = ""
    after: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str], role: str) -> Chosen:
        """From the address; whatever it does not know falls back to everything."""
        codes = {view.code for view in views_of(role)}
        view, service, channel = (query.get(name, "") for name in ("show", "service", "channel"))
        return cls(
            view=view if view in codes else "all",
            service=service if service in dict(services()) else "",
            channel=channel if channel in dict(CHANNELS) else "",
            after=query.get("after", ""),
        )

    def address(self, **changes: str) -> str:
        """The query of the address that shows this list with `changes`, from its first page unless `after` is given."""
        values = {"show": self.view, "service": self.service, "channel": self.channel, **changes}
        kept = {name: value for name, value in values.items() if value and (name, value) != ("show", "all")}
        return f"?{urlencode(kept)}" if kept else "?"


@dataclass(frozen=True)
class Page:
    """Fifty lines and where the next ones begin (empty on the last page)."""

    rows: list[Row]
    next: str


def waiting_for_register() -> Q:
    """Cases of which a register that did not answer is still owed an answer."""
    unanswered = Check.objects.filter(outcome=Outcome.UNAVAILABLE.value).values("application")
    return IN_WORK & Q(pk__in=unanswered)


def waiting_for_payment() -> Q:
    """Drafts that could go on if their charges were paid."""
    return Q(Exists(Charge.objects.payable().filter(application=OuterRef("pk"))), state=State.DRAFT)


OFFICE_VIEWS = (
    View("all", _("All"), lambda staff, now: IN_WORK),
    View("mine", _("Mine"), lambda staff, now: IN_WORK & Q(holder=staff)),
    View("overdue", _("overdue"), lambda staff, now: IN_WORK & Q(due_at__lte=now), "late"),
    View("risk", _("at risk"), lambda staff, now: IN_WORK & Q(at_risk_at__lte=now, due_at__gt=now), "risk"),
    View("register", _("Waiting for a register"), lambda staff, now: waiting_for_register()),
    View("handover", _("To hand over"), lambda staff, now: TO_HAND_OVER),
)
DESK_VIEWS = (
    View("all", _("All"), lambda staff, now: AT_THE_DESK),
    View("handover", _("To hand over"), lambda staff, now: TO_HAND_OVER),
    View("drafts", _("Drafts"), lambda staff, now: Q(state=State.DRAFT)),
    View("payment", _("Waiting for payment"), lambda staff, now: waiting_for_payment()),
    View("work", _("With the police"), lambda staff, now: IN_WORK),
    View("overdue", _("overdue"), lambda staff, now: IN_WORK & Q(due_at__lte=now), "late"),
)


def views_of(role: str) -> tuple[View, ...]:
    """The chips of a role, first the one its day starts with."""
    return DESK_VIEWS if role == Role.FRONT_DESK else OFFICE_VIEWS


def services() -> list[tuple[str, str]]:
    """Code and title of every service plugged in, for the filter."""
    return [(service.code, str(service.versions[-1].title)) for service in all_services()]


def counts(staff: Staff, chosen: Chosen, now: datetime) -> dict[str, int]:
    """How many cases each chip holds under the chosen service and channel.

    One query of small ones: each finds its cases by an index of its own instead of sifting all of them.
    """
    found = _filtered(staff, chosen)
    numbers = {view.code: _number(found.filter(view.condition(staff, now))) for view in views_of(staff.role)}
    counted: Mapping[str, Any] = Staff.objects.filter(pk=staff.pk).values(**numbers).get()
    return {code: int(counted[code]) for code in numbers}


def _number(found: ApplicationQuerySet) -> Coalesce:
    counted = found.order_by().annotate(together=Value(1)).values("together").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


def decided_today(staff: Staff, now: datetime) -> int:
    """Cases decided since midnight in Asia/Almaty."""
    midnight = datetime.combine(timezone.localdate(now), time(0), timezone.get_default_timezone())
    return Application.objects.visible_to(staff).filter(decided_at__gte=midnight).count()


def page(staff: Staff, chosen: Chosen, now: datetime) -> Page:
    """Fifty cases from `chosen.after` on, by due time and then by age; drafts, which have none, come last."""
    view = next(view for view in views_of(staff.role) if view.code == chosen.view)
    found = (
        _filtered(staff, chosen)
        .filter(view.condition(staff, now))
        .select_related("applicant_person", "applicant_organisation", "holder")
        .order_by(F("due_at").asc(nulls_last=True), "pk")
    )
    if (condition := _after(chosen.after, with_drafts=staff.role == Role.FRONT_DESK)) is not None:
        found = found.filter(condition)
    applications = list(found[: PAGE + 1])
    following = _place(applications[PAGE - 1]) if len(applications) > PAGE else ""
    return Page(rows=rows(applications[:PAGE], staff, now), next=following)


def token(staff: Staff, now: datetime) -> str:
    """Changes when a case of the reader's offices changed, and every minute, because clocks run."""
    return f"{pulse(pulse_offices(staff))}.{int(now.timestamp()) // 60}"


def pulse_offices(staff: Staff) -> list[int]:
    """The offices whose changes the reader's list shows. Offices do not move, so a region's are kept for a minute."""
    if staff.role != Role.SUPERVISOR:
        return [staff.office_id] if staff.office_id else []
    kept = cache.get_or_set(
        f"offices:{staff.office_id}",
        lambda: list(offices_visible_to(staff).values_list("pk", flat=True)),
        OFFICES_KEPT_SECONDS,
    )
    return list(kept or [])


def _filtered(staff: Staff, chosen: Chosen) -> ApplicationQuerySet:
    found = Application.objects.visible_to(staff)
    # Says again, as plain numbers, what visible_to says as a subquery: only so the index gives the order, too.
    if staff.role == Role.FRONT_DESK:
        found = found.filter(front_desk=staff.office_id, handed_over_at__isnull=True)
    else:
        found = found.filter(office__in=pulse_offices(staff))
    if chosen.service:
        found = found.filter(service=chosen.service)
    if chosen.channel:
        found = found.filter(channel=chosen.channel)
    return found


def _place(application: Application) -> str:
    due = application.due_at.isoformat() if application.due_at else ""
    return f"{due}~{application.pk}"


def _after(place: str, *, with_drafts: bool) -> Q | None:
    """What comes after `place` in a list; None when it is no place. Only drafts, which come last, have no due time."""
    due, _separator, number = place.partition("~")
    pk = row_key(number)
    if pk is None:
        return None
    if not due:
        return Q(due_at__isnull=True, pk__gt=pk)
    try:
        instant = parse_datetime(due)
    except ValueError:
        return None
    if instant is None or instant.tzinfo is None:
        return None
    # The first condition says nothing new: by it the index begins at the place instead of passing all that lies before.
    later = Q(due_at__gte=instant) & (Q(due_at__gt=instant) | Q(pk__gt=pk))
    return later | Q(due_at__isnull=True) if with_drafts else later
