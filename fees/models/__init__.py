from fees.models.charge import Charge, ChargeQuerySet
from fees.models.payment import Payment, PaymentNotice, Verdict, Via
from fees.models.tariff import Confidence, Exemption, LegalAct, MonthlyIndex, Tariff

__all__ = [
    "Charge",
    "ChargeQuerySet",
    "Confidence",
    "Exemption",
    "LegalAct",
    "MonthlyIndex",
    "Payment",
    "PaymentNotice",
    "Tariff",
    "Verdict",
    "Via",
]
