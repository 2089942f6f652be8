"""Papers: ordered inside the verb that promises them, printed and signed by a worker, looked up by their code.

A paper is numbered, prints what was true when it was ordered and is never changed: a new one replaces it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from applications import storage
from applications.acting import Actor, lock, pulse_after_commit, record, require_role, save
from applications.documents import file_response
from applications.errors import DomainError, InvalidInputError
from applications.journal import noted
from applications.keys import office_key
from applications.models import Application, OutboxMessage, Paper, PaperStanding, PaperState
from applications.outbox import handles, promise
from applications.paper_codes import address, drawing, signed_text, subject_hash
from applications.paper_contents import handover_content, receipt_content
from applications.printing import pdf_of
from applications.services import ON_REQUEST, PaperKind, all_services, service_of
from applications.signing import sign
from applications.standards import Text
from applications.states import State
from offices.models import Office, Role

FOLDER = "papers"
# 128 bits: a code cannot be guessed, so knowing it is having seen the paper.
CODE_BYTES = 16

RECEIPT = PaperKind(
    code="receipt",
    name=Text("Receipt of acceptance", "Расписка о приёме документов", "Құжаттардың қабылданғаны туралы қолхат"),
    template="papers/receipt.html",
    content=receipt_content,
    ordered_at="submit",
)
HANDOVER_SHEET = PaperKind(
    code="handover_sheet",
    name=Text("Handover sheet", "Лист выдачи", "Беру парағы"),
    template="papers/handover_sheet.html",
    content=handover_content,
    ordered_at="issue",
)


@dataclass(frozen=True)
class OfficePaperKind:
    """How a paper that belongs to no application is made: an office's own act."""

    code: str
    name: Text
    template: str


_of_offices: dict[str, OfficePaperKind] = {}


def plug_in_paper(kind: OfficePaperKind) -> None:
    """Called by the AppConfig.ready() of the app whose paper it is."""
    _of_offices[kind.code] = kind


# The front desk gives these out; everything else is a paper of the police body that decides.
OF_THE_FRONT_DESK = frozenset({RECEIPT.code, HANDOVER_SHEET.code})


def kinds_of(application: Application) -> tuple[PaperKind, ...]:
    """The kinds of papers that an application may have: those of every service, then those of its own."""
    return (RECEIPT, HANDOVER_SHEET, *service_of(application).papers)


def paper_names(application: Application) -> dict[str, str]:
    """Code → name in the active language of the kinds of papers."""
    return {kind.code: str(kind.name) for kind in kinds_of(application)}


def names_of_all() -> dict[str, str]:
    """Code → name in the active language of every kind of paper, of a case or of an office."""
    kinds: list[PaperKind | OfficePaperKind] = [RECEIPT, HANDOVER_SHEET, *_of_offices.values()]
    kinds += [kind for service in all_services() for kind in service.papers]
    return {kind.code: str(kind.name) for kind in kinds}


def kind_of(paper: Paper) -> PaperKind | OfficePaperKind:
    """The kind of `paper`. Raises LookupError when its service, or the app of its office, no longer has it."""
    if paper.application is None:
        return _of_offices[paper.kind]
    for kind in kinds_of(paper.application):
        if kind.code == paper.kind:
            return kind
    raise LookupError(f"{paper.application.service} has no paper {paper.kind}")


def order(*, application: Application, kind: PaperKind, now: datetime) -> Paper:
    """Number a paper, take down what it will print and promise it; a valid one of the same kind is replaced.

    The caller holds the lock on the application (that is what keeps the numbers apart) and its transaction.
    """
    earlier = list(application.papers.values_list("kind", "standing"))
    if (kind.code, PaperStanding.VALID.value) in earlier:
        valid = application.papers.filter(kind=kind.code, standing=PaperStanding.VALID)
        valid.update(standing=PaperStanding.REPLACED, standing_changed_at=now)
    code = secrets.token_urlsafe(CODE_BYTES)
    number = f"{application.number}/{len(earlier) + 1}"
    content = kind.content(application)
    paper = Paper.objects.create(
        application=application,
        kind=kind.code,
        number=number,
        content={**content, "paper": imprint(application, kind, content, number=number, code=code, now=now)},
        verification_code=code,
        created_at=now,
    )
    promise("paper", application=application, now=now, payload={"paper": paper.pk})
    return paper


def order_of_office(
    *, office: Office, kind: OfficePaperKind, number: str, content: dict[str, Any], subject: str, now: datetime
) -> Paper:
    """Promise a paper of `office` under its own number, printing `content`, inside the caller's transaction.

    `subject` is what the code is tied to. Nothing replaces such a paper: it is made once.
    """
    code = secrets.token_urlsafe(CODE_BYTES)
    hashed = subject_hash(code, plate=subject, vin="")
    carried = carried_by_every_paper(kind, number=number, code=code, office=office, subject=hashed, now=now)
    paper = Paper.objects.create(
        application=None,
        kind=kind.code,
        number=number,
        content={**content, "paper": carried},
        verification_code=code,
        created_at=now,
    )
    promise("paper", application=None, now=now, payload={"paper": paper.pk})
    return paper


def on_request(application: Application) -> list[PaperKind]:
    """The papers that the applicant may ask for now: those of the service that are made on request and apply."""
    if application.state != State.ISSUED:
        return []
    kinds = service_of(application).papers
    return [kind for kind in kinds if kind.ordered_at == ON_REQUEST and kind.applies(application)]


@transaction.atomic
def request(*, actor: Actor, number: str, kind: str, now: datetime) -> Paper:
    """Order a paper that the applicant asks for at the front desk; asked for again, it is made anew (VR.5b).

    Raises NotAllowedError, and InvalidInputError for a paper that this application does not give.
    """
    require_role(actor, Role.FRONT_DESK)
    application = lock(number=number, actor=actor)
    wanted = next((item for item in on_request(application) if item.code == kind), None)
    if wanted is None:
        raise InvalidInputError({"kind": _("This application gives no such paper.")})
    paper = order(application=application, kind=wanted, now=now)
    save(application)
    record(application, actor, "paper_requested", now, {"paper": paper.number, "kind": kind})
    return paper


def imprint(
    application: Application, kind: PaperKind, content: dict[str, Any], *, number: str, code: str, now: datetime
) -> dict[str, Any]:
    """What every paper carries: its kind, number and day, who issues it, and the hash that ties it to the vehicle."""
    plate = content.get("plate") or application.plate_number
    subject = subject_hash(
        code,
        plate=plate["number"] if isinstance(plate, dict) else plate,
        vin=content.get("vin") or application.subject.rpartition(":")[2],
    )
    office = issuing_office(application, kind)
    carried = carried_by_every_paper(kind, number=number, code=code, office=office, subject=subject, now=now)
    return {**carried, "application": application.number}


def carried_by_every_paper(
    kind: PaperKind | OfficePaperKind, *, number: str, code: str, office: Office, subject: str, now: datetime
) -> dict[str, Any]:
    """Kind, number, day and office of a paper, where its code is looked up, and the hash of its subject."""
    return {
        "kind": kind.code,
        "name": {"en": kind.name.en, "ru": kind.name.ru, "kk": kind.name.kk},
        "number": number,
        "on": timezone.localdate(now).isoformat(),
        "at": timezone.localtime(now).isoformat(),
        "office": imprint_of_office(office),
        "address": address(code),
        "subject": subject,
    }


def issuing_office(application: Application, kind: PaperKind) -> Office:
    if kind.code in OF_THE_FRONT_DESK and application.front_desk is not None:
        return application.front_desk
    return application.office


def imprint_of_office(office: Office) -> dict[str, str]:
    return {
        "code": office.code,
        "en": office.name_en,
        "ru": office.name_ru,
        "kk": office.name_kk,
        "address_ru": office.address_ru,
        "address_kk": office.address_kk,
    }


@handles("paper")
def keep_paper(message: OutboxMessage) -> None:
    make(paper_id=message.payload["paper"])


def make(*, paper_id: int) -> Paper:
    """Print, sign and store a paper that was ordered. Done twice, or by two workers at once, it happens once.

    Raises MissingKeyError when the issuing office has no signing key; the promise then waits and says so.
    """
    paper = Paper.objects.select_related("application").get(pk=paper_id)
    if paper.state == PaperState.READY:
        return paper
    # Printing takes longest and changes nothing, so it holds no lock; of two workers one keeps its file.
    pdf = printed(paper)
    with transaction.atomic():
        paper = Paper.objects.select_for_update(of=("self",)).select_related("application").get(pk=paper_id)
        if paper.state == PaperState.READY:
            return paper
        now = timezone.now()
        paper.sha256, paper.size = storage.keep(FOLDER, pdf), len(pdf)
        paper.state, paper.made_at = PaperState.READY, now
        paper.save(update_fields=["sha256", "size", "state", "made_at"])
        tell(paper, Actor.automatic(), "paper_made", now, {"sha256": paper.sha256})
    return paper


def tell(paper: Paper, actor: Actor, action: str, now: datetime, more: dict[str, str] | None = None) -> None:
    """Journal what was done with a paper: in the chain of its case or of its office; open pages hear of a case."""
    changes = {"paper": paper.number, "kind": paper.kind, **(more or {})}
    if paper.application is None:
        office = paper.content["paper"]["office"]["code"]
        noted(chain=f"office:{office}", actor=actor, action=action, now=now, changes=changes)
        return
    record(paper.application, actor, action, now, changes)
    pulse_after_commit(paper.application)


def printed(paper: Paper) -> bytes:
    """The signed PDF of `paper`, from its content alone."""
    office = paper.content["paper"]["office"]
    key = office_key(office["code"])
    return sign(pdf_of(page(paper, is_development=key.is_development)), key=key, office_name=office["ru"])


def page(paper: Paper, *, is_development: bool) -> str:
    """The HTML of `paper`. Its words are in the template in both languages; whatever people typed is escaped."""
    imprint = paper.content["paper"]
    code = signed_text(
        code=paper.verification_code,
        kind=paper.kind,
        number=paper.number,
        on=date.fromisoformat(imprint["on"]),
        subject=imprint["subject"],
    )
    context = {**paper.content, "qr": drawing(code), "is_development": is_development}
    with translation.override("ru"):
        return render_to_string(kind_of(paper).template, context)


def revoke(*, paper: Paper, actor: Actor, now: datetime) -> Paper:
    """Declare a paper void: its code says so from now on. The caller holds the lock on the application.

    Raises DomainError "paper_not_valid" when it is replaced or revoked already.
    """
    changed = Paper.objects.filter(pk=paper.pk, standing=PaperStanding.VALID).update(
        standing=PaperStanding.REVOKED, standing_changed_at=now
    )
    if not changed:
        raise DomainError("paper_not_valid", _("This paper is not valid any more."))
    tell(paper, actor, "paper_revoked", now)
    paper.refresh_from_db()
    return paper


def revoke_all(application: Application, now: datetime) -> list[dict[str, str]]:
    """Declare every valid paper of the application void; returns what the caller's journal has to tell of each.

    The caller holds the lock on the application.
    """
    papers = application.papers.filter(standing=PaperStanding.VALID)
    told = [{"paper": number, "kind": kind} for number, kind in papers.values_list("number", "kind")]
    papers.update(standing=PaperStanding.REVOKED, standing_changed_at=now)
    return told


def paper_response(paper: Paper) -> HttpResponse:
    """The PDF for someone who may see it: the caller has judged that and journals the look.

    Raises DomainError "paper_pending" while a worker still makes it.
    """
    if paper.state != PaperState.READY:
        raise DomainError("paper_pending", _("The paper is still being made. Try again in a few seconds."))
    content = storage.fetch(FOLDER, paper.sha256)
    name = f"{paper.kind}_{paper.number.replace('/', '-')}.pdf"
    return file_response(content, name=name, content_type="application/pdf")
