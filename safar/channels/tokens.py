"""What is made with the secret key, and by nobody else: an unsubscribe link says for whom and which message it is; a number of ours for
services that know a message again by one."""

from __future__ import annotations

import base64
import hmac
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from safar.channels.provider import Own, Parcel
from safar.channels.settings import Sending

_FORM = struct.Struct(">BIQHQ")  # version, workspace, contact, bucket, message
_VERSION = 1
UNSUBSCRIBING, CONFIRMING = b"unsubscribe", b"confirm"  # what a token is good for
_SIGNATURE = 16  # bytes: 128 bits cannot be guessed, and the link stays short
_LONGEST = 96


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    workspace_id: int
    contact_id: int
    bucket: int
    message_id: int  # message.id; of a link that confirms: confirmation.id


def make_token(what: Unsubscribe, secret: str, purpose: bytes = UNSUBSCRIBING) -> str:
    """52 characters that may stand in a URL."""
    body = _FORM.pack(_VERSION, what.workspace_id, what.contact_id, what.bucket, what.message_id)
    return base64.urlsafe_b64encode(body + _sign(body, secret, purpose)).rstrip(b"=").decode("ascii")


def read_token(token: str, secrets: Sequence[str], purpose: bytes = UNSUBSCRIBING) -> Unsubscribe | None:
    """What the token says; None where it was not made here. secrets: the present key first, and those of before."""
    if len(token) > _LONGEST or not token.isascii():
        return None
    try:
        whole = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    body, signature = whole[:-_SIGNATURE], whole[-_SIGNATURE:]
    signed = any(hmac.compare_digest(signature, _sign(body, one, purpose)) for one in secrets)
    if len(body) != _FORM.size or not signed:
        return None
    version, workspace_id, contact_id, bucket, message_id = _FORM.unpack(body)
    return Unsubscribe(workspace_id, contact_id, bucket, message_id) if version == _VERSION else None


def message_id_header(bucket: int, id: int, seed: str, domain: str, secret: str) -> str:
    """``<safar.5-1234.9f86d081884c7d65@domain>``: the same for every attempt at one message, different for every
    other message even where a restored database counts again from an older number (seed: the moment of the
    decision)."""
    mark = hmac.digest(_key(secret, b"message-id"), f"{bucket}-{id}-{seed}".encode(), "sha256").hex()[:16]
    return f"<safar.{bucket}-{id}.{mark}@{domain}>"


def report_token(workspace_id: int, channel: str, provider: str, secret: str, about: str = "report") -> str:
    """By which a service that calls us names whose message it speaks of: nobody can guess it, and it holds while the provider stays.

    about: ``report``, or ``inbound`` for what people write to a line.
    """
    what = f"{workspace_id}|{channel}|{provider}".encode()
    mark = hmac.digest(_key(secret, about.encode()), what, "sha256")[:_SIGNATURE]
    return f"{workspace_id}-{base64.urlsafe_b64encode(mark).rstrip(b'=').decode('ascii')}"


def report_address(sending: Sending, own: Own) -> str:
    """Where a workspace's service reports what became of its messages."""
    token = report_token(own.workspace_id, own.channel, own.provider, sending.secret_key)
    return f"{sending.public_url}/reports/{own.channel}/{token}"


def inbound_address(sending: Sending, own: Own) -> str:
    """Where a workspace's service tells what people write to its lines."""
    token = report_token(own.workspace_id, own.channel, own.provider, sending.secret_key, "inbound")
    return f"{sending.public_url}/inbound/{own.channel}/{token}"


def _sign(body: bytes, secret: str, purpose: bytes) -> bytes:
    return hmac.digest(_key(secret, purpose), body, "sha256")[:_SIGNATURE]


@cache
def _key(secret: str, purpose: bytes) -> bytes:
    """One key a purpose: a signature for one thing is worth nothing for another."""
    return hmac.digest(secret.encode(), b"safar." + purpose, "sha256")


def local_id(parcel: Parcel, secret: str) -> str:
    """62 bits that are the same for every attempt at one message, and for no other: neither of another installation with the same
    account, nor after a database was made anew and counts from 1.
    """
    seed = b"\0".join((parcel.message_id.encode(), parcel.address.encode(), parcel.source))
    made = hmac.digest(secret.encode(), b"safar.localid" + seed, "sha256")
    return str(int.from_bytes(made[:8]) >> 2)
