"""An SMTP connection: kept open between messages, one message in flight on it.

The URL: ``smtp://user:password@host:587?tls=starttls`` (``smtps://…:465`` and ``tls=ssl`` for TLS from the first
byte, ``tls=none`` for a server on this machine). User and password are percent-encoded. The certificate is always
checked.

Between the end of the body and the server's answer nobody knows whether the message was taken; only there is a loss
of the connection a doubt. Everything before it is a definite "not taken": the terminating dot is written by itself,
after the body.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from safar.channels.mail.smtp_replies import Reply, classify
from safar.channels.provider import Accepted, AccountRefused, Line, NotNow, Parcel, Unanswered, Verdict
from safar.lib.failpoints import failpoint
from safar.lib.outward import Forbidden

CONNECT_SECONDS = 15.0
ANSWER_SECONDS = 60.0
MOST_PER_CONNECTION = 100  # many servers close after some number; better at a moment of our choice
TLS = ("starttls", "ssl", "none")
_DOTS = re.compile(rb"(?m)^\.")
_BARE_END = re.compile(rb"\r\n|\r|\n")
_QUEUED = re.compile(r"queued as ([\w.-]+)|\bid[=\s]([\w.-]+)|([\w.-]+) Message accepted", re.I)


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    tls: str  # starttls | ssl | none
    user: str | None = None
    password: str | None = None


Choose = Callable[[str, int], str]  # (host, port) → the IP address to connect to; may raise Forbidden


class _Answered(Exception):
    """The server said something that ends this hand-over."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.words())
        self.reply = reply


def read_url(url: str) -> Server:
    """Raises ValueError saying the mend; the password is never repeated."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        raise ValueError("SAFAR_EMAIL_URL: the port is no number") from None
    asked = parse_qs(parts.query)
    unknown = set(asked) - {"tls"}
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("SAFAR_EMAIL_URL has to look like smtp://user:password@host:587")
    if unknown:
        raise ValueError(
            f"SAFAR_EMAIL_URL: there is no option {', '.join(sorted(unknown))}; there is tls={'|'.join(TLS)}"
        )
    tls = asked.get("tls", ["ssl" if parts.scheme == "smtps" or port == 465 else "starttls"])[0]
    if tls not in TLS or (parts.scheme == "smtps" and tls != "ssl"):
        raise ValueError(f"SAFAR_EMAIL_URL: tls has to be one of {', '.join(TLS)}, and ssl with smtps://")
    if parts.username and tls == "none" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise ValueError(
            "SAFAR_EMAIL_URL: tls=none would send the password readable over the network; use starttls or ssl"
        )
    return Server(
        host=parts.hostname,
        port=port or (465 if tls == "ssl" else 587),
        tls=tls,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


class SmtpLine(Line):
    """One connection, opened when it is first needed and again after it was lost."""

    def __init__(self, server: Server, *, choose: Choose | None = None) -> None:
        """choose: where somebody of a workspace typed the host."""
        self.server, self.choose = server, choose
        self._smtp: smtplib.SMTP | None = None
        self._carried = 0

    def hand_over(self, parcel: Parcel) -> Verdict:
        fresh = self._smtp is None
        if self._carried >= MOST_PER_CONNECTION:
            self.close()
            fresh = True
        verdict = self._try(parcel)
        if not fresh and isinstance(verdict, NotNow) and verdict.reason in ("line_lost", "service_closing"):
            # A connection that stood idle was closed by the server: nothing of this message was taken.
            verdict = self._try(parcel)
        return verdict

    def close(self) -> None:
        smtp, self._smtp, self._carried = self._smtp, None, 0
        if smtp is not None:
            try:
                if smtp.sock is not None:
                    smtp.sock.settimeout(1.0)
                smtp.quit()
            except (OSError, smtplib.SMTPException):
                smtp.close()

    def _try(self, parcel: Parcel) -> Verdict:
        try:
            smtp = self._smtp or self._connect()
        except _Answered as answered:
            return classify(answered.reply)
        except Forbidden as error:
            return AccountRefused("settings", str(error))
        except ssl.SSLError as error:
            return AccountRefused("tls", str(error)[:500])
        except (OSError, smtplib.SMTPException) as error:
            return AccountRefused("unreachable", _said(error))
        try:
            self._envelope(smtp, parcel)
        except _Answered as answered:
            self._after_refusal(answered.reply)
            return classify(answered.reply)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return NotNow("line_lost", _said(error))
        return self._body(smtp, parcel)

    def _connect(self) -> smtplib.SMTP:
        """A connection that is greeted, encrypted and logged in. Raises _Answered, OSError, SMTPException."""
        server = self.server
        context = ssl.create_default_context() if server.tls != "none" else None
        phase = "connect"
        smtp: smtplib.SMTP | None = None
        try:
            if server.tls == "ssl":
                smtp = _Encrypted(server, self.choose, context=context)
            else:
                smtp = _Plain(server, self.choose)
            if smtp.sock is not None:
                # The end of the body is a write of its own: without this it would wait for the other side's delayed
                # acknowledgement, 40 ms a message.
                smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            phase = "hello"
            self._hello(smtp)
            if server.tls == "starttls":
                phase = "tls"
                if not smtp.has_extn("starttls"):
                    raise _Answered(
                        Reply("tls", 502, "the server offers no STARTTLS; use tls=none if it is on this machine")
                    )
                _expect(smtp.starttls(context=context), 220, phase)
                self._hello(smtp)
            if server.user is not None:
                phase = "login"
                self._login(smtp)
            if smtp.sock is not None:
                smtp.sock.settimeout(ANSWER_SECONDS)
        except smtplib.SMTPResponseException as error:
            _close(smtp)
            raise _Answered(Reply(phase, error.smtp_code, _text(error.smtp_error))) from None
        except (_Answered, OSError, smtplib.SMTPException):
            _close(smtp)
            raise
        self._smtp, self._carried = smtp, 0
        return smtp

    def _hello(self, smtp: smtplib.SMTP) -> None:
        answer = smtp.ehlo()
        if answer[0] in (500, 502):  # it does not know the word: an old server
            answer = smtp.helo()
        _expect(answer, 250, "hello")

    def _login(self, smtp: smtplib.SMTP) -> None:
        if not smtp.has_extn("auth"):
            raise _Answered(Reply("login", 530, "the server takes no login on this connection; see tls="))
        try:
            smtp.login(self.server.user or "", self.server.password or "")
        except smtplib.SMTPNotSupportedError as error:
            raise _Answered(Reply("login", 534, str(error))) from None

    def _envelope(self, smtp: smtplib.SMTP, parcel: Parcel) -> None:
        """MAIL, RCPT, DATA: up to here nothing can have been taken."""
        options = [f"SIZE={len(parcel.source)}"] if smtp.has_extn("size") else []
        _expect(smtp.mail(parcel.sender, options), 250, "mail")
        taken = 0
        for address in (parcel.address, *parcel.also):
            code, said = smtp.rcpt(address)
            if code in (250, 251):
                taken += 1
            elif not parcel.also or (address == parcel.also[-1] and not taken):
                raise _Answered(Reply("rcpt", code, _text(said)))
        smtp.putcmd("data")
        _expect(smtp.getreply(), 354, "data")

    def _body(self, smtp: smtplib.SMTP, parcel: Parcel) -> Verdict:
        source = _DOTS.sub(b"..", _BARE_END.sub(b"\r\n", parcel.source))
        if not source.endswith(b"\r\n"):
            source += b"\r\n"
        failpoint("smtp.before_body")
        try:
            smtp.send(source)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()  # without its end the server cannot have taken it
            return NotNow("line_lost", _said(error))
        failpoint("smtp.before_end")
        try:
            smtp.send(b".\r\n")
            failpoint("smtp.after_end")
            code, said = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Unanswered("no_answer", _said(error))
        reply = Reply("body", code, _text(said))
        self._carried += 1
        if code == 250:
            found = _QUEUED.search(reply.said)
            return Accepted(provider_id=next(filter(None, found.groups()), None) if found else None, said=reply.words())
        if not 400 <= code <= 599:
            self._drop()
            return Unanswered("strange_answer", reply.words())
        self._after_refusal(reply)
        return classify(reply)

    def _after_refusal(self, reply: Reply) -> None:
        """Make the connection fit for the next message, or give it up."""
        if self._smtp is None:
            return
        if reply.code == 421:
            self._drop()
            return
        try:
            if self._smtp.rset()[0] != 250:
                self._drop()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        smtp, self._smtp, self._carried = self._smtp, None, 0
        _close(smtp)


class _Plain(smtplib.SMTP):
    """Connects to the very address that was looked at; the certificate is checked against the name."""

    def __init__(self, server: Server, choose: Choose | None, **more: Any) -> None:
        self._choose = choose
        super().__init__(server.host, server.port, _own_name(), timeout=CONNECT_SECONDS, **more)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return socket.create_connection((self._choose(host, port) if self._choose else host, port), timeout)


class _Encrypted(_Plain, smtplib.SMTP_SSL):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        raw = super()._get_socket(host, port, timeout)
        return self.context.wrap_socket(raw, server_hostname=host)


@cache
def _own_name() -> str:
    """What we greet servers with; asked once, because it may ask the name service."""
    name = socket.getfqdn()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def _expect(answer: tuple[int, bytes], code: int, phase: str) -> None:
    if answer[0] != code:
        raise _Answered(Reply(phase, answer[0], _text(answer[1])))


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.replace("\0", "").split())


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _close(smtp: smtplib.SMTP | None) -> None:
    if smtp is not None:
        smtp.close()
