"""A client of the registration portal, complete and small: file, sign, pay, follow and collect over its REST API.

It needs `pip install httpx cryptography standardwebhooks` and nothing of the portal. Copy it, or import it:

    portal = Portal("http://127.0.0.1:8000", "myportal", "…secret…", language="en")
    number = portal.open("VR", "VR-2", "0201", "920930430145")["number"]

What makes it safe to resend: every call that changes something carries an Idempotency-Key, and is sent again under the
same key until it is answered. A caller that gives keys of its own may even die and start over (see `Filing`).
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import random
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7, pkcs12
from standardwebhooks import Webhook, WebhookVerificationError

Json = dict[str, Any]
Answer = TypeVar("Answer")
TRIES = 12
LONGEST_PAUSE_SECONDS = 30.0
# Who is asked to come back later than that tells the caller instead of waiting.
LONGEST_WAIT_SECONDS = 120.0
# A token is renewed this long before it runs out.
SPARE_SECONDS = 60.0
# Drafts are looked at this often while the portal asks the state's registers about them.
LOOK_EVERY_SECONDS = 1.0


class Refused(Exception):
    """The portal refused a call, or went on failing. `code` never changes; docs/api/errors.md lists them.

    `row` is the row of the law's standard, if one refused, and `errors` names the fields: field, pointer, detail.
    """

    def __init__(self, status: int, problem: Mapping[str, Any], retry_after: float = 0.0) -> None:
        self.status = status
        self.code = str(problem.get("code") or problem.get("error") or "unknown")
        self.detail = str(problem.get("detail") or problem.get("title") or self.code)
        self.row = str(problem.get("row") or "")
        self.errors: list[dict[str, str]] = list(problem.get("errors") or [])
        self.retry_after = retry_after
        super().__init__(f"{status} {self.code}: {self.detail}{self._lines()}")

    @property
    def passes(self) -> bool:
        """Whether the same call may succeed a little later: still in flight, too many requests, a fault or outage."""
        is_short = self.retry_after <= LONGEST_WAIT_SECONDS
        return is_short and (self.status in {408, 429} or self.status >= 500 or self.code == "idempotency_in_flight")

    def _lines(self) -> str:
        row = f" [{self.row}]" if self.row else ""
        return row + "".join(f"\n  {line['field']}: {line['detail']}" for line in self.errors)


class Unreachable(Exception):
    """No whole answer came, however often the call was sent. It may have been carried out: send it again, same key."""


class Key:
    """A person's or organisation's key for electronic signatures, from a PKCS #12 file (`.p12`)."""

    def __init__(self, file: str | Path, password: str = "demo") -> None:  # noqa: S107 - the demo's keys have it
        loaded = pkcs12.load_pkcs12(Path(file).read_bytes(), password.encode())
        if loaded.cert is None or loaded.key is None:
            raise ValueError(f"{file} holds no key with its certificate")
        self._key: Any = loaded.key
        self._certificate = loaded.cert.certificate
        self._chain = [item.certificate for item in loaded.additional_certs]

    def sign(self, text: bytes) -> bytes:
        """The detached CMS signature (DER) of these very bytes, with signing time, certificate and chain."""
        builder = pkcs7.PKCS7SignatureBuilder().set_data(text)
        builder = builder.add_signer(self._certificate, self._key, hashes.SHA256())
        for certificate in self._chain:
            builder = builder.add_certificate(certificate)
        return builder.sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])


class Portal:
    """The portal's API as methods; one object serves all threads of a program.

    `address` is where the portal is, `language` one of kk, ru and en, `tries` how often a call is sent at most: with
    the pauses between them six take three seconds, a dozen two minutes. Methods return the JSON of the answer and
    raise Refused or Unreachable. The `key` of a method that changes something is the call's Idempotency-Key: give one
    that you have kept where the call must happen once even if your program dies and starts again.
    """

    def __init__(
        self,
        address: str,
        client_id: str,
        client_secret: str,
        language: str = "ru",
        transport: httpx.BaseTransport | None = None,
        tries: int = TRIES,
    ) -> None:
        self._credentials = {"client_id": client_id, "client_secret": client_secret}
        self._http = httpx.Client(
            base_url=address.rstrip("/") + "/api/v1/",
            headers={"Accept-Language": language},
            timeout=httpx.Timeout(30.0, connect=5.0),
            transport=transport,
        )
        self._tries = tries
        self._renewing, self._counting = threading.Lock(), threading.Lock()
        self._token, self._token_ends = "", 0.0
        # How many calls were made, and how often one was sent in all.
        self.calls, self.attempts = 0, 0

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    # What the law asks and costs

    def services(self) -> list[Json]:
        """The services with their sub-services."""
        found: list[Json] = self._read("services")["services"]
        return found

    def offices(self) -> list[Json]:
        """The police offices that an application can be for: code, name, region, address."""
        offices: list[Json] = self._read("offices")["offices"]
        return offices

    def service(self, code: str) -> Json:
        """The standard of a service: requirements, facts, grounds of refusal."""
        return self._read(f"services/{code}")

    def preview(self, code: str, case: Json) -> Json:
        """Term, documents and charges of a case before anything is filed: subservice, applicant, office, facts …"""
        return self._look_up(f"services/{code}/preview", case)

    # An application from draft to acceptance

    def open(self, service: str, subservice: str, office: str, identifier: str, key: str = "", **more: Any) -> Json:
        """Open a draft for the person or organisation with this IIN or BIN; `more` may name a representative."""
        body = {"service": service, "subservice": subservice, "office": office}
        return self._change("POST", "applications", {**body, "applicant": {"identifier": identifier}, **more}, key=key)

    def details(self, number: str) -> Json:
        """The details so far, and under `fields_known` what can be filled in."""
        return self._read(f"applications/{number}/details")

    def put_details(self, number: str, details: Json, key: str = "", version: int | None = None) -> Json:
        """Fill the details in; what is left out becomes empty. `version`: what you have read, by default the newest."""
        return self._change_as_read("PUT", number, "details", details, key=key, version=version)

    def requirements(self, number: str) -> Json:
        """What the law asks, what met it, and under `problems` what still keeps the draft from being accepted."""
        return self._read(f"applications/{number}/requirements")

    def documents(self, number: str) -> list[Json]:
        """The attached documents; one the desk marked wrong has `marked_wrong_at` and says why."""
        found: list[Json] = self._read(f"applications/{number}/documents")["documents"]
        return found

    def attach(self, number: str, requirement: str, file: str | Path, key: str = "", form: str = "") -> Json:
        """Attach a scan (JPEG, PNG) or PDF as the proof of a requirement."""
        fields = {"requirement": requirement, **({"form": form} if form else {})}
        upload = {"upload": (Path(file).name, Path(file).read_bytes())}
        return self._change("POST", f"applications/{number}/documents", data=fields, files=upload, key=key)

    def detach(self, number: str, document: int, key: str = "") -> None:
        """Take a document of a draft back."""
        self._change("DELETE", f"applications/{number}/documents/{document}", key=key)

    def plates(self, number: str, pattern: str = "") -> Json:
        """Free plate numbers that fit a pattern such as `7*7`, with prices, and the one that is held."""
        return self._look_up(f"applications/{number}/plates/search", {"pattern": pattern})

    def hold_plate(self, number: str, plate: str, key: str = "") -> Json:
        """Hold a free number for this application."""
        return self._change("PUT", f"applications/{number}/plate", {"number": plate}, key=key)

    def release_plate(self, number: str, key: str = "") -> None:
        """Give the held number up; the next one of the stock is taken then."""
        self._change("DELETE", f"applications/{number}/plate", key=key)

    def canonical(self, number: str) -> bytes:
        """The text to sign, byte for byte."""
        return self._ask("GET", f"applications/{number}/canonical").content

    def add_signature(self, number: str, requirement: str, cms: bytes, key: str = "") -> Json:
        """Send a detached signature of the canonical text as the proof of a requirement."""
        body = {"requirement": requirement, "cms": base64.b64encode(cms).decode()}
        return self._change("POST", f"applications/{number}/signatures", body, key=key)

    def co_owners_text(self, number: str, *, has_co_owners: bool, they_agree: bool | None = None) -> bytes:
        """The text of the previous owner's word about co-owners, to be signed byte for byte."""
        said = _without_none({"has_co_owners": has_co_owners, "they_agree": they_agree})
        words = {name: str(value).lower() for name, value in said.items()}
        return self._ask("GET", f"applications/{number}/co-owners", params=words).content

    def add_co_owners(
        self, number: str, cms: bytes, *, has_co_owners: bool, they_agree: bool | None = None, key: str = ""
    ) -> Json:
        """Send the previous owner's signed word about co-owners."""
        said = _without_none({"has_co_owners": has_co_owners, "they_agree": they_agree})
        body = {**said, "cms": base64.b64encode(cms).decode()}
        return self._change("POST", f"applications/{number}/co-owners", body, key=key)

    def charges(self, number: str) -> Json:
        """The charges, amounts as decimal texts in tenge, and whether everything is paid (`is_settled`)."""
        return self._read(f"applications/{number}/charges")

    def payment(self, number: str, key: str = "", patience: float = LONGEST_WAIT_SECONDS) -> Json:
        """The payment page for everything unpaid: `pay_url`, `amount`. Waits while the portal is opening it, but not
        longer than about `patience` seconds: then Refused "payment_pending".

        An answer is kept under its key, also "not yet"; every further question therefore has a key of its own.
        """
        key, path = key or new_key(), f"applications/{number}/payment"
        ask = partial(self._change, "POST", path)
        return _patiently("payment_pending", lambda turn: ask(key=_nth(key, turn)), patience)

    def submit(self, number: str, key: str = "", version: int | None = None) -> Json:
        """File the complete draft: from now on its term runs. `version` as in `put_details`."""
        return self._change_as_read("POST", number, "submit", key=key, version=version)

    def withdraw(self, number: str, reason: str, key: str = "", version: int | None = None) -> Json:
        """Close the application at the applicant's wish, before a decision. `version` as in `put_details`."""
        return self._change_as_read("POST", number, "withdraw", {"reason": reason}, key=key, version=version)

    # Following and collecting

    def read(self, number: str) -> Json:
        """The application: its state, due time and version."""
        return self._read(f"applications/{number}")

    def applications(self, **narrowed: Any) -> Iterator[Json]:
        """Every application that this system filed, newest first; narrowed by state, service, submitted_after …"""
        page = self._read("applications", params={"limit": 100, **narrowed})
        yield from page["results"]
        while page["next"]:
            # The address of the next page is that of this one with a cursor, which alone is taken from it.
            cursor = httpx.URL(page["next"]).params["cursor"]
            page = self._read("applications", params={"limit": 100, **narrowed, "cursor": cursor})
            yield from page["results"]

    def search(self, **one: str) -> list[Json]:
        """Own applications by `identifier` (IIN or BIN), `plate` or `vin`."""
        found: list[Json] = self._look_up("applications/search", one)["results"]
        return found

    def events(self, number: str, after: int = 0, tag: str = "") -> tuple[Json | None, str]:
        """What happened after the event `after`, and the tag to ask with again; None while nothing has changed."""
        headers = {"If-None-Match": tag} if tag else {}
        answer = self._ask("GET", f"applications/{number}/events", params={"after": after}, headers=headers)
        told: Json | None = None if answer.status_code == 304 else answer.json()
        return told, answer.headers.get("ETag", tag)

    def follow(self, number: str, every: float = 5.0) -> Iterator[Json]:
        """Each event of the application as it comes, until it is at its end."""
        after, tag = 0, ""
        while True:
            told, tag = self.events(number, after, tag)
            for event in told["events"] if told else ():
                after = event["id"]
                yield event
            if told and told["state"] in ENDED:
                return
            time.sleep(every)

    def results(self, number: str) -> Json:
        """What was given, the grounds of a refusal, and the signed papers."""
        return self._read(f"applications/{number}/results")

    def paper(self, number: str, paper: int, patience: float = LONGEST_WAIT_SECONDS) -> bytes:
        """A signed paper as PDF. Waits while it is being made, `patience` as in `payment`: then "paper_pending"."""
        headers = {"Accept": "application/pdf, application/problem+json"}
        path = f"applications/{number}/papers/{paper}"
        return _patiently("paper_pending", lambda _turn: self._ask("GET", path, headers=headers), patience).content

    def verify(self, code: str) -> Json:
        """Whether the paper with this code in its QR is genuine and holds."""
        return self._look_up("verification", {"code": code})

    # How calls are made

    def _read(self, path: str, **more: Any) -> Json:
        told: Json = self._ask("GET", path, **more).json()
        return told

    def _look_up(self, path: str, body: Json) -> Json:
        told: Json = self._ask("POST", path, json=body).json()
        return told

    def _change(
        self, method: str, path: str, body: Json | None = None, *, key: str, match: str = "", **form: Any
    ) -> Json:
        headers = {"Idempotency-Key": key or new_key(), **({"If-Match": match} if match else {})}
        answer = self._ask(method, path, json=body, headers=headers, **form)
        told: Json = answer.json() if answer.content else {}
        return told

    def _change_as_read(
        self, method: str, number: str, step: str, body: Json | None = None, *, key: str, version: int | None
    ) -> Json:
        """Change what was read as `version`, or what is newest: then a change that came between is read anew.

        The refusal of a version is kept under its key, so the next attempt has a key of its own, always the same one.
        """
        key, path = key or new_key(), f"applications/{number}/{step}"

        def change(turn: int) -> Json:
            read = self.read(number)["version"] if version is None else version
            return self._change(method, path, body, key=_nth(key, turn), match=f'"{read}"')

        return _patiently("stale", change) if version is None else change(0)

    def _ask(self, method: str, path: str, **call: Any) -> httpx.Response:
        """Send the call, with the same headers and body, until it is answered for good. Raises Refused, Unreachable."""
        headers = call.pop("headers", {})
        with self._counting:
            self.calls += 1

        def sent() -> httpx.Response:
            with self._counting:
                self.attempts += 1
            token = self._bearer()
            bearing = {**headers, "Authorization": f"Bearer {token}"}
            answer = self._http.request(method, path, headers=bearing, **call)
            if answer.status_code == 401:
                # Taken back before its time: the next attempt asks for another one.
                self._forget(token)
            return answer

        return _answered(sent, self._tries, is_renewable=True)

    def _bearer(self) -> str:
        with self._renewing:
            if time.monotonic() >= self._token_ends - SPARE_SECONDS:
                form = {"grant_type": "client_credentials", **self._credentials}
                told = _answered(lambda: self._http.post("token", data=form), self._tries).json()
                self._token, self._token_ends = told["access_token"], time.monotonic() + told["expires_in"]
            return self._token

    def _forget(self, token: str) -> None:
        with self._renewing:
            if self._token == token:
                self._token_ends = 0.0


ENDED = frozenset({"issued", "refused", "withdrawn", "revoked"})


def new_key() -> str:
    """An Idempotency-Key nobody has used."""
    return uuid.uuid4().hex


def _nth(key: str, turn: int) -> str:
    """The key of a further attempt at what was refused under `key`; whoever starts over makes the same ones."""
    return f"{key}.{turn}" if turn else key


def _patiently(code: str, attempt: Callable[[int], Answer], patience: float = LONGEST_WAIT_SECONDS) -> Answer:
    """What `attempt` returns; it is called again, with the next number, while it is refused with `code`."""
    ends_at = time.monotonic() + patience
    for turn in count():
        try:
            return attempt(turn)
        except Refused as refused:
            if refused.code != code or time.monotonic() >= ends_at:
                raise
        time.sleep(_pause(turn, 0.0))
    raise AssertionError


def _answered(send: Callable[[], httpx.Response], tries: int = TRIES, *, is_renewable: bool = False) -> httpx.Response:
    """The answer of `send`, called again after lost connections and refusals that pass, `tries` times at most."""
    lost: Exception = Unreachable()
    for turn in range(tries):
        wait = 0.0
        try:
            answer = send()
        except httpx.RequestError as error:
            lost = Unreachable(f"{type(error).__name__}: {error}")
        else:
            if answer.status_code < 400:
                return answer
            refused = _refusal(answer)
            is_renewed = is_renewable and refused.code == "not_authenticated"
            if not (refused.passes or is_renewed):
                raise refused
            # A new token that is refused as well will not become better.
            is_renewable = is_renewable and not is_renewed
            lost, wait = refused, refused.retry_after
        if turn < tries - 1:
            time.sleep(_pause(turn, wait))
    raise lost


def _refusal(answer: httpx.Response) -> Refused:
    try:
        problem = answer.json()
    except ValueError:
        # Whatever stands before the portal answers in pages.
        problem = {"title": answer.reason_phrase}
    wait = answer.headers.get("Retry-After", "")
    return Refused(answer.status_code, problem, float(wait) if wait.isdigit() else 0.0)


def _pause(turn: int, asked_for: float) -> float:
    """Seconds before the next attempt: longer each time, never the same for all clients, never less than asked for."""
    grown = min(LONGEST_PAUSE_SECONDS, 0.1 * 2.0**turn)
    return asked_for + grown * random.uniform(0.5, 1.0)  # noqa: S311 - nothing secret


def _without_none(said: Mapping[str, Any]) -> Json:
    return {name: value for name, value in said.items() if value is not None}


# Webhooks


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


# Filing from beginning to end


@dataclass
class Filing:
    """One application to file, under a reference of yours.

    Every key is made of the reference: a program that died files again under the same reference and ends up with the
    same application, not with a second one. `signatures` names who signs for which requirement, by file of their key;
    `no_co_owners` is the key of a previous owner who says that there are none.
    """

    service: str
    subservice: str
    office: str
    applicant: str
    details: Json
    documents: dict[str, str] = field(default_factory=dict)
    signatures: dict[str, list[str]] = field(default_factory=dict)
    no_co_owners: str = ""
    plate: str = ""
    representative: Json = field(default_factory=dict)
    reference: str = field(default_factory=new_key)

    def file(self, portal: Portal, pay: Callable[[str], None], patience: float = 120.0) -> Json:
        """File it; `pay` gets the address of the payment page, where the applicant pays. Returns the application.

        Raises Refused, Unreachable, and TimeoutError when what is missing does not come within `patience` seconds.
        """
        represented = {"representative": self.representative} if self.representative else {}
        opened = portal.open(
            self.service, self.subservice, self.office, self.applicant, key=self._key("open"), **represented
        )
        number: str = opened["number"]
        application = portal.read(number)
        if application["state"] != "draft":
            return application
        portal.put_details(number, self.details, key=self._key("details"))
        for requirement, file in self.documents.items():
            portal.attach(number, requirement, file, key=self._key(f"document-{requirement}"))
        if self.plate:
            portal.hold_plate(number, self.plate, key=self._key("plate"))
        to_sign = {*self.signatures, *(["co_owners"] if self.no_co_owners else [])}
        paid: set[str] = set()
        _wait(lambda: self._missing(portal, number, pay, paid), patience, but=to_sign)
        self._sign(portal, number)
        _wait(lambda: self._missing(portal, number, pay, paid), patience)
        # A refusal is kept under its key as well; another version of the draft is another attempt.
        return portal.submit(number, key=self._key(f"submit-{portal.read(number)['version']}"))

    def _missing(self, portal: Portal, number: str, pay: Callable[[str], None], paid: set[str]) -> dict[str, str]:
        """What keeps the draft from being accepted, once whatever can be paid was paid; charges in `paid` were."""
        charges = portal.charges(number)["charges"]
        owed = {line["reference"] for line in charges if not line["is_paid"] and not line["blocked_by"]} - paid
        if owed:
            pay(portal.payment(number, key=self._key(f"payment-{len(paid)}"))["pay_url"])
            paid |= owed
        return {line["field"]: line["detail"] for line in portal.requirements(number)["problems"]}

    def _sign(self, portal: Portal, number: str) -> None:
        # No two signatures are the same, so their keys are new: the same text signed twice counts once anyway.
        text = portal.canonical(number)
        for requirement, files in self.signatures.items():
            for file in files:
                portal.add_signature(number, requirement, Key(file).sign(text))
        if self.no_co_owners:
            said = Key(self.no_co_owners).sign(portal.co_owners_text(number, has_co_owners=False))
            portal.add_co_owners(number, said, has_co_owners=False)

    def _key(self, step: str) -> str:
        return f"{self.reference}-{step}"


def _wait(missing: Callable[[], dict[str, str]], patience: float, but: Set[str] = frozenset()) -> None:
    """Ask again and again until nothing is missing `but` those. Raises TimeoutError with what still is."""
    ends_at = time.monotonic() + patience
    while still := {name: text for name, text in missing().items() if name not in but}:
        if time.monotonic() > ends_at:
            raise TimeoutError("; ".join(f"{name}: {text}" for name, text in still.items()))
        time.sleep(LOOK_EVERY_SECONDS)


def pay_in_demo(address: str) -> None:
    """Press the button of the demo's payment page; with a real gateway the applicant pays there."""
    _answered(lambda: httpx.post(address, data={"way": "pay"}, timeout=30.0))


@dataclass
class Report:
    """What came of filing many applications; `str` is the text to print."""

    asked: int
    filed: dict[str, Json]
    failed: dict[str, str]
    settled: int
    seconds: float
    took: list[float]
    calls: int
    attempts: int

    @property
    def is_complete(self) -> bool:
        """Whether each was filed once and is paid."""
        return len(self.filed) == self.settled == self.asked and not self.failed

    def __str__(self) -> str:
        states = Counter(application["state"] for application in self.filed.values())
        lines = [
            f"{self.asked} to file, {len(self.filed)} filed, {self.settled} paid, {len(self.failed)} failed",
            f"states: {', '.join(f'{state} {count}' for state, count in sorted(states.items())) or 'none'}",
            f"{self.calls} calls, sent {self.attempts} times; {self.seconds:.1f} s, "
            f"{len(self.filed) / self.seconds:.2f} applications a second",
            *(f"  {reference}: {why}" for reference, why in sorted(self.failed.items())),
        ]
        return "\n".join(lines)


def file_all(
    portal: Portal, filings: Sequence[Filing], pay: Callable[[str], None], at_once: int = 4, patience: float = 120.0
) -> Report:
    """File them all, `at_once` at a time, and ask the portal in the end whether each is paid."""
    started = time.monotonic()
    filed: dict[str, Json] = {}
    failed: dict[str, str] = {}
    took: list[float] = []

    def file(filing: Filing) -> bool:
        begun = time.monotonic()
        try:
            application = filing.file(portal, pay, patience)
            filed[application["number"]] = application
            took.append(time.monotonic() - begun)
            return bool(portal.charges(application["number"])["is_settled"])
        except (Refused, Unreachable, TimeoutError) as error:
            failed[filing.reference] = str(error)
            return False

    with ThreadPoolExecutor(at_once) as pool:
        settled = sum(pool.map(file, filings))
    spent = time.monotonic() - started
    return Report(len(filings), filed, failed, settled, spent, took, portal.calls, portal.attempts)


# The command line


def main(words: Sequence[str] | None = None) -> int:
    """Carry out one command. Returns 0, or 1 when the portal refused."""
    parser = argparse.ArgumentParser(
        prog="portal_client.py",
        description="File, follow and collect applications over the portal's API.",
        epilog="PORTAL, CLIENT_ID and CLIENT_SECRET of the environment say where the portal is and who asks.",
    )
    parser.add_argument("--language", default="en", choices=["kk", "ru", "en"])
    commands = parser.add_subparsers(dest="command", required=True)
    filing = commands.add_parser("file", help="file applications, each from draft to acceptance")
    filing.add_argument("applications", type=Path, help="one application as JSON, or one on every line")
    filing.add_argument("--times", type=int, help="how many lines to file (default: all)")
    filing.add_argument("--at-once", type=int, default=4, help="how many at a time (default %(default)s)")
    filing.add_argument("--reference", default="", help="the one of an earlier start that is to be gone on with")
    filing.add_argument("--pay-in-demo", action="store_true", help="press the button of the demo's payment page")
    following = commands.add_parser("follow", help="print each event of an application until it is at its end")
    following.add_argument("number")
    collecting = commands.add_parser("collect", help="save the papers of an application")
    collecting.add_argument("number")
    collecting.add_argument("--into", type=Path, default=Path())
    listening = commands.add_parser("listen", help="print webhooks; WEBHOOK_SECRET of the environment verifies them")
    listening.add_argument("--port", type=int, default=9000)
    options = parser.parse_args(words)
    act = {"file": _file, "follow": _follow, "collect": _collect, "listen": _listen}[options.command]
    try:
        return act(options)
    except (Refused, Unreachable) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _portal(options: argparse.Namespace) -> Portal:
    place = os.environ.get("PORTAL", "http://127.0.0.1:8000")
    return Portal(place, _of_environment("CLIENT_ID"), _of_environment("CLIENT_SECRET"), options.language)


def _of_environment(name: str) -> str:
    if not os.environ.get(name):
        raise SystemExit(f"Set {name} in the environment.")
    return os.environ[name]


def _file(options: argparse.Namespace) -> int:
    reference = options.reference or new_key()
    print(f"reference {reference}: after a crash, file with --reference {reference} to go on")
    filings = read_filings(options.applications, reference)[: options.times]
    if options.times is not None and len(filings) < options.times:
        print(f"There are only {len(filings)} applications in {options.applications}.", file=sys.stderr)
        return 1
    report = file_all(_portal(options), filings, pay_in_demo if options.pay_in_demo else _tell_payer, options.at_once)
    for number, application in sorted(report.filed.items()):
        print(f"{number} {application['state']}, due {application['due_at']}")
    print(report)
    return 0 if report.is_complete else 1


def read_filings(file: Path, reference: str) -> list[Filing]:
    """The applications of a file, one JSON object or one on every line, under references made of `reference`."""
    text = file.read_text(encoding="utf-8")
    try:
        found = [json.loads(text)]
    except ValueError:
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
    return [Filing(**{"reference": f"{reference}-{place}", **case}) for place, case in enumerate(found)]


def _tell_payer(address: str) -> None:
    print(f"to be paid at {address}", flush=True)


def _follow(options: argparse.Namespace) -> int:
    for event in _portal(options).follow(options.number):
        print(f"{event['at']}  {event['type']:<16} {event['text']}", flush=True)
    return 0


def _collect(options: argparse.Namespace) -> int:
    portal = _portal(options)
    told = portal.results(options.number)
    for given in told["results"]:
        print(f"{given['name']}: {given['number']}")
    for reason in told["refusal"]:
        print(f"refused by {reason['row']}: {reason['text']} {reason['finding']} {reason['remark']}")
    for paper in told["papers"]:
        place = options.into / f"{options.number}-{paper['kind']}-{paper['id']}.pdf"
        place.write_bytes(portal.paper(options.number, paper["id"]))
        print(f"{place}: {paper['name']}, to be verified at {paper['verification_address']}")
    return 0


def _listen(options: argparse.Namespace) -> int:
    secrets = _of_environment("WEBHOOK_SECRET").split()
    receiver = Receiver(secrets, lambda event: print(json.dumps(event), flush=True), options.port).start()
    print(f"listening at {receiver.address}", flush=True)
    try:
        threading.Event().wait()
    finally:
        receiver.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
