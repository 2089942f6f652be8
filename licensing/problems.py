"""What the service itself finds wrong with an application: before it is accepted, and before it is approved."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.errors import DomainError
from applications.models import Application
from applications.services import GroundFound, facts_of
from applications.standards import Facts
from fees import charging
from licensing.acts import ActOfIssue, act_of
from licensing.models import Act, DriverLicence, LicenceDetails, LicenceState
from licensing.rules import Candidate, form_on, refusals
from licensing.wanted import wanted
from refusals.wording import in_all

Problems = dict[str, str]


def party_problems(application: Application) -> Problems:
    """A licence is a person's: an organisation cannot apply for one."""
    if application.applicant_person is not None:
        return {}
    return {"applicant": str(_("A driver licence is issued to a person; an organisation cannot apply for one."))}


def act_problems(application: Application) -> Problems:
    """What is applied for, and whether the register of licences has what that act is about."""
    act = act_of(application)
    if act is None or act.subservice != application.subservice:
        return {"act": str(_("Say what the licence is issued for."))}
    details: LicenceDetails = application.licence_details
    if act.replaces and details.previous is None:
        message = _(
            "The register knows no licence of this person, so there is none to exchange. A first licence is applied "
            "for as “First issue, and issue after deprivation of the right to drive”."
        )
        return {"act": str(message)}
    return {**_loss_problems(details), **_foreign_problems(details), **_choice_problems(details)}


def _loss_problems(details: LicenceDetails) -> Problems:
    if details.act == Act.LOSS and not details.loss_declared:
        return {"loss_declared": str(_("Write down what the applicant declares about the loss."))}
    return {}


def _foreign_problems(details: LicenceDetails) -> Problems:
    if details.act != Act.FOREIGN:
        return {}
    said = {
        "foreign_country": _("Enter the country that issued the licence."),
        "foreign_number": _("Enter the number of the foreign licence."),
        "foreign_issued_on": _("Enter the day on which the foreign licence was issued."),
        "foreign_categories": _("Enter since when each category of the foreign licence is held."),
    }
    return {name: str(message) for name, message in said.items() if not getattr(details, name)}


def _choice_problems(details: LicenceDetails) -> Problems:
    if details.act in {Act.FIRST_ISSUE, Act.AFTER_DEPRIVATION} and not wanted(details).examined:
        return {"categories": str(_("Choose at least one category."))}
    return {}


def category_refusals(application: Application, on: date) -> list[str]:
    """Why categories cannot be granted on the day `on`, one sentence each (DL.9.2).

    What the person holds already is not judged anew. Of a foreign licence only the age counts: the experience was
    judged by the state that granted it.
    """
    person = application.applicant_person
    if person is None:
        return []
    granted = wanted(application.licence_details)
    candidate = Candidate(person.birth_date, {**granted.foreign, **granted.kept}, deprived_terms(application))
    return [
        *refusals(candidate, granted.new, on),
        *refusals(candidate, granted.foreign, on, is_experience_asked=False),
    ]


def deprived_terms(application: Application) -> list[tuple[date, date]]:
    """First and last day of each term of deprivation that the register told of; none until it has answered."""
    found = [check.facts for check in application.checks.all() if check.register == "deprivations"]
    return [
        (date.fromisoformat(item["in_force_from"]), date.fromisoformat(item["until"]))
        for facts in found
        for item in facts.get("deprivations") or ()
    ]


def capture_problems(application: Application) -> Problems:
    """A licence shows the face and the signature: captured at the desk, or those of the previous licence."""
    found = {}
    if picture_of(application, "photo") is None:
        found["photo"] = str(_("Take the photo of the driver: the register has none yet."))
    if picture_of(application, "signature") is None:
        found["signature"] = str(_("Capture the signature of the driver: the register has none yet."))
    return found


def picture_of(application: Application, name: str) -> int | None:
    """The key of the "photo" or "signature" that the licence will show, or None."""
    details: LicenceDetails = application.licence_details
    own: int | None = getattr(details, f"{name}_id")
    if own is None and details.previous is not None:
        own = getattr(details.previous, f"{name}_id")
    return own


def money_problems(application: Application) -> Problems:
    """The duty is paid, and known to be, before acceptance (DL.6); a missing rate blocks with the way out."""
    for line in charging.charge_lines(application):
        if line.blocked_by:
            return {"charges": line.blocked_by}
    return {}


def withdrawn_message(licence: DriverLicence) -> str:
    message = _("Licence %(number)s is withdrawn: %(reason)s. It can only be given back by an issue after deprivation.")
    return message % {"number": licence.number, "reason": licence.state_reason}


def withdrawn_licence(application: Application, act: ActOfIssue | None) -> DriverLicence | None:
    """The withdrawn licence that the application wants exchanged, or None."""
    previous: DriverLicence | None = application.licence_details.previous
    is_after = act is not None and act.act == Act.AFTER_DEPRIVATION
    return previous if previous and previous.state == LicenceState.WITHDRAWN and not is_after else None


def before_approval(application: Application) -> None:
    """Raise DomainError for the first reason of the service's own that bars approval (DL.9.2)."""
    withdrawn = withdrawn_licence(application, act_of(application))
    if withdrawn is not None:
        raise DomainError("licence_withdrawn", withdrawn_message(withdrawn), row="DL.9.2")
    today = timezone.localdate()
    refused = category_refusals(application, today)
    if refused:
        raise DomainError("category_not_open", " ".join(refused), row="DL.9.2")
    lacking = capture_problems(application)
    if lacking:
        raise DomainError("not_captured", " ".join(lacking.values()), row="DL.5")
    form = form_on(today)
    if form is None or form.years_valid is None:
        message = _("The term of validity of a licence is not set. An administrator enters it under “Driver licences”.")
        raise DomainError("term_not_set", message, row="DL.5")


def grounds_found(application: Application) -> list[GroundFound]:
    """What the register of licences and the rules of the day prove against the application (DL.9.2)."""
    withdrawn = withdrawn_licence(application, act_of(application))
    found = [] if withdrawn is None else [GroundFound("DL.9.2", in_all(lambda: withdrawn_message(withdrawn)))]
    facts: Facts = facts_of(application)
    if category_refusals(application, facts.on):
        found.append(GroundFound("DL.9.2", in_all(lambda: " ".join(category_refusals(application, facts.on)))))
    return found
