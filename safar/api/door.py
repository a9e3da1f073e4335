"""What the doors at secret addresses have in common (shops, hooks): one answer to every request, and whose an address is."""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from psycopg import Connection

from safar.api.answering import answer
from safar.api.request import Gone, Receive, Refusal, Scope, Send
from safar.api.writer import RefusedByDatabase, Unavailable, Writer

log = logging.getLogger(__name__)

MAX_TOKEN = 64
TTL = 10.0  # seconds that an answer is believed without asking: how long what was changed may still work
MAX_KEPT = 10_000

T = TypeVar("T")


class Door(ABC, Generic[T]):
    """An application. called: one request, for the log. T: whose an address is, as `find` tells."""

    called: ClassVar[str]

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._kept: dict[str, tuple[float, T | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request. Whatever it holds, the answer is 200 or says what is wrong, never 500."""
        try:
            if scope["method"] != "POST":
                raise Refusal(405, "use POST")
            await self.take(scope, receive)
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
            log.exception("%s failed", self.called)
            await answer(send, 503, "this failed on our side; send it again")

    @abstractmethod
    async def take(self, scope: Scope, receive: Receive) -> None:
        """Accept what a POST says. Raises Refusal and what the writer raises."""

    @abstractmethod
    def find(self, conn: Connection[Any], token: str) -> T | None:
        """Whose the token is; None where it is nobody's."""

    async def whose(self, token: str) -> T | None:
        """Asks the database at most once in TTL seconds for each token."""
        if not token or len(token) > MAX_TOKEN or not token.isascii():
            return None
        now = time.monotonic()
        kept = self._kept.get(token)
        if kept is None or kept[0] < now:
            found = await self._writer.look(partial(self.find, token=token))
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            kept = self._kept[token] = (now + TTL, found)
        return kept[1]
