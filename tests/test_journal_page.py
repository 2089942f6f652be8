"""The auditor's page of the journal: what was changed is told in the reader's words."""

import html
import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from applications.acting import Actor
from applications.journal import noted
from applications.models import JournalEntry
from applications.states import State
from desk.changed import changed
from offices.models import Role
from tests.fixtures_offices import make_staff

pytestmark = pytest.mark.django_db


def told(action, **changes):
    with translation.override("ru"):
        return dict(changed(JournalEntry(action=action, changes=changes)))


@pytest.mark.parametrize(
    ("action", "changes", "said"),
    [
        ("details_changed", {"engine_number": "A1", "colour": ""}, {"Номер двигателя": "A1", "Цвет": "—"}),
        ("inspected", {"vin_matches": True}, {"VIN совпадает с документами": "да"}),
        (
            "registers_answered",
            {"outcomes": {"fines:applicant": "hit"}, "state": "review"},
            {"Ответы": "Штрафы за нарушения на дорогах: есть препятствие", "Состояние": str(State.REVIEW.label)},
        ),
        ("changed", {"before": {"is_active": True}, "after": {"is_active": False}}, {"Действует": "да → нет"}),
        ("created", {"after": {"role": "auditor"}}, {"Роль": "Аудитор"}),
        ("rate_entered", {"before": "", "after": "0.5000"}, {"Было": "—", "Стало": "0.5000"}),
        ("person_corrected", {"surname": ["Омаров", "Умаров"]}, {"Фамилия": "Омаров → Умаров"}),
        ("correction_asked", {"fields": ["surname", "address"]}, {"Данные": "Фамилия, Адрес"}),
        ("opened", {"service": "VR-1", "channel": "egov"}, {"Услуга": "Первичная государственная регистрация"}),
        ("accepted", {"due_at": "2026-11-25T05:36:00+00:00"}, {"Срок": "25.11.2026 10:36"}),
        ("paper_made", {"kind": "receipt"}, {"Вид": "Расписка о приёме документов"}),
        ("write_off_drawn_up", {"stock": "plates", "kind": "lost"}, {"Склад": "номерные знаки", "Вид": "утрачены"}),
        (
            "charged",
            {"charged": {"1-01": "certificate_duty 5406"}},
            {"Начисления": "1-01: Государственная пошлина за СРТС 5\xa0406"},
        ),
        (
            "import_ended",
            {"counts": {"people.csv": {"bad": 1, "read": 21, "known": 0, "loaded": 20}}},
            {"Строки": "people.csv: с ошибкой: 1, прочитано: 21, уже были: 0, загружено: 20"},
        ),
        ("viewed", {"what": "identifier"}, {"Что": "ИИН или БИН целиком"}),
        ("withdrawn", {"reason": "2026-99-99T25:61"}, {"Причина": "2026-99-99T25:61"}),
        ("changed", {"nobody_knows": "x"}, {"Nobody_knows": "x"}),
    ],
)
def test_what_was_changed_is_told_in_words(action, changes, said):
    assert said.items() <= told(action, **changes).items()


def test_the_words_of_every_key_are_there_in_every_case_of_the_road(road, client):
    """No key that the road of a case, its stock or its people write reaches the auditor as a key."""
    road.issued()
    with translation.override("ru"):
        labels = {label for entry in JournalEntry.objects.all() for label, _value in changed(entry)}
    assert len(labels) > 20
    assert [label for label in labels if re.fullmatch(r"[A-Za-z]+(_[a-z0-9]+)*", label) and label != "VIN"] == []


def test_the_page_asks_the_same_of_one_row_and_of_fifty(client, officer):
    auditor = make_staff("auditor", Role.AUDITOR)
    client.force_login(auditor)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ru"
    costs = []
    for rows in (1, 49):
        for _row in range(rows):
            changes = {"before": {"role": "officer", "office_id": 1}, "after": {"role": "auditor", "office_id": None}}
            noted(chain="staff:x", actor=Actor.of(officer), action="changed", now=timezone.now(), changes=changes)
        client.get("/journal/")
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/journal/")
        costs.append(len(captured))
    assert costs[0] == costs[1]
    assert "Роль: Инспектор → Аудитор" in html.unescape(page.content.decode())
