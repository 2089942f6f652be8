"""How calls reach the portal: with a token, under a key, and again until they are answered for good."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import httpx

Json = dict[str, Any]
Answer = TypeVar("Answer")
TRIES = 12
LONGEST_PAUSE_SECONDS = 30.0
# Who is asked to come back later than that tells the caller instead of waiting.
LONGEST_WAIT_SECONDS = 120.0
# A token is renewed this long before it runs out.
SPARE_SECONDS = 60.0


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


class Wire:
    """One connection of a program to the portal, for all its threads; its methods raise Refused and Unreachable."""

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

    def read(self, path: str, **more: Any) -> Json:
        """What stands at a path below /api/v1/."""
        told: Json = self.ask("GET", path, **more).json()
        return told

    def look_up(self, path: str, body: Json) -> Json:
        """The answer to a question whose words are too personal for an address; it changes nothing, so needs no key."""
        told: Json = self.ask("POST", path, json=body).json()
        return told

    def change(
        self, method: str, path: str, body: Json | None = None, *, key: str, match: str = "", **form: Any
    ) -> Json:
        """The answer to a call that changes something, sent under `key`; `match` is the version that was read."""
        headers = {"Idempotency-Key": key or new_key(), **({"If-Match": match} if match else {})}
        answer = self.ask(method, path, json=body, headers=headers, **form)
        told: Json = answer.json() if answer.content else {}
        return told

    def ask(self, method: str, path: str, **call: Any) -> httpx.Response:
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

        return answered(sent, self._tries, is_renewable=True)

    def _bearer(self) -> str:
        with self._renewing:
            if time.monotonic() >= self._token_ends - SPARE_SECONDS:
                form = {"grant_type": "client_credentials", **self._credentials}
                told = answered(lambda: self._http.post("token", data=form), self._tries).json()
                self._token, self._token_ends = told["access_token"], time.monotonic() + told["expires_in"]
            return self._token

    def _forget(self, token: str) -> None:
        with self._renewing:
            if self._token == token:
                self._token_ends = 0.0


def new_key() -> str:
    """An Idempotency-Key nobody has used."""
    return uuid.uuid4().hex


def nth(key: str, turn: int) -> str:
    """The key of a further attempt at what was refused under `key`; whoever starts over makes the same ones."""
    return f"{key}.{turn}" if turn else key


def patiently(code: str, attempt: Callable[[int], Answer], patience: float = LONGEST_WAIT_SECONDS) -> Answer:
    """What `attempt` returns; it is called again, with the next number, while it is refused with `code`."""
    ends_at = time.monotonic() + patience
    turn = 0
    while True:
        try:
            return attempt(turn)
        except Refused as refused:
            if refused.code != code or time.monotonic() >= ends_at:
                raise
        time.sleep(_pause(turn, 0.0))
        turn += 1


def answered(send: Callable[[], httpx.Response], tries: int = TRIES, *, is_renewable: bool = False) -> httpx.Response:
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
