"""Registers in trouble: down, slow, silent, answering nonsense. The house fails closed and nobody waits for anybody."""

import datetime as dt
import ipaddress
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import reduce
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.cache import cache
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from registers import lines, transport
from registers.contract import (
    REGISTERS,
    Answer,
    FinesQuestion,
    IdentityQuestion,
    OrganisationQuestion,
    Outcome,
    RecyclingCertificateQuestion,
    VehiclePassportQuestion,
    ask,
)
from tests.demo_table import any_question
from tests.fixtures_registers import ScriptedServer, demo_organisation, demo_person, demo_vehicle, serving

FINES = FinesQuestion(identifier="850412330078", scope="any")
IDENTITY = IdentityQuestion(iin="850412330078")


def one_attempt(settings, *registers: str, timeout: float = 10) -> None:
    settings.REGISTER_ATTEMPTS = dict.fromkeys(registers, 1)
    settings.REGISTER_TIMEOUTS = dict.fromkeys(registers, timeout)


@pytest.fixture
def tls_register(tmp_path) -> Iterator[dict[str, Any]]:
    """A register with a certificate that it has signed itself."""
    certificate, key = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with ScriptedServer() as server:
        server.say({"state": "given", "given_on": "2026-01-01", "revoked_on": None})
        server.socket = context.wrap_socket(server.socket, server_side=True)
        with serving(server):
            yield {"url": f"https://127.0.0.1:{server.server_address[1]}/consent", "ca_file": str(certificate)}


def self_signed(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "register")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "register.crt", folder / "register.key"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_file, key_file


PERSON = IdentityQuestion(iin=demo_person("P-01")["iin"])
ORGANISATION = OrganisationQuestion(bin=demo_organisation("O-01")["bin"])
PASSPORT = VehiclePassportQuestion(vin=demo_vehicle("V-01")["vin"])
VEHICLE = ("passport", "vehicle")
TOO_MUCH = [
    *((PERSON, ("person", name), "Ә" * 101) for name in ("surname", "given_name", "patronymic")),
    (PERSON, ("person", "citizenship"), "Kazakhstan"),
    (PERSON, ("person", "document", "number"), "0" * 31),
    (PERSON, ("person", "address", "text_ru"), "Ә" * 301),
    (ORGANISATION, ("organisation", "name_ru"), "Ә" * 301),
    (ORGANISATION, ("organisation", "head", "full_name"), "Ә" * 201),
    *((PASSPORT, (*VEHICLE, name), "X" * 81) for name in ("make", "model", "body_type", "body_number")),
    *((PASSPORT, (*VEHICLE, name), "X" * 31) for name in ("chassis_number", "engine_number")),
    (PASSPORT, (*VEHICLE, "vin"), "I" * 17),
    (PASSPORT, (*VEHICLE, "special_marks"), "Ә" * 300),
    *((PASSPORT, (*VEHICLE, name), 2**31) for name in ("unladen_mass_kg", "maximum_mass_kg", "engine_volume_cm3")),
    (PASSPORT, (*VEHICLE, "engine_power_kw"), "1e9"),
]


class TestTrouble:
    """Unavailable is never clear: VR.9.3 to VR.9.8 fail closed."""

    @pytest.mark.parametrize(
        ("mode", "code"),
        [
            ("error", "unavailable.status"),
            ("garbage", "unavailable.nonsense"),
            ("down", "unavailable.refused"),
            ("hang", "unavailable.timeout"),
            ("drip", "unavailable.timeout"),
        ],
    )
    @pytest.mark.parametrize("register", sorted(REGISTERS))
    def test_each_register_in_each_trouble(self, register, mode, code, simulator, settings):
        one_attempt(settings, register, timeout=0.3 if code == "unavailable.timeout" else 20)
        simulator.switch(register, mode)
        answer = ask(any_question(register))
        assert (answer.outcome, answer.findings[0].code) == (Outcome.UNAVAILABLE, code)
        assert answer.raw or mode == "garbage"
        assert answer.valid_until is None

    @pytest.mark.parametrize("kind", ["html", "truncated", "types", "nul", "binary", "empty"])
    def test_every_kind_of_garbage_can_be_kept_as_evidence(self, kind, simulator):
        simulator.switch("identity", "garbage", kind=kind)
        answer = ask(IDENTITY)
        assert answer.findings[0].code == "unavailable.nonsense"
        assert "\x00" not in answer.raw

    def test_failed_attempt_is_repeated_and_then_given_up(self, simulator, settings):
        settings.REGISTER_ATTEMPTS = {"fines": 3}
        simulator.switch("fines", "error")
        assert ask(FINES).outcome == Outcome.UNAVAILABLE
        assert simulator.calls("fines") == 3

    def test_attempts_carry_the_request_id_of_the_answer(self, simulator):
        answer = ask(FINES)
        assert [call["request_id"] for call in simulator.all_calls()] == [answer.request_id] * 2

    def test_garbage_is_not_asked_for_again(self, simulator):
        simulator.switch("fines", "garbage")
        ask(FINES)
        assert simulator.calls("fines") == 1

    def test_nobody_listens(self, settings):
        settings.REGISTER_FINES_URL = "http://127.0.0.1:9/fines"
        answer = ask(FINES)
        assert (answer.outcome, answer.answered_at) == (Outcome.UNAVAILABLE, None)
        assert answer.findings[0].code == "unavailable.refused"

    @pytest.mark.parametrize("status", [301, 400, 401, 404, 429])
    def test_other_status_is_no_answer_and_no_redirect_is_followed(self, status, scripted_registers):
        scripted_registers.say({"fines": []}, status=status, headers={"Location": f"{scripted_registers.url}/fines"})
        assert ask(FINES).findings[0].code == "unavailable.status"
        assert len(scripted_registers.requests) == 1

    def test_reply_about_somebody_else_is_nonsense(self, scripted_registers, simulator_process):
        other = simulator_process.http.post("/identity", json={"iin": demo_person("P-02")["iin"]})
        scripted_registers.say(other.content)
        assert ask(IDENTITY).findings[0].code == "unavailable.nonsense"

    def test_reply_without_end_is_cut_off(self, scripted_registers):
        scripted_registers.say(b"[" * 1_500_000)
        answer = ask(FINES)
        assert answer.findings[0].code == "unavailable.nonsense"
        assert len(answer.raw) < 1000

    def test_amount_as_a_binary_float_is_nonsense(self, scripted_registers):
        fine = {"order": "1", "kind": "order", "article": "592", "issued_on": "2026-01-01", "due_on": "2026-01-31"}
        scripted_registers.say({"fines": [{**fine, "amount": 21625.1, "executed_on": None}]})
        assert ask(FINES).findings[0].code == "unavailable.nonsense"

    def test_corrected_amount_that_is_no_amount_is_nonsense(self, scripted_registers, simulator_process):
        corrected = simulator_process.http.post("/recycling", json={"vin": demo_vehicle("V-37")["vin"]}).json()
        corrected["certificates"][0]["corrections"][1]["new_value"] = "NaN"
        scripted_registers.say(corrected)
        question = RecyclingCertificateQuestion(vin=demo_vehicle("V-37")["vin"], expected_amount="756875")
        assert ask(question).findings[0].code == "unavailable.nonsense"

    @pytest.mark.parametrize(("question", "place", "value"), TOO_MUCH, ids=lambda part: str(part)[:40])
    def test_what_is_longer_than_what_is_kept_is_nonsense(
        self, question, place, value, scripted_registers, simulator_process
    ):
        """It once reached the database, which refused it, and a worker tried again and again."""
        good = simulator_process.http.post(f"/{question.register}", json=asdict(question)).json()
        *way, last = place
        where = reduce(lambda found, step: found[step], way, good)
        where[last] = value
        scripted_registers.say(good)
        assert ask(question).findings[0].code == "unavailable.nonsense"

    def test_address_holds_no_personal_data(self, scripted_registers):
        """ASVS 14.2.1: numbers of people and vehicles travel in the body."""
        for register in REGISTERS:
            ask(any_question(register))
        assert [request["path"] for request in scripted_registers.requests] == [f"/{name}" for name in REGISTERS]

    @hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        reply=st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["person", "fines", "entries", "state", "passport", "certificates", "payments"]),
                    inner,
                    max_size=4,
                )
            ),
            max_leaves=8,
        ),
        register=st.sampled_from(sorted(REGISTERS)),
    )
    def test_no_reply_raises(self, reply, register, scripted_registers):
        scripted_registers.say(reply)
        answer = ask(any_question(register))
        assert answer.outcome in Outcome
        assert Answer.from_json(answer.to_json()) == answer


class TestTransportSecurity:
    """ASVS 12.3: a register whose certificate nobody vouches for is not believed."""

    def test_unknown_certificate_is_refused_and_a_trusted_one_is_not(self, tls_register, settings):
        settings.REGISTER_CONSENT_URL = tls_register["url"]
        one_attempt(settings, "consent")
        question = any_question("consent")
        assert ask(question).findings[0].code == "unavailable.refused"
        settings.REGISTER_CA_FILE = tls_register["ca_file"]
        assert ask(question).outcome == Outcome.CLEAR


class TestBreaker:
    """One breaker per register, shared by all processes through the cache."""

    @pytest.fixture(autouse=True)
    def quick_to_open(self, settings, simulator):
        one_attempt(settings, "fines")
        settings.REGISTER_BREAKER_FAILURES = 3
        settings.REGISTER_BREAKER_REST_SECONDS = 60
        simulator.switch("fines", "error")

    def let_it_rest(self) -> None:
        cache.delete(transport._key(lines.line("fines"), "resting"))

    def test_opens_after_failures_in_a_row_and_then_does_not_ask(self, simulator):
        codes = [ask(FINES).findings[0].code for _ in range(5)]
        assert codes == ["unavailable.status"] * 3 + ["unavailable.breaker_open"] * 2
        assert simulator.calls("fines") == 3

    def test_success_in_between_starts_the_count_anew(self, simulator):
        ask(FINES)
        ask(FINES)
        simulator.switch("fines", "ok")
        ask(FINES)
        simulator.switch("fines", "error")
        assert [ask(FINES).findings[0].code for _ in range(3)] == ["unavailable.status"] * 3

    def test_garbage_about_one_person_does_not_close_the_register_for_all(self, simulator):
        simulator.switch("fines", "garbage")
        for _ in range(4):
            ask(FINES)
        simulator.switch("fines", "ok")
        assert ask(FINES).outcome == Outcome.CLEAR

    def test_after_a_rest_exactly_one_probe_goes_through(self, simulator):
        for _ in range(3):
            ask(FINES)
        self.let_it_rest()
        with ThreadPoolExecutor(8) as pool:
            codes = [answer.findings[0].code for answer in pool.map(ask, [FINES] * 8)]
        assert sorted(codes) == ["unavailable.breaker_open"] * 7 + ["unavailable.status"]
        assert simulator.calls("fines") == 4

    def test_heals_by_itself_once_the_probe_is_answered(self, simulator):
        for _ in range(3):
            ask(FINES)
        simulator.switch("fines", "ok")
        self.let_it_rest()
        assert [ask(FINES).outcome for _ in range(3)] == [Outcome.CLEAR] * 3

    def test_other_registers_are_not_touched(self, simulator):
        for _ in range(4):
            ask(FINES)
        assert ask(IDENTITY).outcome == Outcome.CLEAR


class TestSideBySide:
    """ASVS 15.1.3: one slow register does not hold up the others."""

    def test_hanging_register_leaves_the_others_alone(self, simulator, settings):
        one_attempt(settings, "fines", timeout=60)
        settings.REGISTER_CONNECTIONS = 2
        simulator.switch("fines", "hang")
        others = [register for register in REGISTERS if register != "fines"]
        with ThreadPoolExecutor(len(REGISTERS) + 4) as pool:
            hanging = [pool.submit(ask, FINES) for _ in range(4)]
            simulator.wait_for_calls("fines", 2)
            answers = list(pool.map(lambda register: ask(any_question(register)), others))
            assert not any(future.done() for future in hanging)
            assert all(answer.outcome != Outcome.UNAVAILABLE for answer in answers)
            simulator.reset()
            assert {future.result(30).outcome for future in hanging} <= {Outcome.UNAVAILABLE, Outcome.CLEAR}

    def test_many_threads_share_one_client(self, simulator):
        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(ask, [IDENTITY] * 100))
        assert {answer.outcome for answer in answers} == {Outcome.CLEAR}
        assert len({answer.request_id for answer in answers}) == 100
