"""A shop's past, fetched from a server on this machine that is as slow, shut and full of odd things as real ones are."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from safar.contacts.products import find_products
from safar.events.jobs.queue import list_jobs
from safar.events.jobs.running import run_next
from safar.shops.asking import Asker
from safar.shops.connecting import change_shop
from safar.shops.fetching import KIND, read_fetched, runs, start_fetching, stop_fetching
from safar.shops.systems import shopify_fetch
from tests.shops import shopify_bodies, woocommerce_bodies
from tests.shops.conftest import Open
from tests.shops.counter import KEY, SETTINGS, Counter
from tests.shops.shopify_bodies import level

Answer = tuple[int, dict[str, str], Any]
Speak = Callable[[str, str, dict[str, str], dict[str, str], Any], Answer]


@contextmanager
def server(speak: Speak) -> Iterator[str]:
    """speak: (method, path, query, headers, body) → (status, headers, JSON or bytes)."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            at = urlsplit(self.path)
            length = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            query = {name: values[0] for name, values in parse_qs(at.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, more, said = speak(self.command, at.path, query, headers, body)
            data = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(data)), **more}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            pass

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{made.server_port}"
    finally:
        made.shutdown()
        made.server_close()


class Shelf:
    """A WooCommerce shop's REST API: 30 products, one customer, 60 orders; does what `says` says first."""

    def __init__(self) -> None:
        self.says: list[Answer] = []
        self.asked: list[str] = []
        self.before: Callable[[str], None] = lambda path: None
        self.has: dict[str, list[Any]] = {
            "products": [{**woocommerce_bodies.MUG, "id": n} for n in range(1, 31)],
            "customers": [woocommerce_bodies.SARA],
            "orders": [woocommerce_bodies.order(n) for n in range(700, 760)],
        }

    def speak(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any) -> Answer:
        self.asked.append(f"{path.rpartition('/')[2]} {query.get('page')}")
        self.before(path)
        if self.says:
            return self.says.pop(0)
        if query.get("oauth_consumer_key") != "ck_1" or len(query.get("oauth_signature", "")) != 44:
            return 401, {}, {"code": "woocommerce_rest_cannot_view"}
        listed = self.has[path.rpartition("/")[2]]
        first = (int(query["page"]) - 1) * int(query["per_page"])
        return 200, {"X-WP-Total": str(len(listed))}, listed[first : first + int(query["per_page"])]


def connected(counter: Open, system: str, **settings: str) -> Counter:
    at = counter(system)
    change_shop(at.conn, shop=at.shop, given={**SETTINGS[system], **settings}, keys=[KEY])
    return at


def fetch(at: Counter, **more: Any) -> tuple[Any, list[float]]:
    """Start it and do it to its end: the job, and how long was waited between tries."""
    waited: list[float] = []
    start_fetching(at.conn, shop=at.shop, by="sara", address="https://safar.example/shops/x", **more)
    run_next(at.conn, runs([KEY], lambda: Asker(waited.append, lambda host, port: host)))
    return list_jobs(at.conn, at.house.id, KIND)[0], waited


def test_the_past_of_woocommerce(counter: Open) -> None:
    shelf = Shelf()
    with server(shelf.speak) as url:
        at = connected(counter, "woocommerce", url=url, consumer_key="ck_1", consumer_secret="cs_1")
        shelf.has["orders"][3] = {**shelf.has["orders"][3], "total": "much"}
        shelf.says = [(503, {}, b"<html>"), (429, {"Retry-After": "7"}, {}), (200, {}, b"\xef\xbb\xbf[]")]
        job, waited = fetch(at)
    assert waited == [1.0, 7.0]
    assert (job.state, job.told["orders"], job.told["customers"]) == ("finished", 60, 1)
    assert job.told["faults"] == [{"place": "order.updated 703 total", "message": "has to be an amount"}]
    at.apply()
    people = at.people()
    assert sum(person["orders"] for person in people.values()) == 59
    assert [fetched.done for fetched in read_fetched(at.conn, at.shop)] == [0, 1, 60]


def test_it_goes_on_where_it_was_stopped_and_says_nothing_twice(counter: Open) -> None:
    shelf = Shelf()
    with server(shelf.speak) as url:
        at = connected(counter, "woocommerce", url=url, consumer_key="ck_1", consumer_secret="cs_1")

        def stop(path: str) -> None:
            if path.endswith("orders"):
                stop_fetching(at.conn, shop=at.shop)

        shelf.before = stop
        job, _ = fetch(at)
        assert (job.state, job.told["stopped"], job.told["orders"]) == ("finished", True, 25)
        shelf.before = lambda path: None
        at.conn.execute("TRUNCATE seen")  # long ago
        at.say("order.updated", woocommerce_bodies.order(701))  # told by a webhook meanwhile
        shelf.asked.clear()
        job, _ = fetch(at)
        assert shelf.asked == ["orders 2", "orders 3"]
        job, _ = fetch(at, anew=True)
    at.apply()
    assert len(at.history("Order Completed")) == 60
    assert find_products(at.conn, at.house.id, ["30"])["30"].stock == 4


def test_what_the_shop_refuses_is_told_in_words(counter: Open) -> None:
    shelf = Shelf()
    with server(shelf.speak) as url:
        at = connected(counter, "woocommerce", url=url, consumer_key="ck_2", consumer_secret="cs_1")
        job, _ = fetch(at)
        assert job.state == "failed"
        assert job.told["faults"][0]["message"].startswith("The shop refuses the key: 401")
        shelf.says = [(500, {}, b"")] * 6
        job, waited = fetch(at)
        assert (job.state, len(waited)) == ("failed", 5)
        assert "does not answer: 500" in job.told["faults"][0]["message"]
    job, _ = fetch(at)
    assert job.told["faults"][0]["message"] == "127.0.0.1 does not answer: there is nobody at its address"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://[::1]", "http://169.254.169.254", "http://10.0.0.1"])
def test_only_the_open_internet_is_asked(counter: Open, url: str) -> None:
    at = connected(counter, "woocommerce", url=url, consumer_key="ck_1", consumer_secret="cs_1")
    start_fetching(at.conn, shop=at.shop, by="sara", address="")
    run_next(at.conn, runs([KEY]))
    (job,) = list_jobs(at.conn, at.house.id, KIND)
    assert job.told["faults"][0]["message"] == "The address of the shop is not on the open Internet."


def test_the_past_of_shopify_and_its_webhooks(counter: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    hooked: list[str] = []

    def speak(method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any) -> Answer:
        if path.endswith("access_token"):
            return 200, {}, {"access_token": f"shpat-{body['client_id']}"}
        assert headers["x-shopify-access-token"] == "shpat-client"
        what = path.rpartition("/")[2].removesuffix(".json")
        if what == "webhooks":
            hooked.append(body["webhook"]["topic"])
            return (422, {}, {"errors": {"address": ["taken"]}}) if len(hooked) == 1 else (201, {}, {})
        if what == "count":
            return 200, {}, {"count": 101}
        if what == "inventory_levels":
            return (
                200,
                {},
                {"inventory_levels": [level(int(item), 7, 4) for item in query["inventory_item_ids"].split(",")]},
            )
        has = {"orders": [shopify_bodies.order(n) for n in range(1001, 1102)], "products": [shopify_bodies.mug(4, 4)]}
        found = [body for body in has.get(what, []) if body["id"] > int(query["since_id"])]
        return 200, {}, {what: found[: int(query["limit"])]}

    with server(speak) as url:
        monkeypatch.setattr(shopify_fetch, "BASE", url)
        at = connected(counter, "shopify", client="client")
        job, _ = fetch(at)
    assert (job.state, job.told["orders"], job.told["products"]) == ("finished", 101, 1)
    at.say(
        "inventory_levels/update", level(11, 7, 3, "2026-02-03T00:00:00Z")
    )  # its only place: the first change counts
    assert find_products(at.conn, at.house.id, ["501"])["501"].stock == 7
    assert {"orders/create", "carts/update", "app/uninstalled"} <= set(hooked)
    assert "customers/redact" not in hooked
    at.apply()
    ((_, first), *_) = at.history("Order Completed")
    assert first["products"][0]["image_url"] == "https://cdn.example/blue.png"
    assert at.people()["sara@example.com"]["orders"] == 101
