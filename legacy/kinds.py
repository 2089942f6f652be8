"""What the files hold: columns, checks and how good rows become entries. Each app plugs in the kinds that it owns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import models
from django.utils.functional import Promise

from legacy.values import Read

# SQL: the row `x` of another staging table is good, or in the register already.
GOOD = "(x.problem IS NULL OR x.problem = 'known')"

Derive = Callable[[dict[str, str | None]], Mapping[str, str | None]]


@dataclass(frozen=True)
class Column:
    """A column of a file: how a value is read, and its type in PostgreSQL."""

    name: str
    read: Read
    type: str = "text"


@dataclass(frozen=True)
class Check:
    """A rule about many rows: SQL that selects `line` and `detail` of those that break it.

    `code` is a key of the problems. `asks_others` marks a rule that asks what other files brought: it is asked again
    before loading, should rows of those files have failed meanwhile.
    """

    code: str
    sql: str
    asks_others: bool = False


@dataclass(frozen=True, eq=False)
class Kind:
    """One file: what it is called, what stands in it, and what becomes of it."""

    name: str
    columns: Sequence[Column]
    # Columns of staging that `derive` computes from those of the file; raises legacy.values.Wrong.
    derived: Mapping[str, str]
    derive: Derive
    # The staged column by which the register knows the entry.
    key: str
    # SQL that finds each row's entry in the register: `line`, and `differs`, the names of the columns that differ.
    known: str
    checks: Sequence[Check]
    # SQL over the rows of a {chunk} that makes the entries themselves, one for each row; what comes before and after.
    entries: str
    before: Sequence[str] = ()
    after: Sequence[str] = ()
    # Rows are loaded in this order.
    order: str = "line"
    # What the rows become; the database counts these tables anew as they grow, or it would plan for empty ones.
    models: Sequence[type[models.Model]] = ()
    # Staged columns by which other rows are looked up while loading.
    indexed: Sequence[str] = ()
    problems: Mapping[str, str | Promise] = field(default_factory=dict)

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    @property
    def table(self) -> str:
        """Its staging table."""
        return f"staged_{self.name}"


_plugged_in: dict[str, Kind] = {}


def plug_in(*kinds: Kind) -> None:
    """Add kinds; they are read and loaded in the order in which they came. Called when Django starts."""
    _plugged_in.update({kind.name: kind for kind in kinds})


def all_kinds() -> list[Kind]:
    return list(_plugged_in.values())


def moment(expression: str) -> str:
    """SQL: the beginning of a day in national time."""
    return f"({expression})::timestamp AT TIME ZONE '{settings.TIME_ZONE}'"


def differences(pairs: Mapping[str, tuple[str, str]]) -> str:
    """SQL: the names of those columns whose staged value says something else than the register."""
    cases = (
        f"CASE WHEN {staged} IS DISTINCT FROM {stored} THEN '{name}' END" for name, (staged, stored) in pairs.items()
    )
    return f"concat_ws(', ', {', '.join(cases)})"


def insert(model: type[models.Model], source: str, /, **values: str) -> str:
    """SQL: rows of `model` from `source`; a column that is not named takes the default of its field."""
    columns = {str(item.column): item for item in model._meta.concrete_fields if _is_ours(item)}
    unknown = values.keys() - columns.keys()
    if unknown:
        raise ValueError(f"{model.__name__} has no {sorted(unknown)}")
    chosen = {column: values.get(column) or _default(item) for column, item in columns.items()}
    names = ", ".join(f'"{column}"' for column in chosen)
    return f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {", ".join(chosen.values())} FROM {source}'


def _is_ours(item: models.Field[object, object]) -> bool:
    """Whether a row must bring the column: keys are counted, and some defaults stand in the database."""
    return not item.primary_key and not item.has_db_default()


def _default(item: models.Field[object, object]) -> str:
    value = item.get_default()
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return "'{}'"
    return str(value) if isinstance(value, int) else f"'{value}'"
