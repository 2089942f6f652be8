"""One request to a target: pinned to a judged address, ten seconds in all, no redirects, little of the answer."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpcore

from applications.errors import InvalidInputError
from webhooks.models import Outcome
from webhooks.targets import ForbiddenTargetError, addresses_of, require_allowed

# Seconds for one attempt from the first packet to the last byte that is read.
PATIENCE = 10.0
CONNECT_PATIENCE = 5.0
READ_AT_MOST = 2048
KEPT_OF_ANSWER = 500


@dataclass(frozen=True)
class Answer:
    """How an attempt ended: the typed outcome, the HTTP status if there was one, the beginning of the answer."""

    outcome: Outcome
    status: int | None = None
    text: str = ""


class Hurried(httpcore.NetworkStream):
    """A connection whose every step has only what is left of the whole patience, however slowly the target drips."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return Hurried(self._stream.start_tls(ssl_context, server_hostname, self._left()), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class Pinned(httpcore.NetworkBackend):
    """Connects to the addresses that were judged, never to a name; TLS still proves the name."""

    def __init__(self, deadline: float) -> None:
        self._deadline, self._network = deadline, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        trouble: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._addresses(host, port)[:2]:
            try:
                return Hurried(self._network.connect_tcp(address, port, self._patience()), self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = error
        raise trouble

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            return addresses_of(host, port, self._patience())
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error

    def _patience(self) -> float:
        """Seconds for the next step of connecting."""
        return max(min(CONNECT_PATIENCE, self._deadline - time.monotonic()), 0.1)


def send(url: str, headers: dict[str, str], content: bytes) -> Answer:
    """POST `content` to the target and say how it ended; raises nothing that the target or the network can cause."""
    try:
        require_allowed(url)
        return _exchange(url, headers, content, time.monotonic() + PATIENCE)
    except (InvalidInputError, ForbiddenTargetError):
        return Answer(Outcome.FORBIDDEN)
    except httpcore.TimeoutException:
        return Answer(Outcome.TIMED_OUT)
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError, UnicodeError) as error:
        return Answer(Outcome.UNREACHABLE, text=f"{type(error).__name__}: {error}"[:KEPT_OF_ANSWER])


def _exchange(url: str, headers: dict[str, str], content: bytes, deadline: float) -> Answer:
    tls = ssl.create_default_context()
    named: list[tuple[bytes | str, bytes | str]] = [
        ("host", urlsplit(url).netloc),
        ("content-type", "application/json"),
        ("content-length", str(len(content))),
        *headers.items(),
    ]
    with (
        httpcore.ConnectionPool(ssl_context=tls, network_backend=Pinned(deadline), retries=0) as pool,
        pool.stream("POST", url, headers=named, content=content) as response,
    ):
        text = _beginning(response) if response.status >= 300 else ""
        return Answer(_outcome(response.status), response.status, text)


def _beginning(response: httpcore.Response) -> str:
    """The first bytes of the answer, as text that can be stored and shown."""
    read = b""
    for chunk in response.iter_stream():
        read += chunk[: READ_AT_MOST - len(read)]
        if len(read) >= READ_AT_MOST:
            break
    return read.decode(errors="replace").replace("\0", "")[:KEPT_OF_ANSWER]


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome.ACCEPTED
    return Outcome.REDIRECTED if 300 <= status < 400 else Outcome.REJECTED
