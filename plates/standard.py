"""Duplicate of a state registration plate: the standard, row by row (annex 8, rows PD).

An application's details carry the facts below by these names; what is absent reads as "no".
"""

from decimal import Decimal

from applications import order_743 as order
from applications.standards import (
    ALWAYS,
    BY_ORGANISATION,
    BY_PERSON,
    Channel,
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

ANNEX = "8"
DUPLICATE = "PD"
ALL = frozenset({DUPLICATE})

EGOV = frozenset({Channel.EGOV})
# PD.2: row 2 of the annex names two channels; that row 7 speaks of platforms' hours opens no third one.
CHANNELS = order.FRONT_DESK | EGOV

# The groups of PD.3; Shymkent stands with the regions, by name.
CAPITAL = "capital"
REGION = "region"

# How many plates the duplicate has: 1 or 2.
PLATE_COUNT = "plate_count"
# Plates are left that have to be handed in.
PREVIOUS_PLATES_EXIST = "previous_plates_exist"


def _is_two_plates(facts: Facts) -> bool:
    """PD.6: everything but a plain "1" is charged as two, so that a missing fact never lowers the duty."""
    return facts.details.get(PLATE_COUNT) != 1


TWO_PLATES = When(Text("two plates", "2 шт.", "2 дана"), _is_two_plates)
ONE_PLATE = When(Text("one plate", "1 шт.", "1 дана"), lambda facts: not _is_two_plates(facts))
WHEN_PREVIOUS_PLATES_EXIST = When(
    Text("if they exist", "при наличии", "бар болса"), lambda facts: facts.has(PREVIOUS_PLATES_EXIST)
)

_DUTY = Text(
    "State duty for the duplicate of the plate",
    "Государственная пошлина за дубликат ГРНЗ",
    "МТНБ телнұсқасы үшін мемлекеттік баж",
)
_PREVIOUS_PLATES = Text(
    "Previous plates, handed in when the duplicate is issued",
    "Прежние ГРНЗ, сдаются при выдаче дубликата",
    "Бұрынғы МТНБ, телнұсқа берілген кезде тапсырылады",
)

_TERMS = (
    Term(row="PD.3", channels=CHANNELS, subservices=ALL, working_days=5, term_group=CAPITAL),
    Term(row="PD.3", channels=CHANNELS, subservices=ALL, working_days=15, term_group=REGION),
)

_REQUIREMENTS = (
    # At a front desk.
    Requirement(
        row="PD.8.1",
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
        row="PD.8.1",
        code="payment",
        name=_DUTY,
        when=ALWAYS,
        channels=order.FRONT_DESK,
        subservices=ALL,
        met_by=(MetBy.PAYMENT,),
        check="payments",
    ),
    Requirement(
        row="PD.8.1",
        code="previous_plates",
        name=_PREVIOUS_PLATES,
        when=WHEN_PREVIOUS_PLATES_EXIST,
        channels=order.FRONT_DESK,
        subservices=ALL,
        met_by=(MetBy.SURRENDER,),
        due=DueAt.HANDOVER,
    ),
    # Through egov.kz.
    Requirement(
        row="PD.8.2",
        code="signed_application",
        name=Text(
            "Application with all particulars, signed with the applicant's electronic signature (ЭЦП)",
            "Заявка со всеми реквизитами, подписанная ЭЦП услугополучателя",
            "Барлық деректемелері толтырылған, көрсетілетін қызметті алушының ЭЦҚ қойылған өтінім",
        ),
        when=ALWAYS,
        channels=EGOV,
        subservices=ALL,
        met_by=(MetBy.SIGNATURE,),
    ),
    Requirement(
        row="PD.8.2",
        code="own_plate",
        name=Text(
            "A plate chosen among those assigned to the applicant's own name",
            "ГРНЗ, выбранный из присвоенных на имя услугополучателя",
            "Көрсетілетін қызметті алушының атына берілгендерден таңдалған МТНБ",
        ),
        when=ALWAYS,
        channels=EGOV,
        subservices=ALL,
        met_by=(MetBy.RECORD,),
    ),
    Requirement(
        row="PD.8.2",
        code="payment",
        name=_DUTY,
        when=ALWAYS,
        channels=EGOV,
        subservices=ALL,
        met_by=(MetBy.PAYMENT,),
        check="payments",
    ),
    Requirement(
        row="PD.8.2",
        code="previous_plates",
        name=_PREVIOUS_PLATES,
        when=WHEN_PREVIOUS_PLATES_EXIST,
        channels=EGOV,
        subservices=ALL,
        met_by=(MetBy.SURRENDER,),
        due=DueAt.HANDOVER,
    ),
)


def _duty(variant: str, when: When, rate: str) -> ChargeRule:
    return ChargeRule(
        row="PD.6",
        code="plate_duplicate_duty",
        name=_DUTY,
        when=when,
        subservices=ALL,
        before=DueAt.SUBMISSION,
        variant=variant,
        printed_rate=Decimal(rate),
    )


# PD.8.1 and PD.8.2 put the payment among the documents of the application; PD.9.3 refuses one that systems deny.
_CHARGES = (_duty("two", TWO_PLATES, "2.8"), _duty("one", ONE_PLATE, "1.4"))


def _check(
    row: str, code: str, name: Text, subjects: tuple[str, ...], when: When = ALWAYS, scope: str = ""
) -> CheckRule:
    """A question of this service: the register has the code's name and a hit refuses under the row itself."""
    return CheckRule(
        row=row,
        code=code,
        name=name,
        register=code,
        subjects=subjects,
        ground=row,
        when=when,
        subservices=ALL,
        parameters={"scope": scope} if scope else {},
    )


# This annex knows no ground "untrue data": a contradiction with a register falls under PD.9.2.
_CHECKS = (
    _check("PD.9.2", "identity", order.IDENTITY_CHECK, ("applicant", "representative"), BY_PERSON),
    _check("PD.9.2", "identity", order.IDENTITY_CHECK, ("representative",), BY_ORGANISATION),
    _check("PD.9.2", "organisations", order.ORGANISATION_CHECK, ("applicant",), BY_ORGANISATION),
    _check("PD.9.3", "payments", order.PAYMENT_CHECK, ("application",)),
    _check("PD.9.4", "fines", order.OVERDUE_FINES_CHECK, ("applicant",), scope="overdue"),
    _check("PD.9.5", "terrorism_list", order.TERRORISM_CHECK, ("applicant",)),
    _check("PD.9.6", "wanted_persons", order.WANTED_PERSON_CHECK, ("applicant", "representative"), BY_PERSON),
    _check("PD.9.6", "wanted_persons", order.WANTED_PERSON_CHECK, ("representative",), BY_ORGANISATION),
    _check("PD.9.6", "wanted_vehicles", order.WANTED_VEHICLE_CHECK, ("vehicle",)),
    _check("PD.9.7", "consent", order.CONSENT_CHECK, ("applicant",)),
)

_GROUNDS = (
    Ground(
        "PD.9.1",
        Text(
            "The documents for the request are missing, incomplete or illegible, written in pencil, or carry erasures, "
            "insertions, deletions or corrections without a note.",
            "Документы для заявки не представлены или представлены не полностью, не читаются, заполнены карандашом, "
            "содержат подчистки, приписки, зачёркивания или неоговорённые исправления.",
            "Өтінімге қажетті құжаттар ұсынылмаған немесе толық ұсынылмаған, оқылмайды, қарындашпен толтырылған, "
            "өшірілген, қосып жазылған, сызылған жерлері немесе ескертілмеген түзетулері бар.",
        ),
        order.BY_DOCUMENT_REVIEW,
        order.ground_citation(ANNEX, "1"),
    ),
    Ground("PD.9.2", order.BREAKS_THE_RULES, order.BY_OFFICER, order.ground_citation(ANNEX, "2")),
    Ground(
        "PD.9.3",
        Text(
            "The information systems hold no information that the state duty was paid.",
            "В информационных системах нет сведений об уплате государственной пошлины.",
            "Ақпараттық жүйелерде мемлекеттік баж төленгені туралы мәлімет жоқ.",
        ),
        order.BY_PAYMENT_SYSTEMS,
        order.ground_citation(ANNEX, "3"),
    ),
    Ground(
        "PD.9.4",
        Text(
            "The person who applied has orders imposing a road-safety fine, or a prescription to pay one, not executed "
            "in time; this holds until they are executed.",
            "У обратившегося лица есть своевременно не исполненные постановления о штрафе или предписание о "
            "необходимости его уплаты в сфере безопасности дорожного движения; действует до их исполнения.",
            "Өтініш берген тұлғаның жол жүрісі қауіпсіздігі саласында уақтылы орындалмаған айыппұл туралы қаулылары "
            "немесе оны төлеу қажеттігі туралы нұсқамасы бар; олар орындалғанға дейін қолданылады.",
        ),
        order.BY_FINES_REGISTER,
        order.ground_citation(ANNEX, "4"),
    ),
    Ground(
        "PD.9.5",
        Text(
            "The person who applied is on the list of those connected with financing terrorism and extremism.",
            "Обратившееся лицо включено в перечень связанных с финансированием терроризма и экстремизма.",
            "Өтініш берген тұлға терроризм мен экстремизмді қаржыландырумен байланысты тұлғалар тізбесіне енгізілген.",
        ),
        order.BY_MONITORING_LISTS,
        order.ground_citation(ANNEX, "5"),
    ),
    Ground(
        "PD.9.6",
        Text(
            "The owner, the representative or the vehicle is wanted.",
            "Владелец, его представитель или транспортное средство находится в розыске.",
            "Иесі, оның өкілі немесе көлік құралы іздестіруде.",
        ),
        order.BY_WANTED_REGISTER,
        order.ground_citation(ANNEX, "6"),
    ),
    Ground("PD.9.7", order.NO_CONSENT, order.BY_CONSENT_REGISTER, order.ground_citation(ANNEX, "7")),
)

VERSIONS: tuple[Standard, ...] = (
    Standard(
        code="PD",
        version=order.VERSION,
        effective_from=order.IN_FORCE_FROM,
        title=Text(
            "Duplicate of a state registration plate",
            "Выдача дубликата государственного регистрационного номерного знака",
            "Мемлекеттік тіркеу нөмірлік белгісінің телнұсқасын беру",
        ),
        annex=ANNEX,
        provider=order.PROVIDER,
        provider_row="PD.1",
        form=order.FORM,
        form_row="PD.4",
        channels_row="PD.2",
        subservices=(
            Subservice(
                code=DUPLICATE,
                name=Text("Duplicate plate", "Дубликат ГРНЗ", "МТНБ телнұсқасы"),
                channels=CHANNELS,
                row="PD.2",
            ),
        ),
        terms=_TERMS,
        hours=order.hours("PD.7", "PD.7", order.EGOV_HOURS),
        results=(
            Result(
                "PD.5",
                Text(
                    "The duplicate of the plate, or a reasoned refusal",
                    "Дубликат ГРНЗ либо мотивированный ответ об отказе",
                    "МТНБ телнұсқасы не бас тарту туралы дәлелді жауап",
                ),
            ),
        ),
        requirements=_REQUIREMENTS,
        charges=_CHARGES,
        free=(),
        checks=_CHECKS,
        grounds=_GROUNDS,
        status_row="PD.10",
        status=order.STATUS,
    ),
)
