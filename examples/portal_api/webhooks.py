"""Hearing what the portal tells: each event verified, and handed on once."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from .wire import Json


def read_webhook(secrets: str | Sequence[str], headers: Mapping[str, str], body: bytes) -> Json:
    """The event that the portal sent, its signature verified with one of the secrets.

    Raises standardwebhooks.WebhookVerificationError for what the portal did not send, or sent more than five minutes
    ago.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    for secret in [secrets] if isinstance(secrets, str) else secrets:
        try:
            Webhook(secret).verify(body, lowered)
        except WebhookVerificationError as error:
            refused = error
        else:
            event: Json = json.loads(body)
            return event
    raise refused


class Receiver:
    """Listens for webhooks and hands each event on once, by its id; `hear` gets the event.

    What was seen is kept in memory here; a real portal keeps the ids with its own data.
    """

    def __init__(self, secrets: str | Sequence[str], hear: Callable[[Json], None], port: int = 0) -> None:
        self._secrets, self._hear = secrets, hear
        self._seen: set[str] = set()
        self._hearing = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 30

            def do_POST(self) -> None:
                body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), 1_000_000))
                self.send_response(receiver.take(dict(self.headers), body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Stay silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/"

    def take(self, headers: Mapping[str, str], body: bytes) -> int:
        """Take one message; the status to answer with: 204, or 401 for what the portal did not sign."""
        try:
            event = read_webhook(self._secrets, headers, body)
        except WebhookVerificationError:
            return 401
        number = {name.lower(): value for name, value in headers.items()}["webhook-id"]
        with self._hearing:
            if number not in self._seen:
                self._hear(event)
                # Only what was heard is seen: after an error the portal sends it again.
                self._seen.add(number)
        return 204

    def start(self) -> Receiver:
        """Listen in a thread of its own."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
