"""What the database itself refuses about the lines of an act, the same for every stock."""

from __future__ import annotations

import pgtrigger

# A line belongs to an act on this stock that nobody has closed yet, and to the stock of its office.
_FITS = """
    IF NOT EXISTS (
        SELECT 1 FROM write_offs_writeoffact AS act JOIN {things} AS thing ON thing.office_id = act.office_id
        WHERE act.id = NEW.act_id AND thing.id = NEW.{column} AND act.stock = '{stock}'
            AND act.confirmed_at IS NULL AND act.dropped_at IS NULL
    ) THEN
        RAISE EXCEPTION 'thing % of stock {stock} does not belong on act %', NEW.{column}, NEW.act_id
            USING ERRCODE = 'check_violation', CONSTRAINT = '{prefix}_line_fits';
    END IF;
    RETURN NEW;
"""


def of_lines(prefix: str, *, stock: str, things: str, column: str) -> tuple[pgtrigger.Trigger, ...]:
    """The triggers of a table of lines: `column` points at a row of the table `things`, which has an office_id."""
    return (
        pgtrigger.Protect(name=f"{prefix}_line_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name=f"{prefix}_line_fits",
            operation=pgtrigger.Insert,
            when=pgtrigger.Before,
            func=_FITS.format(prefix=prefix, stock=stock, things=things, column=column),
        ),
    )


def signed_twice(*, lines: str, column: str) -> str:
    """SQL of a trigger on the things: whether two people have signed that this one came into its new state."""
    return f"""EXISTS (
            SELECT 1 FROM {lines} AS line JOIN write_offs_writeoffact AS act ON act.id = line.act_id
            WHERE line.{column} = NEW.id AND act.kind = NEW.state AND act.confirmed_at IS NOT NULL
        )"""  # noqa: S608 - names that stand in the code


def waits_for_the_second(*, lines: str, column: str) -> str:
    """SQL of a trigger on the things: whether this one stands on an act that is neither confirmed nor dropped."""
    return f"""EXISTS (
            SELECT 1 FROM {lines} AS line JOIN write_offs_writeoffact AS act ON act.id = line.act_id
            WHERE line.{column} = NEW.id AND act.confirmed_at IS NULL AND act.dropped_at IS NULL
        )"""  # noqa: S608
