"""Addresses of webhooks: which may be written, and the queue that calls to one stand in. Pure."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

from safar.lib.faults import Faults, said

CHANNEL = "webhook"
LONGEST_URL = 2_000
_PORTS = {"http": 80, "https": 443}


def check_url(url: str, faults: Faults) -> None:
    """Adds what is wrong with an address that somebody typed. Where it leads is looked at when it is called."""
    try:
        parts = urlsplit(url)
        right = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        right = False
    if not right or parts.username or not url.isascii() or any(letter <= " " for letter in url):
        faults.add(said("must be an address such as https://crm.example/leads"))
    elif len(url) > LONGEST_URL:
        faults.add(said("must not be longer than %(limit)s characters", limit=LONGEST_URL))


def host_of(url: str) -> str:
    """``https://crm.example``: whom a call goes to, as people are told. What cannot be read is its own host."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return url[:200]
    shown = f":{port}" if port != _PORTS.get(parts.scheme) else ""
    return f"{parts.scheme}://{(parts.hostname or '').lower()}{shown}"


def queue_of(url: str) -> str:
    """The outbox's channel for calls to an address: one for each host, so that one that is slow or dead keeps nobody else waiting."""
    return f"{CHANNEL}:{hashlib.sha256(host_of(url).encode()).hexdigest()[:12]}"
