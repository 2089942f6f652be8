"""The simulator's HTTP server: one thread per call, so that a register may hang without holding up the others."""

import contextlib
import json
import re
import socket
import sys
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from registers.simulator import pages, pki
from registers.simulator.data import Data
from registers.simulator.gateway import WAYS, Gateway, PageRefusedError
from registers.simulator.replies import REPLIES, subject_numbers
from registers.simulator.switches import GARBAGE, Switch, Switches

REGISTERS = (*REPLIES, "payments")
SIGNATURES = ("ocsp", "crl", "signature_service")
MAX_BODY_BYTES = 1_000_000
HANG_AT_MOST_SECONDS = 3600
CALLBACK_WAIT_SECONDS = 2
DRIP_SECONDS = 0.1
DRIPS = 3000
PAY_PATH = re.compile(r"/pay/(?P<order>[\w.-]{1,100})/?")


class Simulator(ThreadingHTTPServer):
    """The server with its data, switches and gateway."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(
        self,
        address: tuple[str, int],
        *,
        data: Data,
        gateway: Gateway,
        public_url: str = "",
        pki_folder: Path | None = None,
    ) -> None:
        super().__init__(address, Handler)
        self.data = data
        self.gateway = gateway
        self.pki_folder = pki_folder or Path(".runtime/pki")
        self.switches = Switches((*REGISTERS, *SIGNATURES))
        self.public_url = public_url.rstrip("/")

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that lost patience and hung up is nothing to report."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class DroppedError(Exception):
    """The connection is closed without an answer."""


class Handler(BaseHTTPRequestHandler):
    """One call. Questions come as POST with JSON, so that no address ever holds personal data."""

    protocol_version = "HTTP/1.1"
    server: Simulator
    timeout = 60

    def do_GET(self) -> None:
        """Pages, switches and the list of calls."""
        path = urlsplit(self.path).path
        if path == "/":
            self._html(pages.control_page(self.server.switches.to_json()))
        elif path == "/health":
            self._json({"status": "ok"})
        elif path == "/switches/":
            self._json(self.server.switches.to_json())
        elif path == "/calls/":
            self._json(self.server.switches.calls())
        elif match := PAY_PATH.fullmatch(path):
            self._show_payment(match["order"])
        elif path.startswith("/pki/"):
            self._tell_list(path.removeprefix("/pki/"))
        else:
            self._html(pages.message_page("Нет такой страницы"), HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """Questions, orders, payments and switches."""
        path = urlsplit(self.path).path.rstrip("/")
        routes: dict[str, Callable[[bytes], None]] = {
            "/switches": self._set_switches,
            "/switches/form": self._set_switch_by_form,
            "/switches/reset": self._reset_switches,
            "/signature_service/cms/verify": lambda body: self._as_register(
                "signature_service", body, lambda _name, question: self._json(pki.gost_verification(question))
            ),
            "/pki/ocsp": lambda body: self._as_service("ocsp", lambda: self._tell_status(body)),
            "/payments/pages": lambda body: self._as_register("payments", body, self._open_page),
        }
        try:
            body = self._body()
            if match := PAY_PATH.fullmatch(path):
                self._pay(match["order"], body)
            elif path[1:] in REGISTERS:
                self._as_register(path[1:], body, self._answer)
            elif path in routes:
                routes[path](body)
            else:
                self._json({"error": "no such register"}, HTTPStatus.NOT_FOUND)
        except DroppedError:
            self._drop()
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._json({"error": f"{type(error).__name__}: {error}"}, HTTPStatus.BAD_REQUEST)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent; /calls/ tells what was asked, without personal data."""

    def _as_register(self, register: str, body: bytes, answer: Callable[[str, dict[str, Any]], None]) -> None:
        self._as_service(register, lambda: answer(register, json.loads(body)))

    def _as_service(self, register: str, answer: Callable[[], None]) -> None:
        """Answer as the register's switch says."""
        request_id = self.headers.get("X-Request-Id", "")
        switches = self.server.switches
        switches.note_call(register, request_id, "asked")
        switch, changed = switches.get(register)
        if switch.mode == "delay":
            changed.wait(switch.seconds)
        elif switch.mode == "hang":
            changed.wait(HANG_AT_MOST_SECONDS)
        if switch.mode in ("hang", "down"):
            raise DroppedError
        if switch.mode == "error":
            self._json({"error": "internal error"}, HTTPStatus.INTERNAL_SERVER_ERROR)
        elif switch.mode == "garbage":
            self._send(GARBAGE[switch.kind], "application/json")
        elif switch.mode == "drip":
            self._drip(changed)
        else:
            answer()
        switches.note_call(register, request_id, "answered")

    def _tell_list(self, name: str) -> None:
        if name not in pki.LISTS:
            self._json({"error": "no such list"}, HTTPStatus.NOT_FOUND)
            return
        with contextlib.suppress(DroppedError):
            folder = self.server.pki_folder
            self._as_service("crl", lambda: self._send(pki.certificate_list(folder, name), "application/pkix-crl"))
            return
        self._drop()

    def _tell_status(self, request: bytes) -> None:
        self._send(pki.ocsp_answer(self.server.pki_folder, request), "application/ocsp-response")

    def _answer(self, register: str, question: dict[str, Any]) -> None:
        if register == "payments":
            references = [item["reference"] for item in question["references"]]
            self._json(self.server.gateway.statuses(references))
            return
        troubles = [self.server.data.first("troubles", number=number) for number in subject_numbers(question)]
        trouble = next((row["trouble"] for row in troubles if row), None)
        if trouble == "garbage":
            self._send(GARBAGE["types"], "application/json")
        elif trouble == "error":
            self._json({"error": "internal error"}, HTTPStatus.INTERNAL_SERVER_ERROR)
        else:
            self._json(REPLIES[register](self.server.data, question))

    def _open_page(self, _register: str, fields: dict[str, Any]) -> None:
        try:
            page = self.server.gateway.open(fields)
        except PageRefusedError as error:
            self._json({"error": str(error)}, HTTPStatus.CONFLICT)
            return
        base = self.server.public_url or f"http://{self.headers.get('Host', '')}"
        self._json({"order": page.order, "total": page.total, "pay_url": f"{base}/pay/{page.order}"})

    def _show_payment(self, order: str) -> None:
        gateway = self.server.gateway
        page = gateway.page(order)
        if page is None:
            self._html(pages.message_page("Нет такого платежа · Мұндай төлем жоқ"), HTTPStatus.NOT_FOUND)
        else:
            self._html(pages.payment_page(page, gateway.unsettled(page), gateway.receipts(page)))

    def _pay(self, order: str, body: bytes) -> None:
        page = self.server.gateway.page(order)
        way = dict(parse_qsl(body.decode())).get("way", "pay")
        chosen = next((known for known in WAYS if known == way), None)
        if page is None or chosen is None:
            self._html(pages.message_page("Нет такого платежа · Мұндай төлем жоқ"), HTTPStatus.NOT_FOUND)
            return
        waited_until = time.monotonic() + CALLBACK_WAIT_SECONDS
        for thread in self.server.gateway.pay(page, chosen):
            # The payer should find the payment on the page he returns to; a portal that is slow is not waited for.
            thread.join(max(0, waited_until - time.monotonic()))
        self._redirect(page.return_url)

    def _set_switches(self, body: bytes) -> None:
        changes = {register: Switch.read(values) for register, values in json.loads(body).items()}
        self.server.switches.set(changes)
        self._json(self.server.switches.to_json())

    def _set_switch_by_form(self, body: bytes) -> None:
        fields = dict(parse_qsl(body.decode()))
        self.server.switches.set({fields["register"]: Switch.read(fields)})
        self._redirect("/")

    def _reset_switches(self, _body: bytes) -> None:
        self.server.switches.reset()
        self._redirect("/")

    def _body(self) -> bytes:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY_BYTES:
            self.close_connection = True
            return b""
        return self.rfile.read(length)

    def _json(self, content: object, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(json.dumps(content, ensure_ascii=False).encode(), "application/json; charset=utf-8", status)

    def _html(self, text: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(text.encode(), "text/html; charset=utf-8", status)

    def _redirect(self, url: str) -> None:
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", url.replace("\r", "").replace("\n", ""))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, content: bytes, content_type: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _drip(self, changed: threading.Event) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Length", str(DRIPS + 2))
        self.end_headers()
        for drop in (b"{", *[b" "] * DRIPS, b"}"):
            self.wfile.write(drop)
            changed.wait(DRIP_SECONDS)

    def _drop(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
