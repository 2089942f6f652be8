"""Taking an application in: open a draft, fill it, attach documents, accept it – and then the clock starts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, lock, move, record, require_role, save
from applications.checking import promise_checks, refresh
from applications.checklist import checklist, missing
from applications.clock import deadlines, schedule_of, snapshot
from applications.documents import store
from applications.errors import DomainError, InvalidInputError, NotAllowedError
from applications.models import Application, Document
from applications.numbers import next_number
from applications.papers import RECEIPT, order
from applications.services import Service, facts_of, service, service_of, standard_of
from applications.standards import Channel, DueAt, Standard, in_force
from applications.states import OPEN_STATES, State
from offices.calendar import working_calendar
from offices.models import ConnectedSystem, Office, Role
from people.models import Organisation, Person, PowerOfAttorney


@transaction.atomic
def open_draft(
    *,
    actor: Actor,
    service_code: str,
    subservice: str,
    channel: Channel,
    applicant: Person | Organisation,
    now: datetime,
    office: Office | None = None,
    representative: Person | None = None,
    power_of_attorney: PowerOfAttorney | None = None,
    return_to: str = "",
) -> Application:
    """A draft of the service for `applicant`; front-desk staff open it at their own desk for the police body it serves.

    `office` is the police body of an application that comes over a portal, `return_to` the page of that portal to which
    the payment page leads back. Raises DomainError "channel_not_offered" with the law's row when the standard does not
    offer the channel (rows VR.2, PD.2, DL.2x), NotAllowedError when a connected system asks for a service or a channel
    that is not its own.
    """
    if actor.system is not None:
        require_connected(actor.system, service_code, channel)
    front_desk = None
    if channel == Channel.FRONT_DESK:
        front_desk = require_role(actor, Role.FRONT_DESK).office
        office = front_desk.serves if front_desk else None
    if office is None:
        raise InvalidInputError({"office": _("Say which police office the application is for.")})
    plugged = service(service_code)
    standard = _standard_offering(plugged, subservice, channel, timezone.localdate(now))
    application = Application.objects.create(
        number=next_number(office, timezone.localdate(now).year),
        service=service_code,
        subservice=subservice,
        standard_version=standard.version,
        channel=channel.value,
        office=office,
        front_desk=front_desk,
        filed_by=actor.system,
        applicant_person=applicant if isinstance(applicant, Person) else None,
        applicant_organisation=applicant if isinstance(applicant, Organisation) else None,
        representative=representative,
        power_of_attorney=power_of_attorney,
        return_to=return_to,
        created_at=now,
    )
    plugged.details_model._default_manager.create(application=application)
    record(application, actor, "opened", now, {"service": subservice, "channel": channel.value})
    refresh(application, now)
    return application


def _standard_offering(plugged: Service, subservice: str, channel: Channel, on: date) -> Standard:
    standard = in_force(plugged.versions, on)
    if not standard.offers(subservice, channel):
        message = _("This service is not offered through this channel.")
        raise DomainError("channel_not_offered", message, row=standard.channels_row)
    return standard


def require_connected(system: ConnectedSystem, service_code: str, channel: Channel) -> None:
    """Raise NotAllowedError unless `system` is connected for the service and speaks for the channel."""
    if not system.is_active or service_code not in system.services or channel.value != system.channel:
        raise NotAllowedError("service_not_connected", _("Your system is not connected for this service."))


@transaction.atomic
def save_details(
    *, actor: Actor, number: str, version: int | None, data: Mapping[str, Any], now: datetime
) -> Application:
    """Write the service's details of a draft. Raises InvalidInputError whose fields carry the form's messages."""
    require_front_desk(actor)
    application = lock(number=number, actor=actor, version=version)
    require_draft(application)
    fill_in(application, actor=actor, data=data, now=now)
    return application


def fill_in(application: Application, *, actor: Actor, data: Mapping[str, Any], now: datetime) -> None:
    """Write the details of a draft that the caller has locked. Raises InvalidInputError as save_details does."""
    form = service_of(application).details_form(application, data)
    if not form.is_valid():
        raise InvalidInputError(
            {name: " ".join(str(error) for error in errors) for name, errors in form.errors.items()}
        )
    changed = {name: str(form.cleaned_data.get(name, "")) for name in form.changed_data}
    form.save()
    refresh(application, now)
    record(application, actor, "details_changed", now, changed)


def require_front_desk(actor: Actor) -> None:
    """Of the staff only the front desk takes in, so that somebody else decides; portals act as themselves."""
    if actor.staff is not None:
        require_role(actor, Role.FRONT_DESK)


def require_draft(application: Application) -> None:
    if application.state != State.DRAFT:
        raise DomainError("illegal_move", _("The application is accepted; it can no longer be edited."))


def attach(
    *, actor: Actor, number: str, requirement: str, upload: UploadedFile[Any], now: datetime, form: str = ""
) -> Document:
    """Attach a scan or PDF to a requirement of the standard; the same content twice is one document.

    Raises InvalidInputError when the file cannot be accepted or the requirement is not one that a scan can meet.
    """
    stored = store(upload)
    with transaction.atomic():
        application = lock(number=number, actor=actor)
        if application.state not in {State.DRAFT, State.SUBMITTED, State.CHECKING, State.REVIEW}:
            raise DomainError("illegal_move", _("The application is decided; no document can be added."))
        if application.state == State.DRAFT:
            require_front_desk(actor)
        takes_scan = {item.requirement.code for item in checklist(application, now) if item.accepts_scan}
        if requirement not in takes_scan:
            raise InvalidInputError({"requirement": _("The standard asks for no scan here.")})
        document, is_new = Document.objects.get_or_create(
            application=application,
            requirement=requirement,
            sha256=stored.sha256,
            removed_at=None,
            defaults={
                "form": form,
                "name": stored.name,
                "content_type": stored.content_type,
                "size": stored.size,
                "pages": stored.pages,
                "uploaded_at": now,
                "uploaded_by": actor.staff,
            },
        )
        if is_new:
            save(application)
            record(application, actor, "document_attached", now, {"requirement": requirement, "name": stored.name})
    return document


NO_DOCUMENT = _("This application has no such document.")


@transaction.atomic
def remove(*, actor: Actor, number: str, document_id: int, now: datetime) -> None:
    """Take a document off a draft; the file itself stays in storage and in the journal."""
    require_front_desk(actor)
    application = lock(number=number, actor=actor)
    require_draft(application)
    document = application.documents.filter(pk=document_id, removed_at__isnull=True).first()
    if document is None:
        raise DomainError("no_document", NO_DOCUMENT, status=404)
    document.removed_at = now
    document.save(update_fields=["removed_at"])
    save(application)
    record(application, actor, "document_removed", now, {"requirement": document.requirement, "name": document.name})


def problems(application: Application, now: datetime) -> dict[str, str]:
    """What keeps a draft from being accepted: requirement code or field → message. Empty when it is complete."""
    found = shortcomings(application, now)
    other = second_open(application)
    if other is not None:
        found["subject"] = str(SECOND_OPEN % {"number": other})
    return found


SECOND_OPEN = _("Another application about the same is already open: %(number)s.")


def shortcomings(application: Application, now: datetime) -> dict[str, str]:
    """What the application itself still lacks. Whether it is the only one, the database says when it is accepted."""
    found = dict(service_of(application).intake_problems(application))
    for state in missing(checklist(application, now, DueAt.SUBMISSION), DueAt.SUBMISSION):
        found.setdefault(
            state.requirement.code,
            _("%(name)s is missing (%(row)s).") % {"name": state.requirement.name, "row": state.requirement.row},
        )
    return found


def second_open(application: Application) -> str | None:
    """The number of another open application for the same vehicle, plate or driver."""
    if not application.subject:
        return None
    others = Application.objects.filter(
        service=application.service, subject=application.subject, state__in=OPEN_STATES
    ).exclude(pk=application.pk)
    return others.values_list("number", flat=True).first()


@transaction.atomic
def submit(*, actor: Actor, number: str, version: int | None, now: datetime) -> Application:
    """Accept a complete draft: the clock starts, the due time is promised, the registers are asked.

    Raises DomainError "incomplete" (422) with what is missing, "second_open" when the database holds another open
    application of the service for the same vehicle, plate or driver.
    """
    require_front_desk(actor)
    application = lock(number=number, actor=actor, version=version)
    move(application, "submit")
    prefetch_related_objects([application], "checks", "documents")
    lacking = shortcomings(application, now)
    if lacking:
        raise DomainError("incomplete", _("The application is not complete yet."), status=422, fields=dict(lacking))
    promise_result(application, now)
    application.accepted_by = actor.staff
    try:
        with transaction.atomic():
            save(application, "state", "accepted_by", *CLOCK_FIELDS)
    except IntegrityError as error:
        if "application_one_open_per_subject" not in str(error):
            raise
        raise DomainError("second_open", SECOND_OPEN % {"number": second_open(application)}) from error
    promised = {"due_at": due_text(application), "standard": application.standard_version}
    record(application, actor, "accepted", now, promised)
    order(application=application, kind=RECEIPT, now=now)
    promise_checks(application, now)
    return application


CLOCK_FIELDS = ("standard_version", "submitted_at", "at_risk_at", "due_at", "clock")


def promise_result(application: Application, now: datetime) -> None:
    """Set the instants the law promises, by the office's own schedule and today's standard (rows VR.3, VR.7)."""
    application.submitted_at = now
    standard = in_force(service_of(application).versions, timezone.localdate(now))
    application.standard_version = standard.version
    term = standard_of(application).term(facts_of(application))
    # A duty front desk works longer than the police body behind it; its hours are the applicant's hours.
    office = application.front_desk or application.office
    day = timezone.localdate(now)
    calendar = working_calendar(range(day.year, day.year + 2))
    schedule = schedule_of(office.schedule)
    times = deadlines(now, term, calendar, schedule)
    application.due_at, application.at_risk_at = times.due_at, times.at_risk_at
    application.clock = dict(snapshot(times, calendar, schedule))


def due_text(application: Application) -> str:
    return application.due_at.isoformat() if application.due_at else ""
