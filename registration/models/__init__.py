from blanks.models import BlankState
from registration.models.certificate import (
    CertificateBlank,
    CertificateBlankLine,
    CertificateState,
    RegistrationCertificate,
)
from registration.models.change import VehicleChange
from registration.models.co_owners import CoOwnerAnswer
from registration.models.details import ActChoice, FactsSource, PlateChoice, VehicleDetails
from registration.models.inspection import InspectionAct, InspectionResult, Marking
from registration.models.reason import DeregistrationReason
from registration.models.registration import Ownership, PlateAssignment, Registration, RegistrationKind
from registration.models.vehicle import Category, Colour, Fuel, Vehicle

__all__ = [
    "ActChoice",
    "BlankState",
    "Category",
    "CertificateBlank",
    "CertificateBlankLine",
    "CertificateState",
    "CoOwnerAnswer",
    "Colour",
    "DeregistrationReason",
    "FactsSource",
    "Fuel",
    "InspectionAct",
    "InspectionResult",
    "Marking",
    "Ownership",
    "PlateAssignment",
    "PlateChoice",
    "Registration",
    "RegistrationCertificate",
    "RegistrationKind",
    "Vehicle",
    "VehicleChange",
    "VehicleDetails",
]
