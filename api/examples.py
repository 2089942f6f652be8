"""What the main calls look like, sent and answered: shown in the OpenAPI description, by operation."""

from __future__ import annotations

from typing import Any

IIN, NUMBER, PLATE = "840211307702", "0201-26-004178-3", "770SBX02"
REFERENCE = "020126004178301"
CMS = "MIIKkwYJKoZIhvcNAQcCoIIKhDCCCoACAQExDTALBglghkgBZQMEAgE="
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

DRAFT: dict[str, Any] = {
    "number": NUMBER,
    "service": "VR",
    "subservice": "VR-3",
    "subservice_text": "Update of data",
    "standard": "743-2024",
    "channel": "egov",
    "state": "draft",
    "state_text": "Draft",
    "state_meaning": "",
    "version": 1,
    "office": {"code": "0201", "name": "Almaty city police, vehicle registration"},
    "applicant": {"kind": "person", "identifier": "8402••••7702", "name": "Сынақов Асыл Дәулетұлы"},
    "representative": None,
    "headline": "",
    "plate_number": "",
    "may_withdraw": True,
    "chooses_plates": False,
    "created_at": "2026-11-25T06:10:00.000000Z",
    "submitted_at": None,
    "due_at": None,
    "decided_at": None,
    "issued_at": None,
    "handed_over_at": None,
}
SUBMITTED = {
    **DRAFT,
    "state": "submitted",
    "state_text": "Accepted",
    "state_meaning": "The application is accepted. The state registers are asked next.",
    "version": 5,
    "headline": "Chevrolet Cobalt",
    "plate_number": PLATE,
    "submitted_at": "2026-11-25T06:12:03.120000Z",
    "due_at": "2026-11-25T07:12:03.120000Z",
}
WITHDRAWN = {
    **SUBMITTED,
    "state": "withdrawn",
    "state_text": "Withdrawn",
    "state_meaning": "The application was withdrawn. Nothing more is done with it.",
    "version": 7,
    "may_withdraw": False,
}
FEE = {
    "row": "VR.6d",
    "code": "certificate_duty",
    "name": "State duty for the SRTS",
    "amount": "5406.00",
    "currency": "KZT",
    "remark": "",
}
SIGNATURE = {
    "requirement": "signed_application",
    "signer": IIN,
    "signer_name": "Сынақов Асыл Дәулетұлы",
    "certificate_serial": "5d1f0a77",
    "signed_at": "2026-11-25T06:11:40Z",
}
DOCUMENT = {
    "id": 71,
    "requirement": "ownership_proof",
    "name": "contract.pdf",
    "content_type": "application/pdf",
    "size": 81230,
    "pages": 2,
    "sha256": SHA256,
    "uploaded_at": "2026-11-25T06:11:02.500000Z",
    "marked_wrong_at": None,
    "marked_wrong_reason": "",
}
MARKED = {**DOCUMENT, "marked_wrong_at": "2026-11-25T06:40:00Z", "marked_wrong_reason": "The stamp cannot be read."}
PAPER = {
    "id": 12,
    "kind": "receipt",
    "name": "Receipt",
    "number": f"{NUMBER}-R",
    "state": "made",
    "standing": "valid",
    "sha256": SHA256,
    "created_at": "2026-11-25T06:12:03.120000Z",
    "made_at": "2026-11-25T06:12:04.800000Z",
    "verification_address": "https://portal.example/verify/J7Q2-9KXM-4T/",
}

# Operation → what is sent.
SENT: dict[str, Any] = {
    "applications_open": {"service": "VR", "subservice": "VR-3", "office": "0201", "applicant": {"identifier": IIN}},
    "applications_search": {"plate": PLATE},
    "application_withdraw": {"reason": "The applicant changed their mind."},
    "plates_search": {"pattern": "7?7"},
    "plate_hold": {"number": "727KZN02"},
    "signature_add": {"requirement": "signed_application", "cms": CMS},
    "co_owners_answer": {"has_co_owners": False, "cms": CMS},
    "paper_verify": {"code": "J7Q2-9KXM-4T"},
    "service_preview": {"subservice": "VR-3", "applicant": "person", "office": "0201", "vehicle_category": "M1"},
}
# Operation → what is answered when all went well.
ANSWERED: dict[str, Any] = {
    "applications_open": DRAFT,
    "applications_list": {"next": None, "previous": None, "results": [SUBMITTED]},
    "applications_search": {"results": [SUBMITTED]},
    "application_read": SUBMITTED,
    "application_submit": SUBMITTED,
    "application_withdraw": WITHDRAWN,
    "documents_list": {"documents": [MARKED]},
    "documents_attach": DOCUMENT,
    "charges_list": {
        "charges": [
            {
                **FEE,
                "legal_basis": "Tax Code, article 616",
                "is_paid": False,
                "reference": REFERENCE,
                "receipt": "",
                "paid_at": None,
                "blocked_by": "",
            }
        ],
        "is_settled": False,
    },
    "payment_start": {"pay_url": "https://pay.example/pay/0201260041783", "amount": "5406.00", "currency": "KZT"},
    "plates_search": {
        "held": None,
        "numbers": [
            {"number": "727KZN02", "group": "car", "name": "Any number", "price": "12110.00", "currency": "KZT"}
        ],
    },
    "plate_hold": {"number": "727KZN02"},
    "signature_add": SIGNATURE,
    "co_owners_answer": {**SIGNATURE, "requirement": "co_owners"},
    "results_read": {
        "results": [{"name": "SRTS", "number": "AB00020001"}],
        "refusal": [
            {
                "row": "VR.9.4",
                "text": "An order imposing an administrative fine in road safety is not executed.",
                "citation": "Order No. 743, annex 5, row 9, item 4",
                "finding": "An unpaid fine of 21 625 tenge.",
                "remark": "",
            }
        ],
        "papers": [PAPER],
    },
    "events_list": {
        "state": "approved",
        "state_text": "Approved",
        "due_at": "2026-11-25T07:12:03.120000Z",
        "held_by": "Almaty city police, vehicle registration",
        "events": [{"id": 9, "type": "approved", "text": "Approved", "at": "2026-11-25T06:48:10Z"}],
    },
    "paper_verify": {
        "standing": "valid",
        "kind": "Receipt",
        "number": f"{NUMBER}-R",
        "entry": NUMBER,
        "issued_at": "2026-11-25T06:12:04.800000Z",
        "office": "Almaty city police, vehicle registration",
    },
}
