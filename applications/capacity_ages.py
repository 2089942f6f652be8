"""From which age people act for themselves: an administrator's setting, because the order is silent (CC.22, CC.23)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, require_role
from applications.errors import InvalidInputError, NotFoundError
from applications.journal import noted
from offices.models import Role
from people.models import LATEST_MAJORITY, Capacity, CapacityAge

JOURNAL = "settings"
READ_BY_SOMEBODY = "medium"


@transaction.atomic
def set_age(*, actor: Actor, code: str, years: int, source: str, note: str, now: datetime) -> CapacityAge:
    """Let the capacity `code` hold from `years` on, by the law that `source` names; administrators only.

    Applications judged before keep what was decided. Raises NotAllowedError, NotFoundError, InvalidInputError.
    """
    require_role(actor, Role.ADMINISTRATOR)
    rows = {row.code: row for row in CapacityAge.objects.select_for_update()}
    row = rows.get(code)
    if row is None:
        raise NotFoundError
    wrong: dict[str, str] = {}
    ages = {name: known.years for name, known in rows.items()} | {code: years}
    if not 0 < years <= LATEST_MAJORITY:
        wrong["years"] = _("Enter an age between 1 and %(most)d.") % {"most": LATEST_MAJORITY}
    elif ages.get(Capacity.WITH_CONSENT, 0) > ages.get(Capacity.ALONE, LATEST_MAJORITY):
        wrong["years"] = str(_("Nobody acts alone earlier than with the consent of a parent."))
    if not source.strip():
        wrong["source"] = str(_("Say where the law sets this: act, article, point."))
    if wrong:
        raise InvalidInputError(wrong)
    before = {"years": row.years, "source": row.source}
    row.years, row.source, row.note, row.confidence = years, source.strip(), note.strip(), READ_BY_SOMEBODY
    row.save(update_fields=["years", "source", "note", "confidence"])
    changes = {"age": code, "before": before, "after": {"years": years, "source": row.source}}
    noted(chain=JOURNAL, actor=actor, action="capacity_age_set", now=now, changes=changes)
    return row
