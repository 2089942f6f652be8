"""The case: one application on its road from draft to issue or refusal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from applications.standards import Channel
from applications.states import DECIDED_STATES, OPEN_STATES, REVOCABLE_STATES, UNDECIDED_STATES, State
from offices.access import offices_visible_to
from offices.models import ConnectedSystem, Role, Staff

if TYPE_CHECKING:
    from people.models import Organisation, Person

CHANNELS = [
    (Channel.FRONT_DESK.value, _("Government Corporation")),
    (Channel.EGOV.value, _("egov.kz portal")),
    (Channel.PLATFORM.value, _("Other platform")),
]


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, staff: Staff) -> Self:
        """Applications `staff` may see: their front desk's, their police office's or their region's.

        The contact centre and administrators see no case here: status is a page of its own.
        """
        if staff.role not in {Role.FRONT_DESK, Role.OFFICER, Role.SUPERVISOR}:
            return self.none()
        offices = offices_visible_to(staff).values("pk")
        if staff.role == Role.FRONT_DESK:
            return self.filter(front_desk__in=offices)
        return self.filter(office__in=offices)

    def filed_through(self, system: ConnectedSystem) -> Self:
        """Applications that `system` filed, of services it may still ask for; none once it is out of service."""
        if not system.is_active:
            return self.none()
        return self.filter(filed_by=system, service__in=system.services)

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def due_before(self, instant: datetime) -> Self:
        return self.filter(due_at__lt=instant)

    def awaiting_handover(self) -> Self:
        return self.filter(state=State.ISSUED, handed_over_at__isnull=True)


class Application(models.Model):
    number = models.CharField(max_length=16, unique=True)
    service = models.CharField(max_length=8)
    subservice = models.CharField(max_length=8)
    standard_version = models.CharField(max_length=32)
    channel = models.CharField(max_length=16, choices=CHANNELS)
    # The police office decides; the front desk took the application in and hands the result over.
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="applications")
    front_desk = models.ForeignKey("offices.Office", models.PROTECT, null=True, related_name="taken_in")
    # The portal or platform through which it came; nobody else's program sees it.
    filed_by = models.ForeignKey("offices.ConnectedSystem", models.PROTECT, null=True, related_name="applications")
    # The page of that portal to which the payment page leads back; empty: the portal's own.
    return_to = models.CharField(max_length=500, blank=True)

    applicant_person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="applications")
    applicant_organisation = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True, related_name="applications"
    )
    representative = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="represented")
    power_of_attorney = models.ForeignKey("people.PowerOfAttorney", models.PROTECT, null=True)

    # What the application is about, written once by the service so that queue and search need no join:
    # `subject` is a normalised key such as "VIN:XTA219070R0123456".
    subject = models.CharField(max_length=80, blank=True)
    headline = models.CharField(max_length=200, blank=True)
    plate_number = models.CharField(max_length=12, blank=True)

    state = FSMField(default=State.DRAFT, choices=State.choices, protected=True)
    # Counts changes: a page or request that carries an older number is refused.
    version = models.PositiveIntegerField(default=1)
    # Why the next automatic step could not be done, as a stable code ("plates.stock_empty"); empty when nothing waits.
    held_up_by = models.CharField(max_length=64, blank=True)

    created_at = models.DateTimeField()
    accepted_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    at_risk_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    # The calendar the promise was made with; a later change of calendar never moves it.
    clock = models.JSONField(default=dict)
    at_risk_fired_at = models.DateTimeField(null=True)
    overdue_fired_at = models.DateTimeField(null=True)

    holder = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="held")
    held_since = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    handed_over_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    handed_over_at = models.DateTimeField(null=True)
    # Who took the result, and the power of attorney by which somebody else than the applicant may.
    received_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="received")
    received_with = models.ForeignKey("people.PowerOfAttorney", models.PROTECT, null=True, related_name="+")

    # Whether the state changed since the journal was last written; kept by applications/acting.py, not stored.
    has_moved = False

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="application_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="application_one_applicant",
                condition=Q(applicant_person__isnull=False, applicant_organisation__isnull=True)
                | Q(applicant_person__isnull=True, applicant_organisation__isnull=False),
            ),
            models.CheckConstraint(
                name="application_front_desk_took_it_in",
                condition=~Q(channel=Channel.FRONT_DESK.value) | Q(front_desk__isnull=False),
            ),
            models.CheckConstraint(
                name="application_front_desk_files_itself",
                condition=~Q(channel=Channel.FRONT_DESK.value) | Q(filed_by__isnull=True),
            ),
            models.CheckConstraint(
                name="application_returns_to_who_filed_it",
                condition=Q(return_to="") | Q(filed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="application_accepted_has_a_due_time",
                condition=Q(state__in=[State.DRAFT, State.WITHDRAWN])
                | Q(submitted_at__isnull=False, due_at__isnull=False, at_risk_at__isnull=False),
            ),
            models.CheckConstraint(
                name="application_decision_has_a_decider",
                condition=~Q(state__in=DECIDED_STATES) | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="application_four_eyes",
                condition=Q(decided_by__isnull=True) | Q(accepted_by__isnull=True) | ~Q(decided_by=F("accepted_by")),
            ),
            models.CheckConstraint(
                name="application_held_since",
                condition=Q(holder__isnull=True, held_since__isnull=True)
                | Q(holder__isnull=False, held_since__isnull=False),
            ),
            models.CheckConstraint(
                name="application_paper_has_a_representative",
                condition=Q(power_of_attorney__isnull=True) | Q(representative__isnull=False),
            ),
            models.CheckConstraint(
                name="application_handed_over_to_somebody",
                condition=Q(handed_over_at__isnull=True, received_by__isnull=True, received_with__isnull=True)
                | Q(handed_over_at__isnull=False, received_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="application_one_open_per_subject",
                fields=["service", "subject"],
                condition=Q(state__in=OPEN_STATES) & ~Q(subject=""),
            ),
        ]
        indexes = [
            # What the lists count and filter by lies in their indexes: counting reads no case itself.
            models.Index(
                name="application_queue",
                fields=["office", "due_at", "id"],
                include=["service", "channel"],
                condition=Q(state__in=OPEN_STATES),
            ),
            # For a region, whose offices' queues would otherwise be merged by sorting all of them.
            models.Index(name="application_region_queue", fields=["due_at", "id"], condition=Q(state__in=OPEN_STATES)),
            models.Index(
                name="application_front_desk_queue",
                fields=["front_desk", "due_at", "id"],
                include=["state", "service", "channel"],
                condition=Q(handed_over_at__isnull=True),
            ),
            models.Index(
                name="application_office_risk",
                fields=["office", "at_risk_at"],
                include=["due_at", "id", "service", "channel"],
                condition=Q(state__in=OPEN_STATES),
            ),
            models.Index(
                name="application_to_hand_over",
                fields=["office", "due_at", "id"],
                include=["service", "channel"],
                condition=Q(
                    state__in=[State.ISSUED, State.REFUSED], handed_over_at__isnull=True, front_desk__isnull=False
                ),
            ),
            models.Index(
                name="application_at_risk",
                fields=["at_risk_at"],
                condition=Q(at_risk_fired_at__isnull=True, state__in=OPEN_STATES),
            ),
            models.Index(
                name="application_overdue",
                fields=["due_at"],
                condition=Q(overdue_fired_at__isnull=True, state__in=OPEN_STATES),
            ),
            models.Index(name="application_holder", fields=["holder"], condition=Q(holder__isnull=False)),
            models.Index(name="application_filed_by", fields=["filed_by", "-id"], condition=Q(filed_by__isnull=False)),
            models.Index(name="application_subject", fields=["subject"]),
            models.Index(name="application_plate", fields=["plate_number"]),
            models.Index(name="application_decided", fields=["office", "decided_at"]),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def applicant(self) -> Person | Organisation:
        party = self.applicant_person or self.applicant_organisation
        if party is None:
            raise ValueError("The database keeps exactly one applicant.")
        return party

    # One state machine; who may, and with what beside it, is decided by the verb that calls a move.

    @transition(field=state, source=State.DRAFT, target=State.SUBMITTED)
    def submit(self) -> None:
        pass

    @transition(field=state, source=State.SUBMITTED, target=State.CHECKING)
    def start_checks(self) -> None:
        pass

    @transition(field=state, source=State.CHECKING, target=State.REVIEW)
    def finish_checks(self) -> None:
        pass

    @transition(field=state, source=State.REVIEW, target=State.APPROVED)
    def approve(self) -> None:
        pass

    @transition(field=state, source=State.REVIEW, target=State.REFUSED)
    def refuse(self) -> None:
        pass

    @transition(field=state, source=[State.DRAFT, *UNDECIDED_STATES], target=State.WITHDRAWN)
    def withdraw(self) -> None:
        pass

    @transition(field=state, source=State.APPROVED, target=State.IN_PRODUCTION)
    def order_production(self) -> None:
        pass

    @transition(field=state, source=State.IN_PRODUCTION, target=State.READY)
    def finish_production(self) -> None:
        pass

    @transition(field=state, source=[State.APPROVED, State.READY], target=State.ISSUED)
    def issue(self) -> None:
        pass

    @transition(field=state, source=[*REVOCABLE_STATES], target=State.REVOKED)
    def revoke(self) -> None:
        pass


class NumberSequence(models.Model):
    """The last application number given by an office in a year."""

    office = models.ForeignKey("offices.Office", models.PROTECT)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="number_sequence_once", fields=["office", "year"])]

    def __str__(self) -> str:
        return f"{self.office_id}/{self.year}: {self.last}"
