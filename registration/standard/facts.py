"""The facts that the conditions of the registration standard look at, and the conditions themselves.

The details of an application carry the facts by these names; what is absent reads as "no".
"""

from datetime import date

from applications.standards import ApplicantKind, Channel, Facts, Text, When

SERVICE = "VR"
PRIMARY = "VR-1"
REGISTRATION = "VR-2"
UPDATE = "VR-3"
TEMPORARY = "VR-4"

ALL = frozenset({PRIMARY, REGISTRATION, UPDATE, TEMPORARY})
PRIMARY_ONLY = frozenset({PRIMARY})
REGISTRATION_ONLY = frozenset({REGISTRATION})
UPDATE_ONLY = frozenset({UPDATE})
TEMPORARY_ONLY = frozenset({TEMPORARY})
NOT_PRIMARY = ALL - PRIMARY_ONLY
# Sub-services that enter a vehicle under an owner. VR-2 and VR-4 also take it off the record: see ACT.
REGISTERING = frozenset({PRIMARY, REGISTRATION, TEMPORARY})
TRANSFERS = frozenset({REGISTRATION, TEMPORARY})

# VR-2 and VR-4 are two acts each; the applicant says which. Anything but "deregistration" is a registration.
ACT = "act"
ACT_REGISTRATION = "registration"
ACT_DEREGISTRATION = "deregistration"
# A temporary registration goes on under a longer customs term: a registration, too.
ACT_EXTENSION = "extension"

# The vehicle is in the country under a customs temporary import.
TEMPORARILY_IMPORTED = "temporarily_imported"
# A previous SRTS or previous plates exist and the act replaces them.
PREVIOUS_PAPERS_EXIST = "previous_papers_exist"
# The owner before this one was a legal entity.
PREVIOUS_OWNER_IS_ORGANISATION = "previous_owner_is_organisation"
# The construction was altered before registration.
ALTERED_CONSTRUCTION = "altered_construction"
# The operator's system holds an electronic passport of the vehicle or chassis: set from its answer, never typed.
ELECTRONIC_PASSPORT_EXISTS = "electronic_passport_exists"
# The update needs a new SRTS (VR-3).
CERTIFICATE_REPLACED = "certificate_replaced"
# The SRTS is replaced only because it was lost, stolen or spoiled: a duplicate of the same data (VR-3).
CERTIFICATE_DUPLICATED = "certificate_duplicated"
# The plates were lost or stolen and others, with a new number, are given in their place (VR-3).
PLATES_REPLACED = "plates_replaced"
# The change rests on a document of its own: the engine's, or one that proves a mistake (VR-3).
CHANGE_HAS_DOCUMENT = "change_has_document"
# The plates stay on the vehicle, so no new ones are issued (VR-2, VR-4).
PLATES_KEPT = "plates_kept"

# LAW-E1 and LAW-E2: the first day on which only the electronic passport proves (a front desk, primary registration).
ELECTRONIC_PASSPORT_RULES: dict[ApplicantKind, tuple[str, date]] = {
    ApplicantKind.PERSON: ("LAW-E1", date(2025, 1, 1)),
    ApplicantKind.ORGANISATION: ("LAW-E2", date(2024, 10, 20)),
}


def is_deregistration(facts: Facts) -> bool:
    return facts.subservice in TRANSFERS and facts.details.get(ACT) == ACT_DEREGISTRATION


def charges_are_due(facts: Facts) -> bool:
    """VR.6: nothing is due for a deregistration, nor for an update that keeps the SRTS."""
    if facts.subservice == UPDATE:
        return facts.has(CERTIFICATE_REPLACED)
    return not is_deregistration(facts)


def passport_must_be_electronic(facts: Facts) -> bool:
    """LAW-E1, LAW-E2; online a scan serves where no electronic passport exists (VR.8.3c)."""
    _row, since = ELECTRONIC_PASSPORT_RULES[facts.applicant]
    return facts.subservice == PRIMARY and facts.channel == Channel.FRONT_DESK and facts.on >= since


def is_at_the_desk(facts: Facts) -> bool:
    return facts.channel == Channel.FRONT_DESK


AT_REGISTRATION = When(
    Text("at registration and update", "при регистрации и актуализации", "тіркеу және өзектендіру кезінде"),
    lambda facts: not is_deregistration(facts),
)
AT_DEREGISTRATION = When(Text("at deregistration", "при снятии с учёта", "есептен шығару кезінде"), is_deregistration)
WHEN_CHARGED = When(
    Text("if anything is due", "если есть что платить", "төленетін сома болса"),
    charges_are_due,
)
PRIMARY_REGISTRATION = When(
    Text("at primary registration", "при первичной регистрации", "бастапқы тіркеу кезінде"),
    lambda facts: facts.subservice == PRIMARY,
)
WHEN_TEMPORARILY_IMPORTED = When(
    Text(
        "registration for a limited term of a temporarily imported vehicle",
        "при регистрации временно ввезённого ТС на ограниченный срок",
        "уақытша әкелінген көлік құралын шектеулі мерзімге тіркеу кезінде",
    ),
    lambda facts: facts.has(TEMPORARILY_IMPORTED) and not is_deregistration(facts),
)
WHEN_PREVIOUS_PAPERS_EXIST = When(
    Text("if they exist", "при наличии", "бар болса"),
    lambda facts: facts.has(PREVIOUS_PAPERS_EXIST) and not is_deregistration(facts),
)
WHEN_PREVIOUS_OWNER_IS_ORGANISATION = When(
    Text(
        "if the previous owner was a legal entity",
        "если прежним владельцем было юридическое лицо",
        "бұрынғы иесі заңды тұлға болса",
    ),
    lambda facts: facts.has(PREVIOUS_OWNER_IS_ORGANISATION) and not is_deregistration(facts),
)
WHEN_ALTERED = When(
    Text(
        "if the construction was altered before registration",
        "если в конструкцию внесены изменения до регистрации",
        "тіркеуге дейін құрылымына өзгерістер енгізілсе",
    ),
    lambda facts: facts.has(ALTERED_CONSTRUCTION) and not is_deregistration(facts),
)
WITHOUT_ELECTRONIC_PASSPORT = When(
    Text(
        "unless an electronic passport exists",
        "если не оформлен электронный паспорт",
        "электрондық паспорт ресімделмеген болса",
    ),
    lambda facts: not facts.has(ELECTRONIC_PASSPORT_EXISTS) and not is_deregistration(facts),
)
WHEN_CERTIFICATE_REPLACED = When(
    Text("if the SRTS is replaced", "при замене СРТС", "КҚТК ауыстырылса"),
    lambda facts: facts.has(CERTIFICATE_REPLACED),
)
WHEN_CERTIFICATE_RENEWED = When(
    Text(
        "if the SRTS is replaced because data changed",
        "при замене СРТС в связи с изменением сведений",
        "мәліметтердің өзгеруіне байланысты КҚТК ауыстырылса",
    ),
    lambda facts: facts.has(CERTIFICATE_REPLACED) and not facts.has(CERTIFICATE_DUPLICATED),
)
WHEN_CERTIFICATE_DUPLICATED = When(
    Text(
        "if the SRTS is replaced because it was lost or became unusable",
        "при замене утраченного или непригодного СРТС",
        "жоғалған немесе жарамсыз болған КҚТК ауыстырылса",
    ),
    lambda facts: facts.has(CERTIFICATE_REPLACED) and facts.has(CERTIFICATE_DUPLICATED),
)
WHEN_PLATES_REPLACED = When(
    Text(
        "if lost or stolen plates are replaced by others",
        "при замене утраченных или похищенных ГРНЗ другими",
        "жоғалған немесе ұрланған МТНБ басқасына ауыстырылса",
    ),
    lambda facts: facts.has(PLATES_REPLACED),
)
WHEN_CHANGE_HAS_DOCUMENT = When(
    Text(
        "if the engine was replaced or a mistake is corrected",
        "при замене двигателя или исправлении ошибки",
        "қозғалтқыш ауыстырылса немесе қате түзетілсе",
    ),
    lambda facts: facts.has(CHANGE_HAS_DOCUMENT),
)
WHEN_CERTIFICATE_KEPT = When(
    Text("if the SRTS is not replaced", "если замена СРТС не требуется", "КҚТК ауыстыру қажет болмаса"),
    lambda facts: not facts.has(CERTIFICATE_REPLACED),
)
WHEN_NEW_PLATES = When(
    Text("if new plates are issued", "если выдаются новые ГРНЗ", "жаңа МТНБ берілсе"),
    lambda facts: not facts.has(PLATES_KEPT) and not is_deregistration(facts),
)
WHEN_PLATES_ARE_EXCHANGED = When(
    Text(
        "if new plates are issued in place of others",
        "если ГРНЗ выдаются взамен прежних",
        "МТНБ бұрынғылардың орнына берілсе",
    ),
    lambda facts: facts.has(PREVIOUS_PAPERS_EXIST) and WHEN_NEW_PLATES.holds(facts),
)

# Which question is asked depends on where the application was filed; the words stand for both kinds of applicant.
REGISTERED_ONLINE = When(
    Text(
        "registration through egov.kz or a platform",
        "при регистрации через ПЭП или объект информатизации",
        "«электрондық үкімет» порталы немесе ақпараттандыру объектісі арқылы тіркеу кезінде",
    ),
    lambda facts: not is_at_the_desk(facts) and not is_deregistration(facts),
)
CHARGED_AT_THE_DESK = When(
    Text(
        "at a front desk, if anything is due",
        "через Государственную корпорацию, если есть что платить",
        "Мемлекеттік корпорация арқылы, төленетін сома болса",
    ),
    lambda facts: is_at_the_desk(facts) and charges_are_due(facts),
)
CHARGED_ONLINE = When(
    Text(
        "through egov.kz or a platform, if anything is due",
        "через ПЭП или объект информатизации, если есть что платить",
        "«электрондық үкімет» порталы немесе ақпараттандыру объектісі арқылы, төленетін сома болса",
    ),
    lambda facts: not is_at_the_desk(facts) and charges_are_due(facts),
)
ELECTRONIC_PASSPORT_ONLY = When(
    Text(
        "at a front desk: since 20 October 2024 for legal entities, since 1 January 2025 for individuals",
        "через Государственную корпорацию: для юридических лиц с 20 октября 2024 года, для физических лиц "
        "с 1 января 2025 года",
        "Мемлекеттік корпорация арқылы: заңды тұлғалар үшін 2024 жылғы 20 қазаннан, жеке тұлғалар үшін 2025 жылғы "
        "1 қаңтардан",
    ),
    passport_must_be_electronic,
)
PAPER_PASSPORT_SERVES_AT_THE_DESK = When(
    Text(
        "at a front desk before those days, when a scan of the paper passport also serves",
        "через Государственную корпорацию до этих дат, когда принимается и скан бумажного паспорта",
        "Мемлекеттік корпорация арқылы осы күндерге дейін, қағаз паспорттың сканы да қабылданғанда",
    ),
    lambda facts: is_at_the_desk(facts) and not passport_must_be_electronic(facts),
)
