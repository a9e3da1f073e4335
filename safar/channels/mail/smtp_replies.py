"""What an SMTP server's refusal means: of this message or of the account, for now or for good. Pure, so that it can
be tested by table.

Servers say the same thing in many ways. The enhanced code (RFC 3463) goes first, then the phase, then a few words
that large providers use; an unclear 5xx at RCPT or after the body is about the message, an unclear 5xx before that
about the account.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from safar.channels.provider import AccountRefused, NotNow, Refused, Verdict

PHASES = ("connect", "hello", "tls", "login", "mail", "rcpt", "data", "body")

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_QUOTA = re.compile(
    r"quota|limit exceeded|exceeded .{0,40}limit|sending limit|too many messages|daily (?:sending )?(?:limit|user)|rate limit",
    re.I,
)
_CREDIT = re.compile(r"credit|billing|payment|subscription|suspended|account .{0,20}(?:disabled|locked|blocked)", re.I)
_RELAY = re.compile(r"relay(?:ing)?\b", re.I)
_SENDER = re.compile(
    r"sender (?:address )?(?:rejected|refused|denied|not)|from address|not (?:verified|owned|authori[sz]ed to send)|spf|dkim|dmarc|unauthenticated",
    re.I,
)
_LOGIN = re.compile(r"authenticat|must issue a starttls|login|credentials|password", re.I)
_MAILBOX_CODES = frozenset(
    ("1.1", "1.2", "1.3", "1.6", "1.10", "2.1", "2.2", "2.3", "2.4")
)  # of the recipient's mailbox
_TOO_LARGE = frozenset(("3.4", "2.3"))


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's answer. said: its text, one line."""

    phase: str
    code: int
    said: str

    @property
    def enhanced(self) -> str:
        """``1.1`` of ``5.1.1``; empty where there is none."""
        found = _ENHANCED.search(self.said)
        return f"{found[2]}.{found[3]}" if found else ""

    def words(self) -> str:
        return f"{self.code} {self.said}"[:500]


def classify(reply: Reply) -> Verdict:
    """The verdict of a refusal (a code of 400 or more, or one that is out of place)."""
    permanent = reply.code >= 500
    if reply.phase in ("connect", "hello", "tls"):
        return AccountRefused("unreachable" if reply.phase != "tls" else "tls", reply.words())
    if reply.phase == "login":
        return AccountRefused("login" if permanent else "unreachable", reply.words())
    if reply.enhanced not in _MAILBOX_CODES:
        account = _account(reply, permanent)
        if account is not None:
            return account
    if not permanent:
        return NotNow(_soft_reason(reply), reply.words())
    if reply.enhanced in _TOO_LARGE or (reply.code == 552 and reply.phase in ("mail", "body") and not reply.enhanced):
        return Refused("too_large", reply.words())
    if reply.phase == "mail":
        return AccountRefused("sender", reply.words(), everybody=False)
    if reply.phase == "rcpt":
        return Refused("mailbox_full" if reply.enhanced == "2.2" else "bad_address", reply.words())
    return Refused("content", reply.words())


def _account(reply: Reply, permanent: bool) -> AccountRefused | None:
    """Refusals that would meet every other message too. A soft one of them is waited for with the message it met, but
    for quotas.
    """
    if reply.code == 530 or (reply.code in (534, 535, 538)):
        return AccountRefused("login", reply.words())
    if reply.enhanced == "4.5" or _QUOTA.search(reply.said):
        return AccountRefused("quota", reply.words()) if permanent or reply.phase == "mail" else None
    if not permanent:
        return None
    if reply.enhanced in ("1.7", "1.8") or _SENDER.search(reply.said):
        return AccountRefused("sender", reply.words(), everybody=False)
    if _CREDIT.search(reply.said):
        return AccountRefused("credit", reply.words())
    if _RELAY.search(reply.said) or (reply.phase in ("mail", "data") and _LOGIN.search(reply.said)):
        return AccountRefused("login", reply.words())
    return None


def _soft_reason(reply: Reply) -> str:
    if reply.code == 421:
        return "service_closing"
    if reply.enhanced.startswith("2.2") or reply.code == 452:
        return "mailbox_full"
    return "greylisted" if reply.phase == "rcpt" else "not_now"
