"""What the page of a case tells of the withdrawal of its decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from applications.models import Application, Revocation
from applications.services import Deliverable
from applications.standards import Text
from applications.states import DECIDED_STATES
from desk.said import Said, when


def revocation_of(application: Application) -> Revocation | None:
    """The latest wish to withdraw the decision of the case; no query where there is no decision."""
    if application.state not in DECIDED_STATES:
        return None
    people = ("asked_by", "confirmed_by", "rejected_by")
    return Revocation.objects.filter(application=application).select_related(*people).first()


def announced(revocation: Revocation | None, now: datetime) -> list[Said]:
    """What has become of the wish to withdraw the decision."""
    if revocation is None:
        return []
    parts = {"who": revocation.asked_by.short_name, "when": when(revocation.asked_at, now)}
    if revocation.is_open:
        title = _("%(who)s asks to withdraw this decision, %(when)s: a second person must confirm it") % parts
        return [Said("risk", title, revocation.reason)]
    if revocation.rejected_by is not None:
        parts = {"who": revocation.rejected_by.short_name, "when": when(revocation.rejected_at, now)}
        title = _("The decision stands: %(who)s rejected its withdrawal, %(when)s") % parts
        return [Said("", title, revocation.rejection_reason)]
    second = revocation.confirmed_by.short_name if revocation.confirmed_by else ""
    parts |= {"second": second, "when": when(revocation.confirmed_at, now)}
    title = _("The decision is withdrawn: asked for by %(who)s, confirmed by %(second)s, %(when)s") % parts
    return [Said("late", title, revocation.reason)]


@dataclass(frozen=True)
class TakenBack:
    """A withdrawal that is done: what was undone, and what the decision had given."""

    undone: Sequence[Text]
    given: Sequence[Deliverable]


def taken_back(revocation: Revocation | None) -> TakenBack | None:
    """What a confirmed withdrawal took back; None for any other."""
    if revocation is None or revocation.confirmed_at is None:
        return None
    given = [Deliverable(Text(item["en"], item["ru"], item["kk"]), item["number"]) for item in revocation.given]
    return TakenBack([Text(**item) for item in revocation.undone], given)
