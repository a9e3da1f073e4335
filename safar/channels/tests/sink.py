"""An SMTP server for tests (aiosmtpd) that says what it is told to say, at each phase."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

logging.getLogger("mail.log").setLevel(logging.ERROR)  # it tells of every connection

DROP = "drop"  # as an answer: close the connection instead of answering
HANG = "hang"  # as an answer: say nothing until the test releases it


@dataclass
class Mail:
    sender: str
    recipients: list[str]
    source: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.source, policy=policy.SMTP)  # type: ignore[return-value]


@dataclass
class Sink:
    """answers: phase (hello, mail, rcpt, data) → what is said next, one after the other; then all is accepted."""

    answers: dict[str, list[str]] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    options: dict[str, Any] = field(default_factory=dict)
    most_connections: int = 0  # 0: any number
    poison: str = ""  # a recipient for whom the sender is refused, always
    arrived: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)  # what hangs says 450 then

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    def say(self, phase: str, *answers: str) -> None:
        self.answers.setdefault(phase, []).extend(answers)

    async def _next(self, phase: str, server: Any) -> str | None:
        waiting = self.answers.get(phase)
        if not waiting:
            return None
        answer = waiting.pop(0)
        if answer == DROP:
            server.transport.abort()
            await asyncio.sleep(0)
            return "421 dropped"
        if answer == HANG:
            self.arrived.set()
            while not self.released.is_set():
                await asyncio.sleep(0.01)
            return "450 4.3.0 later"
        return answer

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        if self.most_connections and self.connections > self.most_connections:
            return ["421 4.7.0 too many connections"]
        session.host_name = hostname
        answer = await self._next("hello", server)
        return [answer] if answer else responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        answer = await self._next("mail", server)
        if answer:
            return answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        answer = await self._next("rcpt", server)
        if address == self.poison:
            answer = "550 5.1.8 sender address rejected"
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = await self._next("data", server)
        if answer and not answer.startswith("taken"):
            return answer
        self.mails.append(Mail(envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        self.arrived.set()
        if answer == "taken, then drop":
            server.transport.abort()
            await asyncio.sleep(0)
        return f"250 2.0.0 OK: queued as Q{len(self.mails)}"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, login: Any) -> AuthResult:
        return AuthResult(success=login.password == b"right", handled=False)


class _Controller(Controller):
    def _trigger_server(self) -> None:
        """aiosmtpd knocks at the port it was told; with port 0 that is not the one it got."""
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


@contextmanager
def running_sink(**options: Any) -> Iterator[Sink]:
    """A sink on a free port of this machine. options: aiosmtpd's, such as auth_require_tls."""
    sink = Sink(options=options)
    if options.pop("login", False):
        options |= {"authenticator": sink.authenticate, "auth_required": True, "auth_require_tls": False}
    controller = _Controller(sink, hostname="127.0.0.1", port=0, **options)
    controller.start()
    sink.port = controller.port
    try:
        yield sink
    finally:
        controller.stop(no_assert=True)
