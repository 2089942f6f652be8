"""What every page of a case shows: whose it is, where it stands, whether it can be approved, what lies in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Prefetch, Subquery
from django.utils.translation import gettext as _

from applications import journal
from applications.checklist import RequirementState, checklist
from applications.correcting import waiting
from applications.errors import NotFoundError
from applications.models import (
    Application,
    Check,
    Correction,
    Document,
    JournalEntry,
    Paper,
    PaperStanding,
    PaperState,
    Revocation,
)
from applications.models.application import ApplicationQuerySet
from applications.papers import kind_of
from applications.representation import POWER_REVOKED, is_power_revoked
from applications.services import ChargeLine, all_services, service_name, service_of
from applications.standards import MetBy
from applications.states import REVOCABLE_STATES, UNDECIDED_STATES, State
from applications.timeline import timeline
from desk.clocks import face
from desk.guards import StaffRequest, actor
from desk.intake_page import total
from desk.rows import subject_number
from desk.said import Said, when
from desk.verdict import Verdict, verdict
from desk.withdrawals import announced, revocation_of, taken_back
from fees.notices import notices_shown
from offices.calendar import working_calendar
from offices.models import Role, Staff

DECIDERS = frozenset({Role.OFFICER.value, Role.SUPERVISOR.value})
# Everything one page of a case says of people and records, in the query that finds the case.
RELATED = (
    "office",
    "front_desk",
    "applicant_person",
    "applicant_organisation",
    "representative",
    "power_of_attorney",
    "holder",
    "accepted_by",
    "decided_by",
    "handed_over_by",
    "received_by",
    "refusal",
)


def with_token(applications: ApplicationQuerySet) -> ApplicationQuerySet:
    """Each with the id of its newest journal entry that is no look."""
    entries = JournalEntry.objects.filter(application=OuterRef("pk")).exclude(action="viewed").order_by("-id")
    return applications.annotate(last_entry=Subquery(entries.values("id")[:1]))


def case_of(request: StaffRequest, number: str) -> Application:
    """The case as the reader may see it, with all its page shows of people. Raises NotFoundError for everyone else."""
    checks = Prefetch("checks", Check.objects.select_related("ruled_by", "confirmed_by"))
    documents = Prefetch("documents", Document.objects.select_related("marked_wrong_by"))
    related = [name for service in all_services() for name in service.related]
    found = with_token(Application.objects.visible_to(request.user)).select_related(*RELATED, *related)
    found = found.prefetch_related(checks, documents)
    application = found.filter(number=number).first()
    if application is None:
        raise NotFoundError
    return application


def token(application: Application, now: datetime) -> str:
    """Changes with the case, with whatever its journal tells of (payments, papers), and every minute for the clock."""
    return f"{application.version}.{getattr(application, 'last_entry', 0)}.{int(now.timestamp()) // 60}"


def token_of(request: StaffRequest, number: str, now: datetime) -> str:
    """The token alone, in one small query. Raises NotFoundError."""
    found = with_token(Application.objects.visible_to(request.user)).filter(number=number).only("version").first()
    if found is None:
        raise NotFoundError
    return token(found, now)


def look(request: StaffRequest, application: Application, what: str, now: datetime) -> None:
    """Journal that the reader opened `what` of the case."""
    journal.viewed(actor=actor(request), application=application, what=what, now=now)


@dataclass(frozen=True)
class Steps:
    """What the reader can do with the case now; `barred` says why it cannot be approved, empty when it can."""

    take: bool = False
    take_in: bool = False
    stand_by: bool = False
    release: bool = False
    take_over: bool = False
    decide: bool = False
    barred: str = ""
    inspect: bool = False
    withdraw: bool = False
    hand_over: bool = False
    mark: bool = False
    revoke: bool = False
    judge_revocation: bool = False


def steps_of(
    application: Application,
    staff: Staff,
    found: Verdict,
    needs: list[RequirementState],
    revocation: Revocation | None = None,
) -> Steps:
    """The steps open to `staff`; the verbs judge again when one is taken."""
    is_undecided = application.state in UNDECIDED_STATES
    ways = {way for need in needs for way in need.requirement.met_by}
    if staff.role == Role.FRONT_DESK:
        is_done = application.state in {State.ISSUED, State.REFUSED}
        return Steps(
            take_in=is_undecided and MetBy.SURRENDER in ways,
            stand_by=is_undecided and is_power_revoked(application),
            withdraw=is_undecided,
            hand_over=is_done and application.handed_over_at is None,
        )
    if not is_undecided:
        is_open = revocation is not None and revocation.is_open
        return Steps(
            revoke=staff.role == Role.SUPERVISOR and application.state in REVOCABLE_STATES and not is_open,
            judge_revocation=is_open,
        )
    is_mine = application.holder_id == staff.pk
    is_free = application.holder_id is None
    return Steps(
        take=is_free,
        release=is_mine,
        take_over=not is_mine and not is_free,
        decide=is_mine and application.state == State.REVIEW,
        barred=barred(application, found),
        inspect=MetBy.INSPECTION in ways,
        withdraw=staff.role == Role.SUPERVISOR,
        mark=True,
    )


def barred(application: Application, found: Verdict) -> str:
    """Why the case cannot be approved now, in one line; empty when it can."""
    if found.obstacles:
        first = found.obstacles[0]
        if first.check is None or not first.is_doubtful:
            return first.title
        is_judged = first.check.ruled_by_id is not None
        waits, open_ = _("%(register)s: waits for a second person"), _("%(register)s: somebody must judge the match")
        return (waits if is_judged else open_) % {"register": first.title}
    if found.waits:
        return _("Waits for: %(register)s") % {"register": found.waits[0].title}
    if application.state != State.REVIEW:
        return _("The registers are still being asked.")
    return ""


# Why an approved case is not issued yet, by the stable code that the issue left on it.
HELD_UP = {
    "plates.stock_empty": lambda: _("No plates of this kind are left in the office's stock."),
    "blanks.stock_empty": lambda: _("No SRTS blanks are left in the office's stock."),
    "licence_blanks.stock_empty": lambda: _("No licence blanks are left in the office's stock."),
    "plates.not_duplicable": lambda: _("The plate is no longer the applicant's, no longer on the vehicle, or stolen."),
    "plates.format_not_set": lambda: _("The layout of these plates is not set; an administrator must enter it."),
}


def announcements(
    application: Application, found: Verdict, now: datetime, revocation: Revocation | None = None
) -> list[Said]:
    """What stands on top of the page, most pressing first."""
    said = announced(revocation, now)
    if application.state in UNDECIDED_STATES and is_power_revoked(application):
        said.append(Said("late", _("Not to be approved: nobody acts for the applicant now"), str(POWER_REVOKED)))
    if found.away and application.state in {State.DRAFT, *UNDECIDED_STATES}:
        names = "; ".join(f"{card.title} ({when(card.check.asked_at, now)})" for card in found.away if card.check)
        text = _(
            "They are asked again by themselves. Until they answer, nothing is known of it and nothing is approved."
        )
        said.append(Said("risk", _("No answer: %(registers)s") % {"registers": names}, text))
    said += outcome(application, now)
    return said


def corrected(correction: Correction | None, now: datetime) -> list[Said]:
    """That particulars wait to be put right, and who can do it."""
    if correction is None:
        return []
    parts = {"who": correction.asked_by.short_name, "when": when(correction.asked_at, now)}
    title = _("%(who)s asks to correct typed particulars, %(when)s: a second person must confirm it") % parts
    return [Said("risk", title, correction.reason)]


def outcome(application: Application, now: datetime) -> list[Said]:
    """What has become of a case that is decided or withdrawn."""
    who = application.decided_by.short_name if application.decided_by else ""
    parts = {"who": who, "when": when(application.decided_at, now)}
    if application.state == State.IN_PRODUCTION:
        title = _("Approved by %(who)s at %(when)s, being made") % parts
        return [Said("calm", title, _("The case goes on by itself as soon as what was ordered has arrived."))]
    if application.state in {State.APPROVED, State.READY}:
        title = _("Approved by %(who)s at %(when)s, being issued") % parts
        if not application.held_up_by:
            return [Said("calm", title, _("What is issued and its papers follow by themselves."))]
        reason = HELD_UP.get(application.held_up_by, lambda: _("The issue cannot be done yet."))()
        text = _("The decision stands. The issue is tried again every half minute and goes on by itself.")
        return [Said("risk", _("Approved, but the issue waits: %(reason)s") % {"reason": reason}, text)]
    if application.state == State.WITHDRAWN:
        return [Said("", _("Withdrawn at the applicant's wish"))]
    if application.state not in {State.ISSUED, State.REFUSED}:
        return []
    title = (
        _("Issued: approved by %(who)s, %(when)s")
        if application.state == State.ISSUED
        else _("Refused by %(who)s, %(when)s")
    ) % parts
    tone = "calm" if application.state == State.ISSUED else "late"
    if application.handed_over_at is not None:
        giver = application.handed_over_by.short_name if application.handed_over_by else ""
        taker = application.received_by.full_name if application.received_by else ""
        text = _("Handed over by %(who)s to %(receiver)s, %(when)s.") % {
            "who": giver,
            "receiver": taker,
            "when": when(application.handed_over_at, now),
        }
    else:
        desk = application.front_desk.name if application.front_desk else application.get_channel_display()
        text = _("Waits to be handed over: %(where)s.") % {"where": desk}
    return [Said(tone, title, text)]


@dataclass(frozen=True)
class Shown:
    """A document as the viewer shows it, with the name of what it proves."""

    document: Document
    name: str

    @property
    def is_picture(self) -> bool:
        return self.document.content_type.startswith("image/")


def documents_of(application: Application, needs: list[RequirementState]) -> list[Shown]:
    """The scans of the case by the names of what they prove; `needs` is the checklist. One query."""
    names = {need.requirement.code: str(need.requirement.name) for need in needs}
    documents = [item for item in application.documents.all() if item.removed_at is None]
    return [Shown(item, names.get(item.requirement, item.requirement)) for item in documents]


@dataclass(frozen=True)
class PaperShown:
    """A paper of the case by the name of its kind."""

    paper: Paper
    name: str

    @property
    def is_ready(self) -> bool:
        return self.paper.state == PaperState.READY

    @property
    def is_valid(self) -> bool:
        return self.paper.standing == PaperStanding.VALID


def papers_of(application: Application) -> list[PaperShown]:
    """The papers of the case, newest first; one query."""
    papers = Paper.objects.filter(application=application).defer("content").order_by("-id")
    shown = []
    for paper in papers:
        paper.application = application
        shown.append(PaperShown(paper, str(kind_of(paper).name)))
    return shown


def frame(request: StaffRequest, application: Application, now: datetime) -> dict[str, Any]:
    """What the identity bar needs, on every page of a case."""
    lines = service_of(application).charges(application)
    needs = checklist(application, now, lines=lines)
    found = verdict(application, needs, request.user, now)
    revocation = revocation_of(application)
    correction = waiting(application)
    return {
        "application": application,
        "service_name": service_name(application),
        "subject_name": service_of(application).subject_name,
        "clock": face(application, now, working_calendar()),
        "needs": needs,
        "lines": lines,
        "verdict": found,
        "steps": steps_of(application, request.user, found, needs, revocation),
        "is_mine": application.holder_id == request.user.pk,
        "is_decider": request.user.role in DECIDERS,
        "held_since": when(application.held_since, now),
        "said": [*corrected(correction, now), *announcements(application, found, now, revocation)],
        "correction": correction,
        "revocation": revocation,
        "taken_back": taken_back(revocation),
        "state": State(application.state).label,
        "subject_number": subject_number(application),
        "token": token(application, now),
        "now": now,
    }


def panels(application: Application, needs: list[RequirementState], lines: Sequence[ChargeLine]) -> dict[str, Any]:
    """Everything the case page shows beside the identity bar; `needs` is the checklist, `lines` are the charges."""
    service = service_of(application)
    return {
        "facts": service.facts_shown(application),
        "total": total(lines),
        "notices": notices_shown(application),
        "documents": documents_of(application, needs),
        "papers": papers_of(application),
        "events": timeline(application),
    }
