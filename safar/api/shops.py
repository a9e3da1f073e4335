"""``/shops/<token>``: where connected shops say what happened. Every request is proved by its signature and answered after its commit."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from psycopg import Connection

from safar.api.answering import refusal_of
from safar.api.door import Door
from safar.api.request import Receive, Refusal, Scope, as_dict, read_body
from safar.api.writer import Writer
from safar.lib.faults import Refused
from safar.shops.connecting import Shop, find_shop
from safar.shops.receiving import take

log = logging.getLogger(__name__)

PREFIX = "/shops/"
MAX_DELIVERY = 4 * 1024 * 1024  # bytes: a product of two thousand variants has three million


class Shops(Door[tuple[Shop, str]]):
    """A shop and what its deliveries are signed with. keys: the installation's secret keys, the present one first: they open what shops are proved by."""

    called = "a delivery of a shop"

    def __init__(self, writer: Writer, keys: Sequence[str]) -> None:
        super().__init__(writer)
        self._keys = keys

    async def take(self, scope: Scope, receive: Receive) -> None:
        found = await self.whose(scope["path"].removeprefix(PREFIX).rstrip("/"))
        if found is None:
            raise Refusal(404, "there is no shop at this address")
        shop, secret = found
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

    def find(self, conn: Connection[Any], token: str) -> tuple[Shop, str] | None:
        shop = find_shop(conn, token)
        return None if shop is None else (shop, self._secret(shop))

    def _secret(self, shop: Shop) -> str:
        try:
            return shop.opened(self._keys).get(shop.kind.secret, "")
        except ValueError:  # sealed under a key that is no more: nothing is proved until it is entered again
            log.warning("the secret of shop %s cannot be unsealed", shop.id)
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
