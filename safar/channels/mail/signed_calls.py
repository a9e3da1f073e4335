"""Calls that services sign in ways of their own, which anymail does not check: Amazon's SNS, and Standard Webhooks."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import load_pem_x509_certificate
from django.http import HttpRequest

from safar.channels.mail.events import NotProved
from safar.lib.calls import Call, Caller, CallFault

TOLERANCE = 300.0  # seconds that a signed call may be old
_SNS_HOST = re.compile(r"sns\.[a-z0-9-]{3,30}\.amazonaws\.com(\.cn)?")
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}


def check_signed(secret: str, request: HttpRequest, *, clock: Callable[[], float] = time.time) -> None:
    """By the rules of Standard Webhooks, under svix' names. secret: ``whsec_…``. Raises NotProved."""
    named = {name: request.headers.get(f"svix-{name}", "") for name in ("id", "timestamp", "signature")}
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        age = abs(clock() - float(named["timestamp"]))
    except (binascii.Error, ValueError):
        raise NotProved("the signature cannot be checked") from None
    signed = f"{named['id']}.{named['timestamp']}.".encode() + request.body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = [one.partition(",")[2] for one in named["signature"].split() if one.startswith("v1,")]
    if not key or not age <= TOLERANCE or not any(hmac.compare_digest(wanted.encode(), one.encode()) for one in given):
        raise NotProved("the signature is not right")


def check_sns(request: HttpRequest) -> Mapping[str, Any]:
    """A message of SNS that Amazon has signed (https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html). Raises NotProved;
    CallFault where Amazon's certificate cannot be had just now: it may be proved later."""
    try:
        message = json.loads(request.body)
    except (ValueError, RecursionError):
        raise NotProved("this is no message of SNS") from None
    if not isinstance(message, dict) or message.get("Type") not in _SIGNED:
        raise NotProved("this is no message of SNS")
    names = [name for name in _SIGNED[message["Type"]] if isinstance(message.get(name), str)]
    signed = "".join(f"{name}\n{message[name]}\n" for name in names).encode()
    kind = {"1": SHA1, "2": SHA256}.get(str(message.get("SignatureVersion")))
    try:
        signature = base64.b64decode(str(message.get("Signature")), validate=True)
        key = load_pem_x509_certificate(_read_certificate(_of_amazon(message.get("SigningCertURL")))).public_key()
        if kind is None or not isinstance(key, RSAPublicKey):
            raise NotProved("the signature is of a kind that nobody knows")
        key.verify(signature, signed, PKCS1v15(), kind())
    except (InvalidSignature, ValueError):
        raise NotProved("the signature is not right") from None
    return message


def confirm_sns(message: Mapping[str, Any]) -> None:
    """Say yes to a subscription. Raises ValueError for an address that is not Amazon's, CallFault where Amazon cannot be asked."""
    _get(_of_amazon(message.get("SubscribeURL")))


def _of_amazon(url: Any) -> str:
    """Raises ValueError for an address that is not SNS's."""
    parts = urlsplit(url if isinstance(url, str) else "")
    if (
        parts.scheme != "https"
        or parts.port not in (None, 443)
        or not _SNS_HOST.fullmatch(parts.hostname or "")
        or "@" in parts.netloc
    ):
        raise ValueError("this is no address of Amazon SNS")
    return parts.geturl()


@lru_cache(maxsize=16)
def _read_certificate(url: str) -> bytes:
    return _get(url)


def _get(url: str) -> bytes:
    """Raises CallFault."""
    caller = Caller()
    try:
        answer = caller.call(Call("GET", url))
    finally:
        caller.close()
    if answer.status != 200:
        raise CallFault(f"Amazon SNS answers {answer.status}")
    return answer.body
