"""A small HTTP client for load: keep-alive connections, bodies made beforehand, nothing of our own code in it."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Sequence


def request(path: str, key: str, body: bytes) -> bytes:
    """A POST as it goes over the wire."""
    basic = base64.b64encode(f"{key}:".encode()).decode()
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {basic}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def post_all(port: int, requests: Sequence[bytes], connections: int) -> list[float]:
    """Sends every request over ``connections`` connections at once; the seconds that each took. Raises where an answer is not 200."""
    return asyncio.run(_post_all(port, requests, connections))


async def _post_all(port: int, requests: Sequence[bytes], connections: int) -> list[float]:
    waiting = iter(requests)
    took: list[float] = []

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for each in waiting:
            start = time.perf_counter()
            writer.write(each)
            await _answer(reader)
            took.append(time.perf_counter() - start)
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return took


async def _answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    status, _, rest = head.partition(b"\r\n")
    length = next(
        int(line.split(b":")[1]) for line in rest.lower().split(b"\r\n") if line.startswith(b"content-length")
    )
    body = await reader.readexactly(length)
    if b" 200 " not in status:
        raise RuntimeError(f"{status.decode()}: {body[:300].decode(errors='replace')}")
