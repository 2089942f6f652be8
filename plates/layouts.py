"""Layouts of plates: an administrator enters one that no source told, corrects it, or begins a new one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, require_role
from applications.errors import InvalidInputError, NotFoundError
from applications.journal import noted
from offices.models import Region, Role
from people.identifiers import normalise_plate
from plates.models import Plate, PlateFormat, RegionPlace
from plates.models.formats import Confidence

JOURNAL = "settings"
# What Python and PostgreSQL read alike and in linear time: no stars, no pluses.
PATTERN = re.compile(r"(?:[A-Z0-9\[\]{},()?:|^$-]|\\d)+")
KEPT = ("regex", "example", "region_place", "background", "valid_from", "source")
# What is the same in a layout and in the one that follows it.
INHERITED = ("holder_kind", "vehicle_kind", "pieces", "text_colour")


@dataclass(frozen=True)
class Layout:
    """What the administrator enters: the pattern, a number that has it, the region's place, colour, day and source."""

    regex: str
    example: str
    region_place: str
    background: str
    since: date
    source: str

    def tidied(self) -> Layout:
        """The pattern with its anchors, which the database needs; the example as numbers are stored."""
        return replace(
            self,
            regex=_anchored(self.regex.strip()),
            example=normalise_plate(self.example),
            source=self.source.strip(),
        )


@transaction.atomic
def enter_layout(*, actor: Actor, code: str, layout: Layout, now: datetime) -> PlateFormat:
    """Let plates of the format `code` be made in `layout` from its day on; administrators only.

    A format without a layout is filled in, and so is one whose own day is given again: that corrects it. A later day
    begins a new format in its place; plates of the old one stay valid. Raises NotAllowedError, NotFoundError,
    InvalidInputError that names each field.
    """
    staff = require_role(actor, Role.ADMINISTRATOR)
    found = PlateFormat.objects.select_for_update().filter(pk=code).first()
    if found is None:
        raise NotFoundError
    entered = layout.tidied()
    wrong = _wrong(entered, found, today=timezone.localdate(now))
    if wrong:
        raise InvalidInputError(wrong)
    unfit = _unfit(entered, found)
    follows = entered.since > found.valid_from if found.regex and found.valid_from else bool(unfit)
    if unfit and not follows:
        message = _("Plates on record have another layout: %(number)s. Give the day on which the new one begins.")
        raise InvalidInputError({"since": message % {"number": unfit}})
    before = _told(found)
    row = _successor(found, entered.since, actor, now) if follows else found
    row.regex, row.example, row.region_place = entered.regex, entered.example, entered.region_place
    row.background, row.source, row.valid_from = entered.background, entered.source, entered.since
    row.edited_by, row.edited_at, row.confidence = staff, now, Confidence.MEDIUM
    row.save()
    changes = {"plate_format": row.code, "before": before, "after": _told(row)}
    noted(chain=JOURNAL, actor=actor, action="plate_layout_entered", now=now, changes=changes)
    return row


def _successor(found: PlateFormat, since: date, actor: Actor, now: datetime) -> PlateFormat:
    """The format that takes the place of `found`: it is issued from now on, `found` no longer."""
    stem = re.sub(r"_\d{8}$", "", found.code)[:23]
    row = PlateFormat(code=f"{stem}_{since:%Y%m%d}", is_current=found.is_current)
    for name in INHERITED:
        setattr(row, name, getattr(found, name))
    # Edited, too: loading the reference data must not issue it again.
    found.is_current, found.edited_by, found.edited_at = False, actor.staff, now
    found.save(update_fields=["is_current", "edited_by", "edited_at"])
    return row


def _wrong(entered: Layout, found: PlateFormat, *, today: date) -> dict[str, str]:
    """Field → what is wrong with it."""
    wrong: dict[str, str] = {}
    if not _is_pattern(entered.regex):
        wrong["regex"] = str(_("Only letters A–Z, digits, [ ], { }, ( ), | and \\d for a digit; no + and no *."))
    elif re.fullmatch(entered.regex, entered.example) is None:
        wrong["example"] = str(_("The example does not have this layout. Correct the pattern or the example."))
    elif (region := _region_of(entered)) and not Region.objects.filter(pk=region).exists():
        message = _("At this place the example reads “%(region)s”, which is no region.")
        wrong["region_place"] = message % {"region": region}
    if entered.since > today:
        wrong["since"] = str(_("A layout is entered on the day it begins. Choose today or an earlier day."))
    elif found.regex and found.valid_from is not None and entered.since < found.valid_from:
        message = _("The layout in force began on %(day)s. Give that day to correct it, or a later one.")
        wrong["since"] = message % {"day": f"{found.valid_from:%d.%m.%Y}"}
    if not entered.source:
        wrong["source"] = str(_("Say where this layout is written: act, article, point."))
    return wrong


def _unfit(entered: Layout, found: PlateFormat) -> str:
    """A plate on record that the layout does not fit, or nothing."""
    numbers = Plate.objects.filter(format=found).order_by("number").values_list("number", flat=True)
    moved = entered.region_place != found.region_place
    return next((number for number in numbers if moved or re.fullmatch(entered.regex, number) is None), "")


def _anchored(regex: str) -> str:
    """The pattern for the whole number: what stands on both sides of a | is held together by a group."""
    body = regex.removeprefix("^").removesuffix("$")
    is_a_group = body.startswith("(?:") and body.endswith(")") and _is_pattern(body[3:-1])
    return f"^(?:{body})$" if "|" in body and not is_a_group else f"^{body}$"


def _is_pattern(regex: str) -> bool:
    if not PATTERN.fullmatch(regex):
        return False
    try:
        re.compile(regex)
    except re.error:
        return False
    return True


def _region_of(entered: Layout) -> str:
    return PlateFormat(region_place=RegionPlace(entered.region_place)).split(entered.example)[1]


def _told(row: PlateFormat) -> dict[str, str]:
    return {name: str(getattr(row, name) or "") for name in KEPT}
