"""Making an e-mail of what was rendered: both parts, headers that cannot be injected into, and the way out for
whoever wants it.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f@<>\"(),:;\\\[\]]+@[^\s\x00-\x1f\x7f@<>\"(),:;\\\[\]]+")
_DOMAIN = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.I)
_LINE_END = re.compile(r"\r\n|\r|\n")
LONGEST_LOCAL, LONGEST_ADDRESS = 64, 254  # RFC 5321

# Neither base64 nor quoted-printable can hold this, and nothing else stands between two parts.
_BOUNDARY = "=_safar-part"


class _Policy(EmailPolicy):
    """SMTP's policy, without parsing and folding the headers that need neither: 15 headers cost 1.8 ms of a message,
    and no message needs more than its subject and names parsed.

    A value that is one printable ASCII line of sane length goes onto the wire as it is; all others go through the
    header classes, and what is the same in every message (sender, content types) does so once.
    """

    def header_max_count(self, name: str) -> int:
        return 1  # of ours none may stand twice; the library makes a class for each header to find that out

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if type(value) is str and name not in _STRUCTURED and _PLAIN.fullmatch(value):
            return name, value
        return _parsed(name, value)

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        return value if hasattr(value, "name") or name not in _STRUCTURED else _parsed(name, value)[1]

    def fold_binary(self, name: str, value: Any) -> bytes:
        if type(value) is str:
            return f"{name}: {value}\r\n".encode("ascii")
        return _folded(name, value)


_STRUCTURED = frozenset(("Content-Type", "Content-Transfer-Encoding", "MIME-Version", "From", "Reply-To"))
_PLAIN = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,898}[\x21-\x7e])?")
_SMTP = SMTP.clone(cte_type="7bit", max_line_length=76)  # 8bit would do for most; a relay that re-encodes breaks DKIM
_POLICY = _Policy(linesep="\r\n", cte_type="7bit", max_line_length=76, refold_source="none")


@lru_cache(maxsize=256)
def _parsed(name: str, value: Any) -> tuple[str, Any]:
    return _SMTP.header_store_parse(name, value)


@lru_cache(maxsize=256)
def _folded(name: str, value: Any) -> bytes:
    return _SMTP.fold_binary(name, value)


class BadAddress(ValueError):
    """A text that is no e-mail address."""


@dataclass(frozen=True, slots=True)
class Email:
    """What an e-mail is made from. date: aware. unsubscribe_url: on every marketing message; one_click: it takes a
    POST over https.
    """

    message_id: str
    date: datetime
    sender: str  # Name <address>
    to: tuple[str, ...]
    subject: str
    text: str
    html: str = ""
    reply_to: str = ""
    unsubscribe_url: str | None = None
    one_click: bool = False


def compose(letter: Email) -> bytes:
    """The message with CRLF line ends. Raises BadAddress where an address in it is none."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = _mailbox(letter.sender)
    message["To"] = ", ".join(bare_address(address) for address in letter.to)
    if letter.reply_to:
        message["Reply-To"] = _mailbox(letter.reply_to)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(letter.date)
    message["Message-ID"] = letter.message_id
    if letter.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        if letter.one_click:
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message["Auto-Submitted"] = "auto-generated"
    message["MIME-Version"] = "1.0"
    if not letter.html:
        _fill(message, "plain", letter.text)
        return _flatten(message)
    message["Content-Type"] = f'multipart/alternative; boundary="{_BOUNDARY}"'
    for subtype, text in (("plain", letter.text), ("html", letter.html)):
        part = EmailMessage(policy=_POLICY)
        _fill(part, subtype, text)
        message.attach(part)
    return _flatten(message)


def _fill(part: EmailMessage, subtype: str, text: str) -> None:
    """The text as a part's content: quoted-printable where it is ASCII, and so can be read in its source, else base64."""
    lines = _LINE_END.sub("\n", text).encode("utf-8")
    readable = lines.isascii()
    part["Content-Type"] = f'text/{subtype}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "quoted-printable" if readable else "base64"
    encoded = binascii.b2a_qp(lines, istext=True) if readable else base64.encodebytes(lines.replace(b"\n", b"\r\n"))
    part.set_payload(encoded.replace(b"\n", b"\r\n").decode("ascii"))


def _flatten(message: EmailMessage) -> bytes:
    """As ``message.as_bytes()``, for what is known to be encoded already: the library's generator looks at every line again."""
    head = b"".join(message.policy.fold_binary(name, value) for name, value in message.raw_items())
    payload = message.get_payload()
    if not isinstance(payload, list):
        return head + b"\r\n" + str(payload).encode("ascii")
    line = b"\r\n--" + _BOUNDARY.encode("ascii")
    parts = b"".join(line + b"\r\n" + _flatten(part) for part in payload if isinstance(part, EmailMessage))
    return head + parts + line + b"--\r\n"


def one_line(text: str) -> str:
    """No control characters, so nothing that begins another header."""
    return _CONTROL.sub(" ", text).strip()


def bare_address(text: str) -> str:
    """An address alone, such as a contact's, its domain as it goes over the wire. Raises BadAddress."""
    local, _, domain = text.rpartition("@")
    if not _ADDRESS.fullmatch(text) or len(local) > LONGEST_LOCAL or len(text) > LONGEST_ADDRESS or ".." in domain:
        raise BadAddress(f"{one_line(text)[:100]!r} is not an e-mail address")
    if not local.isascii():  # it would need SMTPUTF8 all the way
        raise BadAddress(f"{one_line(text)[:100]!r} has letters before the @ that mail servers do not take")
    return local + "@" + _ascii_domain(domain)


def is_domain(text: str) -> bool:
    """Whether it is a domain name as it goes over the wire, of two labels at least and no IP address."""
    return _DOMAIN.fullmatch(text) is not None


@lru_cache(maxsize=64)
def sender_address(text: str) -> str:
    """The address in ``Name <address>``, or an address alone. Raises BadAddress."""
    return bare_address(_split(text)[1])


def _split(text: str) -> tuple[str, str]:
    """(name, address)."""
    text = one_line(text)
    if text.endswith(">") and "<" in text:
        name, _, address = text[:-1].rpartition("<")
        return name.strip().strip('"'), address
    return "", text


@lru_cache(maxsize=64)
def _mailbox(text: str) -> str:
    name, address = _split(text)
    local, _, domain = bare_address(address).rpartition("@")
    try:
        return str(Address(display_name=name, username=local, domain=domain))
    except (ValueError, IndexError) as error:
        raise BadAddress(f"{text[:100]!r} is not an e-mail address ({error})") from None


def _ascii_domain(domain: str) -> str:
    try:
        return domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise BadAddress(f"{domain[:100]!r} is not a domain name") from None
