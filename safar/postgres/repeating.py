"""What is done again and again beside a process's own work: from a thread, each time in a session of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg

from safar.postgres.connections import connect
from safar.postgres.errors import ServerFault

log = logging.getLogger(__name__)

Work = Callable[[psycopg.Connection[Any], datetime], object]


@contextmanager
def repeating(
    work: Work,
    url: str,
    *,
    name: str,
    seconds: float,
    statement_timeout: int = 60,
    at_once: bool = False,
    stop: threading.Event | None = None,
) -> Iterator[None]:
    """Call ``work(connection, now)`` every so many seconds as long as the block lasts. connection: autocommit, a new one each time: an idle
    session would cost memory all day. at_once: the first time without waiting. stop: is set at the block's end, for work that is long.

    A database that is away puts it off until the next time; a bug is logged, and the thread lives on.
    """
    stop = stop or threading.Event()

    def once() -> None:
        try:
            with connect(url, application_name=f"safar {name}", statement_timeout=statement_timeout) as connection:
                work(connection, datetime.now(UTC))
        except (psycopg.Error, ServerFault) as error:
            log.warning("%s: put off (%s)", name, str(error).strip())
        except Exception:  # a bug: logged, and the thread lives on
            log.exception("%s failed", name)

    def loop() -> None:
        if at_once:
            once()
        while not stop.wait(seconds):
            once()

    threading.Thread(target=loop, name=name, daemon=True).start()
    try:
        yield
    finally:
        stop.set()
