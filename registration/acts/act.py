"""What the sub-services of VR do differently, one act each; everything else is the service's, the same for all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from django import forms

from applications.models import Application, Surrender
from applications.services import Deliverable, DetailsView, GroundFound, Surrenderable
from applications.standards import Facts, Text
from registration.models import VehicleDetails
from registration.problems import Problems
from registration.vehicle_facts import KnownVehicle


class Act(Protocol):
    """One act on the register: a primary registration, a transfer, a deregistration, an update, a temporary one."""

    # What an approval does, said back to the officer.
    effect: Text
    # The template of its form at intake.
    template: str
    # The deed a power of attorney must allow (people.models.Scope).
    scope: str

    def form(self, application: Application, data: Any) -> forms.ModelForm[Any]:
        """The form of the details, bound when `data` is given; saving it writes only the details."""

    def named_facts(self, application: Application) -> dict[str, object]:
        """The facts of registration.standard.facts that hold for this application, by their names."""

    def vehicle(self, details: VehicleDetails) -> KnownVehicle:
        """The vehicle as far as it is known: by its passport, or by the register once it is on record."""

    def facts_shown(self, application: Application) -> Sequence[DetailsView]:
        """What an officer compares with the documents, before and after where the act changes something."""

    def registers_answered(self, application: Application) -> None:
        """Take what the registers' answers teach into a draft's details."""

    def problems(self, application: Application, facts: Facts) -> Problems:
        """Field → what is wrong with a draft, beside what the service itself looks at."""

    def before_approval(self, application: Application) -> None:
        """Raise DomainError for the first reason of the act's own that bars approval."""

    def grounds_found(self, application: Application) -> Sequence[GroundFound]:
        """The grounds of refusal that the portal's own records prove."""

    def surrenders(self, application: Application) -> Sequence[Surrenderable]:
        """Previous plates and SRTS that have to be handed in."""

    def taken_in(self, application: Application, surrender: Surrender, now: datetime) -> None:
        """What a surrendered (or lost, or stolen) thing does to the register."""

    def signers(self, application: Application, requirement: str) -> frozenset[str]:
        """Whose electronic signatures the requirement asks for."""

    def issue(self, application: Application, now: datetime) -> Sequence[Deliverable]:
        """The effect on the register, inside the caller's transaction; returns what it gave."""

    def results(self, application: Application) -> Sequence[Deliverable]:
        """What the issue gave; empty before it."""

    def undo(self, application: Application, now: datetime) -> Sequence[Text]:
        """Take the effect back; raises DomainError "cannot_be_undone" when later acts rest on it."""
