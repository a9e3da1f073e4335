"""``/c/<token>``, ``/o/<token>`` and short links: a reader is led on at once, and who it was is written down afterwards.

A plain ASGI application before Django: a campaign's clicks come within minutes. A link leads on whether or not anything can be written; nothing
in an address says where to, so there is nothing here to be misled by.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import psycopg
from psycopg import Connection

from safar.api.request import Scope, Send, as_dict
from safar.channels.tracking.checking import HERE, mark_of
from safar.channels.tracking.ledger import Ledger
from safar.channels.tracking.links import Short, is_code, read_codes, read_target
from safar.channels.tracking.machines import Hit
from safar.channels.tracking.tokens import OPENED, TRAP, Tracked, read_tracked
from safar.lib.utm import is_own, with_utm
from safar.website.vouching import MESSAGE, PARAMETER, Visitor, read_sites, sign_visitor

log = logging.getLogger(__name__)

PIXEL = bytes.fromhex(
    "47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b"
)  # 43 bytes: a transparent GIF of one point
NEVER_KEPT = [
    (b"cache-control", b"no-store, no-cache, must-revalidate, private, max-age=0"),
    (b"pragma", b"no-cache"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-robots-tag", b"noindex, nofollow"),
]
KNOWN = 20_000  # addresses and codes that a process remembers
LONGEST_AGENT = 300
MINUTE, PATIENCE = timedelta(minutes=1), 0.5  # seconds
_AS_WRITTEN = "!#$%&'()*+,/:;=?@[]~"  # of an address; all other letters go as their bytes
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """What was read before and never changes, the latest asked-for kept."""

    def __init__(self, most: int = KNOWN) -> None:
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._most = most

    def get(self, key: K) -> V | None:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, found: Mapping[K, V]) -> None:
        self._kept.update(found)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)


class Tracker:
    """The application. connect: opens a connection; secrets: the present key first; own_hosts: of the installation, where a path of
    seven letters is a page's and no short link's; ledger: into which hits are put, of its own where none is given.
    """

    def __init__(
        self,
        connect: Callable[[], Connection[Any]],
        *,
        secrets: Sequence[str],
        own_hosts: Sequence[str] = (),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        ledger: Ledger | None = None,
    ) -> None:
        self.ledger = Ledger(connect) if ledger is None else ledger
        self._connect, self._secrets, self._now = connect, secrets, now
        self._own = frozenset(host.lower() for host in own_hosts)
        self._targets: Remembered[tuple[int, int], str] = Remembered()
        self._codes: Remembered[str, Short] = Remembered()
        self._told: Remembered[int, tuple[datetime, Sequence[str]]] = Remembered()
        self._reader = ThreadPoolExecutor(1, "safar-links")
        self._conn: Connection[Any] | None = None

    def takes(self, scope: Scope) -> bool:
        """Whether a request is ours to answer."""
        path: str = scope["path"]
        if path.startswith(("/c/", "/o/", "/s/")):
            return True
        return len(path) == 8 and is_code(path[1:]) and _host(scope) not in self._own

    async def __call__(self, scope: Scope, send: Send) -> None:
        """Answer one HTTP request."""
        method, path = scope["method"], scope["path"]
        if method not in ("GET", "HEAD"):
            await _answer(send, 405, extra=[(b"allow", b"GET, HEAD")])
            return
        try:
            if path == f"/c/{HERE}":
                await _answer(send, 200, mark_of(self._secrets[0]).encode(), b"text/plain", head=method == "HEAD")
            elif path.startswith("/o/"):
                await self._open(scope, send, path[3:])
            elif path.startswith("/c/"):
                await self._lead(scope, send, read_tracked(path[3:], self._secrets))
            else:
                await self._short(scope, send, path.rpartition("/")[2])
        except psycopg.Error as error:
            log.warning("a link could not be looked up: %s", str(error).strip())
            await _answer(send, 503, b"Please try again in a moment.", b"text/plain", [(b"retry-after", b"2")])

    def stop(self) -> None:
        """Write what is waiting."""
        self.ledger.stop()
        self._reader.shutdown()
        if self._conn is not None:
            self._conn.close()

    async def _open(self, scope: Scope, send: Send, token: str) -> None:
        """The pixel, whatever the token: a picture that is missing would be seen."""
        what = read_tracked(token.removesuffix(".gif"), self._secrets)
        if what is not None and what.link_id == OPENED:
            self.ledger.put(_hit(scope, what, self._now()))
        await _answer(send, 200, PIXEL, b"image/gif", head=scope["method"] == "HEAD")

    async def _short(self, scope: Scope, send: Send, code: str) -> None:
        short = self._codes.get(code) if is_code(code) else None
        if short is None and is_code(code):
            found = await self._read(lambda conn: read_codes(conn, [code]))
            self._codes.put(found)
            short = found.get(code)
        what = Tracked(short.workspace_id, short.bucket, short.message_id, short.link_id) if short else None
        await self._lead(scope, send, what)

    async def _lead(self, scope: Scope, send: Send, what: Tracked | None) -> None:
        """On to where the link leads; 404 for one that was not made here."""
        if what is None or what.link_id == OPENED:
            await _answer(send, 404, b"This link is not valid.", b"text/plain")
            return
        if what.link_id == TRAP:
            self.ledger.put(_hit(scope, what, self._now()))
            await _answer(send, 204)
            return
        key = (what.workspace_id, what.link_id)
        target = self._targets.get(key)
        if target is None and (found := await self._read(lambda conn: read_target(conn, *key))):
            target, personal = found
            if not personal:
                self._targets.put({key: target})
        if target is None:
            await _answer(send, 404, b"This link is not valid.", b"text/plain")
            return
        self.ledger.put(_hit(scope, what, self._now()))
        if is_own(target, await self._sites(what.workspace_id)):
            visitor = Visitor(MESSAGE, what.workspace_id, what.bucket, what.message_id)
            target = with_utm(target, {PARAMETER: sign_visitor(visitor, self._now(), self._secrets)})
        await _answer(send, 302, extra=[(b"location", quote(target, safe=_AS_WRITTEN).encode("ascii"))])

    async def _sites(self, workspace_id: int) -> Sequence[str]:
        """Where a visitor is told by the address that it is they; asked once a minute, and nobody is kept waiting for it."""
        at = self._now()
        kept = self._told.get(workspace_id)
        if kept is not None and at < kept[0]:
            return kept[1]
        try:
            found = await asyncio.wait_for(self._read(lambda conn: read_sites(conn, workspace_id)), PATIENCE)
        except (psycopg.Error, TimeoutError):
            found = ()
        self._told.put({workspace_id: (at + MINUTE, found)})
        return found

    async def _read(self, work: Callable[[Connection[Any]], V]) -> V:
        def read() -> V:
            if self._conn is None or self._conn.closed:
                self._conn = self._connect()
            try:
                return work(self._conn)
            except psycopg.OperationalError:
                self._conn.close()
                raise

        return await asyncio.get_running_loop().run_in_executor(self._reader, read)


def _hit(scope: Scope, what: Tracked, now: datetime) -> Hit:
    headers = as_dict(scope["headers"])
    purpose = b" ".join(headers.get(name, b"") for name in (b"purpose", b"sec-purpose", b"x-purpose", b"x-moz")).lower()
    return Hit(
        what,
        now,
        agent=headers.get(b"user-agent", b"")[:LONGEST_AGENT].decode("latin-1"),
        head=scope["method"] == "HEAD",
        ahead=b"prefetch" in purpose or b"preview" in purpose,
    )


def _host(scope: Scope) -> str:
    host = as_dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


async def _answer(
    send: Send,
    status: int,
    body: bytes = b"",
    kind: bytes = b"",
    extra: Sequence[tuple[bytes, bytes]] = (),
    head: bool = False,
) -> None:
    headers = [*NEVER_KEPT, *extra, *([(b"content-type", kind)] if kind else [])]
    if status != 204:
        headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else body})
