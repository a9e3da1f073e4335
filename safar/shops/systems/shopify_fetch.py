"""The past of a Shopify shop by its Admin API, in the order of ids; and its webhooks asked for, so that nobody has to make twenty by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from safar.lib.calls import Call
from safar.lib.faults import Fault, Refused, said
from safar.shops.asking import Asker, Denied, Strange
from safar.shops.system import Delivery, Page

VERSION = "2026-07"
RESOURCES = ("products", "customers", "orders")
TOPICS = {"products": "products/update", "customers": "customers/update", "orders": "orders/updated"}
SIZE = 100
LEVELS = 50  # variants asked about at once: the most that Shopify takes
# The app's own page at Shopify says where these go; they cannot be asked for.
NOT_ASKED_FOR = ("customers/data_request", "customers/redact", "shop/redact")
BASE = "https://{domain}"


def with_token(asker: Asker, settings: Mapping[str, str]) -> Mapping[str, str]:
    """An app of the Dev Dashboard has its token made for a day; an older one has one for good."""
    if settings.get("token"):
        return settings
    asked = {"client_id": settings["client"], "client_secret": settings["secret"], "grant_type": "client_credentials"}
    url = f"{_base(settings)}/admin/oauth/access_token"
    answer, _ = asker.ask(Call("POST", url, {"Content-Type": "application/json"}, json.dumps(asked).encode()))
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if not isinstance(token, str):
        raise Refused([Fault("", said("Shopify gives no token: is the app installed in this shop?"))])
    return {**settings, "token": token}


def ask_for_webhooks(asker: Asker, settings: Mapping[str, str], address: str, topics: Iterable[str]) -> None:
    """Those that there are already stay; those that the app's scopes do not reach are left out."""
    for topic in topics:
        if topic in NOT_ASKED_FOR:
            continue
        asked = {"webhook": {"topic": topic, "address": address, "format": "json"}}
        try:
            _ask(asker, settings, "POST", "webhooks.json", asked)
        except Denied as denied:
            if denied.status == 401:
                raise
        except Strange:  # 422: it is there already, or the topic is none in this version
            continue


def read_page(asker: Asker, settings: Mapping[str, str], resource: str, cursor: str) -> Page:
    """cursor: the greatest id that was read."""
    since, more = cursor or "0", "&status=any" if resource == "orders" else ""
    answer = _ask(asker, settings, "GET", f"{resource}.json?limit={SIZE}&since_id={since}{more}")
    bodies = answer.get(resource) if isinstance(answer, dict) else None
    if not isinstance(bodies, list):
        raise Refused([Fault("", said("The shop answers something that is no list of %(what)s.", what=resource))])
    total = None
    if not cursor:
        counted = _ask(asker, settings, "GET", f"{resource}/count.json?{more.removeprefix('&')}")
        total = counted.get("count") if isinstance(counted, dict) else None
    found = [body for body in bodies if isinstance(body, dict)]
    ids = [body["id"] for body in found if isinstance(body.get("id"), int)]
    after = str(max(ids)) if ids and len(bodies) == SIZE else None
    deliveries = [Delivery("", TOPICS[resource], body) for body in found]
    beside = _read_levels(asker, settings, found) if resource == "products" else []
    return Page(deliveries, after, total if isinstance(total, int) else None, beside)


def _read_levels(asker: Asker, settings: Mapping[str, str], products: list[dict[str, Any]]) -> list[Delivery]:
    """How many of each variant lie at each place; none where the app may not know."""
    listed = [product["variants"] for product in products if isinstance(product.get("variants"), list)]
    numbers = [one.get("inventory_item_id") for variants in listed for one in variants if isinstance(one, dict)]
    items = [str(number) for number in numbers if isinstance(number, int)]
    found: list[Delivery] = []
    for n in range(0, len(items), LEVELS):
        try:
            answer = _ask(
                asker,
                settings,
                "GET",
                f"inventory_levels.json?limit=250&inventory_item_ids={','.join(items[n : n + LEVELS])}",
            )
        except (Denied, Strange):
            return []
        levels = answer.get("inventory_levels") if isinstance(answer, dict) else None
        found += [
            Delivery("", "inventory_levels/update", one)
            for one in (levels if isinstance(levels, list) else ())
            if isinstance(one, dict)
        ]
    return found


def _ask(asker: Asker, settings: Mapping[str, str], method: str, path: str, said: Any = None) -> Any:
    headers = {"X-Shopify-Access-Token": settings["token"], "Content-Type": "application/json"}
    body = None if said is None else json.dumps(said).encode()
    answer, _ = asker.ask(Call(method, f"{_base(settings)}/admin/api/{VERSION}/{path}", headers, body))
    return answer


def _base(settings: Mapping[str, str]) -> str:
    return BASE.format(domain=settings["domain"])
