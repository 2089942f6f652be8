"""What a register tells the house: an outcome, machine-readable findings, facts and the evidence around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias, cast

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"


class Outcome(StrEnum):
    """The four things an answer can mean for a check. Only CLEAR lets an approval through."""

    CLEAR = "clear"
    HIT = "hit"
    UNAVAILABLE = "unavailable"
    NEEDS_HUMAN = "needs_human"


@dataclass(frozen=True)
class Finding:
    """A statement of a register, kept without language; `registers.findings.describe` puts it into words."""

    code: str
    params: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """How a register's module reads one well-formed reply."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """One answer with its evidence. All instants are aware; `raw` is the body, or what went wrong when there was none.

    `answered_at` is None when the register said nothing; `valid_until` is None unless the answer can be relied on.
    """

    register: str
    outcome: Outcome
    findings: tuple[Finding, ...]
    facts: Mapping[str, Json]
    request_id: str
    asked_at: datetime
    answered_at: datetime | None
    valid_until: datetime | None
    raw: str

    def to_json(self) -> dict[str, Json]:
        """The answer as plain JSON data, for an evidence row or a message; `from_json` reads it back."""
        return {
            "register": self.register,
            "outcome": self.outcome.value,
            "findings": [{"code": finding.code, "params": finding.params} for finding in self.findings],
            "facts": self.facts,
            "request_id": self.request_id,
            "asked_at": self.asked_at.isoformat(),
            "answered_at": self.answered_at.isoformat() if self.answered_at else None,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "raw": self.raw,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Answer":
        """The answer that `to_json` wrote. Raises KeyError or ValueError on anything else."""
        return cls(
            register=data["register"],
            outcome=Outcome(data["outcome"]),
            findings=tuple(Finding(item["code"], item["params"]) for item in data["findings"]),
            facts=cast("Mapping[str, Json]", data["facts"]),
            request_id=data["request_id"],
            asked_at=datetime.fromisoformat(data["asked_at"]),
            answered_at=_instant(data["answered_at"]),
            valid_until=_instant(data["valid_until"]),
            raw=data["raw"],
        )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


class NonsenseError(Exception):
    """A reply that has the right shape but cannot be about what was asked; it counts as no answer at all."""
