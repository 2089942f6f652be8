"""The motivated refusal as a paper (VR.5c)."""

from __future__ import annotations

from typing import Any

from applications.models import Application
from applications.services import PaperKind
from applications.standards import Text
from refusals.letter import letter_of


def refusal_content(application: Application) -> dict[str, Any]:
    """The letter: {"number": of the application, "ru": letter, "kk": letter}; a letter has the same keys in both.

    Keys of a letter: title, number (of the application), service (with its sub-service), subject (the vehicle in a
    line), addressee, address, applied_on, decided_on ("23.11.2026"), opening (sentence), grounds [{row ("VR.9.4"),
    text, citation, findings [sentence], remarks [sentence], next_step (sentence)}], again (sentence: how to apply
    again), appeal (sentence), contacts (sentence), office, officer (full name).
    """
    return letter_of(application)


REFUSAL_LETTER = PaperKind(
    code="refusal_letter",
    name=Text("Reasoned refusal", "Мотивированный ответ об отказе", "Бас тарту туралы дәлелді жауап"),
    template="papers/refusal_letter.html",
    content=refusal_content,
)
