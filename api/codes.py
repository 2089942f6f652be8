"""The codes a client may meet, with their HTTP status and what they say; docs/api/errors.md is made from this table.

Codes of the door itself are raised as `Problem`; the others come from the verbs, which word the details themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registers.signature_errors import MESSAGES, RETRYABLE


@dataclass(frozen=True)
class Code:
    status: int
    says: str | Promise


OF_THE_DOOR: dict[str, Code] = {
    "malformed": Code(400, _("The request cannot be read: send UTF-8 JSON as described.")),
    "unknown_parameter": Code(400, _("The address has a parameter that is not known here.")),
    "invalid_parameter": Code(400, _("A parameter of the address cannot be read.")),
    "idempotency_key_missing": Code(
        400, _("An Idempotency-Key header is needed for every call that changes something.")
    ),
    "idempotency_key_malformed": Code(400, _("An Idempotency-Key has 8 to 128 visible ASCII characters.")),
    "not_authenticated": Code(401, _("The access token is missing, unknown or has run out.")),
    "signature_missing": Code(401, _("This system must sign every message (RFC 9421).")),
    "signature_invalid": Code(401, _("The message signature does not hold.")),
    "signature_replayed": Code(401, _("This signed message was received before.")),
    "https_required": Code(403, _("Call by https. What was sent in the clear must be taken for known: replace it.")),
    "scope_missing": Code(403, _("The access token does not allow this.")),
    "method_not_allowed": Code(405, _("This method is not offered here.")),
    "not_acceptable": Code(406, _("The portal answers in JSON, or in PDF where a paper is asked for.")),
    "idempotency_in_flight": Code(
        409, _("A call with this Idempotency-Key is still being worked on. Ask again shortly.")
    ),
    "nothing_to_pay": Code(409, _("Nothing is left to pay.")),
    "payment_pending": Code(409, _("The payment page is still being opened.")),
    "body_too_large": Code(413, _("What was sent is too large.")),
    "unsupported_media_type": Code(415, _("Send UTF-8 JSON without compression, or multipart for a document.")),
    "idempotency_key_reused": Code(422, _("This Idempotency-Key was used for another call. Take a new one.")),
    "if_match_missing": Code(428, _("Send If-Match with the ETag that you read.")),
    "too_many_requests": Code(429, _("Too many requests. Wait as Retry-After says.")),
    "fault": Code(500, _("A fault of the portal. Nothing was changed; send the same call again.")),
}
OF_THE_VERBS: dict[str, Code] = {
    "not_found": Code(404, _("There is no such thing among those your system can see.")),
    "no_document": Code(404, _("This application has no such document.")),
    "role": Code(403, _("This step is for other roles.")),
    "signature": Code(403, _("Signatures come with applications from portals.")),
    "service_not_connected": Code(403, _("Your system is not connected for this service.")),
    "channel_not_offered": Code(409, _("The standard does not offer the service through this channel.")),
    "illegal_move": Code(409, _("The state of the application does not allow this step.")),
    "second_open": Code(409, _("Another application about the same is open.")),
    "stale": Code(412, _("The application has changed since you read it.")),
    "paper_pending": Code(409, _("The paper is still being made.")),
    "plates.taken": Code(409, _("The number is not free.")),
    "plates.other_kind": Code(409, _("The number is not for this holder and vehicle.")),
    "plates.no_choice": Code(409, _("No number can be chosen for this application now.")),
    "plates.format_not_set": Code(409, _("No format of plates is set for this holder and vehicle.")),
    "plates.not_held": Code(409, _("No number is held for this application.")),
    "invalid": Code(422, _("Some of what was sent needs to be corrected.")),
    "incomplete": Code(422, _("The application is not complete yet.")),
    "tariff_missing": Code(422, _("A rate is not entered yet.")),
    "category_unknown": Code(422, _("No rate is known for vehicles of this category.")),
    "engine_volume_missing": Code(422, _("The engine volume is needed.")),
    "upload_size": Code(422, _("The file is too large.")),
    "upload_empty": Code(422, _("The file is empty.")),
    "upload_type": Code(422, _("The file is of a kind that is not taken.")),
    "upload_broken": Code(422, _("The file cannot be opened.")),
    "upload_encrypted": Code(422, _("The PDF is protected by a password.")),
    "upload_active": Code(422, _("The PDF has scripts or other active content.")),
    "upload_pages": Code(422, _("The PDF has too many pages.")),
    "upload_pixels": Code(422, _("The picture is too large.")),
    "upload_frames": Code(422, _("The picture has more than one frame.")),
    "applicant_not_found": Code(422, _("The register does not know this person or organisation as one who can apply.")),
    "register_unavailable": Code(503, _("The state register does not answer. Send the same call again later.")),
}
OF_SIGNATURES: dict[str, Code] = {
    f"signature.{code}": Code(503 if code in RETRYABLE else 422, says) for code, says in MESSAGES.items()
}
CODES = OF_THE_DOOR | OF_THE_VERBS | OF_SIGNATURES
