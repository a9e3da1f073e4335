"""One keep-alive connection, one request at a time, in this thread: for times of single requests."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Self


class Wire:
    """port: of the web process on this machine."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def post(self, data: bytes) -> None:
        """Sends and waits for the whole answer. Raises RuntimeError where it is not 200."""
        self.socket.sendall(data)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._read()
        head, _, body = answer.partition(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
        )
        while len(body) < length:
            body += self._read()
        if b" 200 " not in head.split(b"\r\n")[0]:
            raise RuntimeError(f"{head.decode()}\n{body[:300].decode(errors='replace')}")

    def _read(self) -> bytes:
        data = self.socket.recv(65536)
        if not data:
            raise RuntimeError("the web process has closed the connection")
        return data

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()
