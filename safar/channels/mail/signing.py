"""DKIM (RFC 6376) for e-mail that leaves by a plain mail server: keys made and kept here, messages signed with them.

The one-click headers are inside h= (RFC 8058 wants it), and From stands there twice, so that nobody adds a second one. A service signs by
itself, with keys of its own.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import dkim
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from psycopg import Connection

from safar.channels.mail.compose import is_domain
from safar.channels.services.sealing import seal, unseal
from safar.lib.faults import Faults, Refused, said

BITS = 2048  # 1024 is too weak for Gmail soon, 4096 is too long for a record
_SIGNED = (
    "from",
    "from",
    "to",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "mime-version",
    "content-type",
)
_HEADER = re.compile(rb"(?m)^([!-9;-~]+):")


@dataclass(frozen=True, slots=True)
class DkimKey:
    """As a page may see it: the record to be put into the DNS."""

    domain: str
    selector: str
    public: str
    made_at: datetime

    @property
    def name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        return f"v=DKIM1; k=rsa; p={self.public}"


@dataclass(frozen=True, slots=True)
class Signer:
    """private: PEM."""

    domain: str
    selector: str
    private: bytes = field(repr=False)

    def signs_for(self, address: str) -> bool:
        """Whether the signature would be aligned with a sender (DMARC, relaxed)."""
        domain = address.rpartition("@")[2].lower()
        return domain == self.domain or domain.endswith(f".{self.domain}")

    def sign(self, source: bytes) -> bytes:
        """The message with its signature on top; as it is where it cannot be signed. source: with CRLF."""
        there = {name.lower() for name in _HEADER.findall(source.partition(b"\r\n\r\n")[0])}
        names = [name.encode() for name in _SIGNED if name.encode() in there]
        made: bytes = dkim.sign(
            source,
            self.selector.encode(),
            self.domain.encode(),
            self.private,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=names,
        )
        return made + source


def make_key(
    conn: Connection[Any], *, workspace_id: int, domain: str, keys: Sequence[str], now: datetime | None = None
) -> DkimKey:
    """A new key for a sender's domain, in the place of the old one: its selector is another, so that both records may stand for a while.

    keys: the installation's secret keys, the present one first. Raises Refused where it is no domain.
    """
    domain = domain.strip().lower().rstrip(".")
    if not is_domain(domain):
        faults = Faults()
        faults.at("domain").add(said("has to be a domain, such as shop.example"))
        raise Refused(faults)
    at = now or datetime.now(UTC)
    made = generate_private_key(65537, BITS)
    pem = made.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = base64.b64encode(made.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    key = DkimKey(domain, f"safar{at:%Y%m%d%H%M%S}", public, at)
    conn.execute(
        "INSERT INTO dkim_key (workspace_id, domain, selector, public, sealed, made_at) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (workspace_id) DO UPDATE SET domain = EXCLUDED.domain, selector = EXCLUDED.selector, public = EXCLUDED.public,"
        " sealed = EXCLUDED.sealed, made_at = EXCLUDED.made_at",
        (workspace_id, key.domain, key.selector, key.public, seal({"private": pem.decode()}, keys), at),
    )
    return key


def read_key(conn: Connection[Any], workspace_id: int) -> DkimKey | None:
    row = conn.execute(
        "SELECT domain, selector, public, made_at FROM dkim_key WHERE workspace_id = %s", (workspace_id,)
    ).fetchone()
    return DkimKey(*row) if row else None


def remove_key(conn: Connection[Any], workspace_id: int) -> bool:
    """Nothing is signed any more. False where there was none."""
    return conn.execute("DELETE FROM dkim_key WHERE workspace_id = %s", (workspace_id,)).rowcount > 0


def read_signer(conn: Connection[Any], workspace_id: int, keys: Sequence[str]) -> Signer | None:
    """None where there is no key, or it cannot be unsealed any more: an unsigned message is better than none, and the page says so."""
    row = conn.execute(
        "SELECT domain, selector, sealed FROM dkim_key WHERE workspace_id = %s", (workspace_id,)
    ).fetchone()
    if row is None:
        return None
    try:
        return Signer(row[0], row[1], unseal(row[2], keys)["private"].encode())
    except (ValueError, KeyError):
        return None
