"""A client of the registration portal: file, sign, pay, follow and collect over its REST API.

It needs `pip install httpx cryptography standardwebhooks` and nothing of the portal. Copy the folder, and

    portal = Portal("http://127.0.0.1:8000", "myportal", "…secret…", language="en")
    number = portal.open("VR", "VR-2", "0201", "920930430145")["number"]

What makes it safe to resend: every call that changes something carries an Idempotency-Key, and is sent again under the
same key until it is answered. A caller that gives keys of its own may even die and start over (see `Filing`).

To be read in this order: `wire` sends, `portal` names the calls, `keys` signs, `filing` puts them together, `webhooks`
listens; `many` and `commands` are for the command line.
"""

from .filing import Filing, pay_in_demo, read_filings
from .keys import Key
from .many import Report, file_all
from .portal import Portal
from .webhooks import Receiver, read_webhook
from .wire import Json, Refused, Unreachable

__all__ = [
    "Filing",
    "Json",
    "Key",
    "Portal",
    "Receiver",
    "Refused",
    "Report",
    "Unreachable",
    "file_all",
    "pay_in_demo",
    "read_filings",
    "read_webhook",
]
