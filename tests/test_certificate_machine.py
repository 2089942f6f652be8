"""SRTS and blanks in any order of steps, allowed and forbidden: no way to break an invariant (VR.5a).

One valid SRTS per registration, a blank used once, and received = in stock + on acts + issued + written off, after
every step.
"""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django_fsm import TransitionNotAllowed
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from applications.acting import Actor
from applications.errors import DomainError
from applications.models import Surrender
from blanks.models import WRITTEN_OFF
from offices.models import Office
from registration import blanks
from registration.models import BlankState, CertificateBlank, CertificateState, RegistrationCertificate
from registration.previous_papers import certificate_taken_in
from tests.fixtures_registration import make_case, make_registration, make_vehicle, vin_of
from tests.machines import run_steadily
from write_offs import acts

EXAMPLES, STEPS = 200, 50
REGISTRATIONS = 3
MANY_TIMES = 50
MOVES = {
    "replace": ({CertificateState.VALID}, CertificateState.REPLACED),
    "revoke": ({CertificateState.VALID}, CertificateState.REVOKED),
    "end": ({CertificateState.VALID}, CertificateState.ENDED),
    "restore": ({CertificateState.REPLACED, CertificateState.ENDED}, CertificateState.VALID),
    "lose": ({CertificateState.REPLACED, CertificateState.ENDED}, CertificateState.LOST),
}
COUNTS = """
SELECT 'blank ' || state, count(*) FROM registration_certificateblank GROUP BY state
UNION ALL SELECT 'certificate ' || state, count(*) FROM registration_registrationcertificate GROUP BY state
UNION ALL SELECT 'valid of ' || registration_id, count(*) FROM registration_registrationcertificate
WHERE state = 'valid' GROUP BY registration_id
"""
places = st.integers(0, REGISTRATIONS - 1)
numbers = st.integers(0, 30)


class Certificates(RuleBasedStateMachine):
    """The portal's own steps beside a model of plain dictionaries; what the model forbids the portal must refuse."""

    office: Office
    registrations: list[int]
    signers: list[Actor]
    closed: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.blanks: dict[str, str] = {}
        self.certificates: dict[str, tuple[int, str]] = {}
        self.acts: dict[int, tuple[str, str, int]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @property
    def in_stock(self) -> list[str]:
        return sorted(number for number, state in self.blanks.items() if state == BlankState.RECEIVED)

    def valid_of(self, place: int) -> list[str]:
        return [number for number, state in self.certificates.items() if state == (place, CertificateState.VALID)]

    @rule(first=numbers, count=st.integers(1, 6))
    def receive(self, first, count):
        series = blanks.series(f"ZZ{first:08d}", count)
        try:
            blanks.enter(self.office, series, received_by=None, now=timezone.now())
        except DomainError:
            assert set(series) & set(self.blanks)
        else:
            self.blanks |= dict.fromkeys(series, BlankState.RECEIVED)

    @rule(place=places)
    def issue(self, place):
        """A new SRTS for a registration, as an issue makes it; the database refuses a second valid one."""
        is_allowed = bool(self.in_stock) and not self.valid_of(place)
        now = timezone.now()
        try:
            with transaction.atomic():
                blank = blanks.allocate(office=self.office)
                RegistrationCertificate.objects.create(
                    blank=blank, registration_id=self.registrations[place], issued_at=now, state_changed_at=now
                )
        except (DomainError, DatabaseError):
            assert not is_allowed
        else:
            assert is_allowed
            assert blank.number == self.in_stock[0]
            self.blanks[blank.number] = BlankState.ISSUED
            self.certificates[blank.number] = place, CertificateState.VALID

    @rule(number=numbers, name=st.sampled_from(sorted(MOVES)))
    def move(self, number, name):
        """A move of an SRTS's own machine, whether it is possible or not."""
        blank = f"ZZ{number:08d}"
        if blank not in self.certificates:
            return
        place, state = self.certificates[blank]
        sources, target = MOVES[name]
        is_allowed = state in sources and not (target == CertificateState.VALID and self.valid_of(place))
        certificate = RegistrationCertificate.objects.get(blank__number=blank)
        try:
            getattr(certificate, name)()
            with transaction.atomic():
                certificate.save(update_fields=["state"])
        except (TransitionNotAllowed, DatabaseError):
            assert not is_allowed
        else:
            assert is_allowed
            self.certificates[blank] = place, target

    @rule(number=numbers, state=st.sampled_from(CertificateState.values))
    def force(self, number, state):
        """Write a state past the portal's code: what the database lets through is a move of the table."""
        blank = f"ZZ{number:08d}"
        place, before = self.certificates.get(blank, (0, ""))
        moves = {(source, target) for sources, target in MOVES.values() for source in sources}
        is_allowed = (before, state) in moves and not (state == CertificateState.VALID and self.valid_of(place))
        changed = 0
        try:
            with transaction.atomic():
                changed = RegistrationCertificate.objects.filter(blank__number=blank).update(state=state)
        except DatabaseError:
            assert not is_allowed
        if changed and before != state:
            assert is_allowed
            self.certificates[blank] = place, state

    @rule(number=numbers, outcome=st.sampled_from(["returned", "lost", "stolen"]))
    def take_in(self, number, outcome):
        """VR.8.1f: handed in or declared gone; one that is in force stays so."""
        blank = f"ZZ{number:08d}"
        certificate_taken_in(Surrender(number=blank, outcome=outcome), timezone.now())
        place, state = self.certificates.get(blank, (0, ""))
        if outcome != "returned" and state in MOVES["lose"][0]:
            self.certificates[blank] = place, CertificateState.LOST

    @rule(
        number=numbers,
        way=st.integers(0, 3),
        kind=st.sampled_from(sorted(WRITTEN_OFF)),
        signer=st.integers(0, 1),
        goes_on=st.sampled_from([None, acts.confirm, acts.confirm, acts.drop]),
    )
    def draw_up(self, number, way, kind, signer, goes_on):
        """An act on a blank, whether it may stand on one or not; nobody is given the blank from then on."""
        in_stock = self.in_stock if way else []
        blank = in_stock[number % len(in_stock)] if in_stock else f"ZZ{number:08d}"
        is_listed = any(blank == listed for listed, _kind, _signer in self.acts.values())
        is_allowed = self.blanks.get(blank) in WRITTEN_OFF[kind] and not is_listed
        written = {"stock": "srts_blanks", "kind": kind, "numbers": [blank], "explanation": "torn"}
        try:
            act = acts.draw_up(actor=self.signers[signer], office=self.office, now=timezone.now(), **written)
        except DomainError:
            assert not is_allowed
        else:
            assert is_allowed
            self.acts[act.pk] = blank, kind, signer
            if self.blanks[blank] == BlankState.RECEIVED:
                self.blanks[blank] = BlankState.SET_ASIDE
            if goes_on:
                self.close(1 - signer, goes_on)

    @rule(signer=st.integers(0, 1), verb=st.sampled_from([acts.confirm, acts.drop]))
    def close(self, signer, verb):
        """The newest open act is confirmed, by the other one alone, or dropped by anybody."""
        if not self.acts:
            return
        act = max(self.acts)
        blank, kind, drawn_up_by = self.acts[act]
        try:
            verb(actor=self.signers[signer], act_id=act, now=timezone.now())
        except DomainError:
            assert verb is acts.confirm
            assert signer == drawn_up_by
            return
        del self.acts[act]
        if verb is acts.confirm:
            assert signer != drawn_up_by
            self.blanks[blank] = kind
        elif self.blanks[blank] == BlankState.SET_ASIDE:
            self.blanks[blank] = BlankState.RECEIVED
        self.closed[verb.__name__] += 1

    @rule(number=numbers, state=st.sampled_from(BlankState.values))
    def force_blank(self, number, state):
        """A blank never comes back by itself, and is written off by nobody alone."""
        blank = f"ZZ{number:08d}"
        before = self.blanks.get(blank, "")
        if (before, state) == (BlankState.RECEIVED, BlankState.ISSUED):
            return
        try:
            with transaction.atomic():
                changed = CertificateBlank.objects.filter(number=blank).update(state=state)
        except DatabaseError:
            return
        assert not changed or before == state

    @invariant()
    def counts_add_up(self):
        with connection.cursor() as cursor:
            cursor.execute(COUNTS)
            found = dict(cursor.fetchall())
        expected = Counter(f"blank {state}" for state in self.blanks.values())
        expected += Counter(f"certificate {state}" for _place, state in self.certificates.values())
        for place, registration in enumerate(self.registrations):
            expected += Counter({f"valid of {registration}": len(self.valid_of(place))})
        assert found == dict(expected)
        assert expected[f"blank {BlankState.ISSUED}"] == len(self.certificates)
        assert max((len(self.valid_of(place)) for place in range(REGISTRATIONS)), default=0) <= 1


@pytest.mark.django_db
def test_no_order_of_steps_breaks_the_accounting(almaty_police, front_desk, officer, supervisor):
    """VR.5a: ten thousand steps, acts of two people among them."""
    Certificates.signers = [Actor.of(officer), Actor.of(supervisor)]
    Certificates.closed = Counter()
    Certificates.office = almaty_police
    Certificates.registrations = [
        make_registration(make_vehicle(vin_of(number)), make_case(front_desk, number=number)).pk
        for number in range(1, REGISTRATIONS + 1)
    ]
    run_steadily(Certificates, examples=EXAMPLES, steps=STEPS)
    assert min(Certificates.closed[name] for name in ("confirm", "drop")) >= MANY_TIMES
