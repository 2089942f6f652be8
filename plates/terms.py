"""How long numbers are stored and held: an administrator enters a new length from a day on, with its source."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, require_role
from applications.errors import InvalidInputError, written
from applications.journal import noted
from offices.models import Role
from plates.models import PlateTerm, TermCode
from plates.models.formats import Confidence

JOURNAL = "plate_terms"
LONGEST = 10_000


@transaction.atomic
def set_term(
    *, actor: Actor, code: str, amount: int, valid_from: date, source: str, note: str, now: datetime
) -> PlateTerm:
    """Let `amount` hold from `valid_from` on; the row in force until then ends the day before.

    What is stored or held already keeps its term. Raises NotAllowedError, InvalidInputError.
    """
    staff = require_role(actor, Role.ADMINISTRATOR)
    if code not in TermCode.values or not 0 < amount <= LONGEST:
        raise InvalidInputError({"amount": _("Enter a length between 1 and %(most)d.") % {"most": LONGEST}})
    source = written("source", source, _("Say where this length is written."), longest=300)
    rows = PlateTerm.objects.select_for_update().filter(code=code)
    if rows.filter(valid_from__gte=valid_from).exists():
        raise InvalidInputError({"valid_from": _("A row that begins on this day or later is entered already.")})
    rows.filter(valid_to__isnull=True).update(valid_to=valid_from - timedelta(days=1))
    term = PlateTerm.objects.create(
        code=code,
        amount=amount,
        valid_from=valid_from,
        confidence=Confidence.HIGH,
        source=source,
        note=note.strip(),
        edited_by=staff,
        edited_at=now,
    )
    changes = {"code": code, "amount": amount, "valid_from": valid_from.isoformat(), "source": term.source}
    noted(chain=JOURNAL, actor=actor, action="plate_term_set", now=now, changes=changes)
    return term
