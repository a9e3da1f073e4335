"""The job that fetches a shop's past: page after page, each committed with how far it came; stopped or killed, it goes on from there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import psycopg
from psycopg import Connection

from safar.events.accept import Door, again, put
from safar.events.catalogue import NameLearner
from safar.events.jobs.queue import Claimed, Lost, put_job, renew, start_job
from safar.lib.faults import Fault, Faults, Refused, said
from safar.shops.asking import Asker
from safar.shops.connecting import Shop, read_shop
from safar.shops.receiving import Taken, tell
from safar.shops.system import Page

KIND = "fetch_shop"
BEAT = 20.0  # seconds between two signs of life of a job
MOST_FAULTS = 20  # bodies that could not be read of which is told
_START = """
UPDATE shop s SET fetching = true WHERE id = %s AND workspace_id = %s AND gone_at IS NULL AND NOT EXISTS (SELECT FROM job j
    WHERE j.workspace_id = s.workspace_id AND j.kind = 'fetch_shop' AND j.state IN ('waiting', 'running') AND j.asked @> jsonb_build_object('shop', s.id))
"""
_STOP = "UPDATE shop SET fetching = false WHERE id = %s AND workspace_id = %s AND fetching"
_GOES_ON = "SELECT fetching FROM shop WHERE id = %s AND gone_at IS NULL"
_READ = "SELECT resource, cursor, done, total, finished_at FROM shop_fetch WHERE shop_id = %s AND workspace_id = %s"
_WRITE = """
INSERT INTO shop_fetch (shop_id, resource, workspace_id, cursor, done, total, finished_at)
VALUES (%(shop)s, %(resource)s, %(workspace)s, %(cursor)s, %(done)s, %(total)s, CASE WHEN %(over)s THEN now() END)
ON CONFLICT (shop_id, resource) DO UPDATE SET cursor = EXCLUDED.cursor, done = shop_fetch.done + EXCLUDED.done,
    total = coalesce(EXCLUDED.total, shop_fetch.total), finished_at = EXCLUDED.finished_at
"""


@dataclass(frozen=True)
class Fetched:
    """How far one resource has come."""

    resource: str
    cursor: str = ""
    done: int = 0
    total: int | None = None
    finished_at: datetime | None = None


@dataclass
class _Far:
    done: int = 0
    total: int | None = None
    told: dict[str, Any] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)


def read_fetched(conn: Connection[Any], shop: Shop) -> list[Fetched]:
    """Of every resource that the shop's system has, in its order."""
    rows = {row[0]: Fetched(*row) for row in conn.execute(_READ, (shop.id, shop.workspace_id)).fetchall()}
    return [rows.get(resource, Fetched(resource)) for resource in shop.kind.resources]


def is_fetching(conn: Connection[Any], shop: Shop) -> bool:
    row = conn.execute(_GOES_ON, (shop.id,)).fetchone()
    return row is not None and bool(row[0])


def start_fetching(conn: Connection[Any], *, shop: Shop, by: str, address: str, anew: bool = False) -> bool:
    """Let the past be fetched, on from where it stopped. address: where the shop's deliveries come. anew: from the beginning.

    False where it is under way already.
    """
    with conn.transaction():
        if conn.execute(_START, (shop.id, shop.workspace_id)).rowcount != 1:
            return False
        if anew:
            conn.execute("DELETE FROM shop_fetch WHERE shop_id = %s", (shop.id,))
        asked = {"shop": shop.id, "address": address}
        job = put_job(conn, workspace_id=shop.workspace_id, kind=KIND, by=by, asked=asked)
        start_job(conn, workspace_id=shop.workspace_id, job=job, asked={})
    return True


def stop_fetching(conn: Connection[Any], *, shop: Shop) -> bool:
    """Heard at the next page. False where nothing was under way."""
    return conn.execute(_STOP, (shop.id, shop.workspace_id)).rowcount == 1


def runs(keys: Sequence[str], asker: Callable[[], Asker] = Asker) -> Mapping[str, Callable[..., dict[str, Any]]]:
    """For whoever does jobs. keys: the installation's secret keys, the present one first."""
    return {KIND: partial(run, keys, asker)}


def run(keys: Sequence[str], asker: Callable[[], Asker], conn: Connection[Any], job: Claimed) -> dict[str, Any]:
    """Gives {products, customers, orders, faults}. Raises Refused, Lost."""
    shop = read_shop(conn, job.workspace_id, int(job.asked["shop"]))
    if shop is None:
        return {}
    far, asks = _Far(), asker()
    try:
        with _heard_of(conn, job, far):
            settings = shop.opened(keys)
            if not shop.kind.can_fetch(settings):
                raise Refused([Fault("", said("There is no key to ask the shop with."))])
            opened = shop.kind.opened(asks, settings, str(job.asked["address"]))
            for fetched in read_fetched(conn, shop):
                if not _fetch(conn, shop, asks, opened, fetched, far):
                    return {**far.told, "stopped": True}
    except ValueError as error:
        stop_fetching(conn, shop=shop)
        if isinstance(error, Refused):
            raise
        raise Refused(
            [Fault("", said("What the shop is asked with cannot be opened any more; enter it again."))]
        ) from None
    finally:
        asks.close()
    stop_fetching(conn, shop=shop)
    return far.told


def _fetch(
    conn: Connection[Any], shop: Shop, asks: Asker, settings: Mapping[str, str], fetched: Fetched, far: _Far
) -> bool:
    """One resource, to its end. False where somebody stopped it."""
    door, names, cursor = Door(), NameLearner(), fetched.cursor
    far.done += fetched.done
    far.total = (far.total or 0) + fetched.total if fetched.total else far.total
    while fetched.finished_at is None:
        if not is_fetching(conn, shop):
            return False
        page = shop.kind.page(asks, settings, fetched.resource, cursor)
        if page.total is not None and not cursor:
            far.total = (far.total or 0) + page.total
        taken = _told(shop, page, far)
        messages = taken.parcel().messages
        again(partial(_write, conn, shop, fetched.resource, page, taken, door))
        names.notice(shop.workspace_id, messages)
        names.flush(conn)
        far.done += len(page.deliveries)
        far.told[fetched.resource] = far.told.get(fetched.resource, fetched.done) + len(page.deliveries)
        if page.cursor is None:
            break
        cursor = page.cursor
    return True


def _told(shop: Shop, page: Page, far: _Far) -> Taken:
    """What can be read of a page; a body that cannot be is told of, and the others go in."""
    taken = Taken(shop, fetched=True)
    for delivery in (*page.deliveries, *page.beside):
        faults = Faults()
        told = tell(shop, delivery, faults, datetime.now(UTC))
        if not faults:
            taken.told.append(told)
        elif len(kept := far.told.setdefault("faults", [])) < MOST_FAULTS:
            number = str(delivery.body.get("id", ""))[:40] if isinstance(delivery.body, dict) else ""
            fault = faults.found[0]
            kept.append({"place": f"{delivery.topic} {number} {fault.place}".strip(), "message": fault.message})
    return taken


def _write(conn: Connection[Any], shop: Shop, resource: str, page: Page, taken: Taken, door: Door) -> None:
    with conn.transaction():
        put(conn, [taken.parcel()], door)
        far = {
            "shop": shop.id,
            "resource": resource,
            "workspace": shop.workspace_id,
            "cursor": page.cursor or "",
            "done": len(page.deliveries),
            "total": page.total,
            "over": page.cursor is None,
        }
        conn.execute(_WRITE, far)


@contextmanager
def _heard_of(conn: Connection[Any], job: Claimed, far: _Far) -> Iterator[None]:
    """Renews the job from a thread: a slow shop may take longer over a page than a job may be silent."""

    def beat() -> None:
        while True:
            try:
                renew(conn, job, done=far.done, total=far.total, told=far.told)
            except (Lost, psycopg.Error):  # whoever ends the job finds out
                return
            if far.over.wait(BEAT):
                return

    thread = threading.Thread(target=beat, name="fetch-beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        far.over.set()
        thread.join()
