"""The demo's certificate authority with a key for every case, and a simulator that tells what it revoked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from django.utils import timezone

from registers import revocation, transport
from registers.simulator import authority
from registers.simulator.authority import EMPLOYEE, YEAR, Wanted
from tests.fixtures_registers import SimulatorControl, demo_organisation, demo_person, running_simulator

HEAD_OF_O1 = "P-03"
GOST_2015 = "1.2.398.3.10.1.1.2.3.2"
Change = Callable[[Any], None]


@dataclass(frozen=True)
class Signatures:
    """The authority's folder and the simulator that answers for it."""

    folder: Path
    simulator: SimulatorControl

    def sign(self, key: str, content: bytes) -> bytes:
        return authority.sign(self.folder, key, content)

    def resigned(self, key: str, content: bytes, change: Change, digest: hashes.HashAlgorithm) -> bytes:
        """What `sign` gives, with its signer changed and the signature made anew by the same EC key."""
        own = pkcs12.load_pkcs12((self.folder / "keys" / f"{key}.p12").read_bytes(), authority.PASSWORD).key
        assert isinstance(own, ec.EllipticCurvePrivateKey)

        def sign_anew(data: cms.SignedData) -> None:
            signer = data["signer_infos"][0]
            change(signer)
            covered = signer["signed_attrs"].untag().dump(force=True)
            signer["signature"] = own.sign(covered, ec.ECDSA(digest))

        return changed(self.sign(key, content), sign_anew)

    def gost(self, key: str, content: bytes) -> bytes:
        """A stand-in for a signature with a GOST key, which the simulator's NCANode takes for good."""

        def stand_in(data: cms.SignedData) -> None:
            signer = data["signer_infos"][0]
            signer["signature_algorithm"] = {"algorithm": GOST_2015}
            signer["signature"] = sha256(content).digest()

        return changed(self.sign(key, content), stand_in)


def changed(signature: bytes, change: Change) -> bytes:
    """The CMS after `change` of its signed data."""
    whole = cms.ContentInfo.load(signature)
    change(whole["content"])
    return whole.dump(force=True)


def person(person_id: str, file: str = "", **special) -> Wanted:
    return authority.key_of_person(demo_person(person_id), file, **special)


def organisation(organisation_id: str, file: str = "", **special) -> Wanted:
    return authority.key_of_organisation(demo_organisation(organisation_id), demo_person(HEAD_OF_O1), file, **special)


def keys() -> list[Wanted]:
    return [
        *(person(f"P-{number:02}") for number in range(1, 13)),
        organisation("O-01"),
        organisation("O-01", "employee", role=EMPLOYEE),
        person("P-01", "expired", starts=-2 * YEAR, lasts=YEAR),
        person("P-01", "not-yet-valid", starts=timedelta(days=2)),
        person("P-01", "revoked"),
        person("P-01", "signs-in", signs_in_only=True),
        person("P-01", "weak", curve=ec.SECP192R1()),
        person("P-01", "rsa", rsa_bits=2048),
        person("P-01", "weak-rsa", rsa_bits=1024),
        Wanted(file="nobody", name="Никто Никто", iin=""),
        *(person(f"P-{number}") for number in (70, 72, 73, 74, 75, 77, 79, 80)),
        *authority.keys_that_do_not_sign(demo_person("P-70")),
    ]


@pytest.fixture(scope="session")
def signature_world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pki")
    with running_simulator("--pki", str(folder)) as url:
        authority.make(
            folder, base_url=url, wanted=keys(), revoked={"revoked", f"{authority.SIGNER}-revoked"}, now=timezone.now()
        )
        control = SimulatorControl(url)
        yield Signatures(folder, control)
        control.http.close()


@pytest.fixture
def signatures(signature_world, settings, monkeypatch):
    # No list that another test fetched.
    monkeypatch.setattr(revocation, "KEPT", f"{uuid4()}:")
    settings.SIGNATURE_AUTHORITIES_DIR = signature_world.folder / "trusted"
    settings.SIGNATURE_REVOCATION_HOSTS = [signature_world.simulator.url.removeprefix("http://")]
    settings.SIGNATURE_REVOCATION_SECONDS = 2.0
    settings.REGISTER_SIGNATURE_SERVICE_URL = f"{signature_world.simulator.url}/signature_service"
    settings.REGISTER_TIMEOUTS = {"signature_service": 1.0}
    signature_world.simulator.reset()
    transport.close_breaker("signature_service", settings.REGISTER_SIGNATURE_SERVICE_URL)
    yield signature_world
    signature_world.simulator.reset()
    transport.close_breaker("signature_service", settings.REGISTER_SIGNATURE_SERVICE_URL)
