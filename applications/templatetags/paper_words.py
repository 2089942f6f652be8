"""Days, instants and money as papers write them, in Kazakh and Russian side by side whatever language is active."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone

register = template.Library()

MONTHS_RU = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
MONTHS_KK = [
    "қаңтар",
    "ақпан",
    "наурыз",
    "сәуір",
    "мамыр",
    "маусым",
    "шілде",
    "тамыз",
    "қыркүйек",
    "қазан",
    "қараша",
    "желтоқсан",
]
DAYS_RU = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
DAYS_KK = ("дүйсенбі", "сейсенбі", "сәрсенбі", "бейсенбі", "жұма", "сенбі", "жексенбі")


def day_of(value: str) -> date:
    """The day of an ISO date or instant, in Asia/Almaty."""
    return date.fromisoformat(value) if len(value) == len("2026-11-23") else instant(value).date()


def instant(value: str) -> datetime:
    return timezone.localtime(datetime.fromisoformat(value))


@register.filter
def date_ru(value: str) -> str:
    """23 ноября 2026 года"""
    day = day_of(value)
    return f"{day.day} {MONTHS_RU[day.month - 1]} {day.year} года"


@register.filter
def date_kk(value: str) -> str:
    """2026 жылғы 23 қараша"""
    day = day_of(value)
    return f"{day.year} жылғы {day.day} {MONTHS_KK[day.month - 1]}"


@register.filter
def time_ru(value: str) -> str:
    """понедельник, 23 ноября 2026 года, 11 часов 05 минут"""
    when = instant(value)
    hours = plural(when.hour, "час", "часа", "часов")
    minutes = plural(when.minute, "минута", "минуты", "минут")
    # No-break spaces: the hour never parts from its number.
    return f"{DAYS_RU[when.weekday()]}, {date_ru(value)}, {when.hour}\xa0{hours}\xa0{when:%M}\xa0{minutes}"


@register.filter
def time_kk(value: str) -> str:
    """2026 жылғы 23 қараша, дүйсенбі, 11 сағат 05 минут"""
    when = instant(value)
    return f"{date_kk(value)}, {DAYS_KK[when.weekday()]}, {when.hour}\xa0сағат\xa0{when:%M}\xa0минут"


@register.filter
def digits(value: str) -> str:
    """23.11.2026, 11:05 – or the day alone"""
    if len(value) == len("2026-11-23"):
        return f"{day_of(value):%d.%m.%Y}"
    return f"{instant(value):%d.%m.%Y, %H:%M}"


@register.filter
def tenge(value: str | int) -> str:
    """4 325 ₸, with tiyn only where there are any"""
    amount = Decimal(value)
    shown = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    return f"{shown.replace(',', chr(0xA0)).replace('.', ',')}\xa0₸"


@register.filter
def thousands(value: int | None) -> str:
    """1 450; nothing where there is nothing"""
    return "" if value is None else f"{value:,}".replace(",", "\xa0")


def plural(number: int, one: str, few: str, many: str) -> str:
    if number % 100 in range(11, 15):
        return many
    return {1: one, 2: few, 3: few, 4: few}.get(number % 10, many)
