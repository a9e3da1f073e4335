"""HTTP calls to services: one connection that is kept, one call in flight on it, every wait with its end.

What went wrong is told by when it went wrong, because that decides what may be done next:

    CallFault
    ├── NotConnected      nothing was sent; the service cannot be reached
    │   └── NotEncrypted  nothing was sent; no TLS came about (certificate, protocol)
    ├── NotSent           the line broke before the end of the request: the service cannot have acted on it
    └── NoAnswer          the request was sent whole and no answer came, or half of one: nobody knows

No redirect is followed: an answer of 3xx is an answer.
"""

from __future__ import annotations

import http.client
import io
import select
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0  # for a whole answer, however it drips
IDLE_SECONDS = 5.0  # a connection that stood idle for longer is not trusted
LARGEST_ANSWER = 1_000_000  # bytes


class CallFault(Exception):
    """See the module."""


class NotConnected(CallFault):
    pass


class NotEncrypted(NotConnected):
    pass


class NotSent(CallFault):
    pass


class NoAnswer(CallFault):
    pass


@dataclass(frozen=True, slots=True)
class Call:
    """url: absolute, of http or https, percent-encoded. seconds: of a whole answer, where this call has its own."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Answered:
    """headers: by lower-case name. body: at most as many bytes as the caller reads."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class Caller:
    """Calls one after the other. choose: (host, port) → the IP address to connect to; may raise ValueError, which goes to the caller.
    None: whatever the name service says. seconds, largest: of a whole answer, where it is another than ours.
    """

    def __init__(
        self,
        choose: Callable[[str, int], str] | None = None,
        *,
        seconds: float = 0.0,
        largest: int = LARGEST_ANSWER,
    ) -> None:
        self._choose, self._seconds, self._largest = choose, seconds, largest
        self._conn: http.client.HTTPConnection | None = None
        self._origin: tuple[str, str, int] | None = None
        self._used_at = 0.0
        self._deadline = _Deadline()

    def call(self, call: Call) -> Answered:
        """Raises CallFault; ValueError where the address may not be called."""
        parts = urlsplit(call.url)
        host, secure = parts.hostname or "", parts.scheme == "https"
        origin = (parts.scheme, host, parts.port or (443 if secure else 80))
        conn = self._reuse(origin) or self._connect(origin)
        self._deadline.give(call.seconds or self._seconds or ANSWER_SECONDS)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            headers = {"Accept": "application/json, */*", "User-Agent": "safar", **call.headers}
            conn.request(call.method, target, body=call.body, headers=headers)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NotSent(_said(error)) from None
        try:
            answer = conn.getresponse()
            body = answer.read(self._largest)
            whole = answer.isclosed()
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise NoAnswer(_said(error)) from None
        if (
            answer.length and len(body) < self._largest
        ):  # http.client tells of this only where it is asked for all at once
            self.close()
            raise NoAnswer(f"the answer ended {answer.length} bytes too early")
        if answer.will_close or not whole:
            self.close()
        self._used_at = time.monotonic()
        return Answered(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)

    def close(self) -> None:
        conn, self._conn = self._conn, None
        if conn is not None:
            conn.close()

    def _reuse(self, origin: tuple[str, str, int]) -> http.client.HTTPConnection | None:
        """The kept connection, if the other side has not ended it meanwhile."""
        conn = self._conn
        if conn is None or conn.sock is None:
            return None
        if origin != self._origin or time.monotonic() - self._used_at > IDLE_SECONDS or _ended(conn.sock):
            self.close()
            return None
        return conn

    def _connect(self, origin: tuple[str, str, int]) -> http.client.HTTPConnection:
        scheme, host, port = origin
        self._deadline.give(CONNECT_SECONDS)
        raw: socket.socket | None = None
        try:
            address = self._choose(host, port) if self._choose else host
            raw = socket.create_connection((address, port), timeout=CONNECT_SECONDS)
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if scheme == "https":
                raw.settimeout(max(0.001, self._deadline.left()))
                raw = _trust().wrap_socket(raw, server_hostname=host)
        except (ssl.SSLError, ssl.CertificateError) as error:
            _close(raw)
            raise NotEncrypted(_said(error)) from None
        except (OSError, UnicodeError) as error:
            _close(raw)
            raise NotConnected(_said(error)) from None
        conn = http.client.HTTPConnection(host, port)
        conn.default_port = 443 if scheme == "https" else 80  # decides whether Host names the port
        conn.sock = _Bounded(raw, self._deadline)
        self._conn, self._origin = conn, origin
        return conn


class _Deadline:
    """When the present step has to be over, by the monotonic clock."""

    def __init__(self) -> None:
        self.at = 0.0

    def give(self, seconds: float) -> None:
        self.at = time.monotonic() + seconds

    def left(self) -> float:
        return self.at - time.monotonic()


class _Bounded:
    """A socket whose every wait ends at the deadline, so that an answer that drips a byte at a time ends as well."""

    def __init__(self, raw: socket.socket, deadline: _Deadline) -> None:
        self.raw, self.deadline = raw, deadline
        self._readers, self._closed = 0, False

    def sendall(self, data: Any) -> None:
        self._limit()
        self.raw.sendall(data)

    def makefile(self, *_: Any) -> io.BufferedReader:
        self._readers += 1
        return io.BufferedReader(_Reader(self))

    def let_go(self) -> None:
        """A reader is through."""
        self._readers -= 1
        if self._closed and not self._readers:
            self.raw.close()

    def read_into(self, buffer: Any) -> int:
        self._limit()
        return self.raw.recv_into(buffer)

    def fileno(self) -> int:
        return self.raw.fileno()

    def close(self) -> None:
        """Once nobody reads any more: http.client closes it before the answer is read where the other side ends the connection with it."""
        self._closed = True
        if not self._readers:
            self.raw.close()

    def _limit(self) -> None:
        left = self.deadline.left()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self.raw.settimeout(left)


class _Reader(io.RawIOBase):
    def __init__(self, bounded: _Bounded) -> None:
        self._bounded = bounded

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._bounded.read_into(buffer)

    def close(self) -> None:
        if not self.closed:
            self._bounded.let_go()
        super().close()


def _ended(sock: Any) -> bool:
    """Whether the other side said something while nothing was asked: that it ends the connection."""
    try:
        return bool(select.select([sock.fileno()], [], [], 0)[0])
    except (OSError, ValueError):
        return True


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _close(sock: socket.socket | None) -> None:
    if sock is not None:
        sock.close()


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
