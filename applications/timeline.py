"""The course of a case in people's words: what the journal holds, newest first, the portal's own steps told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from applications.acting import actor_name
from applications.models import Application, SurrenderOutcome
from applications.papers import paper_names
from applications.standards import Text
from registers.contract import REGISTERS
from registers.findings import grouped

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
    "registers_answered": _("Registers have answered: %(count)s"),
    "answers_hold": _("The earlier answers of the registers hold: the case can be decided"),
    "asked_again": _("Asked again: %(checks)s"),
    "taken": _("Taken to work on"),
    "taken_over": _("Taken over from %(from)s: %(reason)s"),
    "released": _("Put back into the queue"),
    "inspected": _("Vehicle inspected"),
    "ruled": _("Match judged: %(reason)s"),
    "ruling_confirmed": _("Judgement confirmed by a second person"),
    "approved": _("Approved"),
    "refused": _("Refused: %(grounds)s"),
    "withdrawn": _("Withdrawn: %(reason)s"),
    "revocation_asked": _("Withdrawal of the decision asked for: %(reason)s"),
    "revocation_rejected": _("The decision stands: %(reason)s"),
    "revoked": _("Decision withdrawn: %(reason)s"),
    "undone": _("Taken back: %(what)s"),
    "correction_asked": _("Correction of particulars asked for: %(reason)s"),
    "correction_rejected": _("Correction of particulars rejected"),
    "particulars_corrected": _("Particulars of a party corrected"),
    "upheld": _("Stands by the application: %(who)s"),
    "brought_to_desk": _("Brought to front desk %(desk)s by the applicant"),
    "issued": _("Issued: %(results)s"),
    "taken_in": _("Taken in: %(number)s – %(outcome)s"),
    "signed": _("Signed electronically: %(signer)s"),
    "production_ordered": _("Ordered to be made"),
    "production_finished": _("What was ordered has arrived"),
    "held_up": _("The issue waits"),
    "paper_made": _("Paper made: %(kind)s"),
    "paper_revoked": _("Paper revoked: %(kind)s"),
    "charged": _("Charges counted"),
    "handed_over": _("Handed over to %(receiver)s"),
    "payment_reported": _("A payment did not count: %(amount)s tenge, receipt %(receipt)s"),
    "payment_applied": _("Payment received: %(amount)s tenge"),
    "at_risk": _("Three quarters of the term have passed"),
    "overdue": _("The term has passed"),
    "term_ends_soon": _("The temporary registration ends on %(until)s"),
    "term_expired": _("The temporary registration ran out on %(until)s"),
    "viewed": _("Looked at: %(what)s"),
    # What people do outside a case; only the journal shows it.
    "signed_in": _("Signed in"),
    "signed_out": _("Signed out"),
    "sign_in_failed": _("Sign-in refused"),
    "password_set": _("Password set"),
    "looked_up": _("Applicant looked up"),
    "person_typed": _("Person entered from a document"),
    "person_corrected": _("Person's particulars corrected"),
    "power_entered": _("Power of attorney entered: %(number)s"),
    "power_revoked": _("Power of attorney revoked: %(number)s – %(reason)s"),
    "power_corrected": _("Power of attorney corrected: %(number)s"),
    "searched": _("Searched"),
    "status_told": _("Status told"),
    "changed": _("Entry changed"),
    "removed": _("Entry removed"),
    "rate_entered": _("Rate entered"),
    "index_entered": _("Index entered"),
    "created": _("Entry made"),
    "capacity_age_set": _("Age of capacity set"),
    "plate_found": _("Plate found again: %(plate)s – %(reason)s"),
    "plate_released": _("Plate given back to the stock: %(plate)s"),
    "plate_layout_entered": _("Layout of plates entered"),
    "plate_term_set": _("Term of plates set"),
    "plates_write_off_drawn_up": _("Act %(act)s of write-off drawn up: %(plates)s"),
    "plates_write_off_dropped": _("Act %(act)s of write-off dropped"),
    "plates_written_off": _("Plates written off by act %(act)s: %(plates)s"),
    "plates_received": _("Plates received"),
    "plate_chosen": _("Number chosen: %(plate)s"),
    "plate_given_up": _("Number given up: %(plate)s"),
    "plate_order_made_up": _("Pieces put into order %(order)s: %(numbers)s"),
    "plate_order_item_taken_out": _("Piece taken out of order %(order)s: %(numbers)s"),
    "plate_order_sent": _("Order %(order)s sent to the press: %(numbers)s"),
    "plates_arrived": _("Pieces of order %(order)s arrived: %(numbers)s"),
    "plate_piece_not_made": _("Not made, of order %(order)s: %(numbers)s"),
    "plate_pieces_to_destroy": _("To be destroyed, of order %(order)s: %(numbers)s"),
    "plate_pieces_destroyed": _("Destroyed, of order %(order)s: %(numbers)s"),
    "plate_faulty": _("Faulty piece of order %(order)s: %(numbers)s – %(fault)s"),
    "plate_piece_taken_in": _("Old plate taken in: %(plate)s – %(outcome)s"),
    "exemption_changed": _("Exemption changed"),
    "blanks_received": _("Blanks received"),
    "blank_spoiled": _("Blank written off"),
    "write_off_drawn_up": _("Write-off act drawn up: %(act)s"),
    "written_off": _("Written off by act %(act)s"),
    "write_off_dropped": _("Write-off act dropped: %(act)s"),
    "captured": _("Picture of the driver taken"),
    "deprivation_asked": _("Register of deprivations asked"),
    "paper_requested": _("Paper asked for: %(kind)s"),
    "licence_withdrawn": _("Licence withdrawn: %(reason)s"),
    "licence_given_back": _("Licence given back its force"),
    "licences_expired": _("Licences expired: %(numbers)s"),
    "credential_made": _("Access of a connected system made: %(name)s"),
    "credential_revoked": _("Access of a connected system revoked: %(name)s"),
    "outage_announced": _("Planned work announced: %(reason)s"),
    "outage_called_off": _("Announcement of planned work taken down"),
    "chain_verified": _("Chain verified"),
    "registry_import_started": _("Import of a register started"),
    "registry_import_resumed": _("Import of a register gone on with"),
    "registry_imported": _("Register imported"),
    "endpoint_entered": _("Webhook endpoint entered"),
    "endpoint_changed": _("Webhook endpoint changed"),
    "endpoint_secret_made": _("New webhook secret made"),
    "endpoint_secret_ended": _("Old webhook secret ended"),
    "endpoint_tested": _("Test event sent"),
    "dead_letters_replayed": _("Undelivered events sent anew: %(n)s"),
    "batch_chosen": _("Bulk reversal begun"),
    "batch_previewed": _("Preview of a bulk reversal made"),
    "batch_asked": _("Bulk reversal asked for"),
    "batch_confirmed": _("Bulk reversal confirmed"),
    "batch_paused": _("Bulk reversal paused"),
    "batch_resumed": _("Bulk reversal resumed"),
    "batch_stopped": _("Bulk reversal stopped"),
    "batch_finished": _("Bulk reversal finished"),
}
# What somebody looked at, by the word that the look left; a document, paper or check is told by its number or code.
LOOKED_AT: dict[str, str | _StrPromise] = {
    "case": _("case"),
    "decision": _("page of the decision"),
    "hand-over": _("page of the hand-over"),
    "taking in": _("page of what is taken in"),
    "identifier": _("whole IIN or BIN"),
    "inspection": _("act of inspection"),
    "particulars": _("typed particulars"),
    "revocation": _("withdrawal of the decision"),
    "vehicle": _("vehicle"),
    "driver": _("driver"),
    "photo": _("photo"),
    "signature": _("signature"),
    "document": _("document %(which)s"),
    "paper": _("paper %(which)s"),
    "check": _("check %(which)s"),
}
# Steps of the portal itself, shown apart from what people did.
SYSTEM = frozenset(
    {
        "checks_started",
        "registers_answered",
        "paper_made",
        "charged",
        "payment_reported",
        "at_risk",
        "overdue",
        "held_up",
        "undone",
        "viewed",
    }
)


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


def said(action: str, changes: Mapping[str, Any], papers: Mapping[str, str]) -> str:
    """The entry in words; `papers` names the kinds of papers by their code."""
    if action == "payment_reported" and changes.get("verdict") == "applied":
        action = "payment_applied"
    if action == "registers_answered" and not changes.get("outcomes"):
        action = "answers_hold"
    words = WORDS.get(action, action.replace("_", " "))
    return str(words) % Blank({name: shown(name, value, papers) for name, value in readable(changes).items()})


def readable(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes with the number of answers that came, where answers came."""
    return {**changes, "count": len(changes.get("outcomes", ()))}


def shown(name: str, value: Any, papers: Mapping[str, str]) -> str:
    """One value of an entry: registers and papers by their names, lists as people write them."""
    if name == "kind":
        return papers.get(str(value), str(value))
    if name == "outcome" and value in SurrenderOutcome.values:
        return str(SurrenderOutcome(value).label)
    if name == "amount":
        return grouped(Decimal(value))
    if name == "what" and isinstance(value, dict):
        return str(Text(**value))
    if name == "what":
        return looked_at(str(value))
    if isinstance(value, list):
        return ", ".join(register_name(str(item)) for item in value)
    return str(value)


def looked_at(what: str) -> str:
    """What a look was at, in words: "document 7" is one of many, "case" is the only one."""
    kind, _space, which = what.partition(" ")
    words = LOOKED_AT.get(what) or LOOKED_AT.get(kind)
    return str(words) % {"which": which} if words else what


def register_name(code: str) -> str:
    register = REGISTERS.get(code)
    return str(register.title) if register else code


def timeline(application: Application, limit: int = 60) -> list[Event]:
    """The newest `limit` entries of the case's journal without looks; one query."""
    papers = paper_names(application)
    entries = application.journal.exclude(action="viewed").defer("hash", "previous_hash")
    return [
        Event(
            said(entry.action, entry.changes, papers), actor_name(entry.actor_label), entry.at, entry.action in SYSTEM
        )
        for entry in entries[:limit]
    ]


# What the applicant reads, through whichever door: the course of the case without the work of people inside the house.
FOR_APPLICANTS = frozenset(
    {
        "opened",
        "details_changed",
        "document_attached",
        "document_removed",
        "document_marked_wrong",
        "accepted",
        "checks_started",
        "taken",
        "inspected",
        "approved",
        "refused",
        "withdrawn",
        "revoked",
        "issued",
        "taken_in",
        "signed",
        "production_ordered",
        "production_finished",
        "paper_made",
        "paper_revoked",
        "charged",
        "handed_over",
        "payment_reported",
        "overdue",
        "plate_chosen",
        "plate_given_up",
    }
)


@dataclass(frozen=True)
class Step:
    """One event as the applicant follows it; `id` counts up within the application."""

    id: int
    type: str
    text: str
    at: datetime


def followed(application: Application, after: int, limit: int = 100) -> list[Step]:
    """The events after `after` that the applicant may read, oldest first; one query."""
    papers = paper_names(application)
    entries = application.journal.filter(action__in=FOR_APPLICANTS, sequence__gt=after).order_by("sequence")
    return [
        Step(entry.sequence or 0, entry.action, said(entry.action, entry.changes, papers), entry.at)
        for entry in entries.defer("hash", "previous_hash")[:limit]
    ]


def newest(application: Application) -> int:
    """The id of the last event that the applicant may read; one query on the index."""
    entries = application.journal.filter(action__in=FOR_APPLICANTS).order_by("-sequence")
    return entries.values_list("sequence", flat=True).first() or 0
