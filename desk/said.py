"""Sentences on top of the page of a case, and how they tell the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language


@dataclass(frozen=True)
class Said:
    """A sentence on top of the page: where the case stands beyond the ordinary. `tone` is risk, late, calm or none."""

    tone: str
    title: str
    text: str = ""

    @property
    def lead(self) -> str:
        """The title as it stands before the text, with a stop between them."""
        return f"{self.title.rstrip('.')}." if self.text else self.title


def when(instant: datetime | None, now: datetime) -> str:
    """ "10:36", or with its day when that is not today (Asia/Almaty)."""
    if instant is None:
        return ""
    local = timezone.localtime(instant)
    return date_format(local, "H:i") if local.date() == timezone.localdate(now) else day_and_time(local)


def day_and_time(local: datetime) -> str:
    """ "25 November, 10:36" in the active language. Django capitalises Kazakh months, which running text does not."""
    said = date_format(local, "j E, H:i")
    return said.lower() if (get_language() or "").startswith("kk") else said
