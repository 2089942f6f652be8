"""LAW-O1 (point 16, sub-point 7): the proof of ownership is exactly one of four forms."""

from enum import StrEnum

from applications.order_743 import ALL_CHANNELS, ONLINE
from applications.standards import MetBy, Option, Text


class OwnershipProof(StrEnum):
    NOTARISED = "notarised"
    BOTH_SIGNATURES = "both_signatures"
    SEIZED_SALE = "seized_sale"
    BAILIFF_RULING = "bailiff_ruling"


OPTIONS = (
    Option(
        row="LAW-O1",
        code=OwnershipProof.NOTARISED,
        name=Text(
            "Document certified by a notary of Kazakhstan",
            "Документ, удостоверенный нотариусом Республики Казахстан",
            "Қазақстан Республикасының нотариусы куәландырған құжат",
        ),
        channels=ALL_CHANNELS,
        met_by=MetBy.SCAN,
    ),
    # Two signatures prove only where the act itself is done through egov.kz or another platform.
    Option(
        row="LAW-O1",
        code=OwnershipProof.BOTH_SIGNATURES,
        name=Text(
            "Electronic signatures (ЭЦП) of the previous and the new owner",
            "ЭЦП прежнего и нового владельцев",
            "Бұрынғы және жаңа иелерінің ЭЦҚ",
        ),
        channels=ONLINE,
        met_by=MetBy.SIGNATURE,
    ),
    Option(
        row="LAW-O1",
        code=OwnershipProof.SEIZED_SALE,
        name=Text(
            "Sale contract concluded after the sale of seized property",
            "Договор купли-продажи по результатам реализации арестованного имущества",
            "Тыйым салынған мүлікті өткізу нәтижесі бойынша жасалған сатып алу-сату шарты",
        ),
        channels=ALL_CHANNELS,
        met_by=MetBy.SCAN,
    ),
    Option(
        row="LAW-O1",
        code=OwnershipProof.BAILIFF_RULING,
        name=Text(
            "Bailiff's ruling that hands the movable property to the claimant in kind",
            "Постановление судебного исполнителя о передаче движимого имущества взыскателю в натуре",
            "Сот орындаушысының жылжымалы мүлікті өндіріп алушыға заттай беру туралы қаулысы",
        ),
        channels=ALL_CHANNELS,
        met_by=MetBy.SCAN,
    ),
)
