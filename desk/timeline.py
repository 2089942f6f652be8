"""The course of a case in people's words: what the journal holds, newest first, the portal's own steps told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from applications.models import Application

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

WORDS: dict[str, str | _StrPromise] = {
    "opened": _("Draft opened"),
    "details_changed": _("Details changed"),
    "document_attached": _("Document attached: %(name)s"),
    "document_removed": _("Document removed: %(name)s"),
    "document_marked_wrong": _("Document marked wrong: %(document)s – %(reason)s"),
    "accepted": _("Application accepted"),
    "checks_started": _("Registers are being asked"),
    "registers_answered": _("Registers have answered"),
    "asked_again": _("Registers asked again"),
    "taken": _("Taken to work on"),
    "taken_over": _("Taken over from %(from)s: %(reason)s"),
    "released": _("Put back into the queue"),
    "inspected": _("Vehicle inspected"),
    "ruled": _("Match judged: %(reason)s"),
    "ruling_confirmed": _("Judgement confirmed by a second person"),
    "approved": _("Approved"),
    "refused": _("Refused"),
    "withdrawn": _("Withdrawn: %(reason)s"),
    "issued": _("Registered, plates and certificate issued: %(plate)s"),
    "held_up": _("The issue waits"),
    "paper_made": _("Paper made"),
    "handed_over": _("Handed over"),
    "payment_applied": _("Payment received"),
    "payment_refused": _("A payment did not count"),
    "at_risk": _("Three quarters of the term have passed"),
    "overdue": _("The term has passed"),
    "viewed": _("Looked at"),
}
# Steps of the portal itself, shown apart from what people did.
SYSTEM = {"checks_started", "registers_answered", "paper_made", "at_risk", "overdue", "held_up", "viewed"}


@dataclass(frozen=True)
class Event:
    """One line of the timeline; `at` is an aware instant, `is_system` tells the portal's steps from people's."""

    words: str
    who: str
    at: datetime
    is_system: bool


class Blank(dict[str, str]):
    """Changes of an entry; what it does not say is left blank rather than failing the page."""

    def __missing__(self, key: str) -> str:
        return "—"


def said(action: str, changes: Mapping[str, Any]) -> str:
    words = WORDS.get(action, action.replace("_", " "))
    return str(words) % Blank({name: str(value) for name, value in changes.items()})


def timeline(application: Application, limit: int = 60) -> list[Event]:
    """The newest `limit` entries of the case's journal without looks; one query."""
    entries = application.journal.exclude(action="viewed").only("action", "changes", "actor_label", "at", "actor_id")
    return [
        Event(said(entry.action, entry.changes), entry.actor_label, entry.at, entry.action in SYSTEM)
        for entry in entries[:limit]
    ]
