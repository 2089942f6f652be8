"""Driver licences: the standard, row by row (annex 14 to the Rules of exams and issue of licences, rows DL).

An application's details carry the facts below by these names; what is absent reads as "no".
"""

from decimal import Decimal

from applications import order_743 as order
from applications.standards import (
    ALWAYS,
    ChargeRule,
    CheckRule,
    DueAt,
    Facts,
    Ground,
    MetBy,
    Requirement,
    Result,
    Standard,
    Subservice,
    Term,
    Text,
    When,
)

ANNEX = "14"
ISSUE = "DL-1"
FIRST_OR_AFTER_DEPRIVATION = "DL-2"

ALL = frozenset({ISSUE, FIRST_OR_AFTER_DEPRIVATION})
ISSUE_ONLY = frozenset({ISSUE})
FIRST_OR_AFTER_DEPRIVATION_ONLY = frozenset({FIRST_OR_AFTER_DEPRIVATION})

# DL-2 is two acts. Anything but "after_deprivation" is a first issue, which asks for more.
ACT = "act"
ACT_FIRST_ISSUE = "first_issue"
ACT_AFTER_DEPRIVATION = "after_deprivation"

# The licence is exchanged before it expires: taken from the register of licences, never typed.
EXCHANGED_BEFORE_EXPIRY = "exchanged_before_expiry"


def _is_first_issue(facts: Facts) -> bool:
    return facts.subservice == FIRST_OR_AFTER_DEPRIVATION and facts.details.get(ACT) != ACT_AFTER_DEPRIVATION


def _is_exchanged_before_expiry(facts: Facts) -> bool:
    return facts.subservice == ISSUE and facts.has(EXCHANGED_BEFORE_EXPIRY)


UNLESS_EXCHANGED_BEFORE_EXPIRY = When(
    Text(
        "unless the licence is exchanged before it expires",
        "кроме замены удостоверения до окончания срока его действия",
        "куәлік қолданылу мерзімі аяқталғанға дейін ауыстырылатын жағдайдан басқа",
    ),
    lambda facts: not _is_exchanged_before_expiry(facts),
)
AT_FIRST_ISSUE = When(Text("at a first issue", "при выдаче впервые", "алғаш рет берілгенде"), _is_first_issue)

_DUTY = Text(
    "State duty for the driver licence",
    "Государственная пошлина за выдачу водительского удостоверения",
    "Жүргізуші куәлігін беру үшін мемлекеттік баж",
)
_MEDICAL = Text(
    "Medical certificate, through the health ministry's system",
    "Медицинская справка через информационную систему здравоохранения",
    "Денсаулық сақтау саласының ақпараттық жүйесі арқылы медициналық анықтама",
)
_COURSE = Text(
    "Certificate of the completed driving course, through the professional associations' system or AIS «Автошкола»",
    "Свидетельство об окончании курсов обучения через систему профессиональных объединений или АИС «Автошкола»",
    "Кәсіптік бірлестіктердің жүйесі немесе «Автошкола» АИЖ арқылы оқу курстарын бітіргені туралы куәлік",
)

# DL.2x: item 2 of row 8 shuts a first issue and an issue after deprivation out of egov.kz and the platforms.
_SUBSERVICES = (
    Subservice(
        code=ISSUE,
        name=Text("Issue of a driver licence", "Выдача водительского удостоверения", "Жүргізуші куәлігін беру"),
        channels=order.ALL_CHANNELS,
        row="DL.2",
    ),
    Subservice(
        code=FIRST_OR_AFTER_DEPRIVATION,
        name=Text(
            "First issue, and issue after deprivation of the right to drive",
            "Выдача впервые и после лишения права управления",
            "Алғаш рет және басқару құқығынан айырылғаннан кейін беру",
        ),
        channels=order.FRONT_DESK,
        row="DL.2x",
    ),
)

_TERMS = (
    Term(row="DL.3", channels=order.FRONT_DESK, subservices=ALL, minutes=120),
    Term(row="DL.3", channels=order.ONLINE, subservices=ISSUE_ONLY, minutes=60),
)

_REQUIREMENTS = (
    # At a front desk. What the law wants "through the system" is met by that system alone, never by a scan.
    Requirement(
        row="DL.8.1a",
        code="identity",
        name=order.IDENTITY_DOCUMENT,
        when=ALWAYS,
        channels=order.FRONT_DESK,
        subservices=ALL,
        met_by=(MetBy.REGISTER, MetBy.SCAN),
        due=DueAt.DECISION,
        check="identity",
    ),
    Requirement(
        row="DL.8.1b",
        code="medical_certificate",
        name=_MEDICAL,
        when=UNLESS_EXCHANGED_BEFORE_EXPIRY,
        channels=order.FRONT_DESK,
        subservices=ALL,
        met_by=(MetBy.REGISTER,),
        due=DueAt.DECISION,
        check="medical_certificate",
    ),
    Requirement(
        row="DL.8.1c",
        code="payment",
        name=_DUTY,
        when=ALWAYS,
        channels=order.FRONT_DESK,
        subservices=ALL,
        met_by=(MetBy.PAYMENT,),
        check="payments",
    ),
    Requirement(
        row="DL.8.1d",
        code="driving_course",
        name=_COURSE,
        when=AT_FIRST_ISSUE,
        channels=order.FRONT_DESK,
        subservices=FIRST_OR_AFTER_DEPRIVATION_ONLY,
        met_by=(MetBy.REGISTER,),
        due=DueAt.DECISION,
        check="driving_course",
    ),
    # Through egov.kz and platforms.
    Requirement(
        row="DL.8.2a",
        code="identity",
        name=order.IDENTITY_DOCUMENT,
        when=ALWAYS,
        channels=order.ONLINE,
        subservices=ISSUE_ONLY,
        met_by=(MetBy.REGISTER, MetBy.SCAN),
        due=DueAt.DECISION,
        check="identity",
    ),
    Requirement(
        row="DL.8.2b",
        code="medical_certificate",
        name=_MEDICAL,
        when=UNLESS_EXCHANGED_BEFORE_EXPIRY,
        channels=order.ONLINE,
        subservices=ISSUE_ONLY,
        met_by=(MetBy.REGISTER,),
        due=DueAt.DECISION,
        check="medical_certificate",
    ),
    Requirement(
        row="DL.8.2c",
        code="payment",
        name=_DUTY,
        when=ALWAYS,
        channels=order.ONLINE,
        subservices=ISSUE_ONLY,
        met_by=(MetBy.PAYMENT,),
        check="payments",
    ),
)

_CHARGES = (
    ChargeRule(
        row="DL.6",
        code="licence_duty",
        name=_DUTY,
        when=ALWAYS,
        subservices=ALL,
        before=DueAt.SUBMISSION,
        printed_rate=Decimal("1.25"),
    ),
)


def _check(
    row: str,
    code: str,
    name: Text,
    ground: str,
    *,
    register: str = "",
    when: When = ALWAYS,
    subservices: frozenset[str] = ALL,
    subjects: tuple[str, ...] = ("applicant",),
    scope: str = "",
) -> CheckRule:
    return CheckRule(
        row=row,
        code=code,
        name=name,
        register=register or code,
        subjects=subjects,
        ground=ground,
        when=when,
        subservices=subservices,
        parameters={"scope": scope} if scope else {},
    )


_MEDICAL_CHECK = Text(
    "Is there a medical certificate in force?",
    "Есть ли действующая медицинская справка?",
    "Қолданыстағы медициналық анықтама бар ма?",
)

_DEPRIVATION_CHECK = Text(
    "Is the person deprived of the right to drive?",
    "Лишено ли лицо права управления транспортными средствами?",
    "Тұлға көлік құралдарын басқару құқығынан айырылған ба?",
)

# The annex knows no ground "documents missing" (DL.9.1 is about untrue ones): without the medical certificate, the
# course or the right to drive the applicant does not meet the Rules, DL.9.2.
_CHECKS = (
    _check("DL.9.1", "identity", order.IDENTITY_CHECK, "DL.9.1", subjects=("applicant", "representative")),
    _check("DL.9.3", "fines", order.OVERDUE_FINES_CHECK, "DL.9.3", scope="overdue"),
    _check("DL.9.4", "consent", order.CONSENT_CHECK, "DL.9.4"),
    _check("DL.8.1c", "payments", order.PAYMENT_CHECK, "DL.9.1", when=order.AT_FRONT_DESK, subjects=("application",)),
    _check(
        "DL.8.2c",
        "payments",
        order.PAYMENT_CHECK,
        "DL.9.1",
        when=order.NOT_AT_FRONT_DESK,
        subservices=ISSUE_ONLY,
        subjects=("application",),
    ),
    _check(
        "DL.8.1b",
        "medical_certificate",
        _MEDICAL_CHECK,
        "DL.9.2",
        register="medical_certificates",
        when=UNLESS_EXCHANGED_BEFORE_EXPIRY,
    ),
    _check(
        "DL.8.1d",
        "driving_course",
        Text(
            "Has the driving course been completed?",
            "Окончены ли курсы обучения?",
            "Оқу курстары аяқталған ба?",
        ),
        "DL.9.2",
        register="driving_courses",
        when=AT_FIRST_ISSUE,
        subservices=FIRST_OR_AFTER_DEPRIVATION_ONLY,
    ),
    # The register of exams alone tells attempts, days and results; nobody types them.
    _check(
        "DL-2",
        "exams",
        Text(
            "Have the theory and practice exams been passed?",
            "Сданы ли теоретический и практический экзамены?",
            "Теориялық және практикалық емтихандар тапсырылды ма?",
        ),
        "DL.9.2",
        subservices=FIRST_OR_AFTER_DEPRIVATION_ONLY,
    ),
    _check(
        "DL-2",
        "deprivation",
        _DEPRIVATION_CHECK,
        "DL.9.2",
        register="deprivations",
        subservices=FIRST_OR_AFTER_DEPRIVATION_ONLY,
    ),
    # Whoever is deprived of the right has no licence to exchange: the Rules are not met.
    _check("DL.9.2", "deprivation", _DEPRIVATION_CHECK, "DL.9.2", register="deprivations", subservices=ISSUE_ONLY),
)

_GROUNDS = (
    Ground(
        "DL.9.1",
        Text(
            "The documents given to obtain the service, or the data in them, were found untrue.",
            "Установлена недостоверность документов, представленных для получения услуги, или данных в них.",
            "Қызметті алу үшін ұсынылған құжаттардың немесе олардағы деректердің анық еместігі анықталды.",
        ),
        order.BY_DOCUMENT_REVIEW,
        order.ground_citation(ANNEX, "1"),
    ),
    Ground("DL.9.2", order.BREAKS_THE_RULES, order.BY_OFFICER, order.ground_citation(ANNEX, "2")),
    Ground(
        "DL.9.3",
        Text(
            "The applicant has an order imposing a road-safety fine, or a prescription to pay one, not executed in "
            "time.",
            "У услугополучателя есть своевременно не исполненное постановление о штрафе или предписание о "
            "необходимости его уплаты в сфере безопасности дорожного движения.",
            "Көрсетілетін қызметті алушының жол жүрісі қауіпсіздігі саласында уақтылы орындалмаған айыппұл туралы "
            "қаулысы немесе оны төлеу қажеттігі туралы нұсқамасы бар.",
        ),
        order.BY_FINES_REGISTER,
        order.ground_citation(ANNEX, "3"),
    ),
    Ground("DL.9.4", order.NO_CONSENT, order.BY_CONSENT_REGISTER, order.ground_citation(ANNEX, "4")),
)

VERSIONS: tuple[Standard, ...] = (
    Standard(
        code="DL",
        version=order.VERSION,
        effective_from=order.IN_FORCE_FROM,
        title=Text("Issue of driver licences", "Выдача водительских удостоверений", "Жүргізуші куәліктерін беру"),
        annex=ANNEX,
        provider=order.PROVIDER,
        provider_row="DL.1",
        form=order.FORM,
        form_row="DL.4",
        channels_row="DL.2",
        subservices=_SUBSERVICES,
        terms=_TERMS,
        hours=order.hours("DL.7", "DL.7"),
        results=(
            Result(
                "DL.5",
                Text(
                    "The driver licence, or a reasoned refusal",
                    "Водительское удостоверение либо мотивированный ответ об отказе",
                    "Жүргізуші куәлігі не бас тарту туралы дәлелді жауап",
                ),
            ),
        ),
        requirements=_REQUIREMENTS,
        charges=_CHARGES,
        free=(),
        checks=_CHECKS,
        grounds=_GROUNDS,
        status_row="DL.10",
        status=order.STATUS,
    ),
)
