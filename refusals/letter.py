"""The letter of a motivated refusal, in Kazakh and Russian: to whom, about what, on which grounds, and what now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import timezone

from applications.models import Application
from applications.services import standard_of
from applications.standards import Text
from offices.models import Staff
from refusals.models import RefusalReason
from refusals.remedies import BY_REGISTER, OTHERWISE
from refusals.wording import LANGUAGES

TITLE = Text("Reasoned refusal", "Мотивированный ответ об отказе", "Бас тарту туралы дәлелді жауап")
OPENING = Text(
    "Your application No. %(number)s of %(applied_on)s was considered. The public service is refused on these grounds:",
    "Ваше заявление № %(number)s от %(applied_on)s рассмотрено. В оказании государственной услуги отказано "
    "по следующим основаниям:",
    "Сіздің %(applied_on)s күнгі № %(number)s өтінішіңіз қаралды. Мемлекеттік қызметті көрсетуден мынадай негіздер "
    "бойынша бас тартылды:",
)
AGAIN = Text(
    "Once the grounds are gone you can apply for the service again.",
    "После устранения оснований Вы вправе обратиться за услугой повторно.",
    "Негіздер жойылғаннан кейін қызметті алуға қайта жүгінуге құқығыңыз бар.",
)
APPEAL = Text(
    "You can appeal against this refusal in the order that the law of the Republic of Kazakhstan sets.",
    "Вы вправе обжаловать отказ в порядке, установленном законодательством Республики Казахстан.",
    "Бас тартуға Қазақстан Республикасының заңнамасында белгіленген тәртіппен шағымдануға құқығыңыз бар.",
)
CONTACTS = Text(
    "Questions: 1414, 8 800 080 7777.",
    "Справки по телефонам 1414, 8 800 080 7777.",
    "Анықтама телефондары: 1414, 8 800 080 7777.",
)


def letter_of(application: Application) -> dict[str, Any]:
    """The letter of a refusal that was decided; the keys stand in refusals/papers.py."""
    refusal = application.refusal
    reasons = list(refusal.reasons.select_related("proved_by"))
    return compose(application, reasons, officer=refusal.decided_by, decided_at=refusal.decided_at)


def compose(
    application: Application, reasons: Sequence[RefusalReason], *, officer: Staff, decided_at: datetime
) -> dict[str, Any]:
    """{"number", "ru", "kk"}: the letter as it would be printed, also for reasons that are not stored yet."""
    letters = {language: _letter(application, reasons, officer, decided_at, language) for language in LANGUAGES}
    return {"number": application.number, **letters}


def _letter(
    application: Application, reasons: Sequence[RefusalReason], officer: Staff, decided_at: datetime, language: str
) -> dict[str, Any]:
    standard = standard_of(application)
    subservice = standard.subservice(application.subservice)
    applied_on = _day(application.submitted_at or application.created_at)
    return {
        "title": TITLE.in_language(language),
        "number": application.number,
        "service": f"{standard.title.in_language(language)}: {subservice.name.in_language(language)}",
        "subject": _subject(application),
        "addressee": application.applicant.full_name,
        "address": application.applicant.address,
        "applied_on": applied_on,
        "decided_on": _day(decided_at),
        "opening": OPENING.in_language(language) % {"number": application.number, "applied_on": applied_on},
        "grounds": _grounds(reasons, language),
        "again": AGAIN.in_language(language),
        "appeal": APPEAL.in_language(language),
        "contacts": CONTACTS.in_language(language),
        "office": application.office.name_in(language),
        "officer": officer.full_name,
    }


def _grounds(reasons: Sequence[RefusalReason], language: str) -> list[dict[str, Any]]:
    """One entry per ground, whatever number of answers proves it."""
    grounds = []
    for row, together in groupby(sorted(reasons, key=lambda item: item.row), key=lambda item: item.row):
        group = list(together)
        steps = [BY_REGISTER.get(item.proved_by.register, OTHERWISE) if item.proved_by else OTHERWISE for item in group]
        grounds.append(
            {
                "row": row,
                "text": getattr(group[0], f"text_{language}"),
                "citation": getattr(group[0], f"citation_{language}"),
                "findings": _said(group, f"finding_{language}"),
                "remarks": _said(group, f"remark_{language}"),
                "next_step": " ".join(dict.fromkeys(step.in_language(language) for step in steps)),
            }
        )
    return grounds


def _said(reasons: Sequence[RefusalReason], field: str) -> list[str]:
    """The sentences of the field, each once."""
    return list(dict.fromkeys(text for reason in reasons if (text := getattr(reason, field))))


def _subject(application: Application) -> str:
    number = application.subject.partition(":")[2]
    if number == application.applicant.identifier:
        number = application.applicant.masked_identifier
    return ", ".join(dict.fromkeys(part for part in (application.headline, number) if part))


def _day(instant: datetime) -> str:
    return f"{timezone.localtime(instant):%d.%m.%Y}"
