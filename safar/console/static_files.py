"""The built assets over HTTP: an ASGI application before Django, so that no file waits for a thread of its own.

WhiteNoise knows types, ranges, conditional requests and compressed twins; this only carries its answers.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import allauth
from whitenoise import WhiteNoise

from safar.console.templatetags.assets import BUILT

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]

PREFIX = "/static/"
ALLAUTH = tuple(Path(allauth.__file__).parent / app / "static" / app for app in ("account", "mfa"))
SCRIPT = "/site/safar.js"  # what websites of others load: one address for ever, asked for anew every hour
SCRIPT_HEADERS = [
    ("Cache-Control", "public, max-age=3600, stale-while-revalidate=86400"),
    ("Access-Control-Allow-Origin", "*"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
]
_HASHED = re.compile(r"/assets/[^/]+-[\w-]{8}\.\w+(\.map)?$")


def with_static_files(django: Application) -> Application:
    """django: answers whatever does not lie under /static/ and is not the script of websites."""

    async def app(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == SCRIPT:
            await _answer({**scope, "path": f"{PREFIX}console{SCRIPT}"}, send, SCRIPT_HEADERS)
        elif scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await _answer(scope, send)
        else:
            await django(scope, receive, send)

    return app


async def _answer(scope: Scope, send: Any, own: Sequence[tuple[str, str]] = ()) -> None:
    """own: headers that stand for those of the file."""
    found = _files(_built_at()).get(scope["path"])
    if found is None:
        await _say(send, 404, [(b"content-type", b"text/plain; charset=utf-8")], b"There is no such file.\n")
        return
    # WhiteNoise reads request headers by their WSGI names.
    asked = {
        f"HTTP_{name.decode().upper().replace('-', '_')}": value.decode("latin-1") for name, value in scope["headers"]
    }
    response = found.get_response(scope["method"], asked)
    body = await asyncio.to_thread(_read, response.file) if response.file else b""
    named = {**dict(response.headers), **dict(own)}
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in named.items()]
    headers.append((b"x-content-type-options", b"nosniff"))
    await _say(send, int(response.status), headers, body)


def _read(file: Any) -> bytes:
    with file:
        content: bytes = file.read()
    return content


async def _say(send: Any, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _built_at() -> int:
    try:
        return (BUILT / ".vite" / "manifest.json").stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=1)
def _files(_built: int) -> dict[str, Any]:
    """Every file by its address; looked up again after a build. Names with a hash never change their content."""
    index = WhiteNoise(
        None, max_age=60, allow_all_origins=False, immutable_file_test=lambda _path, url: bool(_HASHED.search(url))
    )
    for folder in ALLAUTH:  # its scripts for passkeys and recovery codes
        index.add_files(str(folder), prefix=f"{PREFIX}{folder.name}")
    if BUILT.is_dir():
        index.add_files(str(BUILT), prefix=f"{PREFIX}console")
    found: dict[str, Any] = index.files
    return found
