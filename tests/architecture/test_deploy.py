"""What the files of deploy/ promise."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

DOCKERFILE = (Path(__file__).parents[2] / "deploy" / "Dockerfile").read_text("utf-8")


@pytest.mark.parametrize(
    ("comes_from", "named", "visitor"),
    [
        ("172.17.0.1", "203.0.113.7", "203.0.113.7"),  # Docker's bridge, as a proxy on the machine itself is seen
        ("172.20.0.3", "198.51.100.9, 203.0.113.7", "203.0.113.7"),  # what a visitor puts in front says nothing
        ("203.0.113.8", "198.51.100.9", "203.0.113.8"),  # without a proxy nobody is believed
    ],
)
def test_in_the_image_a_visitor_is_whom_the_proxy_names(comes_from: str, named: str, visitor: str) -> None:
    """Else one address would have sent everybody's forms, and the thirty-first in ten minutes is turned away."""
    trusted = re.search(r"^ENV FORWARDED_ALLOW_IPS=(\S+)$", DOCKERFILE, re.MULTILINE)
    assert trusted
    seen: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["client"][0])

    scope: Any = {"type": "http", "scheme": "http", "client": (comes_from, 1), "headers": [(b"x-forwarded-for", named.encode())]}  # fmt: skip
    asyncio.run(ProxyHeadersMiddleware(application, trusted[1])(scope, None, None))  # type: ignore[arg-type]
    assert seen == [visitor]
