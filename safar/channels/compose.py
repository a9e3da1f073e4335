"""Making an e-mail of what was rendered: both parts, headers that cannot be injected into, and the way out for
whoever wants it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\[\]]+@[^\s@<>\"(),:;\\\[\]]+", re.UNICODE)
LONGEST_LOCAL, LONGEST_ADDRESS = 64, 254  # RFC 5321

# 8bit would do for most servers, but a body that some relay has to re-encode loses its DKIM signature.
_POLICY = SMTP.clone(cte_type="7bit", max_line_length=76)


class BadAddress(ValueError):
    """A text that is no e-mail address."""


@dataclass(frozen=True, slots=True)
class Letter:
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


def compose(letter: Letter) -> bytes:
    """The message with CRLF line ends. Raises BadAddress where an address in it is none."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = _mailbox(letter.sender)
    message["To"] = [_mailbox(address) for address in letter.to]
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
    message.set_content(letter.text, cte="base64" if not letter.text.isascii() else "quoted-printable")
    if letter.html:
        message.add_alternative(
            letter.html, subtype="html", cte="base64" if not letter.html.isascii() else "quoted-printable"
        )
        # Not drawn by lot: a second attempt at a message is the same message, byte for byte.
        message.set_boundary("=_" + hashlib.sha256(letter.message_id.encode()).hexdigest()[:32])
    return message.as_bytes()


def one_line(text: str) -> str:
    """No control characters, so nothing that begins another header."""
    return _CONTROL.sub(" ", text).strip()


def bare_address(text: str) -> str:
    """The address in ``Name <address>``. Raises BadAddress."""
    address = parseaddr(one_line(text))[1] if "<" in text else text.strip()
    local, _, domain = address.rpartition("@")
    if (
        not _ADDRESS.fullmatch(address)
        or len(local) > LONGEST_LOCAL
        or len(address) > LONGEST_ADDRESS
        or ".." in domain
        or not local.isascii()
    ):
        raise BadAddress(f"{one_line(text)[:100]!r} is not an e-mail address")
    return local + "@" + _ascii_domain(domain)


def _mailbox(text: str) -> Address:
    address = bare_address(text)
    name = one_line(text[: text.rindex("<")]).strip().strip('"') if "<" in text else ""
    local, _, domain = address.rpartition("@")
    try:
        return Address(display_name=name, username=local, domain=domain)
    except (ValueError, IndexError) as error:
        raise BadAddress(f"{one_line(text)[:100]!r} is not an e-mail address ({error})") from None


def _ascii_domain(domain: str) -> str:
    try:
        return domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise BadAddress(f"{domain[:100]!r} is not a domain name") from None
