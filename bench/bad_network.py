"""A network at its worst: connections are cut at random points, and every request arrives twice.

`Cutter` stands between a client and the portal and knows nothing of HTTP; `Twice` doubles what a client sends.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from random import Random

import httpx

CHUNK = 4096
# A cut falls within the first bytes of one direction; most calls are longer than that.
LATEST_CUT_BYTES = 900
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER without lingering: the other side gets a reset


class Cutter:
    """Listens on a port of its own, passes everything on to `target`, and cuts every tenth connection.

    The point is a random number of bytes in one direction, the end of the connection a reset or a plain close. One that
    is over before its point comes leaves its cut to the next. Runs in threads until `stop`.
    """

    def __init__(self, target: int, *, seed: int, every: int = 10) -> None:
        self._target, self._random, self._every = target, Random(seed), every
        self._lock = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listening.getsockname()[1]
        self.connections, self.cuts = 0, 0
        self._chosen = 0

    def start(self) -> Cutter:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def stop(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listening.accept()
                threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        try:
            portal = socket.create_connection(("127.0.0.1", self._target), timeout=30)
        except OSError:
            client.close()
            return
        portal.settimeout(None)
        limits = self._limits()
        pumps = [
            threading.Thread(target=self._pump, args=pump, daemon=True)
            for pump in ((client, portal, limits[0]), (portal, client, limits[1]))
        ]
        for pump in pumps:
            pump.start()
        for pump in pumps:
            pump.join()
        client.close()
        portal.close()
        with self._lock:
            self._chosen -= any(limit is not None for limit in limits)

    def _limits(self) -> tuple[int | None, int | None]:
        """After how many bytes to cut what the client sends, and what the portal answers."""
        with self._lock:
            self.connections += 1
            if self.cuts + self._chosen >= self.connections // self._every:
                return None, None
            self._chosen += 1
            point = self._random.randrange(LATEST_CUT_BYTES)
            return (point, None) if self._random.random() < 0.5 else (None, point)

    def _pump(self, source: socket.socket, sink: socket.socket, limit: int | None) -> None:
        with contextlib.suppress(OSError):
            while chunk := source.recv(CHUNK):
                if limit is not None and len(chunk) > limit:
                    sink.sendall(chunk[:limit])
                    self._cut(source, sink)
                    return
                sink.sendall(chunk)
                limit = limit if limit is None else limit - len(chunk)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def _cut(self, *ends: socket.socket) -> None:
        with self._lock:
            self.cuts += 1
            is_reset = self._random.random() < 0.5
        for end in ends:
            with contextlib.suppress(OSError):
                if is_reset:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
                # A reset goes out when the last thread lets go of the socket, which the shutdown makes it do.
                end.shutdown(socket.SHUT_RDWR)


class Twice(httpx.BaseTransport):
    """Sends every request twice, at once or one after the other, each over a connection of its own.

    The client gets one of the two answers, or the trouble of that one; which, a coin decides beforehand.
    """

    def __init__(self, seed: int) -> None:
        # Connections are not kept: every tenth of them is every tenth request.
        self._wire = httpx.HTTPTransport(limits=httpx.Limits(max_connections=None, max_keepalive_connections=0))
        self._random, self._pool = Random(seed), ThreadPoolExecutor(64)
        self.sent = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        twins = [
            httpx.Request(request.method, request.url, headers=request.headers, content=request.content)
            for _twin in range(2)
        ]
        heard, is_at_once = self._random.randrange(2), self._random.random() < 0.5
        self.sent += 2
        first = self._pool.submit(self._send, twins[0])
        if not is_at_once:
            first.exception()
        second = self._pool.submit(self._send, twins[1])
        ends = [future.exception() or future.result() for future in (first, second)]
        end = ends[heard]
        if isinstance(end, BaseException):
            raise end
        return end

    def _send(self, request: httpx.Request) -> httpx.Response:
        answer = self._wire.handle_request(request)
        try:
            answer.read()
        finally:
            answer.close()
        return answer

    def close(self) -> None:
        self._pool.shutdown()
        self._wire.close()
