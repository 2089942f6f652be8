"""Row VR.6: what is charged and what is free.

The fee is paid before filing (Tax Code of 2025, Article 614); the duties only before issue (Article 672), but VR.8.1b
and VR.8.3a put the proof of both among the documents of the application: so both are due before submission.
"""

from applications.order_743 import FREE
from applications.standards import ChargeRule, CollectedBy, DueAt, FreeRule, Text
from registration.standard import facts

_FEE = Text("Registration fee", "Регистрационный сбор", "Тіркеу алымы")
_DUPLICATE_FEE = Text(
    "Fee for a duplicate of the registration document",
    "Сбор за дубликат документа о регистрации",
    "Тіркеу туралы құжаттың телнұсқасы үшін алым",
)
_CERTIFICATE_DUTY = Text("State duty for the SRTS", "Государственная пошлина за СРТС", "КҚТК үшін мемлекеттік баж")
_PLATE_DUTY = Text("State duty for the plates", "Государственная пошлина за ГРНЗ", "МТНБ үшін мемлекеттік баж")

CHARGES = (
    ChargeRule(
        row="VR.6a",
        code="primary_registration_fee",
        name=Text("Primary registration fee", "Сбор за первичную регистрацию", "Бастапқы тіркеу алымы"),
        when=facts.PRIMARY_REGISTRATION,
        subservices=facts.PRIMARY_ONLY,
        before=DueAt.SUBMISSION,
    ),
    ChargeRule(
        row="VR.6a",
        code="registration_fee",
        name=_FEE,
        when=facts.AT_REGISTRATION,
        subservices=facts.REGISTRATION_ONLY,
        before=DueAt.SUBMISSION,
        variant="reregistration",
    ),
    ChargeRule(
        row="VR.6a",
        code="registration_fee",
        name=_FEE,
        when=facts.AT_REGISTRATION,
        subservices=facts.TEMPORARY_ONLY,
        before=DueAt.SUBMISSION,
    ),
    ChargeRule(
        row="VR.6a",
        code="certificate_duty",
        name=_CERTIFICATE_DUTY,
        when=facts.AT_REGISTRATION,
        subservices=facts.REGISTERING,
        before=DueAt.SUBMISSION,
    ),
    ChargeRule(
        row="VR.6a",
        code="plate_duty",
        name=_PLATE_DUTY,
        when=facts.WHEN_NEW_PLATES,
        subservices=facts.REGISTERING,
        before=DueAt.SUBMISSION,
    ),
    # Paid to the operator and proven by its certificate (VR.8.1c, VR.8.3b): the portal does not collect it.
    ChargeRule(
        row="VR.6b",
        code="recycling_payment",
        name=Text(
            "Recycling payment (methodology: Order No. 448 of 2 November 2021)",
            "Утилизационный платёж (методика: приказ от 2 ноября 2021 года № 448)",
            "Кәдеге жарату төлемі (әдістеме: 2021 жылғы 2 қарашадағы № 448 бұйрық)",
        ),
        when=facts.PRIMARY_REGISTRATION,
        subservices=facts.PRIMARY_ONLY,
        before=DueAt.SUBMISSION,
        collected_by=CollectedBy.OPERATOR,
    ),
    ChargeRule(
        row="VR.6d",
        code="registration_fee",
        name=_FEE,
        when=facts.WHEN_CERTIFICATE_RENEWED,
        subservices=facts.UPDATE_ONLY,
        before=DueAt.SUBMISSION,
    ),
    # The same rate today, but a line of its own in the Tax Code (Article 615, point 3, line 3.1).
    ChargeRule(
        row="VR.6d",
        code="registration_fee",
        name=_DUPLICATE_FEE,
        when=facts.WHEN_CERTIFICATE_DUPLICATED,
        subservices=facts.UPDATE_ONLY,
        before=DueAt.SUBMISSION,
        variant="duplicate_document",
    ),
    ChargeRule(
        row="VR.6d",
        code="certificate_duty",
        name=_CERTIFICATE_DUTY,
        when=facts.WHEN_CERTIFICATE_REPLACED,
        subservices=facts.UPDATE_ONLY,
        before=DueAt.SUBMISSION,
    ),
    # VR.6d is silent about plates; the duty is due for every set that is given (Tax Code, Article 667, 3.7).
    ChargeRule(
        row="VR.6a",
        code="plate_duty",
        name=_PLATE_DUTY,
        when=facts.WHEN_PLATES_REPLACED,
        subservices=facts.UPDATE_ONLY,
        before=DueAt.SUBMISSION,
    ),
)

FREE_OF_CHARGE = (
    FreeRule("VR.6c", FREE, facts.AT_DEREGISTRATION, facts.TRANSFERS),
    FreeRule("VR.6d", FREE, facts.WHEN_CERTIFICATE_KEPT, facts.UPDATE_ONLY),
)
