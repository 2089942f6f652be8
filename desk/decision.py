"""The decision: an approval said back before it is made, a refusal read in both languages before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language

from applications import deciding
from applications.errors import DomainError, InvalidInputError
from applications.models import Application
from applications.services import service_of, standard_of
from applications.standards import Ground
from desk.case import BOTH, version_of
from desk.case_page import case_of, frame, look
from desk.guards import StaffRequest, actor, staff_view
from desk.navigation import OFFICERS
from desk.templatetags.desk import described
from refusals.grounds import ProposedGround, is_judged_by_officer, propose
from refusals.refusing import Chosen, compose_letter
from refusals.refusing import refuse as refuse_verb

# Refusals of the verbs after which the officer goes on working on the same page.
STAYS = frozenset({"evidence_stale", "not_approvable", "ground_not_proven", "invalid", "stale"})


@staff_view(*OFFICERS, methods=BOTH)
def approve(request: StaffRequest, number: str) -> HttpResponse:
    """What an approval does, said back: vehicle, person, plates; then it is done and cannot be undone."""
    if request.method != "POST":
        return approval_page(request, number)
    try:
        deciding.approve(actor=actor(request), number=number, version=version_of(request), now=timezone.now())
    except DomainError as error:
        if error.code not in STAYS:
            raise
        return approval_page(request, number, error)
    return redirect("desk:case", number=number)


def approval_page(request: StaffRequest, number: str, error: DomainError | None = None) -> HttpResponse:
    """The confirmation; after a refusal of the verb it says why. Elsewhere than before a decision there is none."""
    now = timezone.now()
    application = case_of(request, number)
    context = frame(request, application, now)
    if not context["steps"].decide:
        return not_decidable(number, error)
    look(request, application, "decision", now)
    context |= {"error": error, "effect": service_of(application).effect(application)}
    return render(request, "desk/case/approve.html", context, status=error.status if error else 200)


def not_decidable(number: str, error: DomainError | None) -> HttpResponse:
    """Back to the case, which says where it stands; a step that was really tried is refused in words."""
    if error is not None:
        raise error
    return redirect("desk:case", number=number)


@dataclass(frozen=True)
class Choice:
    """A ground as the refusal page offers it. `findings` prove it; without any it needs the officer's own words."""

    ground: Ground
    findings: tuple[str, ...]
    is_open: bool
    is_chosen: bool
    remark_ru: str
    remark_kk: str
    error_ru: str
    error_kk: str

    @property
    def has_remarks(self) -> bool:
        """Whether words of the officer's own may stand in the letter under this ground."""
        return is_judged_by_officer(self.ground)


def chosen_of(request: StaffRequest) -> list[Chosen]:
    """What the officer ticked, with the remarks typed beside it."""
    return [
        Chosen(row, request.POST.get(f"remark_ru:{row}", ""), request.POST.get(f"remark_kk:{row}", ""))
        for row in dict.fromkeys(request.POST.getlist("ground"))
    ]


def choices(
    application: Application, proposed: Sequence[ProposedGround], request: StaffRequest, error: DomainError | None
) -> list[Choice]:
    """Every ground of the standard: proven ones first chosen, those of judgement open, the others shut with why."""
    is_first = request.method != "POST"
    ticked = set(request.POST.getlist("ground"))
    fields = error.fields if error else {}
    offered = []
    for ground in standard_of(application).grounds_for(application.subservice):
        findings = tuple(found_in(found) for found in proposed if found.ground.row == ground.row)
        is_chosen = bool(findings) if is_first else ground.row in ticked
        offered.append(
            Choice(
                ground=ground,
                findings=findings,
                is_open=bool(findings) or is_judged_by_officer(ground),
                is_chosen=is_chosen,
                remark_ru=request.POST.get(f"remark_ru:{ground.row}", ""),
                remark_kk=request.POST.get(f"remark_kk:{ground.row}", ""),
                error_ru=str(fields.get(f"remark_ru:{ground.row}", "")),
                error_kk=str(fields.get(f"remark_kk:{ground.row}", "")),
            )
        )
    return sorted(offered, key=lambda choice: (not choice.findings, not choice.is_open))


def found_in(proposed: ProposedGround) -> str:
    """What proves the ground, in the language of the desk; the letter has it in Russian and Kazakh."""
    if proposed.check is not None:
        return " ".join(described(proposed.check.findings)) or str(proposed.ground.text)
    return proposed.finding_kk if (get_language() or "")[:2] == "kk" else proposed.finding_ru


@staff_view(*OFFICERS, methods=BOTH)
def refuse(request: StaffRequest, number: str) -> HttpResponse:
    """Choose grounds, read the letter as the applicant will, then refuse. `step` is edit, preview or confirm."""
    step = request.POST.get("step", "edit")
    if request.method != "POST" or step == "edit":
        return refusal_page(request, number)
    try:
        if step == "confirm":
            refuse_verb(
                actor=actor(request),
                number=number,
                version=version_of(request),
                chosen=chosen_of(request),
                now=timezone.now(),
            )
            return redirect("desk:case", number=number)
        return preview(request, number)
    except DomainError as error:
        if error.code not in STAYS and not isinstance(error, InvalidInputError):
            raise
        return refusal_page(request, number, error)


def refusal_page(request: StaffRequest, number: str, error: DomainError | None = None) -> HttpResponse:
    """The choice of grounds, with what was chosen and typed before."""
    now = timezone.now()
    application = case_of(request, number)
    context = frame(request, application, now)
    if not context["steps"].decide:
        return not_decidable(number, error)
    look(request, application, "decision", now)
    context |= {"error": error, "choices": choices(application, propose(application), request, error)}
    return render(request, "desk/case/refuse.html", context, status=error.status if error else 200)


def preview(request: StaffRequest, number: str) -> HttpResponse:
    """The letter in both languages, exactly as it will be printed. Raises DomainError for a choice that cannot be."""
    now = timezone.now()
    application = case_of(request, number)
    chosen = chosen_of(request)
    letter = compose_letter(application, chosen, officer=request.user, now=now)
    context = {**frame(request, application, now), "letter": letter, "chosen": chosen}
    return render(request, "desk/case/letter.html", context)
