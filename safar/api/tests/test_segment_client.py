"""Segment's own client for Python, unchanged, against a running server."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import uvicorn
from segment.analytics.client import Client as SegmentClient


@pytest.fixture
def address(client) -> Iterator[str]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()  # whoever comes before the server does waits for it
        server = uvicorn.Server(uvicorn.Config(client.app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize("gzip", [False, True])
def test_segment_client(client, conn, address, gzip):
    errors: list[object] = []
    segment = SegmentClient(
        client.shop.write_key, host=address, gzip=gzip, on_error=lambda error, _: errors.append(error), max_retries=1
    )
    segment.identify("sara", {"email": "sara@example.com", "phone": "۰۹۱۲۱۲۳۴۵۶۷"})
    segment.track("sara", "Product Viewed", {"product_id": "m-1", "price": 18.99})
    segment.page("sara", "Docs", "Mugs", {"url": "https://shop.example"})
    segment.screen("sara", "Docs", "Mugs", {"x": 1})
    segment.group("sara", "tea-club", {"name": "Tea club"})
    segment.alias("anon-1", "sara")
    segment.track(anonymous_id="anon-2", event="Cart Viewed")
    segment.shutdown()
    assert errors == []
    names = [name for (name,) in conn.execute("SELECT name FROM inbox ORDER BY id")]
    assert names == ["identify", "Product Viewed", "page_viewed", "screen_viewed", "group", "alias", "Cart Viewed"]
    assert conn.execute("SELECT value FROM identity WHERE kind = 4").fetchone() == ("+989121234567",)
    assert conn.execute("SELECT count(*) FROM contact").fetchone() == (2,)


def test_what_a_browser_client_of_segments_asks_at_first(client, address):
    """It asks its CDN host for settings, and sends to what they say: by one letter for each type."""
    with urlopen(f"{address}/v1/projects/{client.shop.write_key}/settings") as answer:
        told = json.load(answer)
        assert answer.headers["access-control-allow-origin"] == "*"
    assert told["integrations"] == {"Segment.io": {"apiKey": client.shop.write_key, "apiHost": "safar.example/v1", "protocol": "https"}}  # fmt: skip
    with pytest.raises(HTTPError, match="401"):
        urlopen(f"{address}/v1/projects/pk_unknown/settings")
