"""The simulator's two pages: the switches of the registers and the gateway's payment page. Plain HTML, no script."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from html import escape
from typing import Any

from registers.simulator.data import KAZAKHSTAN
from registers.simulator.gateway import Item, Page, Receipt
from registers.simulator.switches import GARBAGE, MODES

STYLE = """
body{font:16px/1.5 "Noto Sans",system-ui,sans-serif;margin:0;background:#f4f5f7;color:#1c2430}
header{background:#fff3cd;border-bottom:2px solid #b58100;padding:.6rem 1.5rem;font-weight:600}
main{max-width:62rem;margin:1.5rem auto;padding:1.5rem;background:#fff;border:1px solid #d5d9e0;border-radius:.4rem}
h1{font-size:1.4rem;margin:0 0 1rem}table{border-collapse:collapse;width:100%}
td,th{padding:.2rem .6rem;border-bottom:1px solid #e3e6eb;text-align:left;vertical-align:middle}
button,select,input{font:inherit;padding:.3rem .6rem}button{cursor:pointer}
.pay button{display:block;width:100%;margin:.5rem 0;text-align:left}.pay button:first-of-type{font-weight:600}
.bad{background:#fdecea}
small{display:block;color:#525c6b;font-weight:400;line-height:1.2}
.number{text-align:right;white-space:nowrap}.total{font-size:1.2rem;font-weight:600}h2{font-size:1.1rem}
input[type=number]{width:5.5rem}
"""
REGISTER_TITLES = {
    "ocsp": "НУЦ РК: OCSP",
    "crl": "НУЦ РК: CRL",
    "signature_service": "NCANode (ГОСТ)",
    "identity": "Население",
    "organisations": "Юридические лица",
    "consent": "Согласие на доступ к данным",
    "fines": "Штрафы",
    "wanted_persons": "Розыск: люди",
    "wanted_vehicles": "Розыск: машины",
    "terrorism_list": "Перечень: терроризм",
    "proliferation_list": "Перечень: оружие",
    "restrictions": "Запреты и ограничения",
    "foreign_registration": "Учёт за границей",
    "vehicle_passport": "Электронные паспорта",
    "recycling": "Утилизационный платёж",
    "temporary_import": "Временный ввоз",
    "medical_certificates": "Медицинские справки водителей",
    "driving_courses": "Курсы обучения, АИС «Автошкола»",
    "exams": "Экзамены",
    "deprivations": "Лишение права управления",
    "payments": "Платёжный шлюз",
}
MODE_TITLES = {
    "ok": "работает",
    "delay": "медлит (секунды)",
    "error": "ошибка 500",
    "garbage": "отвечает бессмыслицей",
    "down": "обрывает связь",
    "hang": "молчит",
    "drip": "отвечает по букве",
}
WAY_TITLES = {
    "pay": ("Төлеу", "Оплатить", ""),
    "short": (
        "Бір теңге кем төлеу",
        "Оплатить на один тенге меньше",
        "сома жетпейді · суммы не хватит",
    ),
    "other": (
        "Басқа адам болып төлеу",
        "Оплатить от другого лица",
        "басқа төлеуші · не тот плательщик",
    ),
    "twice": ("Екі рет төлеу", "Оплатить дважды", "екі түбіртек · две квитанции"),
    "late": (
        "Төлеу, хабарлама кешігеді",
        "Оплатить, уведомление опоздает",
        "портал өзі сұрайды · портал спросит сам",
    ),
    "silent": (
        "Төлеу, хабарлама келмейді",
        "Оплатить без уведомления",
        "портал өзі сұрайды · портал спросит сам",
    ),
}


def control_page(switches: dict[str, dict[str, Any]]) -> str:
    """The page of switches, for someone who demonstrates."""
    rows = "".join(_switch_row(register, switch) for register, switch in switches.items())
    return _page(
        "Имитатор реестров",
        "<h1>Имитатор государственных реестров</h1>"
        "<p>Здесь реестр можно сломать и починить, чтобы увидеть, как себя ведёт портал.</p>"
        '<form method="post" action="/switches/reset"><p><button>Всё починить</button></p></form>'
        f"<table><tr><th>Реестр</th><th>Сейчас</th><th>Сделать</th></tr>{rows}</table>",
    )


def payment_page(page: Page, unsettled: Sequence[Item], receipts: Sequence[Receipt]) -> str:
    """The page where a payer pays, with the ways in which paying can go wrong."""
    items = "".join(
        f"<tr><td>{escape(item.description)}<small>{escape(item.reference)}</small></td>"
        f'<td class="number">{_money(item.amount)} ₸</td></tr>'
        for item in unsettled
    )
    due = sum((Decimal(item.amount) for item in unsettled), Decimal(0))
    body = (
        f"<h1>Төлем шлюзі · Платёжный шлюз</h1><p>Тапсырыс · Заказ {escape(page.order)}. "
        f"Төлеуші (ЖСН/БСН) · Плательщик (ИИН/БИН): {escape(page.payer_identifier)}</p>{_receipts(receipts)}"
    )
    back = f'<p><a href="{escape(page.return_url)}">Порталға оралу · Вернуться на портал</a></p>'
    if not unsettled:
        return _page("Төленді · Оплачено", f"{body}<p>Төлейтін ештеңе жоқ · Платить больше нечего</p>{back}")
    buttons = "".join(
        f'<button name="way" value="{way}">{kazakh} · {russian}{f"<small>{note}</small>" if note else ""}</button>'
        for way, (kazakh, russian, note) in WAY_TITLES.items()
    )
    table = (
        f'<table><tr><th>Мақсаты · Назначение</th><th class="number">Сомасы · Сумма</th></tr>{items}'
        f'<tr class="total"><th>Барлығы · Итого</th><td class="number">{_money(str(due))} ₸</td></tr></table>'
    )
    return _page("Төлем · Оплата", f'{body}{table}<form class="pay" method="post">{buttons}</form>{back}')


def _receipts(receipts: Sequence[Receipt]) -> str:
    if not receipts:
        return ""
    lines = "".join(
        f"<li>{escape(item.receipt)}: {_money(item.amount)} ₸ ({escape(item.reference)}), {_moment(item.paid_at)}</li>"
        for item in receipts
    )
    return f"<h2>Төленді · Оплачено</h2><ul>{lines}</ul>"


def message_page(text: str) -> str:
    """A page with one sentence."""
    return _page(text, f"<h1>{escape(text)}</h1>")


def _switch_row(register: str, switch: dict[str, Any]) -> str:
    modes = "".join(_option(mode, MODE_TITLES[mode], switch["mode"]) for mode in MODES)
    kinds = "".join(_option(kind, kind, switch["kind"]) for kind in GARBAGE)
    name = escape(register)
    return (
        f"<tr{'' if switch['mode'] == 'ok' else ' class=bad'}><th>{REGISTER_TITLES[register]}<small>{name}</small></th>"
        f"<td>{MODE_TITLES[switch['mode']]}</td>"
        f'<td><form method="post" action="/switches/form"><input type="hidden" name="register" value="{name}">'
        f'<select name="mode" aria-label="{name}: режим">{modes}</select> '
        f'<input type="number" name="seconds" min="0" max="3600" step="0.5" value="{switch["seconds"]:g}"'
        f' aria-label="{name}: секунды"> '
        f'<select name="kind" aria-label="{name}: вид бессмыслицы">{kinds}</select> '
        "<button>Переключить</button></form></td></tr>"
    )


def _option(value: str, title: str, chosen: str) -> str:
    return f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(title)}</option>'


def _money(amount: str) -> str:
    whole, _, fraction = amount.partition(".")
    grouped = f"{int(whole):,}".replace(",", "\N{NO-BREAK SPACE}")
    return f"{grouped},{fraction}" if fraction else grouped


def _moment(instant: str) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(KAZAKHSTAN):%d.%m.%Y %H:%M}"


def _page(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>"
        "<header>Демонстрация: деньги и реестры ненастоящие · Көрсетілім: ақша да, тізілімдер де шынайы емес</header>"
        f"<main>{body}</main></body></html>"
    )
