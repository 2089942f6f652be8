"""How a question travels: pooled HTTPS, a time-out, a bounded retry, and a breaker shared by all processes.

Each register has its own connections, so one that hangs takes nothing away from the others. Personal data goes in
the body, never in the address, because addresses end up in logs.
"""

import atexit
import os
import random
import ssl
import time
import zlib
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus

import httpx
from django.conf import settings
from django.core.cache import cache

from registers.replies import MAX_REPLY_BYTES

FAILURES_REMEMBERED_SECONDS = 600
OPEN_AT_MOST_SECONDS = 86_400
CONNECT_SECONDS = 3.0
FIRST_PAUSE_SECONDS = 0.1


class TroubleError(Exception):
    """The register gave no usable answer. `code` is a finding's code, `raw` what is kept as evidence."""

    def __init__(self, code: str, raw: str, *, is_outage: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.raw = raw
        self.is_outage = is_outage


@dataclass(frozen=True)
class Line:
    """The way to one register: `timeout` in seconds for one attempt."""

    register: str
    url: str
    timeout: float
    attempts: int


def post(line: Line, body: dict[str, object], *, request_id: str) -> str:
    """The body of the register's 200 answer. Raises TroubleError for everything else, in bounded time.

    Only for questions: asking twice must do no harm, because a failed attempt is repeated.
    """
    if not _may_pass(line):
        raise TroubleError("unavailable.breaker_open", "not asked: the breaker is open after repeated failures")
    try:
        reply = _with_retries(line, body, request_id)
    except TroubleError as trouble:
        if trouble.is_outage:
            _count_failure(line)
        raise
    cache.delete_many([_key(line, "failures"), _key(line, "open")])
    return reply


def close_breaker(register: str, url: str) -> None:
    """Forget the failures of a register, as after a repair that cannot wait for the next probe."""
    line = Line(register, url, 0, 0)
    cache.delete_many([_key(line, name) for name in ("failures", "open", "resting")])


def _with_retries(line: Line, body: dict[str, object], request_id: str) -> str:
    for attempt in range(1, line.attempts + 1):
        try:
            return _once(line, body, request_id)
        except TroubleError as trouble:
            if not trouble.is_outage or attempt >= line.attempts:
                raise
        time.sleep(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1) * random.uniform(0.5, 1.5))  # noqa: S311 - spreads retries
    raise ValueError("a line needs at least one attempt")


def _once(line: Line, body: dict[str, object], request_id: str) -> str:
    headers = {"X-Request-Id": request_id, "Accept": "application/json"}
    timeout = httpx.Timeout(line.timeout, connect=min(CONNECT_SECONDS, line.timeout))
    deadline = time.monotonic() + line.timeout
    try:
        client = _client(line.register, os.getpid(), settings.REGISTER_CONNECTIONS, settings.REGISTER_CA_FILE)
        with client.stream("POST", line.url, json=body, headers=headers, timeout=timeout) as response:
            text = _read(response, deadline)
    except httpx.TimeoutException as error:
        raise TroubleError("unavailable.timeout", f"{type(error).__name__}: {error}", is_outage=True) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise TroubleError("unavailable.refused", f"{type(error).__name__}: {error}", is_outage=True) from error
    if response.status_code != HTTPStatus.OK:
        is_outage = response.is_server_error
        raise TroubleError("unavailable.status", f"HTTP {response.status_code}: {text[:2000]}", is_outage=is_outage)
    return text


def _read(response: httpx.Response, deadline: float) -> str:
    # httpx limits the wait for each piece; a register that drips byte by byte is stopped here.
    received = bytearray()
    for piece in response.iter_bytes():
        received += piece
        if len(received) > MAX_REPLY_BYTES:
            raise TroubleError("unavailable.nonsense", f"the reply is longer than {MAX_REPLY_BYTES} bytes")
        if time.monotonic() > deadline:
            raise TroubleError("unavailable.timeout", "the reply came too slowly", is_outage=True)
    return received.decode("utf-8", errors="replace")


@lru_cache(maxsize=64)
def _client(_register: str, _process_id: int, connections: int, ca_file: str) -> httpx.Client:
    # The cache's key is what makes two clients differ: each register has a pool of its own, and a forked child must
    # not share its parent's connections. The environment's proxies are not for these questions.
    client = httpx.Client(
        verify=ssl.create_default_context(cafile=ca_file or None),
        follow_redirects=False,
        trust_env=False,
        limits=httpx.Limits(max_connections=connections, keepalive_expiry=30),
    )
    atexit.register(client.close)
    return client


def _may_pass(line: Line) -> bool:
    """Closed: everyone. Open: after each rest exactly one caller, the probe, because `add` succeeds only once."""
    if cache.get(_key(line, "open")) is None:
        return True
    return cache.add(_key(line, "resting"), 1, timeout=settings.REGISTER_BREAKER_REST_SECONDS)


def _count_failure(line: Line) -> None:
    key = _key(line, "failures")
    cache.add(key, 0, timeout=FAILURES_REMEMBERED_SECONDS)
    try:
        failures = cache.incr(key)
    except ValueError:  # forgotten between the two lines, so this is the first one again
        return
    if failures >= settings.REGISTER_BREAKER_FAILURES:
        cache.set(_key(line, "resting"), 1, timeout=settings.REGISTER_BREAKER_REST_SECONDS)
        cache.set(_key(line, "open"), 1, timeout=OPEN_AT_MOST_SECONDS)


def _key(line: Line, name: str) -> str:
    # A register that has moved to another address starts with a clean record.
    return f"registers:breaker:{line.register}:{zlib.crc32(line.url.encode()):08x}:{name}"
