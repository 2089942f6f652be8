"""Row VR.8: the documents, by channel and act.

Where a register can prove a requirement, it is due before the decision: the register is asked after submission. A scan
stands beside the register only where the law still admits the paper.
"""

from dataclasses import replace
from datetime import timedelta

from applications.order_743 import FRONT_DESK, IDENTITY_DOCUMENT, ONLINE
from applications.standards import BY_ORGANISATION, BY_PERSON, ApplicantKind, DueAt, MetBy, Requirement, Text, When
from registration.standard import facts
from registration.standard.ownership import OPTIONS

_TRANSFER_ORDER = Text(
    "Order of the legal entity that allocates and hands over the vehicle, sealed (private businesses need no seal)",
    "Приказ (распоряжение) юридического лица о выделении и передаче ТС с печатью (субъектам частного "
    "предпринимательства печать не нужна)",
    "Заңды тұлғаның көлік құралын бөлу және беру туралы мөр басылған бұйрығы (өкімі) (жеке кәсіпкерлік субъектілеріне "
    "мөр қажет емес)",
)
_OWNERSHIP = Text(
    "Proof of ownership of the vehicle",
    "Документ, подтверждающий право собственности на ТС",
    "Көлік құралына меншік құқығын растайтын құжат",
)
_CHANGE_DOCUMENT = Text(
    "Document of the change: of the engine, or the one that proves the mistake",
    "Документ об изменении: на двигатель либо подтверждающий ошибку",
    "Өзгеріс туралы құжат: қозғалтқышқа арналған не қатені растайтын",
)
_PASSPORT = Text(
    "Electronic passport of the vehicle or chassis, through the national operator's system",
    "Электронный паспорт ТС (шасси) через систему национального оператора",
    "Ұлттық оператордың жүйесі арқылы көлік құралының (шассидің) электрондық паспорты",
)
_PASSPORT_OR_SCAN = Text(
    "Passport of the vehicle or chassis: electronic, or a scan of the paper one",
    "Паспорт ТС (шасси): электронный либо скан бумажного",
    "Көлік құралының (шассидің) паспорты: электрондық немесе қағаз паспорттың сканы",
)
_RECYCLING = Text(
    "Certificate of the recycling payment",
    "Сертификат о внесении утилизационного платежа",
    "Кәдеге жарату төлемінің енгізілгенін растайтын құжат",
)
_PAYMENT = Text(
    "Proof of payment: registration fee, duties for SRTS and plates",
    "Подтверждение уплаты: регистрационный сбор, пошлины за СРТС и ГРНЗ",
    "Төлемді растау: тіркеу алымы, КҚТК мен МТНБ үшін мемлекеттік баждар",
)
_PREVIOUS_PAPERS = Text("Previous SRTS and plates", "Прежние СРТС и ГРНЗ", "Бұрынғы КҚТК мен МТНБ")
_INSPECTION = Text(
    "Inspection act of the vehicle", "Акт осмотра транспортного средства", "Көлік құралын тексеру актісі"
)


def _passport_at_the_desk(kind: ApplicantKind, when: When) -> tuple[Requirement, Requirement]:
    """VR.8.1d before and after the day of LAW-E1 or LAW-E2: from that day the register is the only proof."""
    law, since = facts.ELECTRONIC_PASSPORT_RULES[kind]
    before = Requirement(
        row="VR.8.1d",
        code="vehicle_passport",
        name=_PASSPORT_OR_SCAN,
        when=when,
        channels=FRONT_DESK,
        subservices=facts.PRIMARY_ONLY,
        met_by=(MetBy.REGISTER, MetBy.SCAN),
        due=DueAt.DECISION,
        check="vehicle_passport",
        effective_until=since - timedelta(days=1),
        besides=(law,),
    )
    after = replace(before, name=_PASSPORT, met_by=(MetBy.REGISTER,), effective_from=since, effective_until=None)
    return before, after


# VR.8 item 1: a front desk, registration and update.
_AT_THE_DESK = (
    Requirement(
        row="VR.8.1a",
        code="identity",
        name=IDENTITY_DOCUMENT,
        when=facts.AT_REGISTRATION,
        channels=FRONT_DESK,
        subservices=facts.ALL,
        met_by=(MetBy.REGISTER, MetBy.SCAN),
        due=DueAt.DECISION,
        check="identity",
    ),
    # Payment comes from the gateway and never from a scan, so that nobody can enter one.
    Requirement(
        row="VR.8.1b",
        code="payment",
        name=_PAYMENT,
        when=facts.WHEN_CHARGED,
        channels=FRONT_DESK,
        subservices=facts.ALL,
        met_by=(MetBy.PAYMENT,),
        check="payments",
    ),
    # A certificate can be annulled or corrected, which paper does not show: only the operator's register proves it.
    Requirement(
        row="VR.8.1c",
        code="recycling_certificate",
        name=_RECYCLING,
        when=facts.PRIMARY_REGISTRATION,
        channels=FRONT_DESK,
        subservices=facts.PRIMARY_ONLY,
        met_by=(MetBy.REGISTER,),
        due=DueAt.DECISION,
        check="recycling",
    ),
    *_passport_at_the_desk(ApplicantKind.PERSON, BY_PERSON),
    *_passport_at_the_desk(ApplicantKind.ORGANISATION, BY_ORGANISATION),
    Requirement(
        row="VR.8.1e",
        code="temporary_import",
        name=Text(
            "Customs documents of temporary import into the EAEU",
            "Таможенные документы о временном ввозе на территорию ЕАЭС",
            "ЕАЭО аумағына уақытша әкелу туралы кедендік құжаттар",
        ),
        when=facts.WHEN_TEMPORARILY_IMPORTED,
        channels=FRONT_DESK,
        subservices=facts.REGISTERING,
        met_by=(MetBy.REGISTER, MetBy.SCAN),
        due=DueAt.DECISION,
        check="temporary_import",
    ),
    Requirement(
        row="VR.8.1f",
        code="previous_papers",
        name=_PREVIOUS_PAPERS,
        when=facts.WHEN_PREVIOUS_PAPERS_EXIST,
        channels=FRONT_DESK,
        subservices=facts.ALL,
        met_by=(MetBy.SURRENDER,),
        due=DueAt.HANDOVER,
    ),
    Requirement(
        row="VR.8.1g",
        code="transfer_order",
        name=_TRANSFER_ORDER,
        when=facts.WHEN_PREVIOUS_OWNER_IS_ORGANISATION,
        channels=FRONT_DESK,
        subservices=facts.ALL,
        met_by=(MetBy.SCAN,),
    ),
    Requirement(
        row="VR.8.1h",
        code="ownership_proof",
        name=_OWNERSHIP,
        when=facts.AT_REGISTRATION,
        channels=FRONT_DESK,
        subservices=facts.ALL,
        met_by=(MetBy.SCAN,),
        options=OPTIONS,
        besides=("LAW-O1",),
    ),
    # A new engine is owned like the vehicle it stands in; a mistake is no mistake until a paper shows it.
    Requirement(
        row="VR.8.1h",
        code="change_document",
        name=_CHANGE_DOCUMENT,
        when=facts.WHEN_CHANGE_HAS_DOCUMENT,
        channels=FRONT_DESK,
        subservices=facts.UPDATE_ONLY,
        met_by=(MetBy.SCAN,),
    ),
    Requirement(
        row="VR.8.1i",
        code="conformity_certificate",
        name=Text(
            "Certificate of conformity of a vehicle with an altered construction (TR CU 018/2011, Annex 18)",
            "Свидетельство о соответствии ТС с изменённой конструкцией (ТР ТС 018/2011, приложение 18)",
            "Құрылымына өзгеріс енгізілген көлік құралының сәйкестігі туралы куәлік (КО ТР 018/2011, 18-қосымша)",
        ),
        when=facts.WHEN_ALTERED,
        channels=FRONT_DESK,
        subservices=facts.ALL,
        met_by=(MetBy.SCAN,),
    ),
    Requirement(
        row="VR.8.1j",
        code="inspection",
        name=_INSPECTION,
        when=facts.AT_REGISTRATION,
        channels=FRONT_DESK,
        subservices=facts.ALL,
        met_by=(MetBy.INSPECTION,),
        due=DueAt.DECISION,
    ),
)

# VR.8 item 2: a front desk, deregistration. Its result is an entry and nothing is handed over afterwards, so the
# previous papers have to be in before the decision.
_TO_DEREGISTER = (
    Requirement(
        row="VR.8.2a",
        code="identity",
        name=IDENTITY_DOCUMENT,
        when=facts.AT_DEREGISTRATION,
        channels=FRONT_DESK,
        subservices=facts.TRANSFERS,
        met_by=(MetBy.REGISTER, MetBy.SCAN),
        due=DueAt.DECISION,
        check="identity",
    ),
    Requirement(
        row="VR.8.2b",
        code="ownership_proof",
        name=_OWNERSHIP,
        when=facts.AT_DEREGISTRATION,
        channels=FRONT_DESK,
        subservices=facts.TRANSFERS,
        met_by=(MetBy.SCAN,),
        options=OPTIONS,
        besides=("LAW-O1",),
    ),
    Requirement(
        row="VR.8.2c",
        code="previous_papers",
        name=_PREVIOUS_PAPERS,
        when=facts.AT_DEREGISTRATION,
        channels=FRONT_DESK,
        subservices=facts.TRANSFERS,
        met_by=(MetBy.SURRENDER,),
        due=DueAt.DECISION,
    ),
)

# VR.8 item 3: online, registration. Scans of receipts and of the recycling certificate are asked for "unless obtained
# from the state's systems"; the portal always obtains them, so it never asks for those scans.
_ONLINE = (
    Requirement(
        row="VR.8.3a",
        code="payment",
        name=_PAYMENT,
        when=facts.WHEN_CHARGED,
        channels=ONLINE,
        subservices=facts.REGISTERING,
        met_by=(MetBy.PAYMENT,),
        check="payments",
    ),
    # Row 8 lists nothing of an update online, but row 6 charges one that replaces the SRTS, whatever the channel.
    Requirement(
        row="VR.6d",
        code="payment",
        name=_PAYMENT,
        when=facts.WHEN_CHARGED,
        channels=ONLINE,
        subservices=facts.UPDATE_ONLY,
        met_by=(MetBy.PAYMENT,),
        check="payments",
    ),
    Requirement(
        row="VR.8.3b",
        code="recycling_certificate",
        name=_RECYCLING,
        when=facts.PRIMARY_REGISTRATION,
        channels=ONLINE,
        subservices=facts.PRIMARY_ONLY,
        met_by=(MetBy.REGISTER,),
        due=DueAt.DECISION,
        check="recycling",
    ),
    Requirement(
        row="VR.8.3c",
        code="vehicle_passport",
        name=_PASSPORT_OR_SCAN,
        when=facts.WITHOUT_ELECTRONIC_PASSPORT,
        channels=ONLINE,
        subservices=facts.REGISTERING,
        met_by=(MetBy.REGISTER, MetBy.SCAN),
        due=DueAt.DECISION,
        check="vehicle_passport",
    ),
    Requirement(
        row="VR.8.3d",
        code="transfer_order",
        name=_TRANSFER_ORDER,
        when=facts.WHEN_PREVIOUS_OWNER_IS_ORGANISATION,
        channels=ONLINE,
        subservices=facts.REGISTERING,
        met_by=(MetBy.SCAN,),
    ),
    Requirement(
        row="VR.8.3e",
        code="ownership_proof",
        name=_OWNERSHIP,
        when=facts.AT_REGISTRATION,
        channels=ONLINE,
        subservices=facts.REGISTERING,
        met_by=(MetBy.SCAN, MetBy.SIGNATURE),
        options=OPTIONS,
        besides=("LAW-O1",),
    ),
    # Row 8 lists no inspection act online, but row 9 refuses a primary registration without an inspection, whatever
    # the channel: so the vehicle is inspected before the decision here too.
    Requirement(
        row="VR.9.9",
        code="inspection",
        name=_INSPECTION,
        when=facts.PRIMARY_REGISTRATION,
        channels=ONLINE,
        subservices=facts.PRIMARY_ONLY,
        met_by=(MetBy.INSPECTION,),
        due=DueAt.DECISION,
    ),
    # Item 3 names no previous papers: what stays on the vehicle is not sent. New plates are given out at a counter, and
    # there the old ones come in as item 1 has it; otherwise two sets would be about for one vehicle.
    Requirement(
        row="VR.8.1f",
        code="previous_papers",
        name=_PREVIOUS_PAPERS,
        when=facts.WHEN_PLATES_ARE_EXCHANGED,
        channels=ONLINE,
        subservices=facts.TRANSFERS,
        met_by=(MetBy.SURRENDER,),
        due=DueAt.HANDOVER,
    ),
)

REQUIREMENTS = _AT_THE_DESK + _TO_DEREGISTER + _ONLINE
