"""People without an IIN: no register knows them, so the front desk types what the document shown says.

Typed particulars are a danger: they are marked as such, need a scan of the document (rows VR.8.1a, PD.8.1, DL.8.1a) and
each typing is journaled. What is on record is never overwritten silently.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, require_role
from applications.errors import InvalidInputError
from applications.journal import noted
from applications.models import Application, JournalEntry
from applications.standards import DueAt, MetBy, Requirement
from applications.states import State
from offices.models import Role
from people.countries import HOME, country_name, is_known
from people.identifiers import LOOK_ALIKES
from people.models import Person, SexChoice, masked

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# The code under which every standard asks for the identity document.
IDENTITY = "identity"
DOCUMENT_NUMBER = re.compile(r"[A-Z0-9]{4,20}")
EARLIEST_BIRTH = date(1900, 1, 1)
# What says who somebody is. An address may change while the document stays.
WHO = ("surname", "given_name", "patronymic", "birth_date", "sex")


@dataclass(frozen=True)
class Particulars:
    """What the document shown says; `citizenship` is an ISO alpha-3 code, `sex` one of people.models.SexChoice."""

    citizenship: str
    document_number: str
    surname: str
    given_name: str
    birth_date: date
    sex: str
    patronymic: str = ""
    address: str = ""

    def tidied(self) -> Particulars:
        """The document number without spaces and hyphens and in Latin letters, names without spare spaces."""
        number = re.sub(r"[\s№-]", "", self.document_number).upper().translate(LOOK_ALIKES)
        return replace(
            self,
            document_number=number,
            surname=" ".join(self.surname.split()),
            given_name=" ".join(self.given_name.split()),
            patronymic=" ".join(self.patronymic.split()),
            address=" ".join(self.address.split()),
        )


def keep_foreigner(*, actor: Actor, particulars: Particulars, now: datetime) -> Person:
    """The person who showed this document; the same document shown again is the same person.

    Raises InvalidInputError that names each field: what cannot be, or what contradicts the record.
    """
    require_role(actor, Role.FRONT_DESK)
    said = particulars.tidied()
    wrong = impossible(said, timezone.localdate(now))
    if wrong:
        raise InvalidInputError(wrong)
    # Before the rest, in its own right: also a look that ends in a contradiction is a look at somebody's data.
    looked = {"identifier": masked(said.document_number), "citizenship": said.citizenship}
    noted(chain=actor.chain, actor=actor, action="looked_up", now=now, changes=looked)
    try:
        return _kept(actor, said, now)
    except IntegrityError as error:
        if "person_without_iin_once" not in str(error):
            raise
        return _kept(actor, said, now)


def impossible(said: Particulars, today: date) -> dict[str, str | _StrPromise]:
    """Field → why it cannot be so, and the way out."""
    wrong: dict[str, str | _StrPromise] = {}
    if said.citizenship == HOME:
        wrong["citizenship"] = _("A citizen of Kazakhstan has an IIN: find them by it.")
    elif not is_known(said.citizenship):
        wrong["citizenship"] = _("Choose the citizenship that the document shows.")
    if not DOCUMENT_NUMBER.fullmatch(said.document_number):
        wrong["document_number"] = _("4 to 20 Latin letters and digits, as in the document. Check the keyboard layout.")
    if not said.surname:
        wrong["surname"] = _("Enter the surname; who has only one name has it here.")
    if not EARLIEST_BIRTH <= said.birth_date <= today:
        wrong["birth_date"] = _("Nobody alive was born on this day. Check the year.")
    if said.sex not in SexChoice.values:
        wrong["sex"] = _("Choose what the document shows.")
    return wrong


@transaction.atomic
def _kept(actor: Actor, said: Particulars, now: datetime) -> Person:
    by_document = {"citizenship": said.citizenship, "document_number": said.document_number}
    person = Person.objects.select_for_update().filter(iin__isnull=True, **by_document).first()
    if person is None:
        person = Person.objects.create(**asdict(said))
        typed = {name: str(value) for name, value in asdict(said).items() if value}
        noted(chain=f"person:{person.pk}", actor=actor, action="person_typed", now=now, changes=typed)
        return person
    differing = {name for name in WHO if _differs(getattr(person, name), getattr(said, name))}
    if differing and not may_be_corrected(person):
        raise InvalidInputError({name: _contradiction(person, name) for name in sorted(differing)})
    if said.address and _differs(person.address, said.address):
        differing.add("address")
    if differing:
        _correct(person, said, sorted(differing), actor, now)
    return person


def may_be_corrected(person: Person) -> bool:
    """Whether a slip of the keyboard may be put right by typing anew: typed here, and no accepted case rests on it."""
    was_typed_here = JournalEntry.objects.filter(chain=f"person:{person.pk}", action="person_typed").exists()
    cases = Application.objects.filter(Q(applicant_person=person) | Q(representative=person))
    return was_typed_here and not cases.exclude(state__in=[State.DRAFT, State.WITHDRAWN]).exists()


def _correct(person: Person, said: Particulars, names: list[str], actor: Actor, now: datetime) -> None:
    before_and_after = {name: [str(getattr(person, name)), str(getattr(said, name))] for name in names}
    for name in names:
        setattr(person, name, getattr(said, name))
    person.save(update_fields=names)
    noted(chain=f"person:{person.pk}", actor=actor, action="person_corrected", now=now, changes=before_and_after)


def _contradiction(person: Person, name: str) -> str:
    value = getattr(person, name)
    known = date_format(value, "d.m.Y") if isinstance(value, date) else str(value) or "—"
    if name == "sex":
        known = str(SexChoice(value).label)
    message = _(
        "On record under this document: %(known)s. Look at the document again. If the document does say otherwise, the "
        "application cannot be taken in here: the police office first clears up who the applicant is."
    )
    return message % {"known": known}


def _differs(one: object, other: object) -> bool:
    return str(one).casefold() != str(other).casefold()


def known_by_document(application: Application) -> list[Person]:
    """The parties whom no register of people knows."""
    parties = (application.applicant_person, application.representative)
    return [person for person in parties if person is not None and person.is_known_by_document]


def proved_by_scan(requirement: Requirement, application: Application) -> Requirement:
    """The identity document of somebody whom no register knows is scanned before acceptance; a register's word about
    the other party does not stand in for it (VR.8.1a, PD.8.1, DL.8.1a)."""
    if requirement.code != IDENTITY or MetBy.SCAN not in requirement.met_by or not known_by_document(application):
        return requirement
    return replace(requirement, met_by=(MetBy.SCAN,), due=DueAt.SUBMISSION)


def scans_needed(requirement: Requirement, application: Application) -> int:
    """How many scans meet the requirement: one, but of identity documents one for each party whom no register knows."""
    return max(1, len(known_by_document(application))) if requirement.code == IDENTITY else 1


def describe(person: Person) -> str:
    """Citizenship and document, in one line."""
    return f"{country_name(person.citizenship)}, {person.document_number}"
