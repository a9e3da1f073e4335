"""Whether a tracking domain leads here: its ``/c/here`` has to answer with this installation's mark."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import socket
import ssl
from collections.abc import Callable

from safar.lib.outward import Forbidden, choose_address

HERE = "here"
SECONDS = 5.0
REACHED, ELSEWHERE, UNKNOWN, REFUSED, TLS, FORBIDDEN = "reached", "elsewhere", "unknown", "refused", "tls", "forbidden"


def mark_of(secret: str) -> str:
    """What tells this installation from every other; it gives nothing of the key away."""
    return "safar " + hmac.new(secret.encode(), b"safar.here", hashlib.sha256).hexdigest()[:16]


def check_host(
    host: str, *, secret: str, secure: bool, port: int | None = None, choose: Callable[[str, int], str] = choose_address
) -> str:
    """REACHED, or the word for what is wrong: UNKNOWN (no such name), REFUSED (nobody answers), TLS (no certificate for the name),
    ELSEWHERE (somebody else answers), FORBIDDEN (a name that leads into a network of its own). Waits SECONDS at most for each step.
    """
    number = port or (443 if secure else 80)
    try:
        address = choose(host, number)
    except Forbidden:
        return FORBIDDEN
    except OSError:
        return UNKNOWN
    try:
        line = socket.create_connection((address, number), timeout=SECONDS)
        if secure:
            line = ssl.create_default_context().wrap_socket(line, server_hostname=host)
    except ssl.SSLError:
        return TLS
    except OSError:
        return REFUSED
    caller = http.client.HTTPConnection(host, number, timeout=SECONDS)
    caller.sock = line
    try:
        caller.request("GET", f"/c/{HERE}", headers={"Host": host, "User-Agent": "Safar"})
        answer = caller.getresponse()
        said = answer.read(200).decode("latin-1").strip()
    except (OSError, http.client.HTTPException):
        return REFUSED
    finally:
        caller.close()
    return (
        REACHED if answer.status == 200 and hmac.compare_digest(said.encode(), mark_of(secret).encode()) else ELSEWHERE
    )
