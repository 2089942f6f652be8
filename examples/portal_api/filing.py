"""One application from its draft to the acceptance, in steps that can be taken again after any death."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from .keys import Key
from .portal import Portal
from .wire import Json, answered, new_key

# Drafts are looked at this often while the portal asks the state's registers about them.
LOOK_EVERY_SECONDS = 1.0


@dataclass
class Filing:
    """One application to file, under a reference of yours.

    Every key is made of the reference: a program that died files again under the same reference and ends up with the
    same application, not with a second one. `signatures` names who signs for which requirement, by file of their key;
    `no_co_owners` is the key of a previous owner who says that there are none.
    """

    service: str
    subservice: str
    office: str
    applicant: str
    details: Json
    documents: dict[str, str] = field(default_factory=dict)
    signatures: dict[str, list[str]] = field(default_factory=dict)
    no_co_owners: str = ""
    plate: str = ""
    representative: Json = field(default_factory=dict)
    reference: str = field(default_factory=new_key)

    def file(self, portal: Portal, pay: Callable[[str], None], patience: float = 120.0) -> Json:
        """File it; `pay` gets the address of the payment page, where the applicant pays. Returns the application.

        Raises Refused, Unreachable, and TimeoutError when what is missing does not come within `patience` seconds.
        """
        represented = {"representative": self.representative} if self.representative else {}
        opened = portal.open(
            self.service, self.subservice, self.office, self.applicant, key=self._key("open"), **represented
        )
        number: str = opened["number"]
        application = portal.read(number)
        if application["state"] != "draft":
            return application
        portal.put_details(number, self.details, key=self._key("details"))
        for requirement, file in self.documents.items():
            portal.attach(number, requirement, file, key=self._key(f"document-{requirement}"))
        if self.plate:
            portal.hold_plate(number, self.plate, key=self._key("plate"))
        to_sign = {*self.signatures, *(["co_owners"] if self.no_co_owners else [])}
        paid: set[str] = set()
        _wait(lambda: self._missing(portal, number, pay, paid), patience, but=to_sign)
        self._sign(portal, number)
        _wait(lambda: self._missing(portal, number, pay, paid), patience)
        # A refusal is kept under its key as well; another version of the draft is another attempt.
        return portal.submit(number, key=self._key(f"submit-{portal.read(number)['version']}"))

    def _missing(self, portal: Portal, number: str, pay: Callable[[str], None], paid: set[str]) -> dict[str, str]:
        """What keeps the draft from being accepted, once whatever can be paid was paid; charges in `paid` were."""
        charges = portal.charges(number)["charges"]
        owed = {line["reference"] for line in charges if not line["is_paid"] and not line["blocked_by"]} - paid
        if owed:
            pay(portal.payment(number, key=self._key(f"payment-{len(paid)}"))["pay_url"])
            paid |= owed
        return {line["field"]: line["detail"] for line in portal.requirements(number)["problems"]}

    def _sign(self, portal: Portal, number: str) -> None:
        # No two signatures are the same, so their keys are new: the same text signed twice counts once anyway.
        text = portal.canonical(number)
        for requirement, files in self.signatures.items():
            for file in files:
                portal.add_signature(number, requirement, Key(file).sign(text))
        if self.no_co_owners:
            said = Key(self.no_co_owners).sign(portal.co_owners_text(number, has_co_owners=False))
            portal.add_co_owners(number, said, has_co_owners=False)

    def _key(self, step: str) -> str:
        return f"{self.reference}-{step}"


def _wait(missing: Callable[[], dict[str, str]], patience: float, but: Set[str] = frozenset()) -> None:
    """Ask again and again until nothing is missing `but` those. Raises TimeoutError with what still is."""
    ends_at = time.monotonic() + patience
    while still := {name: text for name, text in missing().items() if name not in but}:
        if time.monotonic() > ends_at:
            raise TimeoutError("; ".join(f"{name}: {text}" for name, text in still.items()))
        time.sleep(LOOK_EVERY_SECONDS)


def pay_in_demo(address: str) -> None:
    """Press the button of the demo's payment page; with a real gateway the applicant pays there."""
    answered(lambda: httpx.post(address, data={"way": "pay"}, timeout=30.0))


def read_filings(file: Path, reference: str) -> list[Filing]:
    """The applications of a file, one JSON object or one on every line, under references made of `reference`."""
    text = file.read_text(encoding="utf-8")
    try:
        found = [json.loads(text)]
    except ValueError:
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
    return [Filing(**{"reference": f"{reference}-{place}", **case}) for place, case in enumerate(found)]
