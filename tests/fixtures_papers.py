"""Papers of one application and the files people try to attach."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from pypdf import PdfReader

from applications import papers
from applications.models import Application, Paper, PaperState
from applications.services import PaperKind
from applications.standards import Channel
from people.models import Person
from refusals.papers import REFUSAL_LETTER
from registration.papers import INSPECTION_ACT, REGISTRATION_CERTIFICATE

# Monday 23 November 2026, 17:05 in Almaty.
ACCEPTED = datetime(2026, 11, 23, 12, 5, tzinfo=UTC)


def words(ru: str, kk: str) -> dict[str, str]:
    return {"ru": ru, "kk": kk}


OWNER = {
    "name": "Ахметова Айгүл Серікқызы",
    "identifier": "900101400234",
    "address": "г. Алматы, пр. Аль-Фараби, 77/8, кв. 145",
    "is_organisation": False,
}
SERVICE = {
    "service": words("Государственная регистрация транспортных средств", "Көлік құралдарын мемлекеттік тіркеу"),
    "subservice": words("первичная регистрация", "бастапқы тіркеу"),
    "subject": "Toyota Camry, 2021, VIN XW7BF4FK60S123456",
    "applicant": {"name": OWNER["name"], "identifier": "9001•••••234", "is_organisation": False},
    "representative": None,
    "received_by": "А. Сейтқазы",
}
RECEIPT_CONTENT = {
    **SERVICE,
    "accepted_at": "2026-11-23T17:05:00+05:00",
    "due_at": "2026-11-24T10:05:00+05:00",
    "term": {"minutes": 120, "working_days": None},
    "days": [{"on": "2026-11-23", "hours": ["09:00", "18:00"]}, {"on": "2026-11-24", "hours": ["09:00", "18:00"]}],
    "documents": [
        {
            "name": words("Документ о праве собственности", "Меншік құқығын растайтын құжат"),
            "files": 2,
            "pages": 5,
            "from_register": False,
        }
    ],
    "charges": [
        {
            "name": words("Государственная пошлина за выдачу СРТС", "КҚТК үшін мемлекеттік баж"),
            "amount": "5406.00",
            "receipt": "8810-2232",
            "is_paid": True,
        }
    ],
    "total": "5406.00",
    "is_paid": True,
    "status": words("Контакт-центр 1414.", "1414 байланыс орталығы."),
}
HANDOVER_CONTENT = {
    **SERVICE,
    "handed_out": [{"name": words("Свидетельство о регистрации", "Тіркеу туралы куәлік"), "number": "AA00001234"}],
    "handed_in": [{"name": words("Прежние ГРНЗ", "Бұрынғы МТНБ"), "is_done": True}],
    "plate": "417KZN02",
    "plate_pieces": 2,
    "officer": "Б. Омаров",
    "receiver": "СЕРІКОВА АЙГҮЛ",
}
CERTIFICATE_CONTENT = {
    "number": "AA00001234",
    "application_number": "0201-26-004178-3",
    "plate": {
        "number": "417KZN02",
        "main": "417 KZN",
        "region": "02",
        "background": "white",
        "text_colour": "black",
    },
    "make": "Toyota",
    "model": "Camry",
    "year": 2021,
    "category": "M1",
    "vin": "XW7BF4FK60S123456",
    "body_number": "",
    "chassis_number": "",
    "engine_number": "A25AK123456",
    "colour": words("серый", "сұр"),
    "engine_volume_cm3": 2494,
    "engine_power_kw": "133",
    "fuel": words("бензин", "бензин"),
    "unladen_mass_kg": 1570,
    "maximum_mass_kg": 2030,
    "ecological_class": 5,
    "special_marks": "",
    "passport_number": "164301027123456",
    "owner": OWNER,
    "office": words("Отдел 0201", "0201 бөлімі"),
    "first_registered_on": "2026-11-23",
    "issued_on": "2026-11-23",
}
INSPECTION_CONTENT = {
    "number": "0201-26-004178-3-A",
    "application_number": "0201-26-004178-3",
    "office": words("Отдел 0201", "0201 бөлімі"),
    "inspector": "Омаров Болат Қайратұлы",
    "inspected_at": "2026-11-23T17:25:00+05:00",
    "was_shown": True,
    "result_code": "differs",
    "result": words("номера отличаются от документов", "нөмірлері құжаттардан өзгеше"),
    "marking": words("цела и читаема", "бүтін және оқылады"),
    "comparisons": [
        {"what": words("VIN", "VIN"), "expected": "XW7BF4FK60S123456", "matches": True},
        {"what": words("номер двигателя", "қозғалтқыш нөмірі"), "expected": "A25AK123456", "matches": False},
    ],
    "vehicle": {"make": "Toyota", "model": "Camry", "year": 2021, "category": "M1", "colour": words("серый", "сұр")},
    "owner": OWNER,
    "remarks": words("Двигатель заменён.", "Қозғалтқыш ауыстырылған."),
    "photo_count": 2,
}


def letter(title: str, ground: str, citation: str) -> dict[str, Any]:
    return {
        "title": title,
        "number": "0201-26-004178-3",
        "service": "–",
        "subject": "Toyota Camry",
        "addressee": OWNER["name"],
        "address": OWNER["address"],
        "applied_on": "23.11.2026",
        "decided_on": "23.11.2026",
        "opening": "–",
        "grounds": [
            {
                "row": "VR.9.4",
                "text": ground,
                "citation": citation,
                "findings": ["26-118-7"],
                "remarks": [],
                "next_step": "",
            }
        ],
        "again": "",
        "appeal": "",
        "contacts": "1414",
        "office": "–",
        "officer": "Омаров Болат Қайратұлы",
    }


REFUSAL_CONTENT = {
    "number": "0201-26-004178-3",
    "ru": letter(
        "Мотивированный ответ об отказе", "Неисполненные постановления", "приложение 5, строка 9, подпункт 4)"
    ),
    "kk": letter("Бас тарту туралы дәлелді жауап", "Орындалмаған қаулылар", "5-қосымша, 9-жол, 4)-тармақша"),
}
SAMPLES = (
    (papers.RECEIPT, RECEIPT_CONTENT),
    (papers.HANDOVER_SHEET, HANDOVER_CONTENT),
    (INSPECTION_ACT, INSPECTION_CONTENT),
    (REGISTRATION_CERTIFICATE, CERTIFICATE_CONTENT),
    (REFUSAL_LETTER, REFUSAL_CONTENT),
)


def sample(code: str, **changes: Any) -> PaperKind:
    """The kind of paper with that code, printing a realistic content instead of one taken from the registers."""
    kind, content = next((kind, content) for kind, content in SAMPLES if kind.code == code)
    return replace(kind, content=lambda application: {**content, **changes})


@pytest.fixture
def keys(settings, tmp_path, almaty_police, almaty_front_desk):
    """Keys of the two Almaty offices, and storage that goes away with the test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.KEYS_DIR = tmp_path / "keys"
    call_command("make_keys", verbosity=0)
    return settings.KEYS_DIR


@pytest.fixture
def paper_application(almaty_police, almaty_front_desk) -> Application:
    """A bare case that papers can be ordered for."""
    person = Person.objects.create(
        iin="790101300018", surname="Ахметов", given_name="Серік", birth_date="1979-01-01", sex="male"
    )
    return Application.objects.create(
        number="0201-26-004178-3",
        service="VR",
        subservice="VR-1",
        standard_version="2024-10-20",
        channel=Channel.FRONT_DESK,
        office=almaty_police,
        front_desk=almaty_front_desk,
        applicant_person=person,
        subject="VIN:XW7BF4FK60S123456",
        created_at=ACCEPTED,
    )


@pytest.fixture
def ordered(keys, paper_application):
    """Order a paper by its code: ordered("receipt", representative={"name": …})."""

    def order(code: str, **changes: Any) -> Paper:
        with transaction.atomic():
            return papers.order(application=paper_application, kind=sample(code, **changes), now=ACCEPTED)

    return order


@pytest.fixture
def made(ordered):
    """Order a paper and make it, as a worker would."""

    def make(code: str, **changes: Any) -> Paper:
        return papers.make(paper_id=ordered(code, **changes).pk)

    return make


@pytest.fixture
def ready(ordered):
    """Order a paper and note it as made without printing it: for what only looks at the row."""

    def note(code: str, **changes: Any) -> Paper:
        paper: Paper = ordered(code, **changes)
        paper.state, paper.sha256, paper.made_at = PaperState.READY, "0" * 64, ACCEPTED
        paper.save()
        return paper

    return note


def text_of(pdf: bytes) -> str:
    """All text of a PDF, with every run of white space as one space."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def upload(content: bytes, name: str = "scan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def pdf_with(change=None, pages: int = 1, **save: Any) -> bytes:
    """A PDF of blank A4 pages, changed by `change(pdf)` before it is saved."""
    output = BytesIO()
    with pikepdf.new() as pdf:
        for _page in range(pages):
            pdf.add_blank_page(page_size=(595, 842))
        if change is not None:
            change(pdf)
        pdf.save(output, **save)
    return output.getvalue()
