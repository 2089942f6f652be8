from licensing.models.blank import LicenceBlank, LicenceBlankLine
from licensing.models.category import CategoryKind, CategoryRule, Confidence, LicenceCategory, LicenceForm
from licensing.models.details import Act, LicenceDetails
from licensing.models.driver import Driver, Photo, SignatureImage
from licensing.models.licence import DriverLicence, LicenceGrant, LicenceOrigin, LicenceState

__all__ = [
    "Act",
    "CategoryKind",
    "CategoryRule",
    "Confidence",
    "Driver",
    "DriverLicence",
    "LicenceBlank",
    "LicenceBlankLine",
    "LicenceCategory",
    "LicenceDetails",
    "LicenceForm",
    "LicenceGrant",
    "LicenceOrigin",
    "LicenceState",
    "Photo",
    "SignatureImage",
]
