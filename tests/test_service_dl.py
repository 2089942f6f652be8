"""DL-1 and DL-2 from the desk to the licence, by the portal's own verbs and over the wire to the simulator."""

import pytest

from licensing.models import DriverLicence
from tests.fixtures_licences import FOREIGN

pytestmark = pytest.mark.django_db


def granted(licence):
    return list(licence.grants.values_list("category", flat=True))


def test_a_licence_is_exchanged_before_it_expires(licences):
    """DL.8.1b, DL.5: no medical certificate is asked for; the old licence is replaced."""
    application = licences.issued("P-32", "DL-1", "exchange")
    assert application.state == "issued", [str(c) + c.outcome + str(c.findings) for c in application.checks.all()]
    licence = DriverLicence.objects.get(application=application)
    assert granted(licence) == ["B"]
    assert licence.replaces.state == "replaced"
    assert not application.checks.filter(code="medical_certificate").exists()


def test_an_expired_licence_is_exchanged_with_a_medical_certificate(licences):
    """DL.8.1b: after the expiry the certificate is asked for, and its restrictions stand on the new licence."""
    application = licences.issued("P-33", "DL-1", "exchange")
    licence = DriverLicence.objects.get(application=application)
    assert licence.restrictions == "Очки или контактные линзы"
    assert application.checks.get(code="medical_certificate").outcome == "clear"
    assert licence.replaces.state == "replaced"


def test_a_first_licence(licences):
    """DL-2, DL.8.1d: course, exams and certificate from their registers."""
    application = licences.issued("P-34", "DL-2", "first_issue", categories=["B"])
    licence = DriverLicence.objects.get(application=application)
    assert (granted(licence), licence.replaces, licence.state) == (["B"], None, "valid")
    assert {check.code for check in application.checks.filter(outcome="clear")} >= {
        "exams",
        "driving_course",
        "deprivation",
        "medical_certificate",
    }


def test_a_licence_after_deprivation(licences):
    application = licences.issued("P-44", "DL-2", "after_deprivation", categories=["B"])
    licence = DriverLicence.objects.get(application=application)
    assert (granted(licence), licence.replaces.state) == (["B"], "replaced")
    assert not application.checks.filter(code="driving_course").exists()


def test_a_foreign_licence(licences):
    application = licences.issued("P-48", "DL-1", "foreign", **FOREIGN)
    licence = DriverLicence.objects.get(application=application)
    assert [(grant.category_id, grant.country) for grant in licence.grants.all()] == [("B", "UZB")]
    assert application.headline == "B – иностранное удостоверение"
