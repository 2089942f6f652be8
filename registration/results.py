"""What an act on the register gives into the applicant's hands (VR.5a)."""

from __future__ import annotations

from collections.abc import Sequence

from applications.services import Deliverable
from applications.standards import Text
from registration.models import RegistrationCertificate

PLATES = Text("Plates", "ГРНЗ", "МТНБ")
CERTIFICATE = Text("SRTS", "СРТС", "КҚТК")


def given(plate_number: str, certificate: RegistrationCertificate | None) -> Sequence[Deliverable]:
    """The plates (none for an empty number) and the SRTS (none for None), in the order they lie on the counter."""
    plates = (Deliverable(PLATES, plate_number),) if plate_number else ()
    return (*plates, Deliverable(CERTIFICATE, certificate.number)) if certificate else plates
