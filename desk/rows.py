"""One application as a line of a list: everything the line shows, fetched for all lines together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application, Check
from applications.services import service_name
from applications.states import UNDECIDED_STATES, State
from desk.clocks import Face, face
from offices.calendar import WorkingCalendar, working_calendar
from offices.models import Role, Staff
from people.models import masked
from registers.contract import REGISTERS, Outcome

TAKERS = {Role.OFFICER, Role.SUPERVISOR}


@dataclass(frozen=True)
class Tag:
    """A count of checks with its meaning: in short for the eye, in full for the ear."""

    tone: str
    word: str
    says: str


@dataclass(frozen=True)
class Row:
    """A line of the queue or of search results."""

    number: str
    address: str
    service: str
    clock: Face
    plate: str
    subject: str
    headline: str
    applicant: str
    identifier: str
    channel: str
    checks: tuple[Tag, ...]
    state: str
    state_tone: str
    holder: str
    held_since: str
    is_mine: bool
    may_take: bool


@dataclass(frozen=True)
class Tally:
    """Checks of one application by outcome, and a register that is away."""

    hit: int = 0
    unavailable: int = 0
    doubtful: int = 0
    asked: int = 0
    clear: int = 0
    away: str = ""

    @property
    def total(self) -> int:
        return self.hit + self.unavailable + self.doubtful + self.asked + self.clear


def rows(applications: Sequence[Application], staff: Staff, now: datetime) -> list[Row]:
    """Lines for `applications`, which come with applicant and holder; two queries however many there are."""
    if not applications:
        return []
    tallies = tally(application.pk for application in applications)
    calendar = working_calendar()
    return [_row(application, tallies[application.pk], staff, now, calendar) for application in applications]


def tally(application_ids: Iterable[int]) -> dict[int, Tally]:
    """The checks of each application, counted by what they conclude, in one query."""
    groups = (
        Check.objects.filter(application__in=list(application_ids))
        .order_by()
        .annotate(is_confirmed=Q(confirmed_by__isnull=False))
        .values("application_id", "outcome", "ruling", "is_confirmed")
        .annotate(count=Count("pk"), register=Max("register"))
    )
    counted: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    away: dict[int, str] = {}
    for group in groups:
        kind = _kind(group["outcome"], group["ruling"] if group["is_confirmed"] else "")
        counted[group["application_id"]][kind] += group["count"]
        if kind == "unavailable":
            away[group["application_id"]] = group["register"]
    tallies = {pk: Tally(away=away.get(pk, ""), **kinds) for pk, kinds in counted.items()}
    return defaultdict(Tally, tallies)


def _kind(outcome: str, confirmed_ruling: str) -> str:
    if outcome == Outcome.NEEDS_HUMAN and confirmed_ruling:
        outcome = confirmed_ruling
    kinds = {Outcome.HIT: "hit", Outcome.UNAVAILABLE: "unavailable", Outcome.NEEDS_HUMAN: "doubtful"}
    return {str(key): value for key, value in kinds.items()}.get(outcome, "clear" if outcome else "asked")


def address_of(application: Application) -> str:
    """Where the application is worked on: a draft at intake, anything else as a case."""
    page = "desk:intake_details" if application.state == State.DRAFT else "desk:case"
    return reverse(page, args=[application.number])


def subject_number(application: Application) -> str:
    """The number of what the case is about; the applicant's own stays hidden like everywhere else."""
    number = application.subject.partition(":")[2]
    return masked(number) if number == application.applicant.identifier else number


def _row(application: Application, checks: Tally, staff: Staff, now: datetime, calendar: WorkingCalendar) -> Row:
    applicant = application.applicant
    state, tone = _state(application, checks)
    is_mine = application.holder_id == staff.pk
    may_take = staff.role in TAKERS and application.state == State.REVIEW and application.holder_id is None
    return Row(
        number=application.number,
        address=address_of(application),
        service=service_name(application),
        clock=face(application, now, calendar),
        plate=application.plate_number,
        subject=subject_number(application),
        headline=application.headline,
        applicant=applicant.display_name,
        identifier=applicant.masked_identifier,
        channel=application.get_channel_display(),
        checks=tuple(_tags(checks)),
        state=state,
        state_tone=tone,
        holder=application.holder.short_name if application.holder else "",
        held_since=_since(application.held_since, now),
        is_mine=is_mine,
        may_take=may_take,
    )


def _tags(checks: Tally) -> Iterable[Tag]:
    if checks.asked:
        done = checks.total - checks.asked
        words = _("%(done)d of %(total)d running") % {"done": done, "total": checks.total}
        yield Tag("", words, words)
    if checks.hit:
        yield Tag(
            "late", f"{checks.hit} ✕", ngettext("%(n)d obstacle", "%(n)d obstacles", checks.hit) % {"n": checks.hit}
        )
    if checks.doubtful:
        says = ngettext("%(n)d to judge", "%(n)d to judge", checks.doubtful) % {"n": checks.doubtful}
        yield Tag("risk", says, says)
    if checks.unavailable:
        says = ngettext("%(n)d waits", "%(n)d wait", checks.unavailable) % {"n": checks.unavailable}
        yield Tag("risk", says, says)
    if checks.clear and not checks.asked:
        says = ngettext("%(n)d clear", "%(n)d clear", checks.clear) % {"n": checks.clear}
        yield Tag("calm", f"{checks.clear} ✓", says)


def _state(application: Application, checks: Tally) -> tuple[str, str]:
    """The state in words: what the case waits for stands before where it is."""
    if application.held_up_by:
        reasons = {
            "plates.stock_empty": _("Approved · no plates in stock"),
            "blanks.stock_empty": _("Approved · no blanks"),
        }
        return reasons.get(application.held_up_by, _("Approved · the issue waits")), "risk"
    if checks.away and application.state in UNDECIDED_STATES:
        register = REGISTERS.get(checks.away)
        return _("No answer: %(register)s") % {"register": register.title if register else checks.away}, "risk"
    if application.state in {State.ISSUED, State.REFUSED} and application.handed_over_at is None:
        words = {State.ISSUED: _("To hand over"), State.REFUSED: _("Refusal to hand over")}
        return words[State(application.state)], ""
    return str(State(application.state).label), ""


def _since(instant: datetime | None, now: datetime) -> str:
    if instant is None:
        return ""
    local = timezone.localtime(instant)
    is_today = local.date() == timezone.localdate(now)
    return _("since %(when)s") % {"when": date_format(local, "H:i" if is_today else "d.m, H:i")}
