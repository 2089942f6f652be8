"""What is left to do on a draft, step by step: what the API still misses, sorted by where it is made good."""

from __future__ import annotations

from dataclasses import dataclass, field

from examples.portal.shown import plain_words
from examples.portal_api import Json

CO_OWNERS = "co_owners"


@dataclass(frozen=True)
class Step:
    """One step. `name` leads to its page and names it in the words, as `standing` does; `lacks` says what is missing.

    `standing` is done, to_do, not_asked, optional, or later: nobody knows yet whether it will be asked for.
    """

    name: str
    standing: str
    lacks: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether there is something to go to."""
        return self.standing not in {"later", "not_asked"}


def takes_scan(line: Json) -> bool:
    """Whether a requirement of the submission is met by a scan, and by nobody's signature."""
    return "scan" in line["ways"] and not line["signers_needed"] and line["due"] == "submission"


def sent_back(needs: Json) -> list[Json]:
    """The scans that the police did not accept and that no other one has replaced."""
    unmet = [line for line in needs["requirements"] if takes_scan(line) and not line["met_by"]]
    return [document for line in unmet for document in line["documents"] if document["marked_wrong_at"]]


def left_to_do(application: Json, needs: Json, charges: Json, unsigned: list[str]) -> list[Step]:
    """The steps of a draft, up to the submission; `unsigned` are the signatures that are not here yet, in words."""
    asked = [line for line in needs["requirements"] if line["due"] == "submission"]
    scans = [line for line in asked if takes_scan(line)]
    signed_or_paid = {line["code"] for line in asked if line["signers_needed"] or "payment" in line["ways"]}
    elsewhere = {CO_OWNERS, *signed_or_paid, *(line["code"] for line in scans)}
    unknown = [plain_words(item["detail"]) for item in needs["problems"] if item["field"] not in elsewhere]
    is_known = bool(application["headline"]) and not unknown
    # What is not asked for yet may be once the details are there.
    unasked = "not_asked" if is_known else "later"
    unmet = [line["name"] for line in scans if not line["met_by"]]
    blocked = [line["blocked_by"] for line in charges["charges"] if line["blocked_by"]]
    choice = [Step("plates", "optional")] if application["chooses_plates"] else []
    return [
        Step("details", _standing(is_known), unknown),
        *choice,
        Step("documents", _standing(not unmet) if scans else unasked, unmet),
        Step("signing", _standing(not unsigned) if needs["signatures"] else unasked, unsigned),
        Step("pay", _standing(charges["is_settled"]) if charges["charges"] else unasked, blocked),
    ]


def _standing(is_done: bool) -> str:
    return "done" if is_done else "to_do"
