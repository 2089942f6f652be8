"""What the licence card prints (DL.5). The content is taken once, when the paper is ordered, and never asked again.

Words that the card prints in both languages are {"ru": …, "kk": …}; days are ISO dates.
"""

from __future__ import annotations

from typing import Any

from applications.models import Application
from applications.services import PaperKind
from applications.standards import Text
from licensing.licences import issued_on
from licensing.mobile import KIND
from licensing.models import DriverLicence, LicenceCategory, Photo, SignatureImage


def card_content(application: Application) -> dict[str, Any]:
    """The licence, front and back (DL.5).

    Keys: number, application_number, surname, given_name, patronymic, birth_date, iin, issued_on, valid_until,
    office {code, ru, kk}, restrictions, categories [{code, kind, since (ISO or ""), until, is_granted}] in the order
    of the table, granted (codes), photo and signature {sha256, content_type}, replaces (number or "").
    """
    licence = DriverLicence.objects.select_related("driver__person", "office", "photo", "signature", "replaces").get(
        application=application
    )
    person = licence.driver.person
    grants = {grant.category_id: grant.since for grant in licence.grants.all()}
    return {
        "number": licence.number,
        "application_number": application.number,
        "surname": person.surname,
        "given_name": person.given_name,
        "patronymic": person.patronymic,
        "birth_date": person.birth_date.isoformat(),
        "iin": person.identifier,
        "issued_on": issued_on(licence).isoformat(),
        "valid_until": licence.valid_until.isoformat(),
        "office": {"code": licence.office.code, "ru": licence.office.name_in("ru"), "kk": licence.office.name_in("kk")},
        "restrictions": licence.restrictions,
        "categories": [
            {
                "code": category.code,
                "kind": category.kind,
                "is_granted": category.code in grants,
                "since": grants[category.code].isoformat() if category.code in grants else "",
            }
            for category in LicenceCategory.objects.all()
        ],
        "granted": list(grants),
        "photo": _picture(licence.photo),
        "signature": _picture(licence.signature),
        "replaces": licence.replaces.number if licence.replaces else "",
    }


def _picture(picture: Photo | SignatureImage | None) -> dict[str, str]:
    if picture is None:
        return {"sha256": "", "content_type": ""}
    return {"sha256": picture.sha256, "content_type": picture.content_type}


LICENCE_CARD = PaperKind(
    code="driver_licence",
    name=Text("Driver licence", "Водительское удостоверение", "Жүргізуші куәлігі"),
    template="papers/driver_licence.html",
    content=card_content,
    ordered_at="issue",
)


def mobile_content(application: Application) -> dict[str, Any]:
    """The licence for a phone: number, initials, issued_on, valid_until, categories {code: since}, has_restrictions,
    iin (only its hash is printed)."""
    card = card_content(application)
    names = (card["surname"], card["given_name"], card["patronymic"])
    return {
        "number": card["number"],
        "initials": "".join(f"{name[0]}." for name in names if name),
        "issued_on": card["issued_on"],
        "valid_until": card["valid_until"],
        "categories": {item["code"]: item["since"] for item in card["categories"] if item["is_granted"]},
        "has_restrictions": bool(card["restrictions"]),
        "iin": card["iin"],
    }


MOBILE_LICENCE = PaperKind(
    code=KIND,
    name=Text(
        "Driver licence for a phone", "Водительское удостоверение для телефона", "Телефонға арналған жүргізуші куәлігі"
    ),
    template="papers/mobile_licence.html",
    content=mobile_content,
    ordered_at="issue",
)
