"""What stands behind tracked links, pixels and short links: it leads on at once, whatever becomes of what is written down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import psycopg
import pytest

from safar.api.app import application
from safar.api.tests.conftest import not_django
from safar.api.tracked import PIXEL, Tracker
from safar.channels.tracking.checking import mark_of
from safar.channels.tracking.ledger import Ledger
from safar.channels.tracking.links import KnownLinks, Link, Short, keep_links, shorten
from safar.channels.tracking.machines import Hit
from safar.channels.tracking.tokens import OPENED, TRAP, Tracked, make_tracked
from safar.postgres.connections import connect
from safar.website.vouching import GOOD_FOR, MESSAGE, PARAMETER, Visitor, read_visitor

SECRET, OLD = "a key for tests only, nothing else", "a key of before, for tests only"
NOW = datetime(2026, 3, 21, 12, tzinfo=UTC)
URL = "https://shop.example/فروش?a=1&b=%20"
LOCATION = "https://shop.example/%D9%81%D8%B1%D9%88%D8%B4?a=1&b=%20"  # as it goes over the wire
LINK = Link(7, URL)
PHONE = {"user-agent": "Mozilla/5.0 (iPhone) Mobile Safari"}


class Seen(Ledger):
    """Keeps what it is given in `hits` and writes nothing down."""

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]]) -> None:
        super().__init__(connect)
        self.hits: list[Hit] = []

    def put(self, hit: Hit) -> bool:
        self.hits.append(hit)
        return True


class Web:
    """The application with its tracker; what it would write down is seen in `hits`."""

    def __init__(self, url: str) -> None:
        def open_one() -> psycopg.Connection[Any]:
            return connect(url, application_name="safar tests")

        ledger = Seen(open_one)
        self.tracker = Tracker(
            open_one, secrets=(SECRET, OLD), own_hosts=("safar.example",), now=lambda: NOW, ledger=ledger
        )
        self.hits = ledger.hits

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        sent: list[dict[str, Any]] = []

        async def send(event: dict[str, Any]) -> None:
            sent.append(event)

        raw = [(name.encode(), value.encode()) for name, value in {"host": "links.example", **PHONE, **headers}.items()]
        scope = {"type": "http", "method": method, "path": path, "headers": raw}
        assert self.tracker.takes(scope)
        asyncio.run(self.tracker(scope, send))
        return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}, sent[1]["body"]


@pytest.fixture
def conn(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with connect(database_url, application_name="safar tests") as one:
        yield one


@pytest.fixture
def web(conn: psycopg.Connection[Any], database_url: str) -> Iterator[Web]:
    keep_links(conn, [LINK], KnownLinks())
    made = Web(database_url)
    yield made
    made.tracker.stop()


def token(link: int, secret: str = SECRET) -> str:
    return make_tracked(Tracked(7, 5, 99, link), secret)


def test_a_link_leads_on_and_is_noted(web: Web) -> None:
    for method in ("GET", "HEAD"):
        status, headers, body = web.ask(f"/c/{token(LINK.id)}", method)
        assert (status, headers["location"], body) == (302, LOCATION, b"")
        assert "no-store" in headers["cache-control"]
    assert [(hit.what.link_id, hit.head, hit.agent) for hit in web.hits] == [
        (LINK.id, False, PHONE["user-agent"]),
        (LINK.id, True, PHONE["user-agent"]),
    ]


def test_on_the_shops_own_site_a_visitor_is_told_where_some_form_asks_for_one(web: Web, conn: psycopg.Connection[Any]) -> None:  # fmt: skip
    conn.execute("INSERT INTO tracking (workspace_id, sites) VALUES (7, '{shop.example}')")
    conn.execute("""INSERT INTO form VALUES (7, 'vip', 'f-7', true, '{"kind": "pop_up", "segment": "vip"}')""")
    elsewhere = Link(7, "https://video.example/mug")
    keep_links(conn, [elsewhere], KnownLinks())
    try:
        location = web.ask(f"/c/{token(LINK.id)}")[1]["location"]
        assert web.ask(f"/c/{token(elsewhere.id)}")[1]["location"] == elsewhere.url
    finally:
        conn.execute("DELETE FROM form WHERE workspace_id = 7")
        conn.execute("DELETE FROM tracking WHERE workspace_id = 7")
    address, _, visitor = location.partition(f"&{PARAMETER}=")
    assert address == LOCATION
    assert read_visitor(unquote(visitor), NOW, [OLD, SECRET]) == Visitor(MESSAGE, 7, 5, 99)
    assert read_visitor(unquote(visitor), NOW + GOOD_FOR, [SECRET]) is None
    assert read_visitor(unquote(visitor), NOW, [OLD]) is None


def test_a_key_of_before_still_opens(web: Web) -> None:
    assert web.ask(f"/c/{token(LINK.id, OLD)}")[0] == 302


def test_what_was_not_signed_here_leads_nowhere(web: Web) -> None:
    good = token(LINK.id)
    wrong = [
        "", "x", good[:-1], good + "A", ("B" if good[0] != "B" else "C") + good[1:], token(LINK.id, "another key"), token(LINK.id + 1),
        token(OPENED), "https://evil.example/", "é" * 52, "=" * 52,
    ]  # fmt: skip
    assert {web.ask(f"/c/{one}")[0] for one in wrong} == {404}
    assert web.hits == []


def test_the_pixel_is_a_picture_whatever_is_asked(web: Web) -> None:
    for one in (token(OPENED), token(OPENED) + ".gif", "nonsense", token(LINK.id)):
        status, headers, body = web.ask(f"/o/{one}")
        assert (status, headers["content-type"], body, len(body)) == (200, "image/gif", PIXEL, 43)
        assert "no-store" in headers["cache-control"]
    assert [hit.what.link_id for hit in web.hits] == [OPENED, OPENED]
    status, headers, body = web.ask(f"/o/{token(OPENED)}", "HEAD")
    assert (headers["content-length"], body) == ("43", b"")


def test_the_link_that_no_person_sees(web: Web) -> None:
    assert web.ask(f"/c/{token(TRAP)}")[0] == 204
    assert [hit.what.link_id for hit in web.hits] == [TRAP]


def test_what_says_itself_that_nobody_asked(web: Web) -> None:
    web.ask(f"/c/{token(LINK.id)}", **{"sec-purpose": "prefetch;prerender"})
    assert web.hits[0].ahead


def test_only_looking_is_answered(web: Web) -> None:
    assert web.ask(f"/c/{token(LINK.id)}", "POST")[0] == 405
    assert web.hits == []


def test_a_short_link_leads_on_by_its_own_host_and_by_ours(web: Web, conn: psycopg.Connection[Any]) -> None:
    (code,) = shorten(conn, [Short(7, 5, 99, LINK.id)]).values()
    assert web.ask(f"/{code}", host="shp.example")[1]["location"] == LOCATION
    assert web.ask(f"/s/{code}", host="safar.example:8000")[1]["location"] == LOCATION
    assert web.ask("/zzzzzzz", host="shp.example")[0] == 404
    assert web.ask("/s/not-a-code")[0] == 404
    assert {hit.what for hit in web.hits} == {Tracked(7, 5, 99, LINK.id)}
    page = {"type": "http", "method": "GET", "path": "/account", "headers": [(b"host", b"safar.example")]}
    assert not web.tracker.takes(page)  # seven letters on our own host are a page's


def test_it_says_where_it_is(web: Web) -> None:
    status, _, body = web.ask("/c/here")
    assert (status, body.decode()) == (200, mark_of(SECRET))


def test_without_the_database_a_known_link_leads_on_and_another_is_asked_for_again(
    web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    assert web.ask(f"/c/{token(LINK.id)}")[0] == 302

    def refuse() -> Any:
        raise psycopg.OperationalError("away")

    web.tracker._connect = refuse
    if web.tracker._conn is not None:
        web.tracker._conn.close()
    assert web.ask(f"/c/{token(LINK.id)}")[0] == 302
    with caplog.at_level(logging.CRITICAL):
        status, headers, _ = web.ask(f"/c/{token(12345)}")
    assert (status, headers["retry-after"]) == (503, "2")
    assert web.ask(f"/o/{token(OPENED)}")[0] == 200


def test_everything_else_is_for_the_others(database_url: str) -> None:
    app = application(not_django, lambda: connect(database_url, application_name="safar tests"), keys=(SECRET,))
    sent: list[dict[str, Any]] = []

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    asyncio.run(app({"type": "http", "method": "GET", "path": "/", "headers": []}, receive, send))
    assert sent[0]["status"] == 418
