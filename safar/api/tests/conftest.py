from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from safar.api.app import application
from safar.events.tests.shop import Shop, conn, shop  # noqa: F401
from safar.postgres.connections import connect


class Client:
    """Speaks ASGI to the application; every answer as (status, decoded body)."""

    def __init__(self, at: Shop) -> None:
        self.shop = at
        self.app = application(
            not_django, lambda: connect(at.url, application_name="safar tests"), public_url="https://safar.example"
        )
        self.headers: dict[str, str] = {}

    def post(self, path: str, body: Any, headers: dict[str, str] | None = None, key: str | None = "") -> Any:
        """key: the write key's by default; None sends none."""
        from base64 import b64encode

        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"content-type": "application/json", **(headers or {})}
        if key is not None:
            given["authorization"] = "Basic " + b64encode(f"{key or self.shop.write_key}:".encode()).decode()
        return self.request("POST", path, data, given)

    def request(self, method: str, path: str, data: bytes = b"", headers: dict[str, str] | None = None) -> Any:
        status, _, answer = asyncio.run(self.exchange(method, path, data, headers or {}))
        return status, json.loads(answer) if answer else None

    async def exchange(
        self, method: str, path: str, data: bytes, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        parts = [data[i : i + 65536] for i in range(0, len(data), 65536)] or [b""]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

        async def send(event: dict[str, Any]) -> None:
            sent.append(event)

        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        await self.app({"type": "http", "method": method, "path": path, "headers": raw}, receive, send)
        got = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], got, sent[1]["body"]

    def stop(self) -> None:
        events = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

        async def receive() -> dict[str, Any]:
            return events.pop(0)

        async def send(event: dict[str, Any]) -> None: ...

        asyncio.run(self.app({"type": "lifespan"}, receive, send))


async def not_django(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def client(shop: Shop) -> Iterator[Client]:  # noqa: F811
    made = Client(shop)
    yield made
    made.stop()
