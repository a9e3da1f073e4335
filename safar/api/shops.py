"""``/shops/<token>``: where connected shops say what happened. Every request is proved by its signature and answered after its commit."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from safar.api.answering import answer, refusal_of
from safar.api.request import Gone, Receive, Refusal, Scope, Send, as_dict, read_body
from safar.api.writer import RefusedByDatabase, Unavailable, Writer
from safar.lib.faults import Refused
from safar.shops.connecting import Shop, find_shop
from safar.shops.receiving import take

log = logging.getLogger(__name__)

PREFIX = "/shops/"
MAX_DELIVERY = 4 * 1024 * 1024  # bytes: a product of two thousand variants has three million
MAX_TOKEN = 64
TTL = 10.0  # seconds that a shop is believed without asking: how long a secret that was changed may still work
MAX_KEPT = 10_000


class Shops:
    """The application. keys: the installation's secret keys, the present one first: they open what shops are proved by."""

    def __init__(self, writer: Writer, keys: Sequence[str]) -> None:
        self._writer = writer
        self._keys = keys
        self._kept: dict[str, tuple[float, Shop | None, str]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request. Whatever it holds, the answer is 200 or says what is wrong, never 500."""
        try:
            await self._take(scope, receive)
            await answer(send, 200)
        except Gone:
            return
        except Refusal as refusal:
            await answer(send, refusal.status, str(refusal), refusal.faults)
        except RefusedByDatabase as refused:
            await answer(send, 400, str(refused))
        except Unavailable as error:
            await answer(send, 503, f"{error}; send it again")
        except Exception:  # a bug: logged, and nothing was accepted
            log.exception("a delivery of a shop failed")
            await answer(send, 503, "this failed on our side; send it again")

    async def _take(self, scope: Scope, receive: Receive) -> None:
        if scope["method"] != "POST":
            raise Refusal(405, "use POST")
        shop, secret = await self._shop(scope["path"].removeprefix(PREFIX).rstrip("/"))
        if shop is None:
            raise Refusal(404, "there is no shop at this address")
        received = as_dict(scope["headers"])
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in received.items()}
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > MAX_DELIVERY:
            raise Refusal(413, f"the body is larger than {MAX_DELIVERY} bytes")
        body = None
        try:
            body = await read_body(receive, False, MAX_DELIVERY)
            if not shop.kind.proves(headers, body, secret):
                if shop.kind.is_greeting(headers, body):
                    return
                raise Refusal(401, f"{shop.kind.signature} does not prove this body: the secret is another one here")
            if shop.gone_at is not None:
                raise Refusal(410, "this shop was disconnected")
            try:
                taken = take(shop, headers, body, datetime.now(UTC))
            except Refused as refused:
                raise refusal_of(refused) from None
        except Refusal as refusal:
            self._note(scope, shop, refusal, body, headers.get("user-agent", ""))
            raise
        await self._writer.accept(taken.parcel())

    async def _shop(self, token: str) -> tuple[Shop | None, str]:
        """The shop and what its deliveries are signed with; asks the database at most once in TTL seconds for each token."""
        if not token or len(token) > MAX_TOKEN or not token.isascii():
            return None, ""
        now = time.monotonic()
        kept = self._kept.get(token)
        if kept is None or kept[0] < now:
            shop = await self._writer.look(lambda conn: find_shop(conn, token))
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            kept = self._kept[token] = (now + TTL, shop, self._secret(shop))
        return kept[1:]

    def _secret(self, shop: Shop | None) -> str:
        try:
            return shop.opened(self._keys).get(shop.kind.secret, "") if shop else ""
        except ValueError:  # sealed under a key that is no more: nothing is proved until it is entered again
            log.warning("the secret of shop %s cannot be unsealed", shop.id if shop else "")
            return ""

    def _note(self, scope: Scope, shop: Shop, refusal: Refusal, body: bytes | None, agent: str) -> None:
        """For the pages of live events and of shops."""
        self._writer.refused(
            workspace_id=shop.workspace_id,
            key=shop.name,
            path=scope["path"],
            status=refusal.status,
            said=str(refusal),
            faults=refusal.faults,
            body=body,
            agent=agent,
        )
