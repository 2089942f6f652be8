"""State registration, accounting and deregistration of vehicles: the standard, row by row (annex 5, rows VR)."""

from applications.order_743 import (
    ALL_CHANNELS,
    FORM,
    FRONT_DESK,
    IN_FORCE_FROM,
    ONLINE,
    PROVIDER,
    REFUSAL,
    STATUS,
    VERSION,
    hours,
)
from applications.standards import Result, Standard, Subservice, Term, Text
from registration.standard import facts
from registration.standard.charges import CHARGES, FREE_OF_CHARGE
from registration.standard.checks import CHECKS
from registration.standard.documents import REQUIREMENTS
from registration.standard.grounds import ANNEX, GROUNDS
from registration.standard.ownership import OwnershipProof

__all__ = ["VERSIONS", "OwnershipProof", "facts"]

_SUBSERVICES = (
    Subservice(
        code=facts.PRIMARY,
        name=Text("Primary registration", "Первичная государственная регистрация", "Бастапқы мемлекеттік тіркеу"),
        channels=ALL_CHANNELS,
        row="VR.2",
    ),
    Subservice(
        code=facts.REGISTRATION,
        name=Text(
            "Registration and deregistration",
            "Государственная регистрация и снятие с учёта",
            "Мемлекеттік тіркеу және есептен шығару",
        ),
        channels=ALL_CHANNELS,
        row="VR.2",
    ),
    Subservice(
        code=facts.UPDATE,
        name=Text(
            "Update (correction) of recorded data",
            "Актуализация (корректировка) сведений",
            "Мәліметтерді өзектендіру (түзету)",
        ),
        channels=ALL_CHANNELS,
        row="VR.2",
    ),
    Subservice(
        code=facts.TEMPORARY,
        name=Text(
            "Temporary registration and its removal",
            "Временная государственная регистрация и снятие с учёта",
            "Уақытша мемлекеттік тіркеу және есептен шығару",
        ),
        channels=ALL_CHANNELS,
        row="VR.2",
    ),
)

_TERMS = (
    Term(row="VR.3a", channels=FRONT_DESK, subservices=facts.PRIMARY_ONLY, minutes=120),
    Term(row="VR.3a", channels=FRONT_DESK, subservices=facts.NOT_PRIMARY, minutes=90),
    Term(row="VR.3b", channels=ONLINE, subservices=facts.PRIMARY_ONLY, minutes=120),
    Term(row="VR.3b", channels=ONLINE, subservices=facts.NOT_PRIMARY, minutes=60),
)

_RESULTS = (
    Result(
        "VR.5a",
        Text(
            "At registration the SRTS and the plates are issued",
            "При регистрации выдаются СРТС и ГРНЗ",
            "Тіркеу кезінде КҚТК мен МТНБ беріледі",
        ),
    ),
    Result(
        "VR.5b",
        Text(
            "At deregistration an entry is made in the unified information system (ЕИС); a confirmation is given on "
            "request",
            "При снятии с учёта вносится запись в ЕИС; подтверждение выдаётся по просьбе",
            "Есептен шығару кезінде бірыңғай ақпараттық жүйеге жазба енгізіледі; растау сұрау бойынша беріледі",
        ),
    ),
    Result("VR.5c", REFUSAL),
)

VERSIONS: tuple[Standard, ...] = (
    Standard(
        code="VR",
        version=VERSION,
        effective_from=IN_FORCE_FROM,
        title=Text(
            "State registration, accounting and deregistration of vehicles",
            "Государственная регистрация, учёт и снятие с учёта транспортных средств",
            "Көлік құралдарын мемлекеттік тіркеу, есепке алу және есептен шығару",
        ),
        annex=ANNEX,
        provider=PROVIDER,
        provider_row="VR.1",
        form=FORM,
        form_row="VR.4",
        channels_row="VR.2",
        subservices=_SUBSERVICES,
        terms=_TERMS,
        hours=hours("VR.7a", "VR.7b"),
        results=_RESULTS,
        requirements=REQUIREMENTS,
        charges=CHARGES,
        free=FREE_OF_CHARGE,
        checks=CHECKS,
        grounds=GROUNDS,
        status_row="VR.10",
        status=STATUS,
    ),
)
