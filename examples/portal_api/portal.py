"""The portal's API as methods, one for each call."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from .wire import LONGEST_WAIT_SECONDS, TRIES, Json, Wire, new_key, nth, patiently

ENDED = frozenset({"issued", "refused", "withdrawn", "revoked"})


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
        self.wire = Wire(address, client_id, client_secret, language, transport, tries)

    def close(self) -> None:
        """Give the connections back."""
        self.wire.close()

    # What the law asks and costs

    def services(self) -> list[Json]:
        """The services with their sub-services."""
        found: list[Json] = self.wire.read("services")["services"]
        return found

    def offices(self) -> list[Json]:
        """The police offices that an application can be for: code, name, region, address."""
        offices: list[Json] = self.wire.read("offices")["offices"]
        return offices

    def service(self, code: str) -> Json:
        """The standard of a service: requirements, facts, grounds of refusal."""
        return self.wire.read(f"services/{code}")

    def preview(self, code: str, case: Json) -> Json:
        """Term, documents and charges of a case before anything is filed: subservice, applicant, office, facts …"""
        return self.wire.look_up(f"services/{code}/preview", case)

    # An application from draft to acceptance

    def open(self, service: str, subservice: str, office: str, identifier: str, key: str = "", **more: Any) -> Json:
        """Open a draft for the person or organisation with this IIN or BIN; `more` may name a representative."""
        applicant = {"identifier": identifier}
        body = {"service": service, "subservice": subservice, "office": office, "applicant": applicant, **more}
        return self.wire.change("POST", "applications", body, key=key)

    def details(self, number: str) -> Json:
        """The details so far, and under `fields_known` what can be filled in."""
        return self.wire.read(f"applications/{number}/details")

    def put_details(self, number: str, details: Json, key: str = "", version: int | None = None) -> Json:
        """Fill the details in; what is left out becomes empty. `version`: what you have read, by default the newest."""
        return self._change_as_read("PUT", number, "details", details, key=key, version=version)

    def requirements(self, number: str) -> Json:
        """What the law asks, what met it, and under `problems` what still keeps the draft from being accepted."""
        return self.wire.read(f"applications/{number}/requirements")

    def documents(self, number: str) -> list[Json]:
        """The attached documents; one the desk marked wrong has `marked_wrong_at` and says why."""
        found: list[Json] = self.wire.read(f"applications/{number}/documents")["documents"]
        return found

    def attach(self, number: str, requirement: str, file: str | Path, key: str = "", form: str = "") -> Json:
        """Attach a scan (JPEG, PNG) or PDF as the proof of a requirement."""
        fields = {"requirement": requirement, **({"form": form} if form else {})}
        upload = {"upload": (Path(file).name, Path(file).read_bytes())}
        return self.wire.change("POST", f"applications/{number}/documents", data=fields, files=upload, key=key)

    def detach(self, number: str, document: int, key: str = "") -> None:
        """Take a document of a draft back."""
        self.wire.change("DELETE", f"applications/{number}/documents/{document}", key=key)

    def plates(self, number: str, pattern: str = "") -> Json:
        """Free plate numbers that fit a pattern such as `7*7`, with prices, and the one that is held."""
        return self.wire.look_up(f"applications/{number}/plates/search", {"pattern": pattern})

    def hold_plate(self, number: str, plate: str, key: str = "") -> Json:
        """Hold a free number for this application."""
        return self.wire.change("PUT", f"applications/{number}/plate", {"number": plate}, key=key)

    def release_plate(self, number: str, key: str = "") -> None:
        """Give the held number up; the next one of the stock is taken then."""
        self.wire.change("DELETE", f"applications/{number}/plate", key=key)

    def canonical(self, number: str) -> bytes:
        """The text to sign, byte for byte."""
        return self.wire.ask("GET", f"applications/{number}/canonical").content

    def add_signature(self, number: str, requirement: str, cms: bytes, key: str = "") -> Json:
        """Send a detached signature of the canonical text as the proof of a requirement."""
        body = {"requirement": requirement, "cms": base64.b64encode(cms).decode()}
        return self.wire.change("POST", f"applications/{number}/signatures", body, key=key)

    def co_owners_text(self, number: str, *, has_co_owners: bool, they_agree: bool | None = None) -> bytes:
        """The text of the previous owner's word about co-owners, to be signed byte for byte."""
        said = _without_none({"has_co_owners": has_co_owners, "they_agree": they_agree})
        words = {name: str(value).lower() for name, value in said.items()}
        return self.wire.ask("GET", f"applications/{number}/co-owners", params=words).content

    def add_co_owners(
        self, number: str, cms: bytes, *, has_co_owners: bool, they_agree: bool | None = None, key: str = ""
    ) -> Json:
        """Send the previous owner's signed word about co-owners."""
        said = _without_none({"has_co_owners": has_co_owners, "they_agree": they_agree})
        body = {**said, "cms": base64.b64encode(cms).decode()}
        return self.wire.change("POST", f"applications/{number}/co-owners", body, key=key)

    def charges(self, number: str) -> Json:
        """The charges, amounts as decimal texts in tenge, and whether everything is paid (`is_settled`)."""
        return self.wire.read(f"applications/{number}/charges")

    def payment(self, number: str, key: str = "", patience: float = LONGEST_WAIT_SECONDS) -> Json:
        """The payment page for everything unpaid: `pay_url`, `amount`. Waits while the portal is opening it, but not
        longer than about `patience` seconds: then Refused "payment_pending".

        An answer is kept under its key, also "not yet"; every further question therefore has a key of its own.
        """
        key, path = key or new_key(), f"applications/{number}/payment"
        ask = partial(self.wire.change, "POST", path)
        return patiently("payment_pending", lambda turn: ask(key=nth(key, turn)), patience)

    def submit(self, number: str, key: str = "", version: int | None = None) -> Json:
        """File the complete draft: from now on its term runs. `version` as in `put_details`."""
        return self._change_as_read("POST", number, "submit", key=key, version=version)

    def withdraw(self, number: str, reason: str, key: str = "", version: int | None = None) -> Json:
        """Close the application at the applicant's wish, before a decision. `version` as in `put_details`."""
        return self._change_as_read("POST", number, "withdraw", {"reason": reason}, key=key, version=version)

    # Following and collecting

    def read(self, number: str) -> Json:
        """The application: its state, due time and version."""
        return self.wire.read(f"applications/{number}")

    def applications(self, **narrowed: Any) -> Iterator[Json]:
        """Every application that this system filed, newest first; narrowed by state, service, submitted_after …"""
        page = self.wire.read("applications", params={"limit": 100, **narrowed})
        yield from page["results"]
        while page["next"]:
            # The address of the next page is that of this one with a cursor, which alone is taken from it.
            cursor = httpx.URL(page["next"]).params["cursor"]
            page = self.wire.read("applications", params={"limit": 100, **narrowed, "cursor": cursor})
            yield from page["results"]

    def search(self, **one: str) -> list[Json]:
        """Own applications by `identifier` (IIN or BIN), `plate` or `vin`."""
        found: list[Json] = self.wire.look_up("applications/search", one)["results"]
        return found

    def events(self, number: str, after: int = 0, tag: str = "") -> tuple[Json | None, str]:
        """What happened after the event `after`, and the tag to ask with again; None while nothing has changed."""
        headers = {"If-None-Match": tag} if tag else {}
        answer = self.wire.ask("GET", f"applications/{number}/events", params={"after": after}, headers=headers)
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
        return self.wire.read(f"applications/{number}/results")

    def paper(self, number: str, paper: int, patience: float = LONGEST_WAIT_SECONDS) -> bytes:
        """A signed paper as PDF. Waits while it is being made, `patience` as in `payment`: then "paper_pending"."""
        headers = {"Accept": "application/pdf, application/problem+json"}
        path = f"applications/{number}/papers/{paper}"
        return patiently("paper_pending", lambda _turn: self.wire.ask("GET", path, headers=headers), patience).content

    def verify(self, code: str) -> Json:
        """Whether the paper with this code in its QR is genuine and holds."""
        return self.wire.look_up("verification", {"code": code})

    def _change_as_read(
        self, method: str, number: str, step: str, body: Json | None = None, *, key: str, version: int | None
    ) -> Json:
        """Change what was read as `version`, or what is newest: then a change that came between is read anew.

        The refusal of a version is kept under its key, so the next attempt has a key of its own, always the same one.
        """
        key, path = key or new_key(), f"applications/{number}/{step}"

        def change(turn: int) -> Json:
            read = self.read(number)["version"] if version is None else version
            return self.wire.change(method, path, body, key=nth(key, turn), match=f'"{read}"')

        return patiently("stale", change) if version is None else change(0)


def _without_none(said: Mapping[str, Any]) -> Json:
    return {name: value for name, value in said.items() if value is not None}
