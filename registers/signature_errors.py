"""Why an electronic signature is not taken: a stable code and a sentence that names the way out."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Promise] = {
    "malformed": _("This is not a detached CMS signature by one signer. Sign the text anew, without including it."),
    "altered": _("The signature is not of this text. Fetch the text again and sign it as it stands, byte for byte."),
    "unknown_authority": _(
        "The certificate comes from an authority that is not trusted here. Sign with a key of НУЦ РК."
    ),
    "expired": _("The certificate has expired. Get a new key from НУЦ РК and sign again."),
    "not_yet_valid": _("The certificate is not valid yet. Sign again once its term has begun, or with another key."),
    "revoked": _("The certificate was revoked. Get a new key from НУЦ РК and sign again."),
    "wrong_key_usage": _(
        "This key is not for signing documents. Sign with the key for signatures, not for signing in."
    ),
    "not_entitled": _(
        "This key does not sign for the organisation. Its head or a person with the right to sign signs."
    ),
    "no_identifier": _("The certificate names neither an IIN nor a BIN. Sign with a key of НУЦ РК."),
    "wrong_person": _("Somebody else has signed. The person or organisation whose signature is asked for signs."),
    "weak_algorithm": _(
        "The signature uses an algorithm that is too weak. Sign with SHA-256 or better and a newer key."
    ),
    "signed_in_future": _(
        "The signature is dated in the future. Set the clock of the signing computer and sign again."
    ),
    "signed_too_long_ago": _("The signature is too old. Sign the application again."),
    "no_signing_time": _("The signature does not say when it was made. Sign again with the signing time included."),
    "revocation_unavailable": _(
        "The authority does not tell now whether the certificate is revoked. Send the same signature again later."
    ),
    "service_unavailable": _(
        "The service that verifies GOST signatures does not answer. Send the same signature later."
    ),
    "no_authorities": _(
        "No certificate authority is set up here. Tell the operator of the portal; send it again later."
    ),
}
RETRYABLE = frozenset({"revocation_unavailable", "service_unavailable", "no_authorities"})


class SignatureError(Exception):
    """A signature that is not taken: `code` of MESSAGES; `is_retryable` when the same one may be sent again later."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def message(self) -> Promise:
        return MESSAGES[self.code]

    @property
    def is_retryable(self) -> bool:
        return self.code in RETRYABLE
