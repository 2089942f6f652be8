"""SRTS and their blanks: strict accounting, one valid certificate per registration (VR.5a)."""

import pytest
from django.db import transaction
from django.utils import timezone
from django_fsm import TransitionNotAllowed
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.acting import Actor
from applications.errors import DomainError, InvalidInputError, NotAllowedError
from applications.models import JournalEntry
from registration import blanks
from registration.models import BlankState, CertificateBlank, RegistrationCertificate
from tests.fixtures_registration import guarded, make_case, make_registration, make_vehicle, refused_by


@settings(deadline=None)
@given(st.integers(0, 99_990_000), st.integers(1, 500))
def test_a_series_of_blanks_counts_on(start, count):
    numbers = blanks.series(f"AB{start:08d}", count)

    assert len(set(numbers)) == count
    assert numbers == sorted(numbers)
    assert all(blanks.NUMBERS.pattern.fullmatch(number) for number in numbers)


@pytest.mark.parametrize(
    ("first", "count", "field"),
    [("A00000001", 1, "first"), ("AB1", 1, "first"), ("AB99999999", 2, "count"), ("AB00000001", 0, "count")],
)
def test_a_series_that_cannot_be_is_refused_in_words(first, count, field):
    with pytest.raises(InvalidInputError) as refused:
        blanks.series(first, count)

    assert field in refused.value.fields


def receive(staff, office, first="AC00000001", count=3):
    return blanks.receive(actor=Actor.of(staff), office=office, first=first, count=count, now=timezone.now())


def test_blanks_are_received_and_journaled(almaty_police, officer):
    received = receive(officer, almaty_police, "ac 0000 0001")

    assert [blank.number for blank in received] == ["AC00000001", "AC00000002", "AC00000003"]
    assert JournalEntry.objects.get(chain="office:0201").action == "blanks_received"
    assert blanks.counts(almaty_police) == {**dict.fromkeys(BlankState.values, 0), "received": 3}


def test_a_blank_is_received_once(almaty_police, officer, supervisor):
    receive(officer, almaty_police)
    with pytest.raises(DomainError) as refused:
        receive(supervisor, almaty_police, "AC00000003", 2)

    assert refused.value.code == "blanks.already_known"
    assert CertificateBlank.objects.count() == 3


@pytest.mark.parametrize("stranger", ["officer_astana", "front_desk", "administrator"])
def test_only_the_office_keeps_its_blanks(almaty_police, stranger, request):
    with pytest.raises(NotAllowedError):
        receive(request.getfixturevalue(stranger), almaty_police)


def test_blanks_run_out_with_a_clear_word(almaty_stock, astana_police):
    with pytest.raises(DomainError) as refused, transaction.atomic():
        blanks.allocate(office=astana_police)

    assert refused.value.code == "blanks.stock_empty"
    assert not CertificateBlank.objects.exclude(state="received").exists()


@pytest.fixture
def blank(almaty_stock):
    return CertificateBlank.objects.get(number="AB00000001")


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"number": "A000000001"}, "blank_number_format"),
        ({"number": "AB00000001"}, "registration_certificateblank_number_key"),
    ],
)
def test_the_database_refuses_a_blank_that_cannot_be(blank, changes, constraint):
    values = {"number": "AB00000009", "office": blank.office, "received_at": timezone.now()}
    with refused_by(constraint):
        CertificateBlank.objects.create(**{**values, **changes})


def test_a_blank_never_disappears_or_comes_back(blank):
    with guarded("blank_begins_in_use"):
        CertificateBlank.objects.create(
            number="AB00000009", office=blank.office, received_at=blank.received_at, state="lost"
        )
    with guarded("blank_never_deleted"):
        blank.delete()
    with guarded("blank_number_is_fixed"):
        CertificateBlank.objects.filter(pk=blank.pk).update(number="AB00000099")
    CertificateBlank.objects.filter(pk=blank.pk).update(state="issued")
    with guarded("blank_state_moves"):
        CertificateBlank.objects.filter(pk=blank.pk).update(state="received")


def test_a_blank_walks_its_own_small_machine(blank):
    blank.issue()
    assert blank.state == "issued"
    with pytest.raises(TransitionNotAllowed):
        blank.issue()


def certificate(blank, registration):
    now = timezone.now()
    return RegistrationCertificate.objects.create(
        blank=blank, registration=registration, issued_at=now, state_changed_at=now
    )


@pytest.fixture
def registration(almaty_stock, front_desk):
    return make_registration(make_vehicle(), make_case(front_desk))


def test_a_registration_has_one_valid_certificate(blank, registration):
    first = certificate(blank, registration)
    second = CertificateBlank.objects.get(number="AB00000002")

    with refused_by("certificate_one_valid_per_registration"):
        certificate(second, registration)
    RegistrationCertificate.objects.filter(pk=first.pk).update(state="replaced")
    assert certificate(second, registration).number == "AB00000002"


def test_a_blank_carries_one_certificate(blank, registration):
    RegistrationCertificate.objects.filter(pk=certificate(blank, registration).pk).update(state="revoked")

    with refused_by("registration_registrationcertificate_blank_id_key"):
        certificate(blank, registration)


def test_a_certificate_is_not_rewritten(blank, registration):
    issued = RegistrationCertificate.objects.filter(pk=certificate(blank, registration).pk)
    with guarded("certificate_is_fixed"):
        issued.update(blank=CertificateBlank.objects.get(number="AB00000002"))
    with guarded("certificate_never_deleted"):
        issued.delete()
    issued.update(state="revoked")
    with guarded("certificate_state_moves"):
        issued.update(state="valid")


def test_a_certificate_walks_its_own_small_machine(blank, registration):
    issued = certificate(blank, registration)
    issued.replace()
    assert issued.state == "replaced"
    with pytest.raises(TransitionNotAllowed):
        issued.revoke()
