"""Who may act for the applicant, and what proves it, the same for every service.

An organisation acts through its head or by a power of attorney, a person alone or by a power of attorney, a child
through a parent or guardian. From which age is data (people.models.CapacityAge): the order is silent.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.standards import ALWAYS, Channel, DueAt, Facts, MetBy, Requirement, Text
from people.models import LATEST_MAJORITY, Capacity, CapacityAge, Organisation, Person, Scope

# Rows of the Civil Code in the way rows of the order are named; docs/who-may-apply.md says how sure they are.
LEGAL_REPRESENTATION = Text(
    "Birth certificate, or the ruling on adoption or guardianship: who represents the child",
    "Свидетельство о рождении либо решение об усыновлении или опеке: кто представляет ребёнка",
    "Туу туралы куәлік не бала асырап алу немесе қамқоршылық туралы шешім: баланың өкілі кім",
)
CONSENT_OF_PARENT = Text(
    "Written consent of a parent, adoptive parent or guardian, with the paper that proves who they are to the child",
    "Письменное согласие родителя, усыновителя или попечителя и документ, подтверждающий родство или попечительство",
    "Ата-ананың, бала асырап алушының немесе қамқоршының жазбаша келісімі және туыстығын не қамқоршылығын растайтын "
    "құжат",
)


def ages() -> dict[str, int]:
    """Capacity → the age from which it holds; a capacity without a row holds from birth."""
    return dict(CapacityAge.objects.values_list("code", "years"))


def is_child(person: Person, on: date, capacity: Capacity = Capacity.ALONE) -> bool:
    """Whether the person is too young for `capacity` on the day."""
    age = person.age_on(on)
    return age < LATEST_MAJORITY and age < ages().get(capacity.value, 0)


def is_legal_representative(application: Application) -> bool:
    """Whether the representative acts by law and not by a paper of the applicant's: a parent, a guardian."""
    by_paper = application.power_of_attorney is not None
    return application.representative is not None and application.applicant_person is not None and not by_paper


# The Civil Code: a power that is taken back ends. The order is silent about it.
POWER_REVOKED_ROW = "CC.170"
POWER_REVOKED = _(
    "The power of attorney was revoked. At a front desk the applicant in person, or another representative with a "
    "valid power, has to stand by the application; or it is withdrawn."
)


def is_power_revoked(application: Application) -> bool:
    """Whether the representative has lost the power by which they act, be it after the application was taken in."""
    power = application.power_of_attorney
    return power is not None and power.revoked_at is not None


def representation_problems(application: Application, facts: Facts, scope: str) -> dict[str, str]:
    """Field → what is wrong with who acts for the applicant in a deed of `scope` (people.models.Scope); often empty."""
    if application.representative is None:
        return _problems_alone(application, facts.on, scope)
    if is_child(application.representative, facts.on):
        return {"representative": str(_("Nobody under age represents somebody else: find another representative."))}
    if application.power_of_attorney is not None:
        return _problems_of_paper(application, facts.on, scope)
    if application.applicant_person is not None:
        if is_child(application.applicant_person, facts.on):
            return {}
        return {"power_of_attorney": str(_("Enter the power of attorney of the representative."))}
    if is_head(application, application.representative):
        return {}
    return {"power_of_attorney": str(_("Enter the power of attorney of the representative."))}


def _problems_alone(application: Application, on: date, scope: str) -> dict[str, str]:
    applicant = application.applicant_person
    if applicant is None:
        return {"representative": str(_("An organisation acts through a person: enter who represents it."))}
    # A licence is asked for by the driver alone; from which age is the standard's word (licence categories).
    if scope == Scope.LICENCE or not is_child(applicant, on, Capacity.WITH_CONSENT):
        return {}
    message = _("The applicant is %(age)s years old: a parent, adoptive parent or guardian acts for them. Find one.")
    return {"representative": message % {"age": applicant.age_on(on)}}


def _problems_of_paper(application: Application, on: date, scope: str) -> dict[str, str]:
    power, applicant = application.power_of_attorney, application.applicant_person
    if power is None:
        return {}
    if power.representative_id != application.representative_id or power.grantor != application.applicant:
        return {"power_of_attorney": str(_("This power of attorney was given by or to somebody else."))}
    if applicant is not None and is_child(applicant, on, Capacity.WITH_CONSENT):
        message = _("A child gives no power of attorney: a parent, adoptive parent or guardian acts by law.")
        return {"power_of_attorney": str(message)}
    if power.expires_on < on:
        message = _("The power of attorney expired on %(day)s. A new one is needed.")
        return {"power_of_attorney": message % {"day": f"{power.expires_on:%d.%m.%Y}"}}
    if not power.covers(scope, on):
        message = _("The power of attorney does not allow this (“%(deed)s”), or was revoked, or is not valid yet.")
        return {"power_of_attorney": message % {"deed": Scope(scope).label}}
    return {}


def representation_requirements(application: Application, facts: Facts, scope: str) -> list[Requirement]:
    """The papers that prove a legal representative, or a minor's consent; none for whoever acts alone or by a power."""
    child = application.applicant_person
    if child is None or not is_child(child, facts.on):
        return []
    if is_legal_representative(application):
        return [_scan("CC.23", "legal_representation", LEGAL_REPRESENTATION, facts)]
    if application.representative is None and scope != Scope.LICENCE:
        return [_scan("CC.22", "consent_of_parent", CONSENT_OF_PARENT, facts)]
    return []


def _scan(row: str, code: str, name: Text, facts: Facts) -> Requirement:
    return Requirement(
        row=row,
        code=code,
        name=name,
        when=ALWAYS,
        channels=frozenset(Channel),
        subservices=frozenset({facts.subservice}),
        met_by=(MetBy.SCAN,),
        due=DueAt.SUBMISSION,
    )


def is_head(application: Application, person: Person) -> bool:
    """Whether the register of legal entities names the person as the head, who needs no power of attorney."""
    if not isinstance(application.applicant, Organisation):
        return False
    check = next((check for check in application.checks.all() if check.code == "organisations"), None)
    head = (check.facts.get("head") or {}) if check is not None else {}
    return bool(person.iin) and head.get("iin") == person.iin
