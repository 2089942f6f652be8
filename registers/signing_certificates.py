"""What a certificate of НУЦ РК says of its holder, and whether it is one for signing documents (facts.md 9.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509

from registers.signature_errors import SignatureError

SIGNING_POLICIES = frozenset({"1.2.398.3.3.2.1", "1.2.398.3.3.2.3"})
ORGANISATION_POLICY = "1.2.398.3.3.2.1"
# Of an organisation's keys, those of its head and of persons with the right to sign; not of financiers, HR, employees.
MAY_SIGN_FOR_ORGANISATION = frozenset({"1.2.398.3.3.4.1.2.1", "1.2.398.3.3.4.1.2.2"})
CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2"
EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4"
IIN = re.compile(r"IIN([0-9]{12})")
BIN = re.compile(r"BIN([0-9]{12})")


@dataclass(frozen=True)
class Holder:
    """Whose certificate it is: the person, the organisation they sign for (or ""), the name shown to people."""

    iin: str
    bin: str
    name: str

    @property
    def identifier(self) -> str:
        """The BIN when an organisation signs, otherwise the IIN."""
        return self.bin or self.iin


def holder_of(certificate: x509.Certificate) -> Holder:
    """The holder by the subject's SERIALNUMBER=IIN… and OU=BIN…. Raises SignatureError "no_identifier"."""
    subject = certificate.subject.native
    iin = _number(IIN, subject.get("serial_number"))
    bin_ = _number(BIN, subject.get("organizational_unit_name"))
    if not iin and not bin_:
        raise SignatureError("no_identifier")
    organisation = _one(subject.get("organization_name"))
    name = organisation if bin_ and organisation else _one(subject.get("common_name"))
    return Holder(iin=iin, bin=bin_, name=name[:300])


def require_signing_key(certificate: x509.Certificate, holder: Holder) -> None:
    """Pass a key for signing documents. Raises SignatureError "wrong_key_usage" or "not_entitled"."""
    usage = certificate.key_usage_value
    policies = certificate.certificate_policies_value
    extended = certificate.extended_key_usage_value
    purposes = {purpose.dotted for purpose in extended} if extended is not None else set()
    named = {policy["policy_identifier"].dotted for policy in policies} if policies is not None else set()
    signs = usage is not None and {"digital_signature", "non_repudiation"} <= usage.native
    only_signs_in = CLIENT_AUTHENTICATION in purposes and EMAIL_PROTECTION not in purposes
    if not signs or only_signs_in or not named & SIGNING_POLICIES:
        raise SignatureError("wrong_key_usage")
    if bool(holder.bin) != (ORGANISATION_POLICY in named) or (holder.bin and not purposes & MAY_SIGN_FOR_ORGANISATION):
        raise SignatureError("not_entitled")


def require_valid(certificate: x509.Certificate, at: datetime) -> None:
    """Raises SignatureError "expired" or "not_yet_valid" for an instant outside the certificate's term."""
    if at > certificate.not_valid_after:
        raise SignatureError("expired")
    if at < certificate.not_valid_before:
        raise SignatureError("not_yet_valid")


def _number(pattern: re.Pattern[str], value: object) -> str:
    texts = value if isinstance(value, list) else [value]
    found = {match[1] for text in texts if isinstance(text, str) and (match := pattern.fullmatch(text.strip()))}
    # Two different numbers in one subject name nobody.
    return found.pop() if len(found) == 1 else ""


def _one(value: object) -> str:
    return str(value[0] if isinstance(value, list) else value or "").replace("\x00", "").strip()
