"""The stock of one kind of blanks, under strict accounting: every number is received, then issued or written off."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import CharField, Count, Func, Max, Min, Q, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, require_role
from applications.errors import DomainError, InvalidInputError, NotAllowedError
from applications.issuing import resume
from applications.journal import noted
from blanks.models import Blank, BlankState
from offices.access import offices_visible_to
from offices.models import Office, Role, Staff

MOST_AT_ONCE = 10_000
RUN = re.compile(r"([A-Z0-9]*?)([0-9]+)")

AnyBlank = TypeVar("AnyBlank", bound=Blank)


@dataclass(frozen=True)
class NumberRule:
    """What the numbers of a kind look like; `says` tells it to whoever typed another one."""

    pattern: re.Pattern[str]
    says: str | Promise


@dataclass(frozen=True)
class Series:
    """The blanks of one series ("AB") at an office: from which number to which, how many where, which one is next."""

    letters: str
    first: str
    last: str
    by_state: dict[str, int]
    next_number: str

    @property
    def received(self) -> int:
        """How many ever came; each is in one state now."""
        return sum(self.by_state.values())

    @property
    def gone(self) -> int:
        """How many are lost or stolen."""
        return self.by_state[BlankState.LOST] + self.by_state[BlankState.STOLEN]


@dataclass(frozen=True)
class BlankStock(Generic[AnyBlank]):
    """All blanks of one kind. `empty` is the code, `nothing_left` the words (%(office)s) when an office has none.

    `rule` may raise InvalidInputError while the pattern of the numbers is a setting nobody has entered.
    """

    model: type[AnyBlank]
    rule: Callable[[], NumberRule]
    empty: str
    nothing_left: Promise

    def series(self, first: str, count: int) -> list[str]:
        """`count` blank numbers in a row from `first` on, in any writing. Raises InvalidInputError."""
        compact = re.sub(r"\s", "", first).upper()
        rule = self.rule()
        match = RUN.fullmatch(compact)
        if match is None or rule.pattern.fullmatch(compact) is None:
            raise InvalidInputError({"first": str(rule.says)})
        letters, digits = match[1], match[2]
        start = int(digits)
        if not 0 < count <= MOST_AT_ONCE or start + count - 1 >= 10 ** len(digits):
            raise InvalidInputError(
                {"count": _("A delivery has 1 to %(most)d blanks of one series.") % {"most": MOST_AT_ONCE}}
            )
        return [f"{letters}{number:0{len(digits)}d}" for number in range(start, start + count)]

    @transaction.atomic
    def receive(self, *, actor: Actor, office: Office, first: str, count: int, now: datetime) -> list[AnyBlank]:
        """Take a series of blanks into the stock of `office`, by its officer or a supervisor of the region.

        Issues that waited for blanks there are tried at once.
        Raises InvalidInputError, or DomainError "blanks.already_known" when one of them is in the register already.
        """
        staff = _steward(actor, office)
        blanks = self.enter(office, self.series(first, count), received_by=staff, now=now)
        changes = {"first": blanks[0].number, "last": blanks[-1].number, "count": count}
        noted(chain=f"office:{office.code}", actor=actor, action="blanks_received", now=now, changes=changes)
        resume(office=office, code=self.empty, most=count)
        return blanks

    def enter(
        self, office: Office, numbers: Sequence[str], *, received_by: Staff | None, now: datetime
    ) -> list[AnyBlank]:
        """Write blanks into the stock, all or none. Raises DomainError "blanks.already_known"."""
        try:
            with transaction.atomic():
                return self.model._default_manager.bulk_create(
                    self.model(number=number, office=office, received_at=now, received_by=received_by)
                    for number in numbers
                )
        except IntegrityError as error:
            known = self.model._default_manager.filter(number__in=numbers).values_list("number", flat=True)[:5]
            message = _("These blanks are in the register already: %(numbers)s.") % {"numbers": ", ".join(known)}
            raise DomainError("blanks.already_known", message) from error

    def allocate(self, *, office: Office) -> AnyBlank:
        """The next blank of the office in the order of numbers, marked as issued, inside the caller's transaction.

        Two callers never get the same one. Raises DomainError `empty`.
        """
        free = self.model._default_manager.select_for_update(skip_locked=True, of=("self",))
        blank = free.filter(office=office, state=BlankState.RECEIVED).order_by("number").first()
        if blank is None:
            raise DomainError(self.empty, str(self.nothing_left) % {"office": office.name})
        blank.issue()
        blank.save(update_fields=["state"])
        return blank

    def counts(self, office: Office) -> dict[str, int]:
        """How many blanks the office has in each state; states it has none in are 0. One query."""
        blanks = self.model._default_manager.filter(office=office)
        found = blanks.values_list("state").annotate(Count("pk")).order_by()
        return {**dict.fromkeys(BlankState.values, 0), **dict(found)}

    def by_series(self, office: Office) -> list[Series]:
        """The blanks of `office` by the letters they begin with. One query."""
        by_state = {f"in_{state}": Count("pk", filter=Q(state=state)) for state in BlankState.values}
        letters = Func("number", Value("^[A-Z]*"), function="substring", output_field=CharField())
        found = self.model._default_manager.filter(office=office).annotate(letters=letters).values("letters")
        rows: Any = found.annotate(
            first=Min("number"),
            last=Max("number"),
            next=Min("number", filter=Q(state=BlankState.RECEIVED)),
            **by_state,
        ).order_by("letters")
        return [
            Series(
                letters=row["letters"],
                first=row["first"],
                last=row["last"],
                by_state={state: row[f"in_{state}"] for state in BlankState.values},
                next_number=row["next"] or "",
            )
            for row in rows
        ]


def _steward(actor: Actor, office: Office) -> Staff:
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    if not offices_visible_to(staff).filter(pk=office.pk).exists():
        raise NotAllowedError("office", _("You keep the blanks of your own office only."))
    return staff
