"""Words in the two languages that every paper carries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils import translation
from django.utils.functional import Promise

from applications.standards import Text
from registers.contract import Finding
from registers.findings import describe

LANGUAGES = ("ru", "kk")


def in_both(words: str | Promise | Text) -> dict[str, str]:
    """`words` as {"ru": …, "kk": …}, whatever language is active; a plain string reads the same in both."""
    if isinstance(words, Text):
        return {language: words.in_language(language) for language in LANGUAGES}
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = str(words)
    return said


def findings_in_both(findings: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Findings as a check row keeps them ({"code", "params"}), one sentence after the other, in both languages."""
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = " ".join(describe(Finding(item["code"], item["params"])) for item in findings)
    return said


def in_all(say: Callable[[], str]) -> Text:
    """What `say` answers in each language of the portal."""
    said = {}
    for language in ("en", *LANGUAGES):
        with translation.override(language):
            said[language] = say()
    return Text(said["en"], said["ru"], said["kk"])
