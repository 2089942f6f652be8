"""Cases of VR-2 brought along the road: a car on record is sold, or taken off the record."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from applications import intake, issuing
from applications.acting import Actor
from applications.models import Application
from applications.standards import Channel
from applications.surrendering import take_in
from people.models import Organisation
from registration.standard import OwnershipProof
from tests.fixtures_registers import demo_organisation
from tests.fixtures_road import Road, work


def opened(road: Road, applicant: str, *, channel: Channel = Channel.FRONT_DESK, **more: Any) -> Application:
    """An empty draft of VR-2 for a person or organisation of the demo data; an organisation comes with its head."""
    party = road.applicant(applicant)
    head = road.find(demo_organisation(applicant)["head_iin"]) if isinstance(party, Organisation) else None
    at_the_desk = channel == Channel.FRONT_DESK
    return intake.open_draft(
        actor=road.desk if at_the_desk else Actor.automatic("egov"),
        service_code="VR",
        subservice="VR-2",
        channel=channel,
        applicant=party,
        representative=more.pop("representative", head),
        office=None if at_the_desk else road.people["officer"].office,
        now=timezone.now(),
        **more,
    )


def filled(road: Road, application: Application, actor: Actor | None = None, **details: Any) -> Application:
    """The draft with these details, its scans attached where it wants any, and the registers' answers in."""
    by = actor or road.desk
    intake.save_details(actor=by, number=application.number, version=None, data=details, now=timezone.now())
    work()
    return road.fresh(application)


def contract(registered: Application, **details: Any) -> dict[str, Any]:
    """The details of a sale of the car that `registered` put on record, sold today by its owner."""
    return {
        "found_by": registered.plate_number,
        "seller_identifier": registered.applicant.identifier,
        "sold_on": timezone.localdate().isoformat(),
        "ownership_proof": OwnershipProof.NOTARISED.value,
        "plates_kept": "yes",
        **details,
    }


def sold(road: Road, registered: Application, buyer: str = "P-02", **details: Any) -> Application:
    """A draft of VR-2 at the desk with its contract attached; not yet paid."""
    application = filled(road, opened(road, buyer), **contract(registered, **details))
    road.attach(application, "ownership_proof")
    if isinstance(registered.applicant, Organisation):
        road.attach(application, "transfer_order")
    return road.fresh(application)


def leaving(road: Road, registered: Application, reason: str = "export", **details: Any) -> Application:
    """A draft of a deregistration by the registered owner, with the proof attached and nothing taken in yet."""
    application = opened(road, owner_row(registered))
    data = {
        "act": "deregistration",
        "found_by": registered.plate_number,
        "deregistration_reason": reason,
        "ownership_proof": OwnershipProof.NOTARISED.value,
        **details,
    }
    application = filled(road, application, **data)
    road.attach(application, "ownership_proof")
    return road.fresh(application)


def owner_row(registered: Application) -> str:
    """P-01 or O-01: the demo owner by whom the car was registered."""
    return "O-01" if registered.applicant_organisation_id else "P-01"


def hand_in(road: Road, application: Application, *things: str, outcome: str = "returned", words: str = "") -> None:
    """Take in previous papers by their codes: "certificate", "plates"."""
    for thing in things:
        take_in(
            actor=road.desk,
            number=application.number,
            version=None,
            requirement="previous_papers",
            thing=thing,
            outcome=outcome,
            explanation=words,
            now=timezone.now(),
        )


def held(road: Road, application: Application, *, is_inspected: bool = True) -> Application:
    """The draft paid for, accepted, asked about and in the officer's hands."""
    road.pay(application)
    road.submit(application)
    work()
    application = road.fresh(application)
    if is_inspected:
        road.inspect(application)
    road.take(application)
    return road.fresh(application)


def issued(road: Road, application: Application, *, is_inspected: bool = True) -> Application:
    """The draft walked to its issue, with everything taken in that was recorded."""
    approved = road.approve(held(road, application, is_inspected=is_inspected))
    issuing.issue(approved.number)
    work()
    return road.fresh(approved)
