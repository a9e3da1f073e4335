"""The past of a WooCommerce shop by its REST API (wc/v3): small pages in the order of ids, so that what is new meanwhile comes at the end."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from safar.lib.calls import Call
from safar.lib.faults import Fault, Refused, said
from safar.shops.asking import Asker, Denied
from safar.shops.system import Delivery, Page

RESOURCES = ("products", "customers", "orders")
TOPICS = {"products": "product.updated", "customers": "customer.updated", "orders": "order.updated"}
SIZE = 25  # of a page: small hosts give up on more
AGENT = {"User-Agent": "Safar (+WooCommerce REST)", "Accept": "application/json"}


def read_page(asker: Asker, settings: Mapping[str, str], resource: str, cursor: str) -> Page:
    """cursor: the page's number."""
    number = int(cursor or "1")
    query = {"per_page": str(SIZE), "page": str(number), "orderby": "id", "order": "asc"}
    if resource == "customers":
        query["role"] = "all"
    url = f"{settings['url'].rstrip('/')}/wp-json/wc/v3/{resource}"
    bodies, headers = _ask(asker, settings, url, query)
    if not isinstance(bodies, list):
        raise Refused([Fault("", said("The shop answers something that is no list of %(what)s.", what=resource))])
    told = headers.get("x-wp-total", "")
    deliveries = [Delivery("", TOPICS[resource], body) for body in bodies if isinstance(body, dict)]
    return Page(deliveries, str(number + 1) if len(bodies) == SIZE else None, int(told) if told.isdigit() else None)


def _ask(asker: Asker, settings: Mapping[str, str], url: str, query: dict[str, str]) -> tuple[Any, Mapping[str, str]]:
    """Over https the key goes in a header or, where the host's server takes that off, in the address; over http it is never sent: it signs."""
    key, secret = settings["consumer_key"], settings["consumer_secret"]
    if not url.startswith("https://"):
        return asker.ask(Call("GET", f"{url}?{_signed(url, query, key, secret)}", AGENT))
    basic = base64.b64encode(f"{key}:{secret}".encode()).decode()
    try:
        return asker.ask(Call("GET", f"{url}?{urlencode(query)}", {**AGENT, "Authorization": f"Basic {basic}"}))
    except Denied as denied:
        if denied.status != 401:
            raise
    named = urlencode({**query, "consumer_key": key, "consumer_secret": secret})
    return asker.ask(Call("GET", f"{url}?{named}", AGENT))


def _signed(url: str, query: Mapping[str, str], key: str, secret: str) -> str:
    """The query with OAuth 1.0a's signature (HMAC-SHA256, no token), as WooCommerce asks for it where there is no TLS."""
    whole = {
        **query,
        "oauth_consumer_key": key,
        "oauth_nonce": secrets.token_hex(16),
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": str(int(time.time())),
    }
    pairs = "&".join(f"{quote(name, '~')}={quote(value, '~')}" for name, value in sorted(whole.items()))
    base = "&".join(quote(part, "~") for part in ("GET", url, pairs))
    mark = hmac.new(f"{quote(secret, '~')}&".encode(), base.encode(), hashlib.sha256).digest()
    return f"{pairs}&oauth_signature={quote(base64.b64encode(mark).decode(), '~')}"
