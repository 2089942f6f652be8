"""What the front desk prints and gives out, and whether it lies ready."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from applications.models import Application
from applications.papers import HANDOVER_SHEET
from applications.services import ON_REQUEST, service_of
from desk.case_page import PaperShown
from refusals.papers import REFUSAL_LETTER


def given_out(application: Application) -> list[str]:
    """The kinds of papers that the front desk prints and gives out, in the order they lie on the counter."""
    own = [kind.code for kind in service_of(application).papers if kind.ordered_at in {"issue", ON_REQUEST}]
    return [HANDOVER_SHEET.code, *own, REFUSAL_LETTER.code]


def given(application: Application, papers: Sequence[PaperShown]) -> dict[str, Any]:
    """Of the papers of the case those that are given out, and whether all of them are made."""
    kinds = given_out(application)
    chosen = [item for item in papers if item.is_valid and item.paper.kind in kinds]
    chosen.sort(key=lambda item: kinds.index(item.paper.kind))
    return {"given": chosen, "is_printed": bool(chosen) and all(item.is_ready for item in chosen)}
