"""What an administrator enters where the sources were silent: ages and experience, number pattern, term of validity."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, require_role
from applications.errors import InvalidInputError, NotFoundError, written
from applications.journal import noted
from licensing.models import CategoryRule, Confidence, LicenceForm
from offices.models import Role, Staff

CHAIN = "licence_rules"
Row = TypeVar("Row", CategoryRule, LicenceForm)


@transaction.atomic
def enter_rule(*, actor: Actor, pk: int, since: date, source: str, now: datetime, **values: Any) -> CategoryRule:
    """Let a category be granted by other conditions from the day `since` on; on the row's own first day, correct it.

    `values`: minimum_age, experience_years, special_category, special_years. Raises InvalidInputError.
    """
    staff = require_role(actor, Role.ADMINISTRATOR)
    row = CategoryRule.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotFoundError
    special, years = values.get("special_category"), values.get("special_years") or 0
    if bool(special) != bool(years) or years > (values.get("experience_years") or 0):
        raise InvalidInputError({"special_years": _("Name the category and the years in it, at most all of them.")})
    fresh = _from(row, since)
    for name, value in {**values, "special_years": years}.items():
        setattr(fresh, name, value)
    return _keep(fresh, actor, staff, source, now)


@transaction.atomic
def enter_form(*, actor: Actor, pk: int, since: date, source: str, now: datetime, **values: Any) -> LicenceForm:
    """Let licences have other numbers or another term from the day `since` on; on the row's own first day, correct it.

    `values`: number_pattern, example, years_valid. Raises InvalidInputError.
    """
    staff = require_role(actor, Role.ADMINISTRATOR)
    row = LicenceForm.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotFoundError
    _judge_pattern(values.get("number_pattern", ""), values.get("example", ""))
    fresh = _from(row, since)
    for name, value in values.items():
        setattr(fresh, name, value)
    return _keep(fresh, actor, staff, source, now)


def _judge_pattern(pattern: str, example: str) -> None:
    try:
        fits = not pattern or re.fullmatch(pattern, example) is not None
    except re.error as error:
        raise InvalidInputError({"number_pattern": _("This is not a pattern, such as [A-Z]{2}[0-9]{6}.")}) from error
    if not fits:
        raise InvalidInputError({"example": _("The example does not have this pattern.")})


def _from(row: Row, since: date) -> Row:
    """The row itself where `since` is its first day, else a new one that follows it."""
    if row.valid_to is not None and row.valid_to < since:
        raise InvalidInputError({"since": _("Another row holds on this day: change that one.")})
    if since < row.valid_from:
        raise InvalidInputError({"since": _("The day lies before the first day of this row.")})
    if since == row.valid_from:
        return row
    last = row.valid_to
    row.valid_to = since - timedelta(days=1)
    row.save(update_fields=["valid_to"])
    row.pk, row._state.adding = None, True
    row.valid_from, row.valid_to = since, last
    return row


def _keep(row: Row, actor: Actor, staff: Staff, source: str, now: datetime) -> Row:
    row.source = written("source", source, _("Say where the law sets it."), longest=300)
    row.confidence = Confidence.HIGH
    row.edited_by, row.edited_at = staff, now
    row.save()
    shown = {field.attname: str(getattr(row, field.attname)) for field in row._meta.concrete_fields}
    noted(chain=CHAIN, actor=actor, action="rate_entered", now=now, changes=shown)
    return row
