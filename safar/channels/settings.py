"""What sending needs to know of the installation, as one value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr

from safar.outbox.finish import DOUBT_FOR
from safar.outbox.rows import LEASE, SENDING_LEASE

MODES = ("mailbox", "team", "live")  # from the most careful on


@dataclass(frozen=True)
class Sending:
    """``config`` fills it from the environment values of the same names.

    secret_key: signs unsubscribe links and message ids. public_url: without a slash at the end. most: the boldest
    mode the installation allows; a workspace's own mode counts where it is more careful. The leases say how long a killed dispatcher's
    messages wait before another one takes them up; doubt_for, how long evidence is waited for.
    """

    secret_key: str
    old_secret_keys: tuple[str, ...] = ()  # still open what was sealed under them
    public_url: str = "http://localhost:8000"
    short_host: str = ""  # of short links in SMS, where a workspace has none of its own
    email_url: str | None = None
    email_from: str = "Safar <safar@localhost>"
    most: str = "live"
    team_addresses: tuple[str, ...] = ()
    lines: int = 8  # connections to a provider at most, and so messages in flight
    batch: int = 32  # claimed at once
    render_processes: int = 1
    claim_lease: timedelta = LEASE
    sending_lease: timedelta = SENDING_LEASE
    doubt_for: timedelta = DOUBT_FOR

    @property
    def secure(self) -> bool:
        """One-click unsubscribing (RFC 8058) needs https."""
        return self.public_url.startswith("https://")

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The present one first."""
        return (self.secret_key, *self.old_secret_keys)

    def mode_for(self, workspace_mode: str) -> str:
        """The mode that counts: the more careful one of the installation's and the workspace's; mailbox for an
        unknown word.
        """
        if workspace_mode not in MODES:
            return MODES[0]
        return MODES[min(MODES.index(workspace_mode), MODES.index(self.most))]


def read_sending(env: Mapping[str, str] | None = None) -> Sending:
    """From SAFAR_SECRET_KEY, SAFAR_PUBLIC_URL, SAFAR_EMAIL_URL, SAFAR_EMAIL_FROM, SAFAR_SEND_MODE,
    SAFAR_TEAM_ADDRESSES, SAFAR_OLD_SECRET_KEYS, SAFAR_SHORT_HOST.

    Raises ValueError without a secret key, or for a sender without an address. ``config`` checks all else.
    """
    env = os.environ if env is None else env
    given = {
        name: env.get(f"SAFAR_{name}", "").strip()
        for name in (
            "SECRET_KEY",
            "PUBLIC_URL",
            "EMAIL_URL",
            "EMAIL_FROM",
            "SEND_MODE",
            "TEAM_ADDRESSES",
            "OLD_SECRET_KEYS",
            "SHORT_HOST",
        )
    }
    if not given["SECRET_KEY"]:
        raise ValueError("SAFAR_SECRET_KEY is not set: unsubscribe links cannot be signed")
    sender = given["EMAIL_FROM"] or Sending.email_from
    if "@" not in parseaddr(sender)[1]:
        raise ValueError("SAFAR_EMAIL_FROM has no address in it; write it like Shop <hello@shop.example>")
    return Sending(
        secret_key=given["SECRET_KEY"],
        public_url=(given["PUBLIC_URL"] or Sending.public_url).rstrip("/"),
        email_url=given["EMAIL_URL"] or None,
        email_from=sender,
        most=given["SEND_MODE"] or MODES[-1],
        team_addresses=_listed(given["TEAM_ADDRESSES"]),
        old_secret_keys=_listed(given["OLD_SECRET_KEYS"]),
        short_host=given["SHORT_HOST"].lower(),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in text.split(","))))
