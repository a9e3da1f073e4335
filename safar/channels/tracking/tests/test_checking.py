"""Whether a domain leads here, asked of somebody who answers in one way or another."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from safar.channels.tracking import checking
from safar.channels.tracking.checking import check_host, mark_of
from safar.lib.outward import Forbidden

SECRET = "a key for tests only, nothing else"


@contextmanager
def answering(status: int, body: str) -> Iterator[int]:
    """A server on this machine that says that; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here = self.path == "/c/here" and self.headers["Host"] == "links.shop.example"
            self.send_response(status if here else 500)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def ask(port: int, *, secure: bool = False) -> str:
    return check_host(
        "links.shop.example", secret=SECRET, secure=secure, port=port, choose=lambda host, port: "127.0.0.1"
    )


@pytest.mark.parametrize(
    ("status", "body", "found"),
    [
        (200, mark_of(SECRET), checking.REACHED),
        (200, mark_of("another"), checking.ELSEWHERE),
        (404, mark_of(SECRET), checking.ELSEWHERE),
        (200, "x" * 100_000, checking.ELSEWHERE),
    ],
    ids=["here", "another installation", "not found", "a page"],
)
def test_who_answers(status: int, body: str, found: str) -> None:
    with answering(status, body) as port:
        assert ask(port) == found


def test_somebody_without_a_certificate() -> None:
    with answering(200, mark_of(SECRET)) as port:
        assert ask(port, secure=True) == checking.TLS


def test_nobody() -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        assert ask(one.getsockname()[1]) == checking.REFUSED


@pytest.mark.parametrize(
    ("raised", "found"), [(OSError("no such name"), checking.UNKNOWN), (Forbidden("closed"), checking.FORBIDDEN)]
)
def test_names_that_lead_nowhere(raised: Exception, found: str) -> None:
    def choose(host: str, port: int) -> str:
        raise raised

    assert check_host("links.shop.example", secret=SECRET, secure=True, choose=choose) == found
