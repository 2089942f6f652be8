"""What the two papers common to all services print, as plain JSON taken when the paper is ordered."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from applications.handover import usual_receiver
from applications.models import Application, Document
from applications.services import ChargeLine, facts_of, service_of, standard_of
from applications.standards import MetBy, Requirement, Text
from applications.surrendering import is_surrendered
from people.models import Organisation, Person
from registers.contract import Outcome


def both(text: Text) -> dict[str, str]:
    return {"ru": text.ru, "kk": text.kk}


def party(person: Person | Organisation) -> dict[str, Any]:
    """Name and masked number: a receipt is carried about and lost more easily than a certificate."""
    return {
        "name": person.full_name,
        "identifier": person.masked_identifier,
        "is_organisation": isinstance(person, Organisation),
    }


def common(application: Application) -> dict[str, Any]:
    """service {ru, kk}, subservice {ru, kk}, subject (the vehicle, plate or driver in a line), applicant,
    representative {name} or None, received_by (short name, "" over a portal)."""
    standard = standard_of(application)
    representative = application.representative
    return {
        "service": both(standard.title),
        "subservice": both(standard.subservice(application.subservice).name),
        "subject": subject_line(application),
        "applicant": party(application.applicant),
        "representative": {"name": representative.full_name} if representative else None,
        "received_by": application.accepted_by.short_name if application.accepted_by else "",
    }


def subject_line(application: Application) -> str:
    """The headline with the key of the case: "Toyota Camry, 2021, VIN XW7BF4FK60S123456".

    Of the kinds of keys only "VIN" reads alike in both languages; a key that is the applicant's own number is masked.
    """
    kind, _colon, number = application.subject.partition(":")
    if number == application.applicant.identifier:
        number = application.applicant.masked_identifier
    parts = (application.headline, f"{kind} {number}" if kind == "VIN" else number)
    return ", ".join(part for part in parts if part)


def receipt_content(application: Application) -> dict[str, Any]:
    """The receipt of acceptance. Beside `common`: accepted_at, due_at (ISO instants), term {minutes or working_days},
    days [{on, hours [opening, closing] or None}] the term was counted over, documents [{name {ru, kk}, files, pages,
    from_register}], charges [{name {ru, kk}, amount, receipt}], total, is_paid,
    status {ru, kk}: how to follow the case.

    Raises ValueError for an application that was not accepted.
    """
    if application.submitted_at is None or application.due_at is None:
        raise ValueError("A receipt is given for an accepted application.")
    term = standard_of(application).term(facts_of(application))
    charges = service_of(application).charges(application)
    return {
        **common(application),
        "accepted_at": timezone.localtime(application.submitted_at).isoformat(),
        "due_at": timezone.localtime(application.due_at).isoformat(),
        "term": {"minutes": term.minutes, "working_days": term.working_days},
        "days": [{"on": on, "hours": hours} for on, hours in application.clock.get("days", {}).items()],
        "documents": received_documents(application),
        "charges": [charge_line(line) for line in charges],
        "total": str(sum(line.amount for line in charges if line.amount is not None)),
        "is_paid": bool(charges) and all(line.is_paid for line in charges),
        "status": both(standard_of(application).status),
    }


def charge_line(line: ChargeLine) -> dict[str, Any]:
    amount = None if line.amount is None else str(line.amount)
    return {"name": both(line.name), "amount": amount, "receipt": line.receipt, "is_paid": line.is_paid}


def received_documents(application: Application) -> list[dict[str, Any]]:
    """What was received for each requirement of the standard: scans, or the answer of a register."""
    documents = [document for document in application.documents.all() if document.removed_at is None]
    clear = {check.code for check in application.checks.all() if check.outcome == Outcome.CLEAR.value}
    received = []
    for requirement in service_of(application).documents(application, facts_of(application)):
        scans = [document for document in documents if document.requirement == requirement.code]
        from_register = MetBy.REGISTER in requirement.met_by and requirement.check in clear
        if scans or from_register:
            received.append(received_line(requirement, scans, from_register=from_register))
    return received


def received_line(requirement: Requirement, scans: list[Document], *, from_register: bool) -> dict[str, Any]:
    return {
        "name": both(requirement.name),
        "files": len(scans),
        "pages": sum(scan.pages for scan in scans),
        "from_register": from_register,
    }


def handover_content(application: Application) -> dict[str, Any]:
    """The handover sheet. Beside `common`: handed_out [{name {ru, kk}, number}], handed_in [{name {ru, kk}, is_done}],
    plate ("" where none), plate_pieces (how many of it change hands), officer (who decided), receiver (who is expected
    to take them: "" for an organisation that applied over a portal)."""
    service = service_of(application)
    names = {kind.code: kind.name for kind in service.papers if kind.ordered_at == "issue"}
    papers = application.papers.filter(standing="valid", kind__in=names).order_by("id")
    surrendered = [
        {"name": both(requirement.name), "is_done": is_surrendered(application, requirement.code)}
        for requirement in service.documents(application, facts_of(application))
        if MetBy.SURRENDER in requirement.met_by
    ]
    results = service.results(application)
    given = {item.number: item.name for item in results}
    printed = {number_of(paper): names[paper.kind] for paper in papers}
    # Plates that stayed on their vehicle change no hands.
    plate = application.plate_number if application.plate_number in given else ""
    receiver = usual_receiver(application)
    handed_out = {**printed, **{number: name for number, name in given.items() if number not in {plate, *printed}}}
    return {
        **common(application),
        "handed_out": [{"name": both(name), "number": number} for number, name in handed_out.items()],
        "handed_in": surrendered,
        "plate": plate,
        "plate_pieces": sum(item.number == plate for item in results) if plate else 0,
        "receiver": receiver.full_name if receiver else "",
        "officer": application.decided_by.short_name if application.decided_by else "",
    }


def number_of(paper: Any) -> str:
    """The number people know the paper by: that of its blank where it has one."""
    return str(paper.content.get("number") or paper.number)
