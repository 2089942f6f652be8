"""Why vehicles are taken off the record: the administrator keeps the list, because no act closes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, require_role
from applications.errors import InvalidInputError
from applications.journal import noted
from offices.models import Role
from plates.models import Confidence
from registration.models import DeregistrationReason

JOURNAL = "settings"
KEPT = ("name_en", "name_ru", "name_kk", "is_final", "is_offered", "source", "place")


@transaction.atomic
def keep_reason(*, actor: Actor, code: str, values: Mapping[str, Any], now: datetime) -> DeregistrationReason:
    """Enter or change the reason `code` with `values` (names in three languages, ticks, source, place); for VR.5b.

    Reasons stay for ever, because old entries name them; one that is no longer offered is ticked off. Raises
    NotAllowedError, InvalidInputError.
    """
    staff = require_role(actor, Role.ADMINISTRATOR)
    if not re.fullmatch(r"[a-z][a-z_]{1,31}", code):
        raise InvalidInputError({"code": _("A code is small Latin letters and underscores: export, out_of_use.")})
    reason = DeregistrationReason.objects.select_for_update().filter(pk=code).first()
    before = {name: str(getattr(reason, name)) for name in KEPT} if reason is not None else {}
    reason = reason or DeregistrationReason(code=code)
    for name in KEPT:
        setattr(reason, name, values[name])
    # Somebody of the service has read and signed for it now.
    reason.confidence = Confidence.MEDIUM
    reason.edited_by, reason.edited_at = staff, now
    reason.save()
    after = {name: str(getattr(reason, name)) for name in KEPT}
    noted(
        chain=JOURNAL,
        actor=actor,
        action="changed",
        now=now,
        changes={"reason": code, "before": before, "after": after},
    )
    return reason
