"""What tracking adds to a message on its way out: five links and a pixel, of which one link is made for its reader alone."""

from __future__ import annotations

import time
from typing import Any

import psycopg

from safar.bench.house import START
from safar.channels.settings import Sending
from safar.channels.tracking.links import KnownLinks
from safar.channels.tracking.marking import Unmarked, mark
from safar.channels.tracking.settings import Tracking
from safar.content.pool import Rendered
from safar.outbox.rows import Claimed, Key

BATCH = 32
LINKS = "".join(f'<p>Something to read</p><a href="https://shop.example/{n}?a=1&amp;b=2">{n}</a>' for n in range(4))
PAGE = f'<!doctype html><html><head><style>p {{color: #333}}</style></head><body>{LINKS}<a href="https://shop.example/cart/%s">Cart</a></body></html>'


def cost_of_tracking(connection: psycopg.Connection[Any], workspace_id: int, size: int, sending: Sending) -> float:
    """Seconds of this process's CPU for a message, its links written down."""
    known = KnownLinks()
    batches = [
        [_letter(workspace_id, number) for number in range(at, min(at + BATCH, size))] for at in range(0, size, BATCH)
    ]
    mark(connection, batches[0], sending=sending, known=known)  # plans, and the links of everybody
    for letter in batches[0]:
        letter.links.clear()
    start = time.process_time()
    for letters in batches:
        mark(connection, letters, sending=sending, known=known)
    return (time.process_time() - start) / size


def _letter(workspace_id: int, number: int) -> Unmarked:
    row = Claimed(
        key=Key(number & 1023, number, 1, 1, 0), id=number, workspace_id=workspace_id, contact_id=number << 10 | (number & 1023),
        journey_id=1, kind="message", channel="email", effect={"journey": "welcome", "point": "letter"}, decided_at=START, due_at=START,
        not_after=None, attempts=0, refusals=0, token="",
    )  # fmt: skip
    return Unmarked(row, Rendered("en", "Hello", PAGE % number, "Hello"), Tracking(), source=PAGE)
