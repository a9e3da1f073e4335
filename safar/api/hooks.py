"""``/hooks/<token>``: where other systems tell us something about a contact. The address is secret, a signature is asked for where the hook has one, and every
request is answered after its commit."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from psycopg import Connection

from safar.api.answering import refusal_of
from safar.api.door import MAX_KEPT, Door
from safar.api.request import Receive, Refusal, Scope, as_dict, check_headers, read_body
from safar.api.writer import Writer
from safar.channels.hooks.keeping import PREFIX, Hook, find_hook, note_call
from safar.channels.hooks.reading import FORM, proves
from safar.channels.hooks.reading import read_body as read_given
from safar.channels.hooks.taking import take
from safar.lib.faults import Refused

# Seconds between two calls that are kept for a hook's page, good ones and refused ones apart: a busy one is not to write its row each time.
NOTED_EVERY = 1.0


class Hooks(Door[Hook]):
    """keys: the installation's secret keys, the present one first: they open what calls are proved by."""

    called = "a call of a hook"

    def __init__(self, writer: Writer, keys: Sequence[str]) -> None:
        super().__init__(writer)
        self._keys = keys
        self._noted: dict[tuple[int, str, bool], float] = {}

    async def take(self, scope: Scope, receive: Receive) -> None:
        hook = await self.whose(scope["path"].removeprefix(PREFIX).rstrip("/"))
        if hook is None:
            raise Refusal(404, "there is no hook at this address")
        given = as_dict(scope["headers"])
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in given.items()}
        body: bytes | None = None
        told, received = "", datetime.now(UTC)
        try:
            kind = headers.get("content-type", "")
            is_form = kind.partition(";")[0].strip().lower() == FORM
            gzip = check_headers({**given, b"content-type": b"application/json"} if is_form else given)
            body = await read_body(receive, gzip)
            if hook.header and not proves(headers.get(hook.header.lower(), ""), body, self._secret(hook)):
                raise Refusal(401, f"{hook.header} does not prove this body: the secret is another one here")
            try:
                data = read_given(body, kind)
                told = json.dumps(data, ensure_ascii=False)
                parcel = take(hook, headers, body, data, received)
            except Refused as refused:
                raise refusal_of(refused) from None
        except Refusal as refusal:
            self._refuse(hook, refusal, body, headers)
            if told:  # it could be read and was proved: the page helps to say where it says whom it is about
                await self._note(hook, received, told, str(refusal))
            raise
        await self._writer.accept(parcel)
        await self._note(hook, received, told, None)

    def find(self, conn: Connection[Any], token: str) -> Hook | None:
        return find_hook(conn, token)

    def _secret(self, hook: Hook) -> str:
        try:
            return hook.secret(self._keys)
        except ValueError:  # sealed under a key that is no more: nothing is proved until it is entered again
            raise Refusal(401, "the secret of this hook has to be entered again") from None

    async def _note(self, hook: Hook, at: datetime, told: str, fault: str | None) -> None:
        now, name = time.monotonic(), (hook.workspace_id, hook.key, fault is None)
        if self._noted.get(name, -NOTED_EVERY) + NOTED_EVERY > now:
            return
        if len(self._noted) >= MAX_KEPT:
            self._noted.clear()
        self._noted[name] = now
        await self._writer.look(partial(note_call, hook=hook, at=at, body=told, fault=fault))

    def _refuse(self, hook: Hook, refusal: Refusal, body: bytes | None, headers: Mapping[str, str]) -> None:
        """For the page of live events; without the secret address."""
        self._writer.refused(
            workspace_id=hook.workspace_id,
            key=hook.key,
            path=f"{PREFIX}{hook.key}",
            status=refusal.status,
            said=str(refusal),
            faults=refusal.faults,
            body=body,
            agent=headers.get("user-agent", ""),
        )
