"""A court's ruling deprives of the right to drive: the register of deprivations says so, and the licence is withdrawn.

Nobody types a ruling. The same question shows that one was set aside, and gives the licence its force back.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, require_role
from applications.errors import DomainError
from applications.journal import noted
from licensing.licences import issued_on
from licensing.models import DriverLicence, LicenceState
from offices.models import Role
from registers.contract import Answer, DeprivationsQuestion, Outcome, ask


def ask_about(*, actor: Actor, licence: DriverLicence, now: datetime) -> DriverLicence:
    """Ask whether the holder of `licence` is deprived, and let the licence stand as the register says.

    An officer or supervisor asks. Raises DomainError "register_away" when there is no answer: nothing changes then.
    """
    require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    person = licence.driver.person
    day = issued_on(licence).isoformat()
    answer = ask(DeprivationsQuestion(person.identifier, "exchange", day), now=now)
    if answer.outcome == Outcome.UNAVAILABLE:
        message = _("The register of deprivations does not answer. Nothing was changed; ask again later.")
        raise DomainError("register_away", message, status=503)
    return _stand(actor, licence.pk, answer, now)


@transaction.atomic
def _stand(actor: Actor, pk: int, answer: Answer, now: datetime) -> DriverLicence:
    licence = DriverLicence.objects.select_for_update(of=("self",)).select_related("driver__person").get(pk=pk)
    is_deprived = answer.outcome == Outcome.HIT
    action = "deprivation_asked"
    if is_deprived and licence.state in {LicenceState.VALID, LicenceState.EXPIRED}:
        licence.withdraw()
        licence.state_reason = _ruling(answer)
        action = "licence_withdrawn"
    elif not is_deprived and licence.state == LicenceState.WITHDRAWN and not _has_other_valid(licence):
        licence.restore(now=now)
        action = "licence_given_back"
    if action != "deprivation_asked":
        licence.state_changed_at = now
        licence.save(update_fields=["state", "state_changed_at", "state_reason"])
    changes = {"licence": licence.number, "request": answer.request_id, "reason": licence.state_reason}
    noted(chain=f"driver:{licence.driver_id}", actor=actor, action=action, now=now, changes=changes)
    return licence


def _has_other_valid(licence: DriverLicence) -> bool:
    others = DriverLicence.objects.filter(driver=licence.driver_id, state=LicenceState.VALID)
    return others.exclude(pk=licence.pk).exists()


def _ruling(answer: Answer) -> str:
    told = answer.findings[0].params
    return ", ".join(str(told[name]) for name in ("article", "court", "case_number") if told.get(name))[:500]
