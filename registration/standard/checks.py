"""Which register is asked what, of whom, and under which ground of row VR.9 a hit refuses."""

from applications.order_743 import (
    AT_FRONT_DESK,
    CONSENT_CHECK,
    IDENTITY_CHECK,
    ORGANISATION_CHECK,
    PAYMENT_CHECK,
    TERRORISM_CHECK,
    WANTED_PERSON_CHECK,
    WANTED_VEHICLE_CHECK,
)
from applications.standards import ALWAYS, BY_ORGANISATION, BY_PERSON, CheckRule, Text, When
from registration.standard import facts

_PASSPORT_CHECK = Text(
    "Is the electronic passport of the vehicle valid, and does it agree?",
    "Действует ли электронный паспорт ТС и совпадают ли его данные?",
    "Көлік құралының электрондық паспорты жарамды ма және деректері сәйкес пе?",
)

# An organisation acts through its representative: what only a person can have is asked of that person.
_ABOUT_PEOPLE = (
    CheckRule(
        row="VR.9.1",
        code="identity",
        name=IDENTITY_CHECK,
        register="identity",
        subjects=("applicant", "representative"),
        ground="VR.9.1",
        when=BY_PERSON,
        subservices=facts.ALL,
    ),
    CheckRule(
        row="VR.9.1",
        code="identity",
        name=IDENTITY_CHECK,
        register="identity",
        subjects=("representative",),
        ground="VR.9.1",
        when=BY_ORGANISATION,
        subservices=facts.ALL,
    ),
    CheckRule(
        row="VR.9.1",
        code="organisations",
        name=ORGANISATION_CHECK,
        register="organisations",
        subjects=("applicant",),
        ground="VR.9.1",
        when=BY_ORGANISATION,
        subservices=facts.ALL,
    ),
    CheckRule(
        row="VR.9.3",
        code="consent",
        name=CONSENT_CHECK,
        register="consent",
        subjects=("applicant",),
        ground="VR.9.3",
        when=ALWAYS,
        subservices=facts.ALL,
    ),
    CheckRule(
        row="VR.9.4",
        code="fines",
        name=Text(
            "Is there a road-safety fine, or an order to pay one, not executed?",
            "Есть ли неисполненный штраф или предписание об уплате в сфере безопасности дорожного движения?",
            "Жол жүрісі қауіпсіздігі саласында орындалмаған айыппұл немесе оны төлеу туралы нұсқама бар ма?",
        ),
        register="fines",
        subjects=("applicant",),
        ground="VR.9.4",
        when=ALWAYS,
        subservices=facts.ALL,
        parameters={"scope": "any"},
    ),
    CheckRule(
        row="VR.9.5",
        code="wanted_persons",
        name=WANTED_PERSON_CHECK,
        register="wanted_persons",
        subjects=("applicant", "representative"),
        ground="VR.9.5",
        when=BY_PERSON,
        subservices=facts.ALL,
    ),
    CheckRule(
        row="VR.9.5",
        code="wanted_persons",
        name=WANTED_PERSON_CHECK,
        register="wanted_persons",
        subjects=("representative",),
        ground="VR.9.5",
        when=BY_ORGANISATION,
        subservices=facts.ALL,
    ),
    CheckRule(
        row="VR.9.6",
        code="terrorism_list",
        name=TERRORISM_CHECK,
        register="terrorism_list",
        subjects=("applicant", "representative"),
        ground="VR.9.6",
        when=ALWAYS,
        subservices=facts.ALL,
    ),
    CheckRule(
        row="VR.9.6",
        code="proliferation_list",
        name=Text(
            "Is the person on the list for financing the proliferation of weapons of mass destruction?",
            "Есть ли лицо в перечне финансирования распространения оружия массового уничтожения?",
            "Тұлға жаппай қырып-жою қаруын таратуды қаржыландыру тізбесінде бар ма?",
        ),
        register="proliferation_list",
        subjects=("applicant", "representative"),
        ground="VR.9.6",
        when=ALWAYS,
        subservices=facts.ALL,
    ),
)

_ABOUT_THE_VEHICLE = (
    CheckRule(
        row="VR.9.5",
        code="wanted_vehicles",
        name=WANTED_VEHICLE_CHECK,
        register="wanted_vehicles",
        subjects=("vehicle", "corrected_number"),
        ground="VR.9.5",
        when=ALWAYS,
        subservices=facts.ALL,
    ),
    CheckRule(
        row="VR.9.7",
        code="restrictions",
        name=Text(
            "Are registration acts with the vehicle prohibited or restricted?",
            "Есть ли запреты или ограничения на регистрационные действия с ТС?",
            "Көлік құралымен тіркеу әрекеттеріне тыйым немесе шектеу бар ма?",
        ),
        register="restrictions",
        subjects=("vehicle", "corrected_number"),
        ground="VR.9.7",
        when=ALWAYS,
        subservices=facts.ALL,
    ),
    CheckRule(
        row="VR.9.8",
        code="foreign_registration",
        name=Text(
            "Is the vehicle still registered in another state?",
            "Состоит ли ТС на учёте в другом государстве?",
            "Көлік құралы басқа мемлекетте есепте тұр ма?",
        ),
        register="foreign_registration",
        subjects=("vehicle",),
        ground="VR.9.8",
        when=facts.PRIMARY_REGISTRATION,
        subservices=facts.PRIMARY_ONLY,
    ),
    CheckRule(
        row="VR.8.1d",
        code="vehicle_passport",
        name=_PASSPORT_CHECK,
        register="vehicle_passport",
        subjects=("vehicle",),
        ground="VR.9.1",
        when=facts.ELECTRONIC_PASSPORT_ONLY,
        subservices=facts.PRIMARY_ONLY,
    ),
    CheckRule(
        row="VR.8.1d",
        code="vehicle_passport",
        name=_PASSPORT_CHECK,
        register="vehicle_passport",
        subjects=("vehicle",),
        ground="VR.9.1",
        when=facts.PAPER_PASSPORT_SERVES_AT_THE_DESK,
        subservices=facts.PRIMARY_ONLY,
        paper_serves=True,
    ),
    CheckRule(
        row="VR.8.3c",
        code="vehicle_passport",
        name=_PASSPORT_CHECK,
        register="vehicle_passport",
        subjects=("vehicle",),
        ground="VR.9.1",
        when=facts.REGISTERED_ONLINE,
        subservices=facts.REGISTERING,
        paper_serves=True,
    ),
    CheckRule(
        row="VR.8.1e",
        code="temporary_import",
        name=Text(
            "Does customs know the temporary import, and does its term still run?",
            "Подтверждает ли таможня временный ввоз и не истёк ли его срок?",
            "Кеден уақытша әкелуді растай ма және оның мерзімі өтпеген бе?",
        ),
        register="temporary_import",
        subjects=("vehicle",),
        ground="VR.9.1",
        when=facts.WHEN_TEMPORARILY_IMPORTED,
        subservices=facts.REGISTERING,
        paper_serves=True,
    ),
)


def _recycling(row: str, when: When) -> CheckRule:
    return CheckRule(
        row=row,
        code="recycling",
        name=Text(
            "Is there a recycling certificate in force for this VIN and amount?",
            "Есть ли действующий утилизационный сертификат на этот VIN и сумму?",
            "Осы VIN мен сомаға қолданыстағы кәдеге жарату құжаты бар ма?",
        ),
        register="recycling",
        subjects=("vehicle",),
        ground="VR.9.1",
        when=when,
        subservices=facts.PRIMARY_ONLY,
    )


def _payments(row: str, when: When) -> CheckRule:
    return CheckRule(
        row=row,
        code="payments",
        name=PAYMENT_CHECK,
        register="payments",
        subjects=("application",),
        ground="VR.9.1",
        when=when,
        subservices=facts.ALL,
    )


_ABOUT_MONEY = (
    _recycling("VR.8.1c", AT_FRONT_DESK),
    _recycling("VR.8.3b", facts.REGISTERED_ONLINE),
    _payments("VR.8.1b", facts.CHARGED_AT_THE_DESK),
    _payments("VR.8.3a", facts.CHARGED_ONLINE),
)

CHECKS = _ABOUT_PEOPLE + _ABOUT_THE_VEHICLE + _ABOUT_MONEY
