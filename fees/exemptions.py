"""What an exemption from a duty covers and until when: an administrator's setting with its place in the law (VR.6a)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, require_role
from applications.errors import InvalidInputError, NotFoundError
from applications.journal import noted
from fees.models import Confidence, Exemption, Tariff
from fees.tariffs import JOURNAL, in_force
from offices.models import Role

# Article 671 of the Tax Code exempts from duties; fees (сборы) have no such list.
DUTIES = "_duty"


@dataclass(frozen=True)
class Coverable:
    """A duty that an exemption can cover: "plate_duplicate_duty/two" and its name."""

    code: str
    name: str


def coverable(on: date) -> list[Coverable]:
    """Every duty with a rate on the day `on`, by its name in the active language."""
    duties = Tariff.objects.filter(in_force(on), code__endswith=DUTIES)
    names = {str(duty): duty.name for duty in duties}
    return [Coverable(code, name) for code, name in sorted(names.items())]


@transaction.atomic
def set_exemption(
    *, actor: Actor, code: str, applies_to: Sequence[str], valid_to: date | None, basis: str, now: datetime
) -> Exemption:
    """Say which duties the exemption `code` covers and until when, with the place in the law; administrators only.

    What was charged and paid stays; drafts follow with their next change. Raises NotAllowedError, NotFoundError,
    InvalidInputError.
    """
    staff = require_role(actor, Role.ADMINISTRATOR)
    exemption = Exemption.objects.select_for_update().filter(code=code).first()
    if exemption is None:
        raise NotFoundError
    covered = sorted(set(applies_to))
    known = {item.code for item in coverable(timezone.localdate(now))} | set(exemption.applies_to)
    wrong = {}
    if not covered or not known.issuperset(covered):
        wrong["applies_to"] = _("Choose at least one of the duties of the list; an exemption from nothing is none.")
    if valid_to is not None and valid_to < exemption.valid_from:
        wrong["valid_to"] = _("The last day lies before the first.")
    if not basis.strip():
        wrong["basis"] = _("Say where the law sets this: act, article, point.")
    if wrong:
        raise InvalidInputError(wrong)
    before = {"applies_to": exemption.applies_to, "valid_to": _text(exemption.valid_to)}
    exemption.applies_to, exemption.valid_to, exemption.basis = covered, valid_to, basis.strip()
    exemption.edited_by, exemption.edited_at, exemption.confidence = staff, now, Confidence.HIGH
    exemption.save(update_fields=["applies_to", "valid_to", "basis", "edited_by", "edited_at", "confidence"])
    after = {"applies_to": covered, "valid_to": _text(valid_to)}
    changes = {"exemption": code, "before": before, "after": after, "basis": exemption.basis}
    noted(chain=JOURNAL, actor=actor, action="exemption_changed", now=now, changes=changes)
    return exemption


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
